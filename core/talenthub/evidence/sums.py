"""The two sums per key that make a standing one look-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, exists, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.errors import IntegrityError, Problem
from talenthub.evidence.exact import stored
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import evidence, standing_sum
from talenthub.storage.transaction import Transaction

Key = tuple[int, str, str, str]
"""Person, framework code, competency, purpose of the row."""

REBUILD = "talent evidence rebuild"


@dataclass(slots=True)
class Sum:
    """What is kept for one key."""

    weight: float = 0.0
    ladder: float = 0.0
    rows: int = 0
    """How many rows count."""
    newest: date = date.min

    def add(self, weight: Fraction, ladder: Fraction, day: date, settings: EvidenceSettings) -> None:
        """Add a rating observed on `day`, scaled to the epoch."""
        scaled = float(weight) * 2.0 ** settings.exponent(day)
        self.weight += scaled
        self.ladder += scaled * float(ladder)
        self.rows += 1
        self.newest = max(self.newest, day)


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(standing_sum)
    mine, new = standing_sum.c, statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[each.name for each in standing_sum.primary_key.columns],
        set_={
            "weight_sum": mine.weight_sum + new.weight_sum,
            "ladder_sum": mine.ladder_sum + new.ladder_sum,
            "row_count": mine.row_count + new.row_count,
            "newest_on": case((new.newest_on > mine.newest_on, new.newest_on), else_=mine.newest_on),
        },
        where=mine.version == new.version,
    )


_upsert_sqlite = _upsert(sqlite)
_upsert_postgresql = _upsert(postgresql)
_later = evidence.alias("later")
_joined = evidence.outerjoin(
    _later,
    (_later.c.person_id == evidence.c.person_id) & (_later.c.supersedes == evidence.c.sequence),
)
_order = (evidence.c.person_id, evidence.c.sequence)
current_rows: Select[Any] = (
    select(evidence)
    .select_from(_joined)
    .where(_later.c.sequence.is_(None), evidence.c.weight != "0")
    .order_by(*_order)
)
"""Every row that counts: not superseded, and of some weight."""
_current_of = current_rows.where(evidence.c.person_id.in_(bindparam("people", expanding=True)))
_versions_of = (
    select(standing_sum.c.version)
    .where(
        standing_sum.c.person_id.in_(bindparam("people", expanding=True)),
        standing_sum.c.version != bindparam("version"),
    )
    .limit(1)
)
_delete_key = delete(standing_sum).where(
    standing_sum.c.person_id == bindparam("key_person"),
    standing_sum.c.framework_code == bindparam("key_framework"),
    standing_sum.c.competency == bindparam("key_competency"),
    standing_sum.c.purpose == bindparam("key_purpose"),
)
_insert = insert(standing_sum)


def key_of(row: Mapping[str, Any]) -> Key:
    """Return the key of a row of the ledger."""
    return row["person_id"], row["framework_code"], row["competency"], row["purpose"]


def mappings(
    tx: Transaction, statement: Select[Any], parameters: Mapping[str, Any] | None = None
) -> Iterator[Mapping[str, Any]]:
    """Return the rows of a SELECT as mappings by column name."""
    return (row._asdict() for row in tx.rows(statement, parameters))


def add_up(rows: Iterable[Mapping[str, Any]], settings: EvidenceSettings) -> dict[Key, Sum]:
    """Return the sums of rows that count, by key, in their order."""
    sums: dict[Key, Sum] = {}
    for row in rows:
        if row["weight"] != "0":
            kept = sums.setdefault(key_of(row), Sum())
            kept.add(stored(row["weight"]), stored(row["ladder"]), row["observed_on"], settings)
    return sums


def add(tx: Transaction, rows: Iterable[Mapping[str, Any]], settings: EvidenceSettings) -> None:
    """Add new rows to their kept sums, in one statement."""
    sums = add_up(rows, settings)
    parameters = [_parameters(key, sums[key], settings) for key in sorted(sums)]
    tx.write(_upsert_sqlite if tx.is_sqlite else _upsert_postgresql, parameters)


def made_otherwise(person: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether settings of another `version` made sums of a person."""
    return exists().where(standing_sum.c.person_id == person, standing_sum.c.version != bindparam("version"))


def refuse_others(tx: Transaction, people: Iterable[int], settings: EvidenceSettings) -> None:
    """Raise IntegrityError if sums of these people are of other settings."""
    others = tx.rows(_versions_of, {"people": sorted(people), "version": settings.version})
    refuse_stale((row.version for row in others), settings)


def recompute(tx: Transaction, keys: Iterable[Key], settings: EvidenceSettings) -> None:
    """Make the sums of `keys` anew from the ledger; subtracting would cancel."""
    wanted = sorted(set(keys))
    if not wanted:
        return
    people = sorted({key[0] for key in wanted})
    sums = add_up(mappings(tx, _current_of, {"people": people}), settings)
    tx.write(_delete_key, [dict(zip(_KEY_NAMES, key, strict=True)) for key in wanted])
    tx.write(_insert, [_parameters(key, sums[key], settings) for key in wanted if key in sums])


def remake(tx: Transaction, settings: EvidenceSettings) -> int:
    """Make every sum anew with the present settings; return how many."""
    if not tx.is_sqlite:  # there BEGIN IMMEDIATE keeps other writers away
        tx.write(text("LOCK TABLE standing_sum IN EXCLUSIVE MODE"))
    sums = add_up(mappings(tx, current_rows), settings)
    tx.write(delete(standing_sum))
    tx.write(_insert, [_parameters(key, sums[key], settings) for key in sorted(sums)])
    return len(sums)


def stale(found: str) -> IntegrityError:
    """Return the refusal of sums that other settings made."""
    return IntegrityError(
        Problem(
            text="standings were kept with other evidence settings",
            found=found,
            mend=REBUILD,
            code="evidence.settings-changed",
        )
    )


def refuse_stale(versions: Iterable[str], settings: EvidenceSettings) -> None:
    """Raise IntegrityError if a sum's version is not that of the settings."""
    for version in versions:
        if version != settings.version:
            raise stale(version)


_KEY_NAMES = ("key_person", "key_framework", "key_competency", "key_purpose")


def _parameters(key: Key, kept: Sum, settings: EvidenceSettings) -> dict[str, Any]:
    return {
        "person_id": key[0],
        "framework_code": key[1],
        "competency": key[2],
        "purpose": key[3],
        "weight_sum": kept.weight,
        "ladder_sum": kept.ladder,
        "row_count": kept.rows,
        "newest_on": kept.newest,
        "version": settings.version,
    }
