"""Gaps: what a role asks for and a person has not shown yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, Row, Select, bindparam, func, or_, select

from talenthub.evidence.exact import rounded
from talenthub.evidence.fit import Demand
from talenthub.evidence.rows import Scope
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import Standing, from_ledger, from_sums, refuse_stale, sums_by_competency
from talenthub.evidence.tables import standing_sum
from talenthub.framework.tables import framework, framework_version, requirement, role_level
from talenthub.people.tables import assignment, post
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


def _in_force() -> Any:
    # The same order as framework.library.published, for every framework at once.
    other = framework_version.alias("other")
    return (
        select(other.c.id)
        .where(
            other.c.framework_id == framework.c.id,
            other.c.status.in_(["published", "superseded"]),
            other.c.effective_from <= bindparam("day", type_=Date),
        )
        .order_by(other.c.effective_from.desc(), other.c.published_at.desc(), other.c.id.desc())
        .limit(1)
        .correlate(framework)
        .scalar_subquery()
    )


def _asked_of_post() -> Any:
    step = role_level.alias("step")
    steps = (
        select(func.count())
        .select_from(step)
        .where(step.c.version_id == framework_version.c.id, step.c.role == post.c.role_code)
        .correlate(framework_version, post)
        .scalar_subquery()
    )
    # A post without a level is one of a role that has a single one.
    at_level = or_(requirement.c.role_level == post.c.level, post.c.level.is_(None) & (steps == 1))
    return (
        (requirement.c.version_id == framework_version.c.id)
        & (requirement.c.role == post.c.role_code)
        & at_level
    )


def _join(*, some_people: bool) -> Select[Any]:
    people: BindParameter[Any] = bindparam("people", expanding=True)
    day = bindparam("day", type_=Date)
    kept = sums_by_competency()
    if some_people:
        kept = kept.where(standing_sum.c.person_id.in_(people))
    known = kept.subquery("known")
    mine = (
        (known.c.person_id == assignment.c.person_id)
        & (known.c.framework_code == post.c.framework_code)
        & (known.c.competency == requirement.c.competency)
    )
    joined = (
        assignment.join(post, post.c.id == assignment.c.post_id)
        .outerjoin(framework, framework.c.code == post.c.framework_code)
        .outerjoin(framework_version, framework_version.c.id == _in_force())
        .outerjoin(requirement, _asked_of_post())
        .outerjoin(known, mine)
    )
    statement = (
        select(
            assignment.c.person_id,
            post.c.code.label("post"),
            post.c.role_code,
            requirement.c.role_level,
            post.c.unit_id,
            post.c.framework_code,
            framework_version.c.id.label("version_id"),
            requirement.c.competency,
            requirement.c.level,
            requirement.c.essential,
            requirement.c.critical_rank,
            known.c.weight_sum,
            known.c.ladder_sum,
            known.c.row_count,
            known.c.newest_on,
            known.c.version,
            known.c.last_version,
        )
        .select_from(joined)
        .where(assignment.c.since <= day, or_(assignment.c.until.is_(None), assignment.c.until > day))
        .order_by(assignment.c.person_id, requirement.c.position)
    )
    return statement.where(assignment.c.person_id.in_(people)) if some_people else statement


_of_everyone = _join(some_people=False)
_of_some = _join(some_people=True)


def _gaps(
    tx: Transaction, people: list[int] | None, purpose: str, settings: EvidenceSettings, on: date | None
) -> Gaps:
    day = on or tx.today
    purposes = settings.usable(purpose)
    parameters: dict[str, Any] = {"day": day, "purposes": purposes}
    if people is not None:
        parameters["people"] = people
    rows = tx.rows(_of_everyone if people is None else _of_some, parameters)
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


def by_person(gaps: Iterable[Gap]) -> dict[int, list[Gap]]:
    """Return gaps grouped by person, in their order."""
    grouped: dict[int, list[Gap]] = defaultdict(list)
    for each in gaps:
        grouped[each.person].append(each)
    return dict(grouped)
