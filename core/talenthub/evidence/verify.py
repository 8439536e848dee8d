"""Verification: do the chains and the kept sums agree with the ledger?

Rows are read as they lie in the file, so that a damaged one is named and
does not hide the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, Table, select, type_coerce

from talenthub.errors import IntegrityError, Problem
from talenthub.evidence import sums
from talenthub.evidence.chain import genesis, row_hash
from talenthub.evidence.exact import stored
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import evidence, evidence_narrative, person_ledger, standing_sum
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import UtcDateTime, salted_digest

TOLERANCE = 1e-9
"""Relative: how far a kept sum may be from the ledger's."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something stored that does not agree with the rest."""

    person: int
    sequence: int | None
    """The row of the ledger; None: it is about the ledger or a sum."""
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what was found."""

    ledgers: int
    rows: int
    narratives: int
    """How many free texts were there to be checked; others were erased."""
    sums: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Return whether everything agrees."""
        return not self.faults


def verify(tx: Transaction, settings: EvidenceSettings) -> Verification:
    """Return what the chains, texts and sums of all ledgers look like."""
    with _tolerant(tx):
        ledgers = {row["person_id"]: row for row in _raw(tx, person_ledger)}
        rows = list(_raw_rows(tx))
        kept = list(_raw(tx, standing_sum))
    faults = [*_chain_faults(ledgers, rows), *_sum_faults(rows, kept, settings)]
    narratives = sum(row["salt"] is not None for row in rows)
    return Verification(len(ledgers), len(rows), narratives, len(kept), tuple(faults))


def rebuild(tx: Transaction, settings: EvidenceSettings) -> int:
    """Make all kept sums anew with the present settings; return how many.

    IntegrityError if the ledger itself does not verify: sums must not be
    made from rows that somebody changed.
    """
    with _tolerant(tx):
        ledgers = {row["person_id"]: row for row in _raw(tx, person_ledger)}
        faults = list(_chain_faults(ledgers, list(_raw_rows(tx))))
    if faults:
        raise IntegrityError(
            Problem(
                text=f"the ledger does not verify: {len(faults)} faults",
                mend="talent evidence verify",
                code="evidence.chain",
            )
        )
    return sums.remake(tx, settings)


def _chain_faults(ledgers: Mapping[int, Mapping[str, Any]], rows: list[Mapping[str, Any]]) -> Iterator[Fault]:
    seen = set()
    for person, chain in groupby(rows, key=lambda row: row["person_id"]):
        seen.add(person)
        yield from _faults_of(person, list(chain), ledgers.get(person))
    for person in sorted(set(ledgers) - seen):
        if ledgers[person]["sequence"] != 0:
            yield Fault(person, None, "all rows are missing")


def _faults_of(
    person: int, chain: list[Mapping[str, Any]], ledger: Mapping[str, Any] | None
) -> Iterator[Fault]:
    previous, expected = {genesis(person)}, 1
    for row in chain:
        if row["sequence"] != expected:
            yield Fault(person, expected, "the row is missing")
        elif fault := _row_fault(previous, row):
            yield Fault(person, row["sequence"], fault)
        previous, expected = {row["hash"], *_hashes(previous, row)}, row["sequence"] + 1
    if ledger is None:
        yield Fault(person, None, "the head of the ledger is missing")
    elif ledger["sequence"] >= expected:
        yield Fault(person, expected, f"the rows to {ledger['sequence']} are missing at the end")
    elif ledger["sequence"] < expected - 1:
        yield Fault(person, expected - 1, "the row lies beyond the head of the ledger")
    elif ledger["head_hash"] not in previous:
        yield Fault(person, expected - 1, "the last row is not the head of the ledger")


def _hashes(previous: set[str], row: Mapping[str, Any]) -> set[str]:
    # What the row's hash should be. A damaged row is named once: the next
    # one may follow either what is stored of it or what it should have been.
    try:
        return {row_hash(each, row) for each in previous}
    except (ValueError, TypeError, AttributeError):
        return set()


def _row_fault(previous: set[str], row: Mapping[str, Any]) -> str | None:
    if not _is_readable(row):
        return "the row cannot be read"
    if row["hash"] not in _hashes(previous, row):
        return "the row is not the one that was written, or not in its place"
    if float(stored(row["ladder"])) != row["ladder_value"]:
        return "the ladder value is not the one that was written"
    if row["salt"] is not None and salted_digest(row["salt"], row["payload"]) != row["payload_hash"]:
        return "the narrative is not the one that was written"
    return None


