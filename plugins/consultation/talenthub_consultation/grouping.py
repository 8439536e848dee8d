"""Review groups: who reads together, and whether that is fit for candour."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from talenthub.sdk import CaseView, Content, Member, nearest
from talenthub_consultation.settings import ConsultationSettings

RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Group:
    """A review group: its facilitator and those invited, by number."""

    name: str
    facilitators: frozenset[int]
    members: tuple[int, ...]
    ballots: tuple[CaseView, ...] = ()

    @property
    def levels(self) -> tuple[int, ...]:
        """Return the organisational levels of its members, the lowest first."""
        known = {each.data.level for each in self.ballots if each.data.level is not None}
        return tuple(sorted(known))


def groups_of(ballots: Sequence[CaseView]) -> list[Group]:
    """Return the groups that these ballots make, by name."""
    found: dict[str, list[CaseView]] = {}
    for each in invited(ballots):
        found.setdefault(each.data.group, []).append(each)
    return [
        Group(
            name,
            frozenset(who for each in own for who in each.people("facilitator")),
            tuple(who for each in own for who in each.people("voter")),
            tuple(own),
        )
        for name, own in sorted(found.items())
    ]


def invited(ballots: Sequence[CaseView]) -> list[CaseView]:
    """Return the ballots of those who are still invited."""
    return [each for each in ballots if each.state != RELEASED]


def faults(
    groups: Sequence[Group], above: Mapping[int, Collection[int]], settings: ConsultationSettings
) -> Iterator[str]:
    """Yield what is wrong with groups; `above`: everyone who manages a person."""
    least, most = settings.smallest_group, settings.largest_group
    for each in groups:
        if not least <= len(each.members) <= most:
            yield f"{each.name}: {len(each.members)} people; {least} to {most} make a group"
        if len(each.facilitators) != 1:
            yield f"{each.name}: {len(each.facilitators)} facilitators; one leads a group"
        if each.facilitators & set(each.members):
            yield f"{each.name}: the facilitator is a member"
        managed = sum(bool(each.facilitators & set(above.get(who, ()))) for who in each.members)
        if managed:
            yield f"{each.name}: the facilitator manages {managed} of its members"


def level_of(content: Content, member: Member | None) -> int | None:
    """Return the organisational level of a member's role; None: unknown."""
    if member is None or member.role is None:
        return None
    role = next((each for each in content.roles if each.code == member.role), None)
    if role is None:
        return None
    step = role.level(member.level) if member.level else None
    found = step or (role.levels[0] if len(role.levels) == 1 else None)
    return found.organisational_level if found else None


def unknown_items(codes: Collection[str], known: Collection[str]) -> Iterator[str]:
    """Yield a sentence on each code that is none of the known ones."""
    for each in codes:
        if each not in known:
            close = nearest(each, known)
            hint = f"; did you mean {close!r}?" if close else ""
            yield f"{each!r} is not asked about{hint}"
