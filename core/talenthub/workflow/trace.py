"""Trace: from a value to competencies, words, ratings and decisions, and back.

What a version says is for whoever may read it. Ratings are counted over
everybody for those who see such figures, and then never of too few people;
for others only those are counted that they may see one by one. A decision is
a step of a case the reader knows of that recorded a rating.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, false, func, or_, select, true

from talenthub.evidence.access import FIGURES, see_rows
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import evidence
from talenthub.framework.content import Content
from talenthub.framework.library import FrameworkVersion, content
from talenthub.framework.text import Text
from talenthub.people.grants import holds
from talenthub.people.tables import person
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import visible_cases
from talenthub.workflow.tables import case_event, workflow_case
from talenthub.workflow.trace_places import Places

_later = evidence.alias("later")
_counts = and_(
    evidence.c.weight != "0",
    ~exists().where(_later.c.person_id == evidence.c.person_id, _later.c.supersedes == evidence.c.sequence),
)
_event = and_(case_event.c.case_id == evidence.c.case_id, case_event.c.version == evidence.c.event_id)
_framework_of = select(evidence.c.framework_code).where(
    evidence.c.person_id == bindparam("person"), evidence.c.sequence == bindparam("sequence")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing on the way, and what it hangs from."""

    kind: str
    """value, competency, descriptor, evidence or decision."""
    what: str
    """`people-first`, `COM`, `COM.3`, `amara.okoye/7`, `APP-12`."""
    of: str = ""
    """What stands before it on the way."""
    text: Text | None = None
    count: int | None = None
    """How many; None: it is one thing, or they are too few to be counted."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a trace goes over: a version, and under which settings it is read."""

    tx: Transaction
    version: FrameworkVersion
    settings: EvidenceSettings

    @property
    def content(self) -> Content:
        """Return what the version says."""
        return content(self.tx, self.version.id)

    @property
    def fewest(self) -> int:
        """Return of how many people a sum must be: 1 where each may be seen."""
        actor = self.tx.actor.person
        sees_figures = actor is None or holds(self.tx, actor, FIGURES)
        return self.settings.minimum_people if sees_figures else 1

    def readable(self) -> ColumnElement[bool]:
        """Return the condition on ratings that may be seen one by one."""
        if self.tx.actor.is_system:
            return true()
        each_purpose = (
            and_(
                evidence.c.purpose == each,
                evidence.c.person_id.in_(see_rows(self.settings, each).visible(self.tx)),
            )
            for each in self.settings.row_purposes
        )
        return or_(false(), *each_purpose)


def trace_value(ground: Ground, code: str) -> Iterator[Step]:
    """Return what serves a value, and what rests on it."""
    titles = {each.code: each.title for each in ground.content.values}
    yield Step(kind="value", what=code, text=titles[code])
    serving = [each for each in ground.content.competencies if code in each.values]
    codes = [each.code for each in serving]
    rated = {row.competency: row for row in _counted(ground, codes, evidence.c.competency)}
    for each in serving:
        yield Step(kind="competency", what=each.code, of=code, text=each.title)
        if each.code in rated:
            yield _sum(rated[each.code], each.code, ground.fewest)
    yield from _decisions(ground, codes, code)


def trace_competency(ground: Ground, code: str, level: int | None = None) -> Iterator[Step]:
    """Return the values over a competency, its words, and what rests on them."""
    yield from _above(ground, code)
    places = Places(ground.tx, ground.version, code)
    by_words = (evidence.c.competency, evidence.c.framework_version_id, evidence.c.descriptor_hash)
    rated = [(places.of(row), row) for row in _counted(ground, [code], *by_words)]
    hidden = _too_few([row for _, row in rated], ground.fewest)
    for place, text in places.own(level):
        yield Step(kind="descriptor", what=place, of=code, text=text)
        yield from (_sum(row, place, ground.fewest, hidden) for at, row in rated if at == place)
    for place in dict.fromkeys(at for at, _ in rated if places.is_earlier(at) and level is None):
        yield Step(kind="descriptor", what=place, of=code)
        yield from (_sum(row, place, ground.fewest, hidden) for at, row in rated if at == place)
    yield from _decisions(ground, [code], code)


def trace_case(ground: Ground, case: int, ref: str) -> Iterator[Step]:
    """Return the way back from a case: ratings, words, competencies, values."""
    yield Step(kind="decision", what=ref, text=f"stays on {ground.version.name}")
    yield from (each for each in trace_ratings(ground, evidence.c.case_id == case) if each.what != ref)


