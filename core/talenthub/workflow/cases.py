"""Reading cases: many at once, always in a constant number of statements."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, cast, func, select

from talenthub.storage.kept import once
from talenthub.storage.transaction import Transaction
from talenthub.workflow.above import ASKED_AND_ABOVE, Above
from talenthub.workflow.adjusting.adjustments import know_adjustments
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.context import CaseView
from talenthub.workflow.known import are_locked, known, note_locked
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
_case = workflow_case.c
WHOLE = select(
    # In the order of a CaseView.
    _case.id,
    _case.ref,
    _case.workflow,
    workflow_version.c.version.label("workflow_version"),
    _case.state,
    _case.version,
    _case.subject_id,
    _case.parent_id,
    _case.framework_version_id,
    _case.unit_id,
    _case.about,
    _case.data,
    _people,
    _case.opened_at,
    _case.entered_at,
    _case.closed_at,
    _case.outcome,
    _case.head_hash,
    _case.settings_id,
    _case.adjustment,
).join_from(workflow_case, workflow_version)
"""What `views` makes cases of: their rows, with version and participants."""

_by_id = WHOLE.where(workflow_case.c.id.in_(bindparam("ids", expanding=True))).order_by(workflow_case.c.id)
_by_ref = WHOLE.where(workflow_case.c.ref.in_(bindparam("refs", expanding=True))).order_by(workflow_case.c.id)
_with_above = WHOLE.where(workflow_case.c.id.in_(ASKED_AND_ABOVE)).order_by(workflow_case.c.id)
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
_DATA = list(WHOLE.selected_columns.keys()).index("data")

AnyRow = Row[Any]

_REFERENCE = re.compile(r"[a-z]{2,5}-\d{1,12}", re.IGNORECASE | re.ASCII)


def is_reference(word: str) -> bool:
    """Return whether a word is a reference, and not a person's handle."""
    return _REFERENCE.fullmatch(word) is not None


def cases_by_id(tx: Transaction, ids: Collection[int], *, apart: bool = False) -> dict[int, CaseView]:
    """Return the cases with these ids, by id.

    `apart`: what they carry is read anew, for those that are fired: nobody
    else has had it in hands.
    """
    found = known(tx).cases
    wanted = sorted(set(ids))
    if unknown := [each for each in wanted if each not in found]:
        read(tx, tx.rows_among(_by_id, "ids", unknown))
    return {each: _as_known(tx, each, apart) for each in wanted if each in found}


def cases_held(tx: Transaction, ids: Collection[int]) -> dict[int, CaseView]:
    """Return the cases with these ids, which nobody changes until the end.

    Others may hold them too: two who open under one parent need not wait.
    """
    if tx.is_sqlite or are_locked(tx, ids):
        return cases_by_id(tx, ids)
    held = {view.id: view for view in views(tx, tx.rows_among(_held, "ids", set(ids)))}
    note_locked(tx, {})
    return held


def cases_by_ref(tx: Transaction, refs: Collection[str], *, apart: bool = False) -> dict[str, CaseView]:
    """Return the cases with these references; `apart` as `cases_by_id` has it."""
    unknown = _unknown_refs(tx, refs)
    if len(unknown) == 1:  # most often; a list would be spelled out anew each time
        read(tx, tx.rows(_one_by_ref, {"ref": unknown[0]}))
    elif unknown:
        read(tx, tx.rows_among(_by_ref, "refs", unknown))
    found = known(tx)
    numbers = sorted(found.refs[ref] for ref in set(refs) if found.refs.get(ref) in found.cases)
    return {view.ref: view for view in (_as_known(tx, each, apart) for each in numbers)}


def read_with_those_above(tx: Transaction, refs: Collection[str], ids: Collection[int], above: Above) -> None:
    """Read cases that are unknown, with those above that they declare to lock.

    These are what a transition looks at, and what it sets in motion.
    """
    refs, ids = _unknown_refs(tx, refs), [each for each in ids if each not in known(tx).cases]
    if above and (refs or ids):
        read(tx, tx.rows(_with_above, above.parameters(refs, ids)))


def _unknown_refs(tx: Transaction, refs: Collection[str]) -> list[str]:
    found = known(tx)
    return sorted(ref for ref in set(refs) if found.refs.get(ref) not in found.cases)


