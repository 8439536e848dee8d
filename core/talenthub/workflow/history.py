"""History: the append-only events of a case, chained by hashes.

The chain covers the header of each event and the salted hash of its payload,
so a payload can be erased and the chain still verifies.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, ClassVar

from sqlalchemy import bindparam, insert, select

from talenthub.errors import IntegrityError, Problem
from talenthub.storage.direct import Direct
from talenthub.storage.late import gather
from talenthub.storage.transaction import Actor, Transaction
from talenthub.storage.types import canonical, digest, new_salt, salted_digest
from talenthub.workflow.cases import AnyRow, moment
from talenthub.workflow.tables import case_event, case_payload, workflow_case

GENESIS = "0" * 64
"""What the first event of every case is chained to."""

_insert_events = Direct(insert(case_event))
_insert_payloads = Direct(insert(case_payload))
_events = (
    select(case_event, case_payload.c.salt, case_payload.c.payload)
    .outerjoin(
        case_payload,
        (case_payload.c.case_id == case_event.c.case_id) & (case_payload.c.version == case_event.c.version),
    )
    .where(case_event.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(case_event.c.case_id, case_event.c.version)
)
_all_ids = select(workflow_case.c.id).order_by(workflow_case.c.id)
# One statement, so one snapshot: a case fired meanwhile is seen whole.
_wholes = (
    select(
        workflow_case.c.id.label("of_id"),
        workflow_case.c.ref.label("of_ref"),
        workflow_case.c.state.label("of_state"),
        workflow_case.c.version.label("of_version"),
        workflow_case.c.head_hash.label("of_head"),
        workflow_case.c.data.label("of_data"),
        case_event,
        case_payload.c.salt,
        case_payload.c.payload,
    )
    .outerjoin(case_event, case_event.c.case_id == workflow_case.c.id)
    .outerjoin(
        case_payload,
        (case_payload.c.case_id == case_event.c.case_id) & (case_payload.c.version == case_event.c.version),
    )
    .where(workflow_case.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(workflow_case.c.id, case_event.c.version)
)


@dataclass(slots=True)  # not frozen: each takes thrice as long to make
class NewEvent:
    """An event about to be written."""

    case: int
    ref: str
    version: int
    kind: str
    """opened, fired, closed, reminded, escalated, refused, migrated or reassigned."""
    transition: str
    source: str | None
    target: str
    actor: Actor
    at: datetime
    payload: Mapping[str, Any]
    previous_hash: str
    cause: str | None = None
    """The event of another case that brought it about: `APP-3/7`."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of a case with its payload; `payload` is None once erased."""

    case: int
    version: int
    kind: str
    transition: str
    source: str | None
    target: str
    actor: Actor
    at: datetime
    cause: str | None
    payload: Mapping[str, Any] | None
    hash: str

    @property
    def form(self) -> Mapping[str, Any]:
        """Return the form it was fired with; empty without one."""
        form: Mapping[str, Any] = (self.payload or {}).get("form") or {}
        return form

    def without_payload(self) -> StoredEvent:
        """Return it as shown to those who may see the status only."""
        return replace(self, payload=None)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Events with their hashes, ready to be written."""

    rows: Sequence[dict[str, Any]]
    payloads: Sequence[dict[str, Any]]

    def of_cases(self, ids: Sequence[int]) -> Prepared:
        """Return the events, told the numbers of their cases."""
        for row, payload, number in zip(self.rows, self.payloads, ids, strict=True):
            row["case_id"] = payload["case_id"] = number
        return self

    def hash_of(self, index: int) -> str:
        """Return the hash of one of the events: the new head of its case."""
        return str(self.rows[index]["hash"])


def prepare_events(events: Sequence[NewEvent]) -> Prepared:
    """Return events with salts and hashes, in the same order."""
    rows, payloads = [], []
    # Many happen at one moment, and telling it takes as long as hashing it.
    moments = {at: moment(at) for at in {event.at for event in events}}
    for event in events:
        salt, payload = new_salt(), canonical(event.payload)
        rows.append(_row(event, salted_digest(salt, payload), moments[event.at]))
        payloads.append({"case_id": event.case, "version": event.version, "salt": salt, "payload": payload})
    return Prepared(rows, payloads)


@dataclass(slots=True)
class LateEvents:
    """Events that are written together, when somebody looks or at the end."""

    tables: ClassVar[tuple[str, ...]] = (case_event.name, case_payload.name)
    rows: list[dict[str, Any]] = field(default_factory=list)
    payloads: list[dict[str, Any]] = field(default_factory=list)

    def copy(self) -> LateEvents:
        """Return the same events, to go back to."""
        return LateEvents(list(self.rows), list(self.payloads))

    def write(self, tx: Transaction) -> None:
        """Append the events with their payloads."""
        tx.write(_insert_events, self.rows)
        tx.write(_insert_payloads, self.payloads)


def write_events(tx: Transaction, prepared: Prepared) -> None:
    """Append prepared events with their payloads."""
    late = gather(tx, LateEvents)
    late.rows += prepared.rows
    late.payloads += prepared.payloads


def _row(event: NewEvent, payload_hash: str, at: str) -> dict[str, Any]:
    row = {
        "case_id": event.case,
        "version": event.version,
        "kind": event.kind,
        "transition": event.transition,
        "source": event.source,
        "target": event.target,
        "actor_id": event.actor.person,
        "login_id": event.actor.login,
        "at": event.at,
        "cause": event.cause,
        "payload_hash": payload_hash,
        "previous_hash": event.previous_hash,
    }
    row["hash"] = _hash(event.ref, row, at)
    return row


def _hash(ref: str, row: Mapping[str, Any], at: str) -> str:
    return digest(
        ref,
        row["version"],
        row["kind"],
        row["transition"],
        row["source"],
        row["target"],
        row["actor_id"],
        row["login_id"],
        at,
        row["cause"],
        row["payload_hash"],
        row["previous_hash"],
    )


def histories(tx: Transaction, cases: Collection[int]) -> dict[int, tuple[StoredEvent, ...]]:
    """Return the events of each case, oldest first: the system's view."""
    found: dict[int, list[StoredEvent]] = {case: [] for case in cases}
    for row in tx.rows_among(_events, "ids", found):
        found[row.case_id].append(_stored(row))
    return {case: tuple(events) for case, events in found.items()}


