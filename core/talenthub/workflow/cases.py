"""Reading cases: many at once, always in a constant number of statements."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, cast, func, select

from talenthub.storage.kept import once
from talenthub.storage.transaction import Transaction
from talenthub.workflow.adjusting.adjustments import know_adjustments
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.context import CaseView
from talenthub.workflow.tables import case_participant, workflow_case, workflow_version

CATALOGUE = "workflow.catalogue"
"""Where the engine leaves its catalogue in `tx.memory`, for data models."""

_people = (
    select(
        func.aggregate_strings(case_participant.c.role + ":" + cast(case_participant.c.person_id, Text), " ")
    )
    .where(case_participant.c.case_id == workflow_case.c.id)
    .scalar_subquery()
    .label("people")
)
WHOLE = select(workflow_case, workflow_version.c.version.label("workflow_version"), _people).join_from(
    workflow_case, workflow_version
)
"""What `views` makes cases of: their rows, with version and participants."""

_by_id = WHOLE.where(workflow_case.c.id.in_(bindparam("ids", expanding=True))).order_by(workflow_case.c.id)
_by_ref = WHOLE.where(workflow_case.c.ref.in_(bindparam("refs", expanding=True))).order_by(workflow_case.c.id)
_held = _by_id.with_for_update(read=True, of=workflow_case)
_one_by_ref = WHOLE.where(workflow_case.c.ref == bindparam("ref"))
_children = WHOLE.where(
    workflow_case.c.parent_id.in_(bindparam("ids", expanding=True)),
    workflow_case.c.workflow == bindparam("name"),
).order_by(workflow_case.c.id)
_about = WHOLE.where(
    workflow_case.c.subject_id.in_(bindparam("people", expanding=True)),
    workflow_case.c.workflow == bindparam("name"),
).order_by(workflow_case.c.id)
AnyRow = Row[Any]

_REFERENCE = re.compile(r"[a-z]{2,5}-\d{1,12}", re.IGNORECASE | re.ASCII)


def is_reference(word: str) -> bool:
    """Return whether a word is a reference, and not a person's handle."""
    return _REFERENCE.fullmatch(word) is not None


def cases_by_id(tx: Transaction, ids: Collection[int], *, apart: bool = False) -> dict[int, CaseView]:
    """Return the cases with these ids, by id; `apart` as `views` has it."""
    if not ids:
        return {}
    return {view.id: view for view in views(tx, tx.rows(_by_id, {"ids": sorted(set(ids))}), apart=apart)}


def cases_held(tx: Transaction, ids: Collection[int]) -> dict[int, CaseView]:
    """Return the cases with these ids, which nobody changes until the end.

    Others may hold them too: two who open under one parent need not wait.
    """
    if not ids:
        return {}
    statement = _by_id if tx.is_sqlite else _held
    return {view.id: view for view in views(tx, tx.rows(statement, {"ids": sorted(set(ids))}))}


def cases_by_ref(tx: Transaction, refs: Collection[str], *, apart: bool = False) -> dict[str, CaseView]:
    """Return the cases with these references; `apart` as `views` has it."""
    if not refs:
        return {}
    wanted = sorted(set(refs))
    if len(wanted) == 1:  # most often; a list would be spelled out anew each time
        rows = tx.rows(_one_by_ref, {"ref": wanted[0]})
    else:
        rows = tx.rows(_by_ref, {"refs": wanted})
    return {view.ref: view for view in views(tx, rows, apart=apart)}


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
    return views(tx, tx.rows(WHOLE.where(workflow_case.c.id.in_(condition)).order_by(workflow_case.c.id)))


def views(tx: Transaction, rows: Sequence[AnyRow], *, apart: bool = False) -> list[CaseView]:
    """Return rows of cases as views, with their participants.

    What a case carries is checked once, however often it is read. `apart`:
    anew, for those that are fired: nobody else has had it in hands.
    """
    catalogue: Catalogue = tx.memory[CATALOGUE]
    know_adjustments(tx, catalogue, {row.adjustment for row in rows if row.adjustment is not None})
    return [_view(row, _participants(row.people), _data(tx, catalogue, row, apart)) for row in rows]


def _participants(people: str | None) -> Mapping[str, tuple[int, ...]]:
    """Return who takes part, by role: of `chair:7 assessor:3 assessor:5`."""
    found: dict[str, tuple[int, ...]] = {}
    for role, person in sorted(_part(each) for each in (people or "").split()):
        found[role] = (*found.get(role, ()), person)
    return found


def _part(text: str) -> tuple[str, int]:
    role, _, person = text.rpartition(":")
    return role, int(person)


def _view(row: AnyRow, participants: Mapping[str, tuple[int, ...]], data: Any) -> CaseView:
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
        data=data,
        participants=participants,
        opened_at=row.opened_at,
        entered_at=row.entered_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        head_hash=row.head_hash,
        settings=row.settings_id,
        adjustment=row.adjustment,
    )


def _data(tx: Transaction, catalogue: Catalogue, row: AnyRow, apart: bool) -> Any:
    loaded = catalogue.find(row.workflow, row.workflow_version)
    if loaded is None:
        return json.loads(row.data)
    model = loaded.workflow.data
    if apart:
        return model.model_validate_json(row.data)
    return once(tx, (model, row.data), (), lambda: model.model_validate_json(row.data))


def moment(value: datetime) -> str:
    """Return a moment as the text that hashes are made of."""
    return value.isoformat(timespec="microseconds")
