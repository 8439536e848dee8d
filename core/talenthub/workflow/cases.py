"""Reading cases: many at once, always in a constant number of statements."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from talenthub.storage.transaction import Transaction
from talenthub.workflow.adjusting.adjustments import know_adjustments
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.context import CaseView
from talenthub.workflow.tables import case_participant, workflow_case, workflow_version

CATALOGUE = "workflow.catalogue"
"""Where the engine leaves its catalogue in `tx.memory`, for data models."""

_columns = select(workflow_case, workflow_version.c.version.label("workflow_version")).join_from(
    workflow_case, workflow_version
)

_by_id = _columns.where(workflow_case.c.id.in_(bindparam("ids", expanding=True))).order_by(workflow_case.c.id)
_by_ref = _columns.where(workflow_case.c.ref.in_(bindparam("refs", expanding=True))).order_by(
    workflow_case.c.id
)
_one_by_ref = _columns.where(workflow_case.c.ref == bindparam("ref"))
_children = _columns.where(
    workflow_case.c.parent_id.in_(bindparam("ids", expanding=True)),
    workflow_case.c.workflow == bindparam("name"),
).order_by(workflow_case.c.id)
_about = _columns.where(
    workflow_case.c.subject_id.in_(bindparam("people", expanding=True)),
    workflow_case.c.workflow == bindparam("name"),
).order_by(workflow_case.c.id)
_locked = _by_id.with_for_update(of=workflow_case)
_held = _by_id.with_for_update(of=workflow_case, read=True)
_locked_by_ref = _by_ref.with_for_update(of=workflow_case)
_one_locked = _one_by_ref.with_for_update(of=workflow_case)
_participants = (
    select(case_participant)
    .where(case_participant.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(case_participant.c.case_id, case_participant.c.role, case_participant.c.person_id)
)

AnyRow = Row[Any]

_REFERENCE = re.compile(r"[a-z]{2,5}-\d{1,12}", re.IGNORECASE | re.ASCII)


def is_reference(word: str) -> bool:
    """Return whether a word is a reference, and not a person's handle."""
    return _REFERENCE.fullmatch(word) is not None


def cases_by_id(tx: Transaction, ids: Collection[int], *, lock: bool = False) -> dict[int, CaseView]:
    """Return the cases with these ids, by id; locked until the end if asked."""
    if not ids:
        return {}
    wanted = sorted(set(ids))
    # SQLite has one writer at a time and no row locks: BEGIN IMMEDIATE is the lock.
    statement = _locked if lock and not tx.is_sqlite else _by_id
    return {view.id: view for view in views(tx, tx.rows(statement, {"ids": wanted}))}


def cases_held(tx: Transaction, ids: Collection[int]) -> dict[int, CaseView]:
    """Return cases by id that nobody fires until the end; others hold them too."""
    if not ids:
        return {}
    statement = _by_id if tx.is_sqlite else _held
    return {view.id: view for view in views(tx, tx.rows(statement, {"ids": sorted(set(ids))}))}


def cases_by_ref(tx: Transaction, refs: Collection[str], *, lock: bool = False) -> dict[str, CaseView]:
    """Return the cases with these references; locked until the end if asked."""
    if not refs:
        return {}
    locked = lock and not tx.is_sqlite
    wanted = sorted(set(refs))
    if len(wanted) == 1:  # most often; a list would be spelled out anew each time
        rows = tx.rows(_one_locked if locked else _one_by_ref, {"ref": wanted[0]})
    else:
        rows = tx.rows(_locked_by_ref if locked else _by_ref, {"refs": wanted})
    return {view.ref: view for view in views(tx, rows)}


def children_of(tx: Transaction, ids: Collection[int], workflow: str) -> dict[int, tuple[CaseView, ...]]:
    """Return the children of one workflow, by the id of their parent."""
    if not ids:
        return {}
    found: dict[int, list[CaseView]] = {each: [] for each in ids}
    for view in views(tx, tx.rows(_children, {"ids": sorted(set(ids)), "name": workflow})):
        assert view.parent is not None
        found[view.parent].append(view)
    return {parent: tuple(children) for parent, children in found.items()}


def cases_about(tx: Transaction, subjects: Collection[int], workflow: str) -> dict[int, tuple[CaseView, ...]]:
    """Return the cases of one workflow about these persons, by person."""
    found: dict[int, list[CaseView]] = {each: [] for each in subjects}
    if found:
        for view in views(tx, tx.rows(_about, {"people": sorted(found), "name": workflow})):
            assert view.subject is not None
            found[view.subject].append(view)
    return {subject: tuple(cases) for subject, cases in found.items()}


def cases_where(tx: Transaction, condition: Select[Any]) -> list[CaseView]:
    """Return the cases whose ids `condition` selects, by id."""
    return views(tx, tx.rows(_columns.where(workflow_case.c.id.in_(condition)).order_by(workflow_case.c.id)))


def views(tx: Transaction, rows: Sequence[AnyRow]) -> list[CaseView]:
    """Return rows of cases as views, with their participants."""
    catalogue: Catalogue = tx.memory[CATALOGUE]
    know_adjustments(tx, catalogue, {row.adjustment for row in rows if row.adjustment is not None})
    people = _people(tx, [row.id for row in rows if _takes_participants(catalogue, row)])
    return [_view(catalogue, row, people.get(row.id, {})) for row in rows]


def _takes_participants(catalogue: Catalogue, row: AnyRow) -> bool:
    loaded = catalogue.find(row.workflow, row.workflow_version)
    return loaded is None or bool(loaded.workflow.participants)


def _people(tx: Transaction, ids: Sequence[int]) -> Mapping[int, Mapping[str, tuple[int, ...]]]:
    found: dict[int, dict[str, tuple[int, ...]]] = defaultdict(dict)
    if ids:
        for row in tx.rows(_participants, {"ids": ids}):
            roles = found[row.case_id]
            roles[row.role] = (*roles.get(row.role, ()), row.person_id)
    return found


def _view(catalogue: Catalogue, row: AnyRow, participants: Mapping[str, tuple[int, ...]]) -> CaseView:
    return CaseView(
        id=row.id,
        ref=row.ref,
        workflow=row.workflow,
        workflow_version=row.workflow_version,
        state=row.state,
        version=row.version,
        subject=row.subject_id,
        parent=row.parent_id,
        framework_version=row.framework_version_id,
        unit=row.unit_id,
        about=row.about,
        data=_data(catalogue, row),
        participants=participants,
        opened_at=row.opened_at,
        entered_at=row.entered_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        head_hash=row.head_hash,
        settings=row.settings_id,
        adjustment=row.adjustment,
    )


def _data(catalogue: Catalogue, row: AnyRow) -> Any:
    loaded = catalogue.find(row.workflow, row.workflow_version)
    if loaded is None:
        return json.loads(row.data)
    return loaded.workflow.data.model_validate_json(row.data)


def moment(value: datetime) -> str:
    """Return a moment as the text that hashes are made of."""
    return value.isoformat(timespec="microseconds")
