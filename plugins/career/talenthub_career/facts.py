"""Facts of career: what its guards and effects ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import bindparam, select

from talenthub.sdk import (
    FRAMEWORK,
    Answers,
    CaseView,
    Fact,
    Transaction,
    cases_by_id,
    children,
    gap_closings,
    open_many_sealed,
    role_gaps,
    strategy_weights,
    workflow_case,
)

_of_subjects = select(workflow_case.c.id).where(
    workflow_case.c.workflow == bindparam("workflow"),
    workflow_case.c.subject_id.in_(bindparam("people", expanding=True)),
)

PURPOSE = "development"
"""For what the standings are read, and a reassessment is recorded."""

GAPS = role_gaps("role", PURPOSE, level="level")
"""What the present role asks, and how far the person is known to be from it."""

NEAR_GAPS = role_gaps("near_role", PURPOSE, level="near_level")
"""The same of the near-future role."""

NEXT_GAPS = role_gaps("next_role", PURPOSE, level="next_level")
"""The same of the next role of a placement."""

CLOSINGS = gap_closings("role", PURPOSE, level="level")
"""How far the gaps to the present role are closed, by enough sources."""

NEAR_CLOSINGS = gap_closings("near_role", PURPOSE, level="near_level")
"""The same of the near-future role."""

ASSESSMENTS = children("career.assessment")
"""What raters say for a placement."""

RATINGS = children("career.rating")
"""What raters say at a reassessment."""

ASKINGS = children("career.asking")
"""The questions to colleagues of a plan."""

PLAN = "career.plan"
ASPIRATION = "career.aspiration"


def _weights(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[str, Fraction]]:
    contents = FRAMEWORK.load(tx, cases)
    codes = {each.framework.code for each in contents.values() if each is not None}
    found = {code: strategy_weights(tx, code) for code in codes}
    return {number: {} if each is None else found[each.framework.code] for number, each in contents.items()}


WEIGHTS: Fact[Mapping[str, Fraction]] = Fact("career.weights", _weights)
"""How much each competency matters for this year's strategy."""


def of_subjects(
    tx: Transaction, workflow: str, people: set[int], *, open_only: bool = False
) -> dict[int, list[CaseView]]:
    """Return the cases of a workflow about some people, oldest first.

    The system's view: for guards and effects, never for showing.
    """
    found: dict[int, list[CaseView]] = {each: [] for each in people}
    ids = [row.id for row in tx.rows(_of_subjects, {"workflow": workflow, "people": sorted(people)})]
    for _, case in sorted(cases_by_id(tx, ids).items()):
        if case.subject is not None and (case.is_open or not open_only):
            found[case.subject].append(case)
    return found


def _plans(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[CaseView, ...]]:
    found = of_subjects(tx, PLAN, {case.subject for case in cases if case.subject is not None})
    return {
        case.id: tuple(each for each in found.get(case.subject or 0, ()) if each.id != case.id)
        for case in cases
    }


OTHER_PLANS: Fact[tuple[CaseView, ...]] = Fact("career.plans", _plans)
"""The subject's other plans, open and closed."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What somebody lets others know of how far they want to go."""

    reach: int
    confidants: tuple[int, ...]


def _shared(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Shared | None]:
    people = {case.subject for case in cases if case.subject is not None}
    found = of_subjects(tx, ASPIRATION, people, open_only=True)
    return {case.id: _newest_shared(tx, found.get(case.subject or 0, [])) for case in cases}


def _newest_shared(tx: Transaction, cases: Sequence[CaseView]) -> Shared | None:
    for case in reversed(cases):
        data = case.data
        if case.state == "shared" and data.reach is not None and data.until and data.until >= tx.today:
            return Shared(data.reach, case.people("confidant"))
    return None


SHARED: Fact[Shared | None] = Fact("career.shared", _shared)
"""The subject's newest aspiration, if it is shared today; None otherwise."""


def _answers(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, tuple[Answers, ...]]]:
    askings = ASKINGS.load(tx, cases)
    closed = [each for some in askings.values() for each in some if each.state == "closed"]
    opened = open_many_sealed(tx, {each.id: (each.data.minimum, "omit") for each in closed})
    return {
        case.id: {each.id: tuple(opened[each.id]) for each in askings.get(case.id, ()) if each.id in opened}
        for case in cases
    }


ANSWERS: Fact[Mapping[int, tuple[Answers, ...]]] = Fact("career.answers", _answers)
"""What closed questions gave, by question; nothing of too few."""
