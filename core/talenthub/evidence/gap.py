"""Gaps: what a role asks for and a person has not shown yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from talenthub.evidence.demands import of_everyone, of_some
from talenthub.evidence.exact import rounded
from talenthub.evidence.fit import Demand
from talenthub.evidence.rows import Scope
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import Standing, from_ledger, from_sums, refuse_stale
from talenthub.storage.portions import portions
from talenthub.storage.transaction import Transaction

FORMULA = "max(0, required − current)"


@dataclass(frozen=True, slots=True)
class Seat:
    """The post whose role a person is measured against."""

    person: int
    post: str
    role: str
    role_level: str | None
    unit: int
    framework_code: str
    framework_version: int


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a known standing is below what is required; 0 where it is not."""

    person: int
    competency: str
    required: int
    current: float
    size: float
    """Levels below the required one, to nine decimals."""
    band: str
    essential: bool
    critical: bool
    standing: Standing

    @property
    def is_open(self) -> bool:
        """Return whether it is big enough to be a gap at all."""
        return self.band != "none"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A required competency on which there is no evidence."""

    person: int
    competency: str
    required: int
    essential: bool
    critical: bool


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of some people against the roles of their posts."""

    on: date
    purpose: str
    seats: Mapping[int, Seat]
    gaps: tuple[Gap, ...]
    """By person, in the order of the role's requirements."""
    unknown: tuple[Unknown, ...]
    without_role: tuple[int, ...]
    """Persons without a post, or whose post names no role in force."""

    def of(self, people: Collection[int]) -> Gaps:
        """Return the part that is about `people`."""
        return Gaps(
            self.on,
            self.purpose,
            {person: seat for person, seat in self.seats.items() if person in people},
            tuple(each for each in self.gaps if each.person in people),
            tuple(each for each in self.unknown if each.person in people),
            tuple(each for each in self.without_role if each in people),
        )


def gaps_of_person(
    tx: Transaction, person: int, purpose: str, settings: EvidenceSettings, on: date | None = None
) -> Gaps:
    """Return one person's gaps against the role of their post."""
    return gaps_of_team(tx, [person], purpose, settings, on)


def gaps_of_team(
    tx: Transaction,
    person_ids: Collection[int],
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
) -> Gaps:
    """Return the gaps of these persons; as many statements as for one."""
    people = sorted(set(person_ids))
    found = _gaps(tx, people, purpose, settings, on)
    missing = [each for each in people if each not in found.seats and each not in found.without_role]
    return Gaps(
        found.on,
        found.purpose,
        found.seats,
        found.gaps,
        found.unknown,
        tuple(sorted([*found.without_role, *missing])),
    )


def gaps_of_organisation(
    tx: Transaction, purpose: str, settings: EvidenceSettings, on: date | None = None
) -> Gaps:
    """Return the gaps of everyone on a post, by one join."""
    return _gaps(tx, None, purpose, settings, on)


def compare(
    person: int,
    demands: Iterable[Demand],
    standings: Mapping[str, Standing],
    settings: EvidenceSettings,
) -> tuple[tuple[Gap, ...], tuple[Unknown, ...]]:
    """Return gaps and unknowns of a person against any role's demands."""
    gaps: list[Gap] = []
    unknown: list[Unknown] = []
    for each in demands:
        facts = (person, each.competency, each.level)
        if (standing := standings.get(each.competency)) is None:
            unknown.append(Unknown(*facts, each.essential, each.critical))
        else:
            gaps.append(gap(*facts, each.essential, each.critical, standing, settings))
    return tuple(gaps), tuple(unknown)


def gap(
    person: int,
    competency: str,
    required: int,
    essential: bool,
    critical: bool,
    standing: Standing,
    settings: EvidenceSettings,
) -> Gap:
    """Return max(0, required − current) and its band."""
    size = rounded(max(0.0, required - standing.value))
    band = settings.band_of(size)
    return Gap(person, competency, required, standing.value, size, band, essential, critical, standing)


def _gaps(
    tx: Transaction, people: list[int] | None, purpose: str, settings: EvidenceSettings, on: date | None
) -> Gaps:
    day = on or tx.today
    purposes = settings.usable(purpose)
    asked = {"day": day, "purposes": purposes}
    if people is None:
        rows = tx.rows(of_everyone, asked)
    else:
        rows = [row for some in portions(people) for row in tx.rows(of_some, asked | {"people": some})]
    refuse_stale((row for row in rows if row.version is not None), settings)
    past = _past(tx, rows, people, Scope("", purposes, day), settings)
    return _collected(rows, day, purpose, past, settings)


Past = Mapping[tuple[str, int, str], Standing]
"""Framework, person and competency → standing, read from the ledger."""


def _past(
    tx: Transaction,
    rows: Collection[Row[Any]],
    people: list[int] | None,
    scope: Scope,
    settings: EvidenceSettings,
) -> Past | None:
    # Sums hold all that was ever observed; an earlier day needs the ledger.
    if not any(row.newest_on is not None and row.newest_on > scope.on for row in rows):
        return None
    found: dict[tuple[str, int, str], Standing] = {}
    for code in sorted({row.framework_code for row in rows}):
        read = from_ledger(tx, Scope(code, scope.purposes, scope.on), people, settings)
        found.update({(code, *key): standing for key, standing in read.items()})
    return found


def _collected(
    rows: Iterable[Row[Any]], day: date, purpose: str, past: Past | None, settings: EvidenceSettings
) -> Gaps:
    seats: dict[int, Seat] = {}
    lost: dict[int, None] = {}
    gaps: list[Gap] = []
    unknown: list[Unknown] = []
    for row in rows:
        if row.competency is None:
            lost[row.person_id] = None
            continue
        seats.setdefault(row.person_id, _seat(row))
        facts = (row.person_id, row.competency, row.level)
        standing = _standing(row, day, past, settings)
        if standing is None:
            unknown.append(Unknown(*facts, row.essential, row.critical_rank is not None))
        else:
            gaps.append(gap(*facts, row.essential, row.critical_rank is not None, standing, settings))
    return Gaps(day, purpose, seats, tuple(gaps), tuple(unknown), tuple(lost))


def _standing(row: Row[Any], day: date, past: Past | None, settings: EvidenceSettings) -> Standing | None:
    if past is not None:
        return past.get((row.framework_code, row.person_id, row.competency))
    return None if row.version is None else from_sums(row, day, settings)


def _seat(row: Row[Any]) -> Seat:
    return Seat(
        row.person_id,
        row.post,
        row.role_code,
        row.role_level,
        row.unit_id,
        row.framework_code,
        row.version_id,
    )
