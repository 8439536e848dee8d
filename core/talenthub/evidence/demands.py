"""The one join behind gaps: posts, what their roles ask, and kept sums."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, Select, bindparam, func, or_, select

from talenthub.evidence.standing import sums_by_competency
from talenthub.evidence.tables import standing_sum
from talenthub.framework.tables import framework, framework_version, requirement, role_level
from talenthub.people.tables import assignment, post
from talenthub.storage.transaction import Transaction


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


_versions = (
    select(framework_version.c.id)
    .join(framework, framework.c.id == framework_version.c.framework_id)
    .where(framework_version.c.id == _in_force())
)
_several = (
    select(role_level.c.version_id, role_level.c.role)
    .where(role_level.c.version_id.in_(bindparam("versions", expanding=True)))
    .group_by(role_level.c.version_id, role_level.c.role)
    .having(func.count() > 1)
)


def versions_in_force(tx: Transaction, day: date) -> tuple[list[int], list[str]]:
    """Return the version of each framework on a day, by id.

    And the roles in them that have several levels: "7/engineer".
    """
    versions = [row.id for row in tx.rows(_versions, {"day": day})]
    rows = tx.rows(_several, {"versions": versions})
    return versions, [f"{row.version_id}/{row.role}" for row in rows]


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


of_everyone = _join(some_people=False)
"""What each post's role asks of who sits there, beside the kept sums."""
of_some = _join(some_people=True)
"""The same of `:people`."""
