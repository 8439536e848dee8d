"""The ledger: one append-only chain of evidence per person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.errors import Conflict, NotFound, Problem, UsageError
from talenthub.evidence import sums
from talenthub.evidence.chain import genesis, row_hash
from talenthub.evidence.entries import NewEvidence, copy_of
from talenthub.evidence.exact import Exactable, exact, stored
from talenthub.evidence.rows import carried_of
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import evidence, evidence_narrative, person_ledger
from talenthub.evidence.validity import check
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical, new_salt, salted_digest


@dataclass(frozen=True, slots=True, order=True)
class EvidenceKey:
    """Names one row of the ledger."""

    person: int
    sequence: int


@dataclass(slots=True)
class _Head:
    sequence: int
    hash: str


def _lock_or_open(dialect: Any) -> Any:
    """Return what opens ledgers, or locks those that are there as they are."""
    statement = dialect.insert(person_ledger)
    as_it_is = {"sequence": person_ledger.c.sequence}
    return statement.on_conflict_do_update(index_elements=["person_id"], set_=as_it_is).returning(
        person_ledger.c.person_id, person_ledger.c.sequence, person_ledger.c.head_hash
    )


_lock_sqlite = _lock_or_open(sqlite)
_lock_postgresql = _lock_or_open(postgresql)
_insert_evidence = insert(evidence)
_insert_narrative = insert(evidence_narrative)
_move_head = (
    update(person_ledger)
    .where(person_ledger.c.person_id == bindparam("ledger_person"))
    .values(sequence=bindparam("new_sequence"), head_hash=bindparam("new_head"))
)
_move_head_of_sound = _move_head.where(~sums.made_otherwise(person_ledger.c.person_id))
_rows_of = select(evidence).where(evidence.c.person_id.in_(bindparam("people", expanding=True)))
_newest_of_cases = (
    select(
        evidence.c.case_id,
        evidence.c.person_id,
        evidence.c.competency,
        evidence.c.source,
        func.max(evidence.c.sequence).label("newest"),
    )
    .where(evidence.c.case_id.in_(bindparam("cases", expanding=True)))
    .group_by(evidence.c.case_id, evidence.c.person_id, evidence.c.competency, evidence.c.source)
)
_row_at = select(evidence).where(
    evidence.c.person_id == bindparam("person"), evidence.c.sequence == bindparam("sequence")
)


def record(tx: Transaction, entries: Sequence[NewEvidence], settings: EvidenceSettings) -> list[EvidenceKey]:
    """Append `entries` to their persons' ledgers; return where they stand.

    The persons' ledgers stay locked until the transaction ends. UsageError
    lists all that is wrong with the entries; nothing is written then.
    """
    if not entries:
        return []
    # What is carried was checked when it was rated.
    check([each for each in entries if each.carried is None], tx.today, settings)
    heads = _lock(tx, sorted({entry.person for entry in entries}))
    _check_superseded(tx, entries)
    narratives: list[dict[str, Any]] = []
    rows = [_append(tx, entry, heads[entry.person], narratives, settings) for entry in entries]
    tx.write(_insert_evidence, rows)
    tx.write(_insert_narrative, narratives)
    tx.point("evidence.rows")
    is_corrected = _keep_sums(tx, rows, settings)
    tx.point("evidence.sums")
    _move_heads(tx, heads, settings, is_corrected)
    return [EvidenceKey(row["person_id"], row["sequence"]) for row in rows]


def correct(
    tx: Transaction,
    person: int,
    sequence: int,
    *,
    reason: str,
    settings: EvidenceSettings,
    ladder: Exactable | None = None,
    rating: Exactable | None = None,
    withdraw: bool = False,
    narrative: str | None = None,
) -> EvidenceKey:
    """Supersede a row by one with another ladder value; return the new row.

    The rating as given stays unless `rating` is given. `withdraw` leaves the
    values and takes away the weight: the row no longer counts.
    """
    row = row_at(tx, person, sequence)
    if row is None:
        raise NotFound(Problem(text="no such evidence", found=str(sequence), code="evidence.unknown"))
    if ladder is None and not withdraw:
        raise UsageError(
            Problem(text="a correction needs a ladder value, or withdraws the row", code="evidence.ladder")
        )
    entry = copy_of(
        row,
        ladder=stored(row.ladder) if ladder is None else exact(ladder),
        rating=row.rating if rating is None else str(rating),
        event=None,
        author=tx.actor.person,
        group=None,
        narrative=narrative,
        supersedes=sequence,
        reason=reason,
        weight=Fraction(0) if withdraw else stored(row.weight),
        carried=carried_of(row),
    )
    return record(tx, [entry], settings)[0]


def row_at(tx: Transaction, person: int, sequence: int) -> Row[Any] | None:
    """Return one row of the ledger as it is stored, or None."""
    return tx.row(_row_at, {"person": person, "sequence": sequence})


def newest_of_cases(tx: Transaction, cases: Collection[int]) -> dict[tuple[int, int, str, str], int]:
    """Return the last sequence by case, person, competency and source."""
    rows = tx.rows_among(_newest_of_cases, "cases", cases)
    return {(row.case_id, row.person_id, row.competency, row.source): row.newest for row in rows}


def _lock(tx: Transaction, people: list[int]) -> dict[int, _Head]:
    opened = [{"person_id": each, "sequence": 0, "head_hash": genesis(each)} for each in people]
    rows = tx.rows(_lock_sqlite if tx.is_sqlite else _lock_postgresql, opened)
    return {row.person_id: _Head(row.sequence, row.head_hash) for row in rows}


def _move_heads(
    tx: Transaction, heads: Mapping[int, _Head], settings: EvidenceSettings, is_corrected: bool
) -> None:
    """Move the heads; IntegrityError where other settings made a person's sums.

    Only now, after the sums are written, is it sure that nobody rebuilds them.
    """
    rows = [
        {"ledger_person": person, "new_sequence": head.sequence, "new_head": head.hash}
        for person, head in sorted(heads.items())
    ]
    if is_corrected:
        sums.refuse_others(tx, heads, settings)
        tx.write(_move_head, rows)
    elif tx.write(_move_head_of_sound, [{**row, "version": settings.version} for row in rows]) != len(rows):
        sums.refuse_others(tx, heads, settings)


def _append(
    tx: Transaction,
    entry: NewEvidence,
    head: _Head,
    narratives: list[dict[str, Any]],
    settings: EvidenceSettings,
) -> dict[str, Any]:
    row = _row(tx, entry, head.sequence + 1, settings)
    if entry.narrative is not None or entry.reason is not None:
        payload = canonical({"narrative": entry.narrative, "reason": entry.reason})
        salt = new_salt()
        row["payload_hash"] = salted_digest(salt, payload)
        narratives.append(
            {"person_id": entry.person, "sequence": row["sequence"], "salt": salt, "payload": payload}
        )
    row["hash"] = row_hash(head.hash, row)
    head.sequence, head.hash = row["sequence"], row["hash"]
    return row


def _row(tx: Transaction, entry: NewEvidence, sequence: int, settings: EvidenceSettings) -> dict[str, Any]:
    weight = settings.weight_of(entry.source) if entry.weight is None else entry.weight
    answered, asked = entry.group or (None, None)
    return {
        "person_id": entry.person,
        "sequence": sequence,
        "framework_version_id": entry.framework_version,
        "framework_code": entry.framework_code,
        "competency": entry.competency,
        "purpose": entry.purpose,
        "ladder": str(entry.ladder),
        "ladder_value": float(entry.ladder),
        "rating": str(entry.rating),
        "source": entry.source,
        "weight": str(weight),
        "observed_on": entry.observed_on,
        "recorded_at": tx.now,
        "descriptor_hash": entry.descriptor_hash,
        "case_id": entry.case,
        "event_id": entry.event,
        "author_id": entry.author,
        "group_answered": answered,
        "group_asked": asked,
        "supersedes": entry.supersedes,
        "payload_hash": None,
        "carried_from": entry.carried and entry.carried.origin,
        "carried_by": entry.carried and entry.carried.by,
        "carried_strength": entry.carried and str(entry.carried.strength),
    }


def _keep_sums(tx: Transaction, rows: list[dict[str, Any]], settings: EvidenceSettings) -> bool:
    """Keep the sums; return whether rows are among them that correct others."""
    corrected = {sums.key_of(row) for row in rows if row["supersedes"] is not None}
    sums.add(tx, [row for row in rows if sums.key_of(row) not in corrected], settings)
    sums.recompute(tx, corrected, settings)
    return bool(corrected)


def _check_superseded(tx: Transaction, entries: Sequence[NewEvidence]) -> None:
    corrections = [entry for entry in entries if entry.supersedes is not None]
    if not corrections:
        return
    people = sorted({entry.person for entry in corrections})
    rows = {(row.person_id, row.sequence): row for row in tx.rows(_rows_of, {"people": people})}
    taken = {(row.person_id, row.supersedes): row.sequence for row in rows.values()}
    for entry in corrections:
        place = (entry.person, entry.supersedes)
        if place in taken:
            raise Conflict(
                Problem(
                    text=f"evidence {entry.supersedes} was already superseded",
                    mend=f"correct number {taken[place]} instead",
                    code="evidence.superseded",
                )
            )
        taken[place] = -1
        old = rows.get((entry.person, entry.supersedes or 0))
        if old is None or sums.key_of(old._asdict()) != _key(entry):
            raise NotFound(
                Problem(
                    text="there is no such evidence on this competency and purpose to supersede",
                    found=str(entry.supersedes),
                    code="evidence.unknown",
                )
            )


def _key(entry: NewEvidence) -> sums.Key:
    return entry.person, entry.framework_code, entry.competency, entry.purpose