def trace_ratings(ground: Ground, *which: ColumnElement[bool]) -> Iterator[Step]:
    """Return ratings that may be seen, each with its step, words and values."""
    decided: set[str] = set()
    places: dict[str, Places] = {}
    for row in ground.tx.rows(_rows(ground).where(*which)):
        code, name = row.competency, f"{row.handle}/{row.sequence}"
        is_first = code not in places
        place = places.setdefault(code, Places(ground.tx, ground.version, code)).of(row)
        if row.ref is not None and row.ref not in decided:
            decided.add(row.ref)
            yield Step(
                kind="decision", what=row.ref, text=f"{row.workflow}: {row.transition}, {row.at.date()}"
            )
        told = f"{code}: {row.rating} on {row.observed_on}"
        yield Step(kind="evidence", what=name, of=row.ref or "", text=told)
        yield Step(kind="descriptor", what=place, of=name, text=places[code].text(place))
        if is_first and ground.content.has_competency(code):
            yield from _values_of(ground, code, place)


def _values_of(ground: Ground, code: str, place: str) -> Iterator[Step]:
    """Return a competency and its values as the end of a way back."""
    found = ground.content.competency(code)
    yield Step(kind="competency", what=code, of=place, text=found.title)
    for each in ground.content.values:
        if each.code in found.values:
            yield Step(kind="value", what=each.code, of=code, text=each.title)


def rated_framework(tx: Transaction, person_id: int, sequence: int) -> str | None:
    """Return the code of the framework that a rating was given by, if any."""
    code: str | None = tx.value(_framework_of, {"person": person_id, "sequence": sequence})
    return code


def _above(ground: Ground, code: str) -> Iterator[Step]:
    found = ground.content.competency(code)
    for value in ground.content.values:
        if value.code in found.values:
            yield Step(kind="value", what=value.code, text=value.title)
    yield Step(kind="competency", what=code, of=", ".join(found.values), text=found.title)


def _rows(ground: Ground) -> Select[Any]:
    """Return the ratings that may be seen, with the step of a case in sight."""
    seen = and_(workflow_case.c.id == evidence.c.case_id, _in_sight(ground))
    return (
        select(evidence, person.c.handle, workflow_case.c.ref, workflow_case.c.workflow)
        .add_columns(case_event.c.transition, case_event.c.at)
        .join(person, person.c.id == evidence.c.person_id)
        .outerjoin(workflow_case, seen)
        .outerjoin(case_event, _event)
        .where(ground.readable(), evidence.c.framework_code == ground.version.code)
        .order_by(evidence.c.competency, evidence.c.observed_on, evidence.c.person_id, evidence.c.sequence)
    )


def _counted(ground: Ground, codes: Collection[str], *by: Any) -> Sequence[Row[Any]]:
    seen = true() if ground.fewest > 1 else ground.readable()
    people = func.count(evidence.c.person_id.distinct()).label("people")
    statement = select(*by, func.count().label("rows"), people).group_by(*by).order_by(*by)
    mine = evidence.c.framework_code == ground.version.code
    return ground.tx.rows(statement.where(mine, evidence.c.competency.in_(codes), _counts, seen))


def _too_few(rows: Sequence[Row[Any]], fewest: int) -> frozenset[Row[Any]]:
    """Return sums that stay untold: of few people, and what would tell those."""
    rising = sorted(rows, key=lambda each: each.people)
    few = [each for each in rising if each.people < fewest]
    while few and sum(each.people for each in few) < fewest and len(few) < len(rising):
        few.append(rising[len(few)])
    return frozenset(few)


def _sum(row: Row[Any], of: str, fewest: int, hidden: Collection[Row[Any]] = ()) -> Step:
    if row.people < fewest or row in hidden:
        return Step(kind="evidence", what="ratings", of=of, text="of too few people to be counted")
    people = "1 person" if row.people == 1 else f"{row.people} people"
    return Step(kind="evidence", what="ratings", of=of, text=f"of {people}", count=row.rows)


def _decisions(ground: Ground, codes: Collection[str], of: str) -> Iterator[Step]:
    """Return which steps of cases in sight recorded ratings, counted by step."""
    by = (workflow_case.c.workflow, case_event.c.transition)
    cases = func.count(workflow_case.c.id.distinct()).label("cases")
    statement = (
        select(*by, cases)
        .select_from(evidence)
        .join(workflow_case, workflow_case.c.id == evidence.c.case_id)
        .join(case_event, _event)
        .where(evidence.c.framework_code == ground.version.code, evidence.c.competency.in_(codes))
        .where(_in_sight(ground), ground.readable())
        .group_by(*by)
        .order_by(*by)
    )
    for row in ground.tx.rows(statement):
        yield Step(kind="decision", what=row.workflow, of=of, text=row.transition, count=row.cases)


def _in_sight(ground: Ground) -> ColumnElement[bool]:
    return true() if ground.tx.actor.is_system else workflow_case.c.id.in_(visible_cases(ground.tx))