def _stored(row: AnyRow) -> StoredEvent:
    return StoredEvent(
        case=row.case_id,
        version=row.version,
        kind=row.kind,
        transition=row.transition,
        source=row.source,
        target=row.target,
        actor=Actor(row.actor_id, row.login_id),
        at=row.at,
        cause=row.cause,
        payload=None if row.payload is None else json.loads(row.payload),
        hash=row.hash,
    )


def verify(tx: Transaction, cases: Collection[int] | None = None) -> int:
    """Check the chains of all cases (or of some); return how many.

    Compares each case with its history: the length and the head (a cut tail
    shows), the state, and what it carries. IntegrityError names each row.
    """
    ids = sorted(cases) if cases is not None else list(tx.connection.execute(_all_ids).scalars())
    problems: list[Problem] = []
    for start in range(0, len(ids), 500):
        rows = tx.rows(_wholes, {"ids": ids[start : start + 500]})
        for _, whole in groupby(rows, key=lambda row: row.of_id):
            problems += _check_case(list(whole))
    if problems:
        raise IntegrityError(problems[0], *problems[1:])
    return len(ids)


def _check_case(whole: Sequence[AnyRow]) -> list[Problem]:
    """Return what is wrong with a case; each row is one of its events."""
    case, events = whole[0], [row for row in whole if row.version is not None]
    problems = []
    previous = GENESIS
    for expected, event in enumerate(events, start=1):
        fault = _fault(case.of_ref, event, expected, previous)
        if fault is not None:
            problems.append(_problem(case.of_ref, event.version, fault))
        previous = event.hash
    fault = _end_fault(case, events, previous)
    return [*problems, _problem(case.of_ref, case.of_version, fault)] if fault is not None else problems


def _end_fault(case: AnyRow, events: Sequence[AnyRow], head: str) -> str | None:
    if len(events) != case.of_version or head != case.of_head:
        return "the history ends before the case does"
    if events and events[-1].target != case.of_state:
        return "the state is not the one the history leads to"
    if not _data_agrees(case, events):
        return "what it carries is not what the history tells"
    return None


def _fault(ref: str, event: AnyRow, expected: int, previous: str) -> str | None:
    if event.version != expected:
        return f"event {expected} is missing"
    if event.previous_hash != previous:
        return "it is not chained to the event before"
    if _hash(ref, dict(event._mapping), moment(event.at)) != event.hash:
        return "its header was changed"
    if event.payload is not None and salted_digest(event.salt, event.payload) != event.payload_hash:
        return "its payload was changed"
    return None


def _data_agrees(case: AnyRow, events: Sequence[AnyRow]) -> bool:
    if any(event.payload is None for event in events):
        return True  # erased: there is nothing left to compare with
    carried: dict[str, Any] = json.loads(case.of_data)
    return replay([json.loads(event.payload) for event in events]) == carried


def replay(payloads: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a case carries, folded from the payloads of its events.

    An event says which fields changed; one that moved the case to another
    version says all that it carries from then on.
    """
    data: dict[str, Any] = {}
    for payload in payloads:
        data = dict(payload.get("carries") or data)
        data.update(payload.get("data") or {})
    return data


def _problem(ref: str, version: int, fault: str) -> Problem:
    return Problem(text=fault, place=f"{ref} event {version}", code="integrity.history")