def _sum_faults(
    rows: list[Mapping[str, Any]], kept: list[Mapping[str, Any]], settings: EvidenceSettings
) -> Iterator[Fault]:
    expected = sums.add_up(_counting(rows), settings)
    for row in kept:
        key = sums.key_of(row)
        if row["version"] != settings.version:
            yield Fault(key[0], None, f"the sum of {_named(key)} was kept with other settings")
        elif not _agrees(row, expected.get(key)):
            yield Fault(key[0], None, f"the sum of {_named(key)} is not that of the ledger")
    for key in sorted(set(expected) - {sums.key_of(row) for row in kept}):
        yield Fault(key[0], None, f"the sum of {_named(key)} is missing")


def _counting(rows: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    gone = {(row["person_id"], row["supersedes"]) for row in rows}
    return (row for row in rows if (row["person_id"], row["sequence"]) not in gone and _is_readable(row))


def _is_readable(row: Mapping[str, Any]) -> bool:
    try:
        amounts = stored(row["weight"]), stored(row["ladder"])
        return min(amounts) >= 0 and isinstance(row["observed_on"], date)
    except (ValueError, TypeError, ZeroDivisionError):
        return False


def _agrees(row: Mapping[str, Any], expected: sums.Sum | None) -> bool:
    if expected is None or (row["row_count"], row["newest_on"]) != (expected.rows, expected.newest):
        return False
    pairs = ((row["weight_sum"], expected.weight), (row["ladder_sum"], expected.ladder))
    return all(
        isinstance(mine, float) and math.isclose(mine, theirs, rel_tol=TOLERANCE) for mine, theirs in pairs
    )


def _named(key: sums.Key) -> str:
    return f"{key[2]} for {key[3]} in {key[1]}"


def _raw_rows(tx: Transaction) -> Iterator[Mapping[str, Any]]:
    text = evidence_narrative
    joined = evidence.outerjoin(
        text,
        (text.c.person_id == evidence.c.person_id) & (text.c.sequence == evidence.c.sequence),
    )
    statement = (
        select(*_raw_columns(tx, evidence), text.c.salt, text.c.payload)
        .select_from(joined)
        .order_by(evidence.c.person_id, evidence.c.sequence)
    )
    return _read(tx, statement)


def _raw(tx: Transaction, table: Table) -> Iterator[Mapping[str, Any]]:
    return _read(tx, select(*_raw_columns(tx, table)).order_by(*table.primary_key.columns))


def _raw_columns(tx: Transaction, table: Table) -> list[ColumnElement[Any]]:
    if not tx.is_sqlite:
        return list(table.columns)
    dated = Date | UtcDateTime
    return [
        type_coerce(column, String).label(column.name) if isinstance(column.type, dated) else column
        for column in table.columns
    ]


def _read(tx: Transaction, statement: Select[Any]) -> Iterator[Mapping[str, Any]]:
    for row in tx.rows(statement):
        found = row._asdict()
        for name, (parse, form) in _DATED.items():
            # SQLite keeps days and moments as text; what is no such text stays text.
            if isinstance(found.get(name), str):
                found[name] = _parsed(found[name], parse, form)
        yield found


def _parsed(value: str, parse: Any, form: Any) -> Any:
    try:
        parsed = parse(value)
    except ValueError:
        return value
    return parsed if form(parsed) == value else value


def _read_moment(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _write_moment(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


_DATED: Mapping[str, tuple[Any, Any]] = {
    "observed_on": (date.fromisoformat, date.isoformat),
    "newest_on": (date.fromisoformat, date.isoformat),
    "recorded_at": (_read_moment, _write_moment),
}


@contextmanager
def _tolerant(tx: Transaction) -> Iterator[None]:
    # A flipped bit may leave text that is no UTF-8; the row is to be named.
    raw = tx.connection.connection.driver_connection if tx.is_sqlite else None
    if raw is None:
        yield
        return
    before = raw.text_factory
    raw.text_factory = lambda kept: kept.decode(errors="replace")
    try:
        yield
    finally:
        raw.text_factory = before
