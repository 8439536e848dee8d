"""Moving: the guarded write of a case and of the event that moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy import Text, bindparam, func, update

from talenthub.errors import Conflict, Problem
from talenthub.storage.direct import Direct
from talenthub.storage.late import gather, waiting
from talenthub.storage.transaction import StartOver, Transaction
from talenthub.storage.types import canonical
from talenthub.workflow import intents as asked
from talenthub.workflow.choosing import Accepted
from talenthub.workflow.context import CaseView
from talenthub.workflow.history import NewEvent, Prepared, prepare_events, write_events
from talenthub.workflow.known import in_order, known, told
from talenthub.workflow.sealing import seal
from talenthub.workflow.steps import Step
from talenthub.workflow.tables import case_participant, workflow_case

GUARDED = (
    update(workflow_case)
    .where(
        workflow_case.c.id == bindparam("which"),
        workflow_case.c.version == bindparam("seen"),
        workflow_case.c.state == bindparam("source"),
    )
    .values(
        state=bindparam("target"),
        version=workflow_case.c.version + 1,
        data=func.coalesce(bindparam("carried", type_=Text), workflow_case.c.data),
        head_hash=bindparam("head"),
    )
)
"""Moves a case that is still as it was seen; more values may be added."""

_fire = Direct(
    GUARDED.values(entered_at=bindparam("entered"), closed_at=bindparam("closed"), outcome=bindparam("ended"))
)


@dataclass(slots=True)
class LateMoves:
    """Cases that are moved together, when somebody looks or at the end."""

    tables: ClassVar[tuple[str, ...]] = (workflow_case.name, case_participant.name)
    rows: list[Mapping[str, Any]] = field(default_factory=list)

    def copy(self) -> LateMoves:
        """Return the same moves, to go back to."""
        return LateMoves(list(self.rows))

    def write(self, tx: Transaction) -> None:
        """Move the cases under their guard; Conflict if one is another by now."""
        with told(tx):
            met = tx.write(_fire, self.rows)
        if met != len(self.rows):
            # One at a time, it shows whose it is.
            raise StartOver if tx.bold else _changed_meanwhile()
        tx.point("fire.moved")


def are_moves_known(tx: Transaction) -> bool:
    """Return whether all cases are known that wait to be moved."""
    late = waiting(tx, LateMoves)
    return late is None or all(row["which"] in known(tx).cases for row in late.rows)


def move(tx: Transaction, guarded: Direct, rows: Sequence[Mapping[str, Any]], prepared: Prepared) -> None:
    """Move cases under their guard, and append the event of each.

    Conflict if one of them is no longer as it was seen.
    """
    if tx.write(guarded, rows) != len(rows):
        raise _changed_meanwhile()
    tx.point("fire.moved")
    write_events(tx, prepared)


def _changed_meanwhile() -> Conflict:
    return Conflict(Problem(text="a case was changed meanwhile", mend="look again", code="case.changed"))


def move_cases(tx: Transaction, accepted: Sequence[Accepted]) -> list[Step]:
    """Move the cases and append their events; return the steps."""
    if not accepted:
        return []
    prepared = prepare_events([_event(tx, each) for each in accepted])
    steps = [_step(tx, each, prepared.hash_of(place)) for place, each in enumerate(accepted)]
    rows = [_row(*each) for each in zip(steps, accepted, strict=True)]
    gather(tx, LateMoves).rows += rows
    write_events(tx, prepared)
    tx.point("fire.recorded")
    knowledge = known(tx)
    for step, row in zip(steps, rows, strict=True):
        carried = row["carried"] or knowledge.text_of(step.after.id) or _text(step.after.data)
        knowledge.moved(step.after, carried)
    seal(tx, [(each.case, each.judged.context.form) for each in accepted if each.judged.edge.sealed])
    return steps


def _event(tx: Transaction, accepted: Accepted) -> NewEvent:
    edge, context = accepted.judged.edge, accepted.judged.context
    payload: dict[str, Any] = {}
    if (context.form is not None or context.added) and not edge.sealed:
        own = context.form.model_dump(mode="json") if context.form is not None else {}
        payload["form"] = {**own, **context.added}
    if accepted.changes:
        payload["data"] = accepted.changes
    return NewEvent(
        case=accepted.case.id,
        ref=accepted.case.ref,
        version=accepted.case.version + 1,
        kind="fired",
        transition=edge.name,
        source=accepted.case.state,
        target=edge.target,
        actor=tx.actor,
        at=tx.now,
        payload=payload,
        previous_hash=accepted.case.head_hash,
        cause=accepted.cause,
    )


def _text(data: BaseModel) -> str:
    return canonical(data.model_dump(mode="json"))


def _step(tx: Transaction, accepted: Accepted, head: str) -> Step:
    case, edge = accepted.case, accepted.judged.edge
    outcome = accepted.owner.workflow.state(edge.target).outcome
    now = tx.now.astimezone(UTC)
    after = replace(
        case,
        state=edge.target,
        version=case.version + 1,
        data=accepted.data,
        participants=_participants(case, accepted.intents),
        head_hash=head,
        entered_at=now if edge.target != case.state else case.entered_at,
        closed_at=now if outcome is not None else None,
        outcome=outcome.value if outcome is not None else None,
    )
    return Step(case, after, edge, accepted.owner, accepted.intents, accepted.cause)


def _row(step: Step, accepted: Accepted) -> dict[str, Any]:
    before, after = step.before, step.after
    assert before is not None, "what moves was there before"
    return {
        "which": after.id,
        "seen": before.version,
        "source": before.state,
        "target": after.state,
        "carried": _text(after.data) if accepted.changes else None,
        "head": after.head_hash,
        "entered": after.entered_at,
        "closed": after.closed_at,
        "ended": after.outcome,
    }


def _participants(case: CaseView, intents: Sequence[asked.Intent]) -> Mapping[str, tuple[int, ...]]:
    changes = [each for each in intents if isinstance(each, (asked.AddParticipant, asked.RemoveParticipant))]
    if not changes:
        return case.participants
    people = {role: set(each) for role, each in case.participants.items()}
    for each in changes:
        taking_part = people.setdefault(each.role, set())
        if isinstance(each, asked.AddParticipant):
            taking_part.add(each.person)
        else:
            taking_part.discard(each.person)
    return in_order(people)
