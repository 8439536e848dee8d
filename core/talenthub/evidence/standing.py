"""Standing: where a person stands on a competency, and why.

Σ wᵢ·2^(−ageᵢ/H)·ladderᵢ / Σ wᵢ·2^(−ageᵢ/H), age in whole days (architecture
4). Without evidence a standing is unknown: it is absent, never 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, String, bindparam, func, select

from talenthub.evidence import sums
from talenthub.evidence.exact import rounded
from talenthub.evidence.rows import LedgerRow, Scope, read
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import standing_sum
from talenthub.storage.portions import portions
from talenthub.storage.transaction import Transaction

FORMULA = "Σ weight·2^(−age/{half_life})·ladder / Σ weight·2^(−age/{half_life})"

PersonCompetency = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on a competency on a day."""

    value: float
    """On the common ladder, to nine decimals."""
    weight: float
    """The effective weight behind it on the day, to nine decimals."""
    provisional: bool
    """Whether the weight is too small to rely on: under 1.0."""
    rows: int
    """How many rows of the ledger made it."""
    newest_on: date


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """What one row of the ledger adds to a standing."""

    row: LedgerRow
    age_days: int
    effective_weight: float
    contribution: float
    """Effective weight times ladder."""
    left_out: str
    """Why it adds nothing; empty where it counts."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A standing with everything that made it."""

    person: int
    competency: str
    purpose: str
    scope: Scope
    standing: Standing | None
    """None: unknown."""
    rows: tuple[ExplainedRow, ...]
    formula: str
    half_life_days: int
    settings_version: str


def sums_by_competency() -> Select[Any]:
    """Return the SELECT of kept sums over the `:purposes` a reader may use.

    One row per person, framework and competency.
    """
    kept = standing_sum.c
    return (
        select(
            kept.person_id,
            kept.framework_code,
            kept.competency,
            func.sum(kept.weight_sum).label("weight_sum"),
            func.sum(kept.ladder_sum).label("ladder_sum"),
            func.sum(kept.row_count).label("row_count"),
            func.max(kept.newest_on).label("newest_on"),
            func.min(kept.version).label("version"),
            func.max(kept.version).label("last_version"),
        )
        .where(kept.purpose.in_(bindparam("purposes", expanding=True, type_=String)))
        .group_by(kept.person_id, kept.framework_code, kept.competency)
    )


_of_people = sums_by_competency().where(
    standing_sum.c.framework_code == bindparam("framework"),
    standing_sum.c.person_id.in_(bindparam("people", expanding=True)),
)


def standings(
    tx: Transaction,
    person_ids: Collection[int],
    framework_code: str,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
    known_on: date | None = None,
) -> dict[PersonCompetency, Standing]:
    """Return the standings of persons; what is unknown is absent.

    One look-up of kept sums; the ledger is read where a day in the past is
    asked for. IntegrityError if the sums were kept with other settings.
    """
    scope = Scope(framework_code, settings.usable(purpose), on or tx.today, known_on)
    people = sorted(set(person_ids))
    if known_on is not None:
        return from_ledger(tx, scope, people, settings)
    rows = [row for some in portions(people) for row in _kept(tx, scope, some)]
    refuse_stale(rows, settings)
    if any(row.newest_on > scope.on for row in rows):
        return from_ledger(tx, scope, people, settings)
    return {(row.person_id, row.competency): from_sums(row, scope.on, settings) for row in rows}


def explain(
    tx: Transaction,
    person: int,
    framework_code: str,
    competency: str,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
    known_on: date | None = None,
) -> Explanation:
    """Return a standing with its rows, weights, formula and settings."""
    scope = Scope(framework_code, settings.usable(purpose), on or tx.today, known_on)
    return _explanation(person, competency, purpose, scope, read(tx, scope, [person], competency), settings)


def explain_all(
    tx: Transaction,
    person: int,
    framework_code: str,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
    known_on: date | None = None,
) -> list[Explanation]:
    """Return an explanation per competency with rows, by code; one statement."""
    scope = Scope(framework_code, settings.usable(purpose), on or tx.today, known_on)
    rows: dict[str, list[LedgerRow]] = {}
    for row in read(tx, scope, [person]):
        rows.setdefault(row.competency, []).append(row)
    return [_explanation(person, code, purpose, scope, rows[code], settings) for code in sorted(rows)]


def _explanation(
    person: int,
    competency: str,
    purpose: str,
    scope: Scope,
    rows: Sequence[LedgerRow],
    settings: EvidenceSettings,
) -> Explanation:
    return Explanation(
        person=person,
        competency=competency,
        purpose=purpose,
        scope=scope,
        standing=_add_up(rows, scope.on, settings).get((person, competency)),
        rows=tuple(_explained(row, scope.on, settings) for row in rows),
        formula=FORMULA.format(half_life=settings.half_life_days),
        half_life_days=settings.half_life_days,
        settings_version=settings.version,
    )


def from_ledger(
    tx: Transaction, scope: Scope, people: Collection[int] | None, settings: EvidenceSettings
) -> dict[PersonCompetency, Standing]:
    """Return the standings that the ledger itself gives, as of a day."""
    if people is None:
        return _add_up(read(tx, scope, None), scope.on, settings)
    found: dict[PersonCompetency, Standing] = {}
    for some in portions(people):
        found.update(_add_up(read(tx, scope, some), scope.on, settings))
    return found


def from_sums(row: Row[Any], on: date, settings: EvidenceSettings) -> Standing:
    """Return the standing of one row of `sums_by_competency` on a day."""
    return _standing(row.weight_sum, row.ladder_sum, row.row_count, row.newest_on, on, settings)


def refuse_stale(rows: Iterable[Row[Any]], settings: EvidenceSettings) -> None:
    """Raise IntegrityError if sums were made with other settings."""
    sums.refuse_stale((version for row in rows for version in (row.version, row.last_version)), settings)


def _kept(tx: Transaction, scope: Scope, people: Iterable[int]) -> Collection[Row[Any]]:
    parameters = {"framework": scope.framework_code, "purposes": scope.purposes, "people": list(people)}
    return tx.rows(_of_people, parameters)


def _add_up(
    rows: Iterable[LedgerRow], on: date, settings: EvidenceSettings
) -> dict[PersonCompetency, Standing]:
    totals: dict[PersonCompetency, sums.Sum] = {}
    for row in rows:
        if row.counts:
            total = totals.setdefault((row.person, row.competency), sums.Sum())
            total.add(row.weight, row.ladder, row.observed_on, settings)
    return {
        key: _standing(total.weight, total.ladder, total.rows, total.newest, on, settings)
        for key, total in totals.items()
    }


def _standing(
    weight_sum: float, ladder_sum: float, rows: int, newest_on: date, on: date, settings: EvidenceSettings
) -> Standing:
    weight = rounded(weight_sum * 2.0 ** -settings.exponent(on))
    provisional = settings.is_provisional(weight)
    return Standing(rounded(ladder_sum / weight_sum), weight, provisional, rows, newest_on)


def _explained(row: LedgerRow, on: date, settings: EvidenceSettings) -> ExplainedRow:
    age = (on - row.observed_on).days
    if not row.counts:
        return ExplainedRow(row, age, 0.0, 0.0, _left_out(row))
    weight = float(row.weight) * 2.0 ** (-age / settings.half_life_days)
    return ExplainedRow(row, age, weight, weight * float(row.ladder), "")


def _left_out(row: LedgerRow) -> str:
    if row.superseded_by is not None:
        return f"superseded by {row.superseded_by}"
    return "withdrawn" if row.supersedes is not None else "shown, not counted"
