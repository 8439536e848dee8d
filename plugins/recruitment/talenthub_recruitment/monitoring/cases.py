"""Reading how candidates fared from the cases: a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from talenthub.sdk import Transaction, case_event, workflow_case
from talenthub_recruitment.monitoring.rights import REQUISITION
from talenthub_recruitment.monitoring.tracks import HIRED, OFFERED, End, Track, further

DEPTHS = {
    "shortlisted": 1,
    "in_assessment": 1,
    "awaiting_consensus": 1,
    "assessed": 1,
    "override_requested": 1,
    "ranked": 2,
    "offered": OFFERED,
    "accepted": OFFERED,
    "hired": HIRED,
}
"""How many steps are behind somebody who ever stood in a state."""

_requisition = workflow_case.alias("requisition")
_selection = workflow_case.alias("selection")
_application = workflow_case.alias("application")
_tree = _application.join(_selection, _application.c.parent_id == _selection.c.id).join(
    _requisition, _selection.c.parent_id == _requisition.c.id
)
_is_over = (
    _requisition.c.workflow == REQUISITION,
    _requisition.c.closed_at.is_not(None),
    _application.c.workflow == "recruitment.application",
)
_closed = (
    select(workflow_case.c.id, workflow_case.c.ref, workflow_case.c.unit_id, workflow_case.c.closed_at)
    .where(workflow_case.c.workflow == REQUISITION, workflow_case.c.closed_at.is_not(None))
    .order_by(workflow_case.c.closed_at, workflow_case.c.id)
)
_applications = (
    select(
        _application.c.id,
        _application.c.subject_id,
        _application.c.state,
        _application.c.outcome,
        _requisition.c.id.label("requisition"),
    )
    .select_from(_tree)
    .where(*_is_over)
    .order_by(_application.c.id)
)
_reached = (
    select(case_event.c.case_id, case_event.c.target)
    .distinct()
    .select_from(_tree.join(case_event, case_event.c.case_id == _application.c.id))
    .where(*_is_over, case_event.c.target.in_(DEPTHS))
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A requisition that is over: nothing about it changes any more."""

    id: int
    ref: str
    unit: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Came:
    """A candidate of a requisition, counted once, and how far they came."""

    person: int | None
    """None: the person has been erased."""
    depth: int
    end: End


def closed_requisitions(tx: Transaction) -> list[Closed]:
    """Return the requisitions that are over, in the order they closed."""
    return [Closed(row.id, row.ref, row.unit_id, row.closed_at) for row in tx.rows(_closed)]


def who_came(tx: Transaction) -> dict[int, list[Came]]:
    """Return the candidates of every requisition that is over, each once."""
    depths: dict[int, int] = defaultdict(int)
    for row in tx.rows(_reached):
        depths[row.case_id] = max(depths[row.case_id], DEPTHS[row.target])
    best: dict[tuple[int, int], tuple[int, End]] = {}
    people: dict[tuple[int, int], int | None] = {}
    for row in tx.rows(_applications):
        # Without a person an application stands for itself.
        key = (row.requisition, row.subject_id if row.subject_id is not None else -row.id)
        came = (depths[row.id], _end(row.state, row.outcome, depths[row.id]))
        best[key] = further(best.get(key, came), came)
        people[key] = row.subject_id
    found: dict[int, list[Came]] = defaultdict(list)
    for key, (depth, end) in best.items():
        found[key[0]].append(Came(people[key], depth, end))
    return dict(found)


def _end(state: str, outcome: str | None, depth: int) -> End:
    if outcome == "success":
        return End.SELECTED
    # Who is never offered anything and runs out of time was not selected.
    ran_out = state == "expired" and depth < OFFERED
    return End.REJECTED if outcome == "failure" or ran_out else End.LEFT


def as_tracks(
    closed: Sequence[Closed], came: Mapping[int, Sequence[Came]], groups: Mapping[int, str]
) -> Iterator[tuple[int, list[Track]]]:
    """Yield each requisition with its candidates by declared group."""
    for each in closed:
        yield (
            each.id,
            [
                Track(groups.get(one.person) if one.person is not None else None, one.depth, one.end)
                for one in came.get(each.id, ())
            ],
        )


_of_people = (
    select(_requisition.c.id, _requisition.c.unit_id)
    .distinct()
    .select_from(_tree)
    .where(
        _requisition.c.workflow == REQUISITION,
        _application.c.subject_id.in_(bindparam("people", expanding=True)),
    )
)


def requisitions_with(tx: Transaction, people: Collection[int]) -> dict[int, int | None]:
    """Return the requisitions, with their units, that people applied to."""
    if not people:
        return {}
    return {row.id: row.unit_id for row in tx.rows(_of_people, {"people": sorted(people)})}
