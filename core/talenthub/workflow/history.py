"""History: the append-only events of a case, chained by hashes.

The chain covers the header of each event and the salted hash of its payload,
so a payload can be erased and the chain still verifies.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from talenthub.errors import IntegrityError, Problem
from talenthub.storage.transaction import Actor, Transaction
from talenthub.storage.types import canonical, digest, new_salt, salted_digest
from talenthub.workflow.cases import AnyRow, moment
from talenthub.workflow.tables import case_event, case_payload, workflow_case

GENESIS = "0" * 64
"""What the first event of every case is chained to."""

_insert_events = insert(case_event)
_insert_payloads = insert(case_payload)
_events = (
    select(case_event, case_payload.c.salt, case_payload.c.payload)
    .outerjoin(
        case_payload,
        (case_payload.c.case_id == case_event.c.case_id) & (case_payload.c.version == case_event.c.version),
    )
    .where(case_event.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(case_event.c.case_id, case_event.c.version)
)
_cases = select(
    workflow_case.c.id,
    workflow_case.c.ref,
    workflow_case.c.state,
    workflow_case.c.version,
    workflow_case.c.head_hash,
    workflow_case.c.data,
)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be written."""

    case: int
    ref: str
    version: int
    kind: str
    """opened, fired, closed, reminded, escalated, refused or reassigned."""
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
        """Return the same events with the numbers of their cases."""
        return Prepared(
            [{**row, "case_id": number} for row, number in zip(self.rows, ids, strict=True)],
            [{**row, "case_id": number} for row, number in zip(self.payloads, ids, strict=True)],
        )

    def hash_of(self, index: int) -> str:
        """Return the hash of one of the events: the new head of its case."""
        return str(self.rows[index]["hash"])


def prepare_events(events: Sequence[NewEvent]) -> Prepared:
    """Return events with salts and hashes, in the same order."""
    rows, payloads = [], []
    for event in events:
        salt, payload = new_salt(), canonical(event.payload)
        rows.append(_row(event, salted_digest(salt, payload)))
        payloads.append({"case_id": event.case, "version": event.version, "salt": salt, "payload": payload})
    return Prepared(rows, payloads)


def write_events(tx: Transaction, prepared: Prepared) -> None:
    """Append prepared events with their payloads."""
    tx.write(_insert_events, prepared.rows)
    tx.write(_insert_payloads, prepared.payloads)


def _row(event: NewEvent, payload_hash: str) -> dict[str, Any]:
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
    return {**row, "hash": _hash(event.ref, row)}


def _hash(ref: str, row: Mapping[str, Any]) -> str:
    return digest(
        ref,
        row["version"],
        row["kind"],
        row["transition"],
        row["source"],
        row["target"],
        row["actor_id"],
        row["login_id"],
        moment(row["at"]),
        row["cause"],
        row["payload_hash"],
        row["previous_hash"],
    )


def histories(tx: Transaction, cases: Collection[int]) -> dict[int, tuple[StoredEvent, ...]]:
    """Return the events of each case, oldest first: the system's view."""
    found: dict[int, list[StoredEvent]] = {case: [] for case in cases}
    if found:
        for row in tx.rows(_events, {"ids": sorted(found)}):
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
    statement = _cases if cases is None else _cases.where(workflow_case.c.id.in_(sorted(cases)))
    checked = tx.rows(statement)
    problems: list[Problem] = []
    for start in range(0, len(checked), 500):
        suspects = _problems_by_case(tx, checked[start : start + 500])
        if suspects:
            # One that was fired between the two looks is whole at the next one.
            held = tx.rows(_cases.where(workflow_case.c.id.in_(sorted(suspects))).with_for_update())
            problems += [each for several in _problems_by_case(tx, held).values() for each in several]
    if problems:
        raise IntegrityError(problems[0], *problems[1:])
    return len(checked)


def _problems_by_case(tx: Transaction, cases: Sequence[AnyRow]) -> dict[int, list[Problem]]:
    by_case: dict[int, list[AnyRow]] = {row.id: [] for row in cases}
    for event in tx.rows(_events, {"ids": sorted(by_case)}):
        by_case[event.case_id].append(event)
    found = {row.id: _check_case(row, by_case[row.id]) for row in cases}
    return {case: problems for case, problems in found.items() if problems}


def _check_case(case: AnyRow, events: Sequence[AnyRow]) -> list[Problem]:
    problems = []
    previous = GENESIS
    for expected, event in enumerate(events, start=1):
        fault = _fault(case.ref, event, expected, previous)
        if fault is not None:
            problems.append(_problem(case.ref, event.version, fault))
        previous = event.hash
    if len(events) != case.version or previous != case.head_hash:
        problems.append(_problem(case.ref, case.version, "the history ends before the case does"))
    elif events and events[-1].target != case.state:
        problems.append(_problem(case.ref, case.version, "the state is not the one the history leads to"))
    elif not _data_agrees(case, events):
        problems.append(_problem(case.ref, case.version, "what it carries is not what the history tells"))
    return problems


def _fault(ref: str, event: AnyRow, expected: int, previous: str) -> str | None:
    if event.version != expected:
        return f"event {expected} is missing"
    if event.previous_hash != previous:
        return "it is not chained to the event before"
    if _hash(ref, dict(event._mapping)) != event.hash:
        return "its header was changed"
    if event.payload is not None and salted_digest(event.salt, event.payload) != event.payload_hash:
        return "its payload was changed"
    return None


def _data_agrees(case: AnyRow, events: Sequence[AnyRow]) -> bool:
    if any(event.payload is None for event in events):
        return True  # erased: there is nothing left to compare with
    carried: dict[str, Any] = json.loads(case.data)
    return replay([json.loads(event.payload) for event in events]) == carried


def replay(payloads: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a case carries, folded from the payloads of its events."""
    data: dict[str, Any] = {}
    for payload in payloads:
        data.update(payload.get("data") or {})
    return data


def _problem(ref: str, version: int, fault: str) -> Problem:
    return Problem(text=fault, place=f"{ref} event {version}", code="integrity.history")
