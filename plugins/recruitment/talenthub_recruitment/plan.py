"""The plan of a selection, compiled from the role's profile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from talenthub.sdk import (
    Competency,
    Content,
    Indicator,
    Question,
    RoleProfile,
    Text,
    UsageError,
    Wording,
    measured,
    profile,
    unknown,
)
from talenthub_recruitment.cases import Anchor, Measure, Plan, PlanItem, Point, Words
from talenthub_recruitment.forms import PlanChange


def compile_plan(content: Content, role: str, level: str | None = None) -> Plan:
    """Return the plan of a role: its focus competencies, equally weighed.

    A role without a focus gives a plan without items: its author picks them.
    """
    found = profile(content, role, level)
    return Plan(
        framework=f"{found.framework} {found.version}",
        role_title=words(title_of(found)),
        items=tuple(_item(content, found, code) for code in found.focus),
        scale=_scale(content),
    )


def title_of(found: RoleProfile) -> Text:
    """Return the title of the role; of its level, where it has several."""
    return found.level.title if len(found.role.levels) > 1 else found.role.title


def changed_plan(plan: Plan, change: PlanChange, content: Content, role: str, level: str | None) -> Plan:
    """Return the plan with other competencies, critical ones or weights.

    UsageError names each competency that the role does not ask for.
    """
    found = profile(content, role, level)
    change = _spelled_as(change, [each.competency for each in found.requirements])
    codes = change.competencies or plan.codes
    _require_known(found, [*codes, *change.weights, *(change.critical or ())])
    items = []
    for code in codes:
        item = _item(content, found, code)
        old = next((each.measure for each in plan.items if each.measure.competency == code), item.measure)
        critical = old.critical if change.critical is None else code in change.critical
        weight = change.weights.get(code, old.weight)
        measure = item.measure.model_copy(update={"critical": critical, "weight": weight})
        items.append(item.model_copy(update={"measure": measure}))
    return plan.model_copy(update={"items": tuple(items), "reason": change.reason or plan.reason})


def words(text: Text) -> Words:
    """Return a text of the framework as a case carries it."""
    return text if isinstance(text, str) else dict(text.texts)


def in_language(text: Words | None, language: str = "") -> str:
    """Return a text in `language`, else in its first one; "" for none."""
    if text is None or isinstance(text, str):
        return text or ""
    return text.get(language) or next(iter(text.values()), "")


def spelled(code: str, known: Iterable[str]) -> str:
    """Return a code as the known ones spell it; as it is if none is that."""
    listed = list(known)
    alike = [each for each in listed if each.casefold() == code.casefold()]
    return code if code in listed or not alike else alike[0]


def _spelled_as(change: PlanChange, known: Sequence[str]) -> PlanChange:
    critical = change.critical
    return change.model_copy(
        update={
            "competencies": tuple(spelled(each, known) for each in change.competencies),
            "critical": None if critical is None else tuple(spelled(each, known) for each in critical),
            "weights": {spelled(code, known): weight for code, weight in change.weights.items()},
        }
    )


def _require_known(found: RoleProfile, codes: Iterable[str]) -> None:
    asked = [each.competency for each in found.requirements]
    faults = [unknown("competency of this role", code, asked) for code in codes if code not in asked]
    if faults:
        raise UsageError.of(faults)


def _item(content: Content, found: RoleProfile, code: str) -> PlanItem:
    competency = content.competency(code)
    anchors = found.anchors[code]
    questions = found.questions[code]
    (measure,) = measured(Measure, content, found, [code])
    return PlanItem(
        measure=measure,
        title=words(competency.title),
        definition=_definition(competency),
        past=_asked(questions, "past"),
        situational=_asked(questions, "situational"),
        below=None if anchors.below is None else _anchor(anchors.below),
        at=_anchor(anchors.at),
        above=None if anchors.above is None else _anchor(anchors.above),
        levels=_levels(content, code),
    )


def _levels(content: Content, code: str) -> tuple[Point, ...]:
    if content.framework.rating.mode.value != "level":
        return ()
    return tuple(
        Point(value=each.ordinal, label=words(each.label), text=words(each.anchor or ""))
        for each in content.scale_of(code).levels
    )


def _definition(competency: Competency) -> Words | None:
    return None if competency.definition is None else words(competency.definition)


def _asked(questions: Sequence[Question], kind: str) -> tuple[Words, ...]:
    return tuple(words(each.text) for each in questions if each.kind == kind)


def _anchor(wording: Wording) -> Anchor:
    return Anchor(
        level=wording.level.key,
        label=words(wording.level.label),
        text=None if wording.text is None else words(wording.text),
        signs=_texts(wording.positive),
        warnings=_texts(wording.negative),
    )


def _texts(indicators: Sequence[Indicator]) -> tuple[Words, ...]:
    return tuple(words(each.text) for each in indicators)


def _scale(content: Content) -> tuple[Point, ...]:
    return tuple(
        Point(value=each.value, label=words(each.label), text=words(each.anchor))
        for each in content.framework.rating.anchors
    )
