"""Interview questions, learning catalogue and strategy weights of our YAML."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from talenthub.framework.formats.fields import Fields, number_of, whole_of
from talenthub.framework.formats.naming import LONGEST_CODE
from talenthub.framework.formats.yaml_competencies import Known, Once, texts
from talenthub.framework.model import Catalogue, LearningItem, Pointer, Question, QuestionKind, StrategyWeight

HOTTEST = 5
MOST_HOURS = 10_000


class _Kind(StrEnum):
    ASSIGNMENT = "assignment"
    PEOPLE = "people"
    FORMAL = "formal"


def read_questions(top: Fields, known: Known) -> tuple[Question, ...]:
    """Return the interview questions, in order."""
    asked = top.fields("interview_questions")
    questions = []
    for code, key, node in asked.entries() if asked else ():
        assert asked is not None
        if code not in known.competencies:
            top.notes.unknown(key, asked.at(code), "competency", str(code), known.competencies)
            continue
        fields = Fields(node, asked.at(code), top.notes)
        for kind in QuestionKind:
            questions += [Question(code, kind, text) for text in texts(fields, kind.value)]
        fields.finish()
    return tuple(questions)


def read_pointers(top: Fields, known: Collection[str]) -> tuple[Pointer, ...]:
    """Return where things point to; only what points must be known."""
    pointers = []
    for each in top.records("pointers"):
        node = each.get("of")
        if node is not None and node.name not in known:
            found = node.raw or node.kind
            each.notes.unknown(node, each.at("of"), "competency or role", found, known)
        kind, target = each.word("kind", required=True), each.word("target", required=True)
        title = each.text("title")
        each.finish()
        if kind is not None and len(kind) > LONGEST_CODE:
            allowed = f"at most {LONGEST_CODE} characters"
            each.notes.add(each.node, each.at("kind"), "this word is too long", "too-long", allowed=allowed)
        elif kind is not None and target is not None:
            of = None if node is None else node.name
            # Cells of a table have no blanks around them: so a pointer is the same in each format.
            pointers.append(Pointer(of=of, kind=kind.strip(), target=target.strip(), title=title))
    return tuple(pointers)


def read_catalogue(top: Fields, known: Known) -> Catalogue | None:
    """Return the dated records in the file; None if it has none."""
    if "learning_catalogue" not in top and "strategy_weights" not in top:
        for key in ("learning_catalogue", "strategy_weights"):
            top.get(key)
        return None
    once = Once("learning items", top.notes)
    items = [_item(each, once, known) for each in top.records("learning_catalogue")]
    return Catalogue(tuple(each for each in items if each is not None), _weights(top, known))


def _item(fields: Fields, once: Once, known: Known) -> LearningItem | None:
    code, title = fields.code(), fields.text("title", required=True)
    competency = _competency(fields, known)
    kind = fields.choice("kind", _Kind, _Kind.FORMAL)
    lowest, highest = _range(fields, competency, known)
    hours, heat = (
        fields.number("hours", highest=MOST_HOURS),
        fields.whole("heat", lowest=1, highest=HOTTEST),
    )
    in_flow = fields.flag("in_flow", default=False)
    fields.finish()
    if not once.first(fields, code) or code is None or title is None or competency is None:
        return None
    return LearningItem(
        code=code,
        competency=competency,
        kind=kind.value,
        title=title,
        lowest_level=lowest,
        highest_level=highest,
        hours=hours,
        heat=heat,
        in_flow=in_flow,
    )


def _competency(fields: Fields, known: Known) -> str | None:
    node = fields.get("competency", required=True)
    if node is None:
        return None
    if node.name not in known.competencies:
        fields.notes.unknown(
            node, fields.at("competency"), "competency", node.raw or node.kind, known.competencies
        )
        return None
    return node.name


def _range(fields: Fields, competency: str | None, known: Known) -> tuple[int | None, int | None]:
    node = fields.get("levels")
    found = [whole_of(each, path, fields.notes, 0, None) for path, each in fields.items("levels")]
    if node is None or not isinstance(node.value, list) or None in found:
        return None, None
    ends = [each for each in found if each is not None]
    scale = known.scale_of(competency or "")
    if len(ends) != 2 or ends[0] > ends[1]:
        allowed = "two levels, the lower one first: [2, 4]"
        fields.notes.add(
            node, fields.at("levels"), "this is no range", "range", found=str(ends), allowed=allowed
        )
    elif scale is not None and not (scale.lowest <= ends[0] and ends[1] <= scale.highest):
        allowed = f"{scale.lowest} to {scale.highest}"
        text = "the range leaves the competency's scale"
        fields.notes.add(node, fields.at("levels"), text, "range", found=str(ends), allowed=allowed)
    else:
        return ends[0], ends[1]
    return None, None


def _weights(top: Fields, known: Known) -> tuple[StrategyWeight, ...]:
    read = top.fields("strategy_weights")
    weights = []
    for code, key, node in read.entries() if read else ():
        assert read is not None
        if code not in known.competencies:
            top.notes.unknown(key, read.at(code), "competency", str(code), known.competencies)
            continue
        weight = number_of(node, read.at(code), top.notes, 1)
        if weight is not None:
            weights.append(StrategyWeight(code, weight))
    return tuple(weights)
