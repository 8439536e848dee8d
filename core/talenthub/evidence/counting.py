"""Gaps counted where they lie: per unit and competency, in one join.

Of a hundred thousand people nobody wants three million gaps in hand to be
told thirty means. The database counts them, to the same nine decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache, reduce
from operator import add
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Double,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
)

from talenthub.evidence.demands import versions_in_force
from talenthub.evidence.exact import DECIMALS
from talenthub.evidence.figures import Counted, Tally
from talenthub.evidence.settings import NO_BAND, EvidenceSettings
from talenthub.evidence.sums import refuse_stale
from talenthub.evidence.tables import standing_sum
from talenthub.framework.tables import framework, framework_version, requirement
from talenthub.people.tables import assignment, post
from talenthub.storage.transaction import Transaction

PARTS = 10**DECIMALS
"""Gaps are added up as whole billionths of a level: exactly."""

_day = bindparam("day", type_=Date)
_seated = (assignment.c.since <= _day) & or_(assignment.c.until.is_(None), assignment.c.until > _day)
_named = cast(framework_version.c.id, String) + "/" + post.c.role_code
# A post without a level is one of a role that has a single one.
_clear = post.c.level.is_not(None) | _named.not_in(bindparam("several", expanding=True, type_=String))
_in_force = (
    assignment.join(post, post.c.id == assignment.c.post_id)
    .join(framework, framework.c.code == post.c.framework_code)
    .join(framework_version, framework_version.c.framework_id == framework.c.id)
)
_counted_in = (framework_version.c.id.in_(bindparam("versions", expanding=True)), _seated, _clear)
_asked = and_(
    requirement.c.version_id == framework_version.c.id,
    requirement.c.role == post.c.role_code,
    requirement.c.role_level == func.coalesce(post.c.level, requirement.c.role_level),
)


@cache
def _held(purposes: int) -> Select[Any]:
    """Return the one look at all kept sums: which purposes there are at all.

    Whatever nobody has been rated for needs no join.
    """
    kept = standing_sum.c
    names = [bindparam(f"purpose{number}", type_=String) for number in range(purposes)]
    return select(
        func.max(kept.newest_on).label("newest_on"),
        func.min(kept.version).label("version"),
        func.max(kept.version).label("last_version"),
        *(func.max(case((kept.purpose == each, 1), else_=0)) for each in names),
    ).where(kept.purpose.in_(names))


def _mine(kept: Any, number: int) -> ColumnElement[bool]:
    return and_(
        kept.c.person_id == assignment.c.person_id,
        kept.c.framework_code == post.c.framework_code,
        kept.c.competency == requirement.c.competency,
        kept.c.purpose == bindparam(f"purpose{number}", type_=String),
    )


def _known(kept: Any) -> tuple[ColumnElement[float], ColumnElement[float]]:
    return (
        func.coalesce(kept.c.weight_sum, 0.0, type_=Double),
        func.coalesce(kept.c.ladder_sum, 0.0, type_=Double),
    )


@cache
def _counts(purposes: int, edges: int) -> Select[Any]:
    """Return the join; the sums of each purpose come by a join of their own.

    Grouping them by person first would sort millions of rows.
    """
    sums = [standing_sum.alias(f"kept{number}") for number in range(purposes)]
    # Outer, so that SQLite goes from person to person: their sums lie together.
    joined = _in_force.outerjoin(requirement, _asked)
    for number, kept in enumerate(sums):
        joined = joined.outerjoin(kept, _mine(kept, number))
    weight, ladder = (reduce(add, each) for each in zip(*map(_known, sums), strict=True))
    # Typed, or PostgreSQL would divide decimals digit by digit.
    below = requirement.c.level - ladder / func.nullif(weight, 0.0, type_=Double)
    parts = cast(func.round(case((below < 0, 0.0), else_=below) * literal(float(PARTS))), BigInteger)
    each = (
        select(post.c.unit_id, requirement.c.competency, parts.label("parts"))
        .select_from(joined)
        .where(*_counted_in)
        # An offset keeps both databases from working each gap out anew for every count.
        .offset(0)
        .subquery("each_one")
    )
    reached = (
        func.count(case((each.c.parts >= bindparam(f"edge{number}", type_=BigInteger), 1))).label(
            f"reached{number}"
        )
        for number in range(edges)
    )
    return select(
        each.c.unit_id,
        each.c.competency,
        func.count().label("people"),
        func.count(each.c.parts).label("known"),
        func.sum(each.c.parts).label("parts"),
        *reached,
    ).group_by(each.c.unit_id, each.c.competency)


_seats = (
    select(post.c.unit_id, func.count(distinct(assignment.c.person_id)).label("people"))
    .select_from(_in_force)
    .where(*_counted_in, select(requirement.c.role).where(_asked).correlate(post, framework_version).exists())
    .group_by(post.c.unit_id)
)


def count_gaps(
    tx: Transaction, purpose: str, settings: EvidenceSettings, on: date | None = None
) -> Counted | None:
    """Return everybody's gaps, counted; None where the ledger must be asked.

    Five statements, however many people. Sums hold all that was ever
    observed: what was known of an earlier day only the ledger can tell.
    """
    day = on or tx.today
    purposes, newest = _purposes_held(tx, settings.usable(purpose), settings)
    if newest is not None and newest > day:
        return None
    versions, several = versions_in_force(tx, day)
    values: dict[str, Any] = {"day": day, "versions": versions, "several": several}
    edges = sorted((float(edge), name) for name, edge in settings.bands.items())
    given = values | {f"purpose{number}": each for number, each in enumerate(purposes)}
    given |= {f"edge{number}": round(edge * PARTS) for number, (edge, _) in enumerate(edges)}
    tallies: dict[str, dict[int, Tally]] = {}
    for row in tx.rows(_counts(len(purposes), len(edges)), given):
        if row.competency is not None:  # else: nothing is asked for there
            tallies.setdefault(row.competency, {})[row.unit_id] = _tally(row, [name for _, name in edges])
    return Counted({row.unit_id: row.people for row in tx.rows(_seats, values)}, tallies)


def _purposes_held(
    tx: Transaction, usable: Sequence[str], settings: EvidenceSettings
) -> tuple[Sequence[str], date | None]:
    """Return the purposes that anybody was rated for, and the newest day."""
    named = {f"purpose{number}": each for number, each in enumerate(usable)}
    (row,) = tx.rows(_held(len(usable)), named)
    refuse_stale((each for each in (row.version, row.last_version) if each is not None), settings)
    marks: Sequence[int | None] = row[3:]
    held = [each for each, mark in zip(usable, marks, strict=True) if mark]
    return held or usable[:1], row.newest_on


def _tally(row: Row[Any], bands: Sequence[str]) -> Tally:
    reached = [row.known, *(getattr(row, f"reached{number}") for number in range(len(bands))), 0]
    held = {name: reached[number] - reached[number + 1] for number, name in enumerate((NO_BAND, *bands))}
    return Tally(row.people, row.known, Fraction(int(row.parts or 0), PARTS), held)
