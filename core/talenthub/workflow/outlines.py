"""Outlines: where many cases stand and how long, without what they carry.

Whoever counts needs no data, and reading data costs more than all the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import Condition, is_visible
from talenthub.workflow.adjusting.adjustments import know_adjustments
from talenthub.workflow.cases import CATALOGUE, AnyRow
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.tables import case_event, workflow_case, workflow_version

_CHUNK = 5000
"""So many cases are asked for in one statement."""

_NONE = timedelta()
_DAY = timedelta(days=1)

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
_entered = (
    select(case_event.c.case_id, case_event.c.target, case_event.c.at)
    .where(case_event.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(case_event.c.case_id, case_event.c.version)
)


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
    found = [Outline(*row) for row in tx.rows(wanted)]
    catalogue: Catalogue = tx.memory[CATALOGUE]
    know_adjustments(tx, catalogue, {each.adjustment for each in found if each.adjustment is not None})
    return found


Stays = Mapping[int, Mapping[str, float | None]]
"""Days by case and state; None: the case ended there."""


def stays_of(tx: Transaction, cases: Sequence[Outline]) -> Stays:
    """Return how many days each case was in each state it has reached.

    A state entered more than once counts with all its days.
    """
    paths: dict[int, list[AnyRow]] = {each.id: [] for each in cases}
    ids = list(paths)
    for start in range(0, len(ids), _CHUNK):
        for row in tx.rows(_entered, {"ids": ids[start : start + _CHUNK]}):
            paths[row[0]].append(row)
    return {each.id: _stays(paths[each.id], each, tx.now) for each in cases}


def _stays(path: Sequence[AnyRow], case: Outline, now: datetime) -> dict[str, float | None]:
    spent: dict[str, timedelta] = {}
    ends = [*(at for _, _, at in path[1:]), now]
    for (_, state, at), end in zip(path, ends, strict=True):
        spent[state] = spent.get(state, _NONE) + (end - at)
    ended = None if case.is_open else case.state
    return {state: None if state == ended else each / _DAY for state, each in spent.items()}
