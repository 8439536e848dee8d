"""Outlines: where many cases stand and how long, without what they carry.

Whoever counts needs no data, and reading data costs more than all the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, String, bindparam, cast, extract, func, select, type_coerce

from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import Condition, is_visible
from talenthub.workflow.adjusting.adjustments import know_adjustments
from talenthub.workflow.cases import CATALOGUE
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.tables import case_event, workflow_case, workflow_version

_CHUNK = 5000
"""So many cases are asked for in one statement."""

_DAY = 86_400_000_000
_START = datetime(1970, 1, 1, tzinfo=UTC)

# Moments as microseconds: of thousands of rows each datetime is read by hand.
_seconds = cast(func.strftime("%s", func.substr(type_coerce(case_event.c.at, String), 1, 19)), BigInteger)
_fraction = cast(func.substr(type_coerce(case_event.c.at, String), 21), BigInteger)
_moments = {
    True: _seconds * 1_000_000 + _fraction,
    False: cast(extract("epoch", case_event.c.at) * 1_000_000, BigInteger),
}
"""By whether SQLite is underneath."""

_outlines = select(
    workflow_case.c.id,
    workflow_case.c.ref,
    workflow_case.c.workflow,
    workflow_version.c.version,
    workflow_case.c.adjustment,
    workflow_case.c.state,
    workflow_case.c.subject_id,
    workflow_case.c.parent_id,
    workflow_case.c.about,
    workflow_case.c.opened_at,
    workflow_case.c.entered_at,
    workflow_case.c.closed_at,
    workflow_case.c.outcome,
).join_from(workflow_case, workflow_version)
_entered = {
    is_sqlite: select(case_event.c.case_id, case_event.c.target, moment.label("moment"))
    .where(case_event.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(case_event.c.case_id, case_event.c.version)
    for is_sqlite, moment in _moments.items()
}


@dataclass(frozen=True, slots=True)
class Outline:
    """A case without what it carries: where it stands, and since when."""

    id: int
    ref: str
    workflow: str
    workflow_version: int
    adjustment: str | None
    state: str
    subject: int | None
    parent: int | None
    about: str
    opened_at: datetime
    entered_at: datetime
    closed_at: datetime | None
    outcome: str | None

    @property
    def is_open(self) -> bool:
        """Return whether anything can still happen to it."""
        return self.closed_at is None


def outlines(
    tx: Transaction,
    workflow: str,
    *,
    parents: Collection[int] | None = None,
    open_only: bool = False,
) -> list[Outline]:
    """Return the cases of a workflow that the actor may know of, by id."""
    conditions = [workflow_case.c.workflow == workflow]
    if parents is not None:
        conditions.append(workflow_case.c.parent_id.in_(parents))
    if open_only:
        conditions.append(workflow_case.c.closed_at.is_(None))
    return outlines_where(tx, conditions, {workflow})


def outlines_by_ref(tx: Transaction, refs: Collection[str]) -> dict[str, Outline]:
    """Return those of the cases named that the actor may know of."""
    found = outlines_where(tx, [workflow_case.c.ref.in_(refs)]) if refs else []
    return {each.ref: each for each in found}


def outlines_by_id(tx: Transaction, ids: Collection[int]) -> dict[int, Outline]:
    """Return those of the cases with these ids that the actor may know of."""
    found = outlines_where(tx, [workflow_case.c.id.in_(ids)]) if ids else []
    return {each.id: each for each in found}


def outlines_where(
    tx: Transaction,
    conditions: Iterable[Condition],
    workflows: Collection[str] | None = None,
    *,
    limit: int | None = None,
) -> list[Outline]:
    """Return the cases in sight that fit, by id; `workflows`: of these only."""
    wanted = _outlines.where(*conditions).order_by(workflow_case.c.id).limit(limit)
    if not tx.actor.is_system:
        wanted = wanted.where(is_visible(tx, workflows))
    found = [Outline(*tuple(row)) for row in tx.rows(wanted)]
    catalogue: Catalogue = tx.memory[CATALOGUE]
    know_adjustments(tx, catalogue, {each.adjustment for each in found if each.adjustment is not None})
    return found


Stays = Mapping[int, Mapping[str, float | None]]
"""Days by case and state; None: the case ended there."""


def stays_of(tx: Transaction, cases: Sequence[Outline]) -> Stays:
    """Return how many days each case was in each state it has reached.

    A state entered more than once counts with all its days.
    """
    paths: dict[int, list[tuple[str, int]]] = {each.id: [] for each in cases}
    ids = list(paths)
    for start in range(0, len(ids), _CHUNK):
        rows = tx.rows(_entered[tx.is_sqlite], {"ids": ids[start : start + _CHUNK]})
        for number, state, moment in map(tuple, rows):
            paths[number].append((state, moment))
    now = (tx.now - _START) // timedelta(microseconds=1)
    return {each.id: _stays(paths[each.id], each, now) for each in cases}


def _stays(path: Sequence[tuple[str, int]], case: Outline, now: int) -> dict[str, float | None]:
    spent: dict[str, int] = {}
    ends = [*(moment for _, moment in path[1:]), now]
    for (state, moment), end in zip(path, ends, strict=True):
        spent[state] = spent.get(state, 0) + end - moment
    ended = None if case.is_open else case.state
    return {state: None if state == ended else each / _DAY for state, each in spent.items()}
