"""From ESCO's records to a framework."""

from __future__ import annotations

from dataclasses import dataclass, field

from talenthub.framework.formats.esco_records import (
    GROUP,
    OCCUPATION,
    OPTIONAL,
    SKILL,
    Concept,
    Link,
    Records,
)
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import Outline

KNOWLEDGE = "knowledge"
GROUPS = {SKILL: "Skills and competences", KNOWLEDGE: "Knowledge"}


@dataclass(slots=True)
class Growing:
    """The framework as far as it has grown."""

    outline: Outline
    records: Records = field(default_factory=Records)
    codes: dict[str, str] = field(default_factory=dict)
    """Address to code."""
    roles: dict[str, Node] = field(default_factory=dict)

    def grow(self) -> None:
        """Add the groups, the skills, the occupations and what links them."""
        concepts: dict[str, Concept] = {}
        for each in self.records.concepts:
            if each.address in concepts:
                first = concepts[each.address].place
                text = "this address stands twice"
                self.outline.leave(each.place, text, "duplicate", f"{first} counts", found=each.address)
            else:
                concepts[each.address] = each
        for each in concepts.values():
            code = each.address.rstrip("/").rpartition("/")[2]
            self.codes[each.address] = self.outline.code(code, each.label)
        above = self._above(concepts)
        self._competencies(concepts, above)
        for each in concepts.values():
            if each.kind == OCCUPATION:
                self.roles[each.address] = self.outline.role(
                    each.place, self.codes[each.address], each.label, family=each.group, purpose=each.text
                )
                self._point(each)
        self._ask(concepts)
        for link in self.records.related:
            target = self.codes.get(link.target, link.target)
            self.outline.point(link.place, self.codes.get(link.source), link.kind or "isRelatedTo", target)

    def _above(self, concepts: dict[str, Concept]) -> dict[str, str]:
        above: dict[str, str] = {}
        for each in self.records.above:
            known = concepts.get(each.target)
            if each.source in concepts and known is not None and each.source not in above:
                above[each.source] = each.target
            else:
                of = self.codes.get(each.source)
                if of is not None:
                    self.outline.point(each.place, of, "broader", self.codes.get(each.target, each.target))
        return above

    def _competencies(self, concepts: dict[str, Concept], above: dict[str, str]) -> None:
        skills = [each for each in concepts.values() if each.kind in (SKILL, GROUP)]
        tops = dict.fromkeys(
            _type(each) for each in skills if each.kind == SKILL and each.address not in above
        )
        groups = {}
        for kind in tops:
            groups[kind] = self.outline.code(kind, GROUPS[kind])
            self.outline.competency(self.outline.place, groups[kind], GROUPS[kind])
        for each in skills:
            higher = above.get(each.address)
            parent = self.codes[higher] if higher else groups.get(_type(each)) if each.kind == SKILL else None
            scale = self.outline.held() if each.kind == SKILL else None
            self.outline.competency(
                each.place,
                self.codes[each.address],
                each.label,
                definition=each.text,
                parent=parent,
                scale=scale,
            )
            self._point(each)

    def _point(self, each: Concept) -> None:
        code = self.codes[each.address]
        self.outline.point(each.place, code, "sameAs", each.address)
        self.outline.point(each.place, code, "altLabels", each.others or "")

    def _ask(self, concepts: dict[str, Concept]) -> None:
        for each in self.records.asked:
            role, skill = self.roles.get(each.source), concepts.get(each.target)
            if role is not None and skill is not None and skill.kind == SKILL:
                desirable = each.kind == OPTIONAL
                self.outline.ask(role, self.codes[each.target], 1, each.place, desirable=desirable)
            else:
                self._dangling(each)

    def _dangling(self, each: Link) -> None:
        text, done = "one end of this link is not among the files", "kept as a pointer"
        of = self.codes.get(each.source)
        found = each.label or (each.target if of else each.source)
        self.outline.leave(each.place, text, "dangling", done, found=found)
        self.outline.point(each.place, of, each.kind or "skill", each.target, each.label)


def _type(each: Concept) -> str:
    return KNOWLEDGE if each.type == KNOWLEDGE else SKILL
