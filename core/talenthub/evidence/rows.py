"""Reading the ledger: as it is, and as it was known on a day."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Date, Row, Select, String, and_, bindparam, select

from talenthub.evidence.exact import stored
from talenthub.evidence.tables import evidence, evidence_narrative
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import UtcDateTime

_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_later = evidence.alias("later")
_known = bindparam("known", type_=UtcDateTime)
_was_superseded = and_(
    _later.c.person_id == evidence.c.person_id,
    _later.c.supersedes == evidence.c.sequence,
    _later.c.recorded_at < _known,
)
_all: Select[Any] = (
    select(evidence, _later.c.sequence.label("superseded_by"))
    .select_from(evidence.outerjoin(_later, _was_superseded))
    .where(
        evidence.c.framework_code == bindparam("framework"),
        evidence.c.purpose.in_(bindparam("purposes", expanding=True, type_=String)),
        evidence.c.observed_on <= bindparam("day", type_=Date),
        evidence.c.recorded_at < _known,
    )
    .order_by(evidence.c.person_id, evidence.c.sequence)
)
_of_people = _all.where(evidence.c.person_id.in_(bindparam("people", expanding=True)))
_of_competency = _of_people.where(evidence.c.competency == bindparam("competency"))


_narratives = select(evidence_narrative).where(
    evidence_narrative.c.person_id == bindparam("person"),
    evidence_narrative.c.sequence.in_(bindparam("sequences", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Narrative:
    """The free text about a row."""

    narrative: str | None
    reason: str | None
    """Why the row supersedes another."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How a row came over from the words of an earlier version."""

    origin: int
    """The sequence of the person's row that it was made of."""
    by: int
    """The framework version whose mapping carried it."""
    strength: Fraction
    """How much of the origin's weight it has, 0 to 1."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of a person's ledger, without its narrative."""

    person: int
    sequence: int
    framework_version: int
    framework_code: str
    competency: str
    purpose: str
    ladder: Fraction
    rating: str
    source: str
    weight: Fraction
    observed_on: date
    recorded_at: datetime
    descriptor_hash: str
    case: int | None
    event: int | None
    author: int | None
    group: tuple[int, int] | None
    supersedes: int | None
    superseded_by: int | None
    carried: Carried | None = None

    @property
    def counts(self) -> bool:
        """Return whether standings use the row."""
        return self.superseded_by is None and self.weight > 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the ledger is read, and as of when."""

    framework_code: str
    purposes: tuple[str, ...]
    on: date
    """Rows observed later are left out."""
    known_on: date | None = None
    """Rows recorded after this day are left out; None: all are known."""


def read(
    tx: Transaction, scope: Scope, people: Collection[int] | None, competency: str | None = None
) -> list[LedgerRow]:
    """Return the rows in `scope`, superseded ones too; None: of everybody."""
    parameters: dict[str, Any] = {
        "framework": scope.framework_code,
        "purposes": scope.purposes,
        "day": scope.on,
        "known": _end_of(scope.known_on, tx),
    }
    statement = _all
    if people is not None:
        statement, parameters["people"] = _of_people, sorted(people)
    if competency is not None:
        statement, parameters["competency"] = _of_competency, competency
    return _ledger_rows(tx.rows(statement, parameters))


def narratives(tx: Transaction, person: int, sequences: Collection[int]) -> dict[int, Narrative]:
    """Return the free texts of a person's rows, by sequence; erased ones lack."""
    if not sequences:
        return {}
    rows = tx.rows(_narratives, {"person": person, "sequences": sorted(sequences)})
    return {row.sequence: Narrative(**json.loads(row.payload)) for row in rows}


def _end_of(day: date | None, tx: Transaction) -> datetime:
    return _EVER if day is None else datetime.combine(day + timedelta(days=1), time.min, tx.zone)


def carried_of(row: Row[Any]) -> Carried | None:
    """Return how a row of `evidence` was carried over; None: it was not."""
    if row.carried_from is None:
        return None
    return Carried(row.carried_from, row.carried_by, stored(row.carried_strength))


def _ledger_rows(rows: Sequence[Row[Any]]) -> list[LedgerRow]:
    return [
        LedgerRow(
            person=row.person_id,
            sequence=row.sequence,
            framework_version=row.framework_version_id,
            framework_code=row.framework_code,
            competency=row.competency,
            purpose=row.purpose,
            ladder=stored(row.ladder),
            rating=row.rating,
            source=row.source,
            weight=stored(row.weight),
            observed_on=row.observed_on,
            recorded_at=row.recorded_at,
            descriptor_hash=row.descriptor_hash,
            case=row.case_id,
            event=row.event_id,
            author=row.author_id,
            group=None if row.group_answered is None else (row.group_answered, row.group_asked),
            supersedes=row.supersedes,
            superseded_by=row.superseded_by,
            carried=carried_of(row),
        )
        for row in rows
    ]
