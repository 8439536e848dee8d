"""Opening cases: one or hundreds, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import insert

from talenthub.errors import Problem, UsageError, unknown
from talenthub.people.persons import persons
from talenthub.storage.direct import Direct
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.adjusting.adjustments import pin_adjustment
from talenthub.workflow.calling import intents_of, load_facts
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView, Context
from talenthub.workflow.forms import form_faults
from talenthub.workflow.history import GENESIS, NewEvent, prepare_events, write_events
from talenthub.workflow.intents import Intent
from talenthub.workflow.keeping import unkept
from talenthub.workflow.known import in_order, known, told
from talenthub.workflow.participants import add_participants
from talenthub.workflow.persons_in import persons_in
from talenthub.workflow.pinning import pin_settings, version_id
from talenthub.workflow.references import references_and_ids
from talenthub.workflow.steps import Step
from talenthub.workflow.tables import workflow_case
from talenthub.workflow.tasks import expect_no_tasks
from talenthub.workflow.timers import expect_no_timers

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

_insert_case = Direct(insert(workflow_case).returning(workflow_case.c.id))
_insert_cases = Direct(insert(workflow_case))


@dataclass(frozen=True, slots=True)
class Opening:
    """A case about to be opened."""

    workflow: str
    subject: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    participants: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    parent: CaseView | None = None
    framework_version: int | None = None
    unit: int | None = None
    about: str = ""
    cause: str | None = None
    apart: bool = False
    """Whether it takes from its parent what it did not say, and no more."""

    def people(self, role: str) -> tuple[int, ...]:
        """Return the ids of those who are to take part in `role`."""
        return self.participants.get(role, ())

    def inherited(self) -> Opening:
        """Return it with what it did not say taken from its parent."""
        if self.parent is None or self._says_all:
            return self
        return replace(
            self,
            parent=None if self.apart else self.parent,
            framework_version=self.framework_version or self.parent.framework_version,
            unit=self.unit if self.unit is not None else self.parent.unit,
            about=self.about or self.parent.about,
        )

    @property
    def _says_all(self) -> bool:
        return bool(self.framework_version and self.unit is not None and self.about and not self.apart)


def open_cases(
    engine: Engine, tx: Transaction, openings: Sequence[Opening], *, depth: int = 0
) -> list[CaseView]:
    """Open cases and everything that follows from it; return them in order.

    UsageError if what a case should carry does not fit its workflow.
    """
    if not openings:
        return []
    asked = [each.inherited() for each in openings]
    loaded = [engine.catalogue.newest(each.workflow) for each in asked]
    models = [_data(owner, opening) for owner, opening in zip(loaded, asked, strict=True)]
    if depth == 0:
        # What an effect opens names whom its case or its form names: they are there.
        _expect_persons(tx, models)
    cases = _insert(tx, asked, loaded, models)
    tx.point("open.inserted")
    facts = load_facts(
        tx,
        (
            (case, fact, "open")
            for case, owner in zip(cases, loaded, strict=True)
            for part in owner.workflow.opening
            for fact in part.facts
        ),
    )
    steps = [
        Step(None, case, None, owner, _opening_intents(tx, owner, case, facts), opening.cause)
        for case, opening, owner in zip(cases, asked, loaded, strict=True)
    ]
    engine.apply(tx, steps, depth=depth)
    return cases


def _expect_persons(tx: Transaction, models: Sequence[Any]) -> None:
    named = {number for model in models for number in persons_in(model)}
    if nobody := sorted(named - persons(tx, named).keys()):
        numbers = ", ".join(map(str, nobody))
        raise UsageError(Problem(text="a case names a person that there is not", found=numbers))


def _insert(
    tx: Transaction, openings: Sequence[Opening], loaded: Sequence[Loaded], models: Sequence[Any]
) -> list[CaseView]:
    carried = [model.model_dump(mode="json") for model in models]
    rows, ids = _rows(tx, openings, loaded, carried)
    prepared = prepare_events([_opened(tx, *each) for each in zip(rows, openings, carried, strict=True)])
    for index, row in enumerate(rows):
        row["head_hash"] = prepared.hash_of(index)
    ids = _insert_rows(tx, rows, ids)
    expect_no_tasks(tx, ids)
    expect_no_timers(tx, ids)
    add_participants(
        tx,
        (
            (number, role, person)
            for number, opening in zip(ids, openings, strict=True)
            for role, people in opening.participants.items()
            for person in people
        ),
    )
    write_events(tx, prepared.of_cases(ids))
    cases = [_view(*each) for each in zip(ids, rows, loaded, openings, models, strict=True)]
    knowledge = known(tx)
    for case, row in zip(cases, rows, strict=True):
        knowledge.opened(case, row["data"])
    return cases


def _insert_rows(tx: Transaction, rows: Sequence[dict[str, Any]], ids: Sequence[int]) -> Sequence[int]:
    """Insert cases; return their numbers in the same order."""
    with told(tx):
        if not ids:
            return [tx.value(_insert_case, rows[0])]
        for row, number in zip(rows, ids, strict=True):
            row["id"] = number
        tx.write(_insert_cases, rows)
        return ids


def _rows(
    tx: Transaction, openings: Sequence[Opening], loaded: Sequence[Loaded], carried: Sequence[Any]
) -> tuple[list[dict[str, Any]], Sequence[int]]:
    owners = {owner.workflow.name: owner for owner in loaded}
    shared = {name: _shared(tx, owner) for name, owner in owners.items()}
    refs, ids = references_and_ids(tx, loaded)
    rows = [
        {
            **shared[opening.workflow],
            "ref": ref,
            "framework_version_id": opening.framework_version,
            "subject_id": opening.subject,
            "parent_id": opening.parent.id if opening.parent is not None else None,
            "unit_id": opening.unit,
            "about": opening.about,
            "data": canonical(data),
        }
        for ref, opening, data in zip(refs, openings, carried, strict=True)
    ]
    return rows, ids


def _shared(tx: Transaction, owner: Loaded) -> dict[str, Any]:
    """Return what stands in the row of every case of a workflow that opens now."""
    return {
        "workflow": owner.workflow.name,
        "workflow_version_id": version_id(tx, owner),
        "settings_id": pin_settings(tx, owner),
        "adjustment": pin_adjustment(tx, owner),
        "state": owner.workflow.initial,
        "version": 1,
        "opened_at": tx.now,
        "entered_at": tx.now,
        "closed_at": None,
        "outcome": None,
    }


def _opened(tx: Transaction, row: Mapping[str, Any], opening: Opening, data: Any) -> NewEvent:
    return NewEvent(
        case=0,  # its number is known once it is inserted
        ref=row["ref"],
        version=1,
        kind="opened",
        transition="open",
        source=None,
        target=row["state"],
        actor=tx.actor,
        at=tx.now,
        payload={"data": data},
        previous_hash=GENESIS,
        cause=opening.cause,
    )


def _data(owner: Loaded, opening: Opening) -> Any:
    for role in opening.participants:
        if role not in owner.workflow.participants:
            kind = f"role of those who take part in {owner.workflow.words}"
            raise UsageError(unknown(kind, role, owner.workflow.participants, place=owner.workflow.name))
    model = owner.workflow.data
    try:
        data = model.model_validate(dict(opening.data))
        faults = list(unkept(data.model_dump()))
    except ValidationError as error:
        faults = form_faults(model, error)
    if faults:
        raise UsageError.of([Problem(text=fault, place=owner.workflow.words) for fault in faults])
    return data


def _view(number: int, row: Mapping[str, Any], owner: Loaded, opening: Opening, model: Any) -> CaseView:
    return CaseView(
        id=number,
        ref=row["ref"],
        workflow=owner.workflow.name,
        workflow_version=owner.workflow.version,
        state=row["state"],
        version=1,
        subject=opening.subject,
        parent=row["parent_id"],
        framework_version=opening.framework_version,
        unit=opening.unit,
        about=opening.about,
        data=model,
        participants=in_order(opening.participants),
        opened_at=row["opened_at"].astimezone(UTC),
        entered_at=row["entered_at"].astimezone(UTC),
        closed_at=None,
        outcome=None,
        head_hash=row["head_hash"],
        settings=row["settings_id"],
        adjustment=row["adjustment"],
    )


def _opening_intents(
    tx: Transaction, owner: Loaded, case: CaseView, facts: Mapping[str, Mapping[int, Any]]
) -> tuple[Intent, ...]:
    if not owner.workflow.opening:
        return ()
    context = Context(case, "open", None, tx.actor, tx.now, tx.today, owner.settings, facts)
    return intents_of(owner, owner.workflow.opening, context)