def children_of(tx: Transaction, ids: Collection[int], workflow: str) -> dict[int, tuple[CaseView, ...]]:
    """Return the children of one workflow, by the id of their parent."""
    found = known(tx)
    found.children |= {(each, workflow): () for each in found.childless.intersection(ids)}
    listed = {each: found.children.get((each, workflow)) for each in sorted(set(ids))}
    unknown = [
        each
        for each, children in listed.items()
        if children is None or any(child not in found.cases for child in children)
    ]
    if unknown:
        rows = tx.rows_among(_children, "ids", unknown, {"name": workflow})
        anew: dict[int, list[int]] = {each: [] for each in unknown}
        for child, row in zip(read(tx, rows), rows, strict=True):
            anew[row.parent_id].append(child)
        found.children |= {(each, workflow): tuple(children) for each, children in anew.items()}
    return {each: tuple(_as_known(tx, child) for child in found.children[each, workflow]) for each in ids}


def cases_about(tx: Transaction, subjects: Collection[int], workflow: str) -> dict[int, tuple[CaseView, ...]]:
    """Return the cases of one workflow about these persons, by person."""
    found: dict[int, list[CaseView]] = {each: [] for each in subjects}
    if found:
        for view in views(tx, tx.rows_among(_about, "people", found, {"name": workflow})):
            assert view.subject is not None
            found[view.subject].append(view)
    return {subject: tuple(cases) for subject, cases in found.items()}


def cases_where(tx: Transaction, condition: Select[Any]) -> list[CaseView]:
    """Return the cases whose ids `condition` selects, by id."""
    rows = tx.rows(WHOLE.where(workflow_case.c.id.in_(condition)).order_by(workflow_case.c.id))
    return [_as_known(tx, each) for each in read(tx, rows)]


def read(tx: Transaction, rows: Sequence[AnyRow]) -> list[int]:
    """Know cases by their rows from now on; return their ids."""
    catalogue: Catalogue = tx.memory[CATALOGUE]
    know_adjustments(tx, catalogue, {row.adjustment for row in rows if row.adjustment is not None})
    found = known(tx)
    for row in rows:
        found.keep(_view(row), row.data)
    return [row.id for row in rows]


def views(tx: Transaction, rows: Sequence[AnyRow]) -> list[CaseView]:
    """Return rows of cases as views, whatever is known of them."""
    catalogue: Catalogue = tx.memory[CATALOGUE]
    know_adjustments(tx, catalogue, {row.adjustment for row in rows if row.adjustment is not None})
    return [_with_data(tx, _view(row), row.data) for row in rows]


def _as_known(tx: Transaction, number: int, apart: bool = False) -> CaseView:
    found = known(tx)
    view, text = found.cases[number]
    if apart:
        return _with_data(tx, view, text, apart)
    if view.data is None or number in found.in_hands:
        view = _with_data(tx, view, text)
        found.keep(view, text)
    return view


def _participants(people: str | None) -> Mapping[str, tuple[int, ...]]:
    """Return who takes part, by role: of `chair:7 assessor:3 assessor:5`."""
    found: dict[str, tuple[int, ...]] = {}
    for role, person in sorted(_part(each) for each in (people or "").split()):
        found[role] = (*found.get(role, ()), person)
    return found


def _part(text: str) -> tuple[str, int]:
    role, _, person = text.rpartition(":")
    return role, int(person)


def _view(row: AnyRow) -> CaseView:
    """Return a case without what it carries, which stands before its people."""
    values: list[Any] = [*row[:_DATA], None, _participants(row.people), *row[_DATA + 2 :]]
    return CaseView(*values)


def _with_data(tx: Transaction, view: CaseView, text: str, apart: bool = False) -> CaseView:
    """Return a case with what it carries, which is checked once a transaction."""
    catalogue: Catalogue = tx.memory[CATALOGUE]
    loaded = catalogue.find(view.workflow, view.workflow_version)
    if loaded is None:
        return replace(view, data=json.loads(text))
    model = loaded.workflow.data
    if apart:
        return replace(view, data=model.model_validate_json(text))
    return replace(view, data=once(tx, (model, text), (), lambda: model.model_validate_json(text)))


def moment(value: datetime) -> str:
    """Return a moment as the text that hashes are made of."""
    return value.isoformat(timespec="microseconds")
