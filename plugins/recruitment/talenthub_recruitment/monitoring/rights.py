"""Who may see figures of groups: never somebody with a part in the selection.

The grant `monitor`, or `hr_head`, held everywhere, opens monitoring. A
requisition is closed to whoever is a candidate, chair or assessor in it or
stands in for one, has taken a step in any of its cases, or holds a grant
that decides in it. That holds for both identities of somebody acting for
another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Select, or_, select, union

from talenthub.sdk import (
    NotPermitted,
    Problem,
    Transaction,
    case_event,
    case_participant,
    deputised_by,
    grants_of,
    unit_paths,
    workflow_case,
)

OPENS = ("monitor", "hr_head")
"""Grants that open monitoring, held everywhere."""

DECIDES = ("recruiter", "hr_partner", "hr_officer", "sponsor")
"""Grants whose holders may decide about any application of their unit."""

REQUISITION = "recruitment.requisition"


def require_monitor(tx: Transaction) -> None:
    """Raise NotPermitted unless the actor may see figures of groups at all."""
    if tx.actor.person is None:
        return
    held = grants_of(tx, [tx.actor.person])[tx.actor.person]
    if not any(each.name in OPENS and each.unit_id is None for each in held):
        raise NotPermitted(
            Problem(
                text="figures of groups are for monitoring only",
                allowed=f"who holds {' or '.join(OPENS)} everywhere and has no part in the selection",
                code="recruitment.monitor-right",
            )
        )


def require_no_part(barred: Collection[int], requisitions: Iterable[int]) -> None:
    """Raise NotPermitted if one of `requisitions` is barred."""
    if not set(requisitions).isdisjoint(barred):
        raise NotPermitted(
            Problem(
                text="you have a part in this selection, and who decides never sees its groups",
                allowed="somebody with the grant monitor and no part in it",
                code="recruitment.monitor-part",
            )
        )


def barred_from(tx: Transaction, units: Mapping[int, int | None]) -> frozenset[int]:
    """Return the requisitions in which the actor has or could take a part.

    `units` holds the unit of each requisition asked about.
    """
    if tx.actor.person is None:
        return frozenset()
    return (_took_part(tx) & units.keys()) | _decides(tx, units)


def _took_part(tx: Transaction) -> frozenset[int]:
    me = sorted(tx.actor.identities)
    people = sorted({*me, *(each for one in me for each in deputised_by(tx, one))})
    mine = union(
        select(case_participant.c.case_id.label("id")).where(case_participant.c.person_id.in_(people)),
        select(case_event.c.case_id).where(or_(case_event.c.actor_id.in_(me), case_event.c.login_id.in_(me))),
        select(workflow_case.c.id).where(workflow_case.c.subject_id.in_(me)),
    ).subquery()
    return frozenset(row.id for row in tx.rows(_roots_of(select(mine.c.id))))


def _roots_of(cases: Select[int]) -> Select[int]:
    up = (
        select(workflow_case.c.id, workflow_case.c.parent_id, workflow_case.c.workflow)
        .where(workflow_case.c.id.in_(cases))
        .cte("up", recursive=True)
    )
    parents = select(workflow_case.c.id, workflow_case.c.parent_id, workflow_case.c.workflow)
    up = up.union(parents.join(up, workflow_case.c.id == up.c.parent_id))
    return select(up.c.id).where(up.c.workflow == REQUISITION)


def _decides(tx: Transaction, units: Mapping[int, int | None]) -> frozenset[int]:
    held = [
        grant
        for grants in grants_of(tx, tx.actor.identities).values()
        for grant in grants
        if grant.name in DECIDES
    ]
    if not held:
        return frozenset()
    if any(each.unit_id is None for each in held):
        return frozenset(units)
    where, paths = {each.unit_id for each in held}, unit_paths(tx)
    return frozenset(
        number for number, unit in units.items() if unit is None or not where.isdisjoint(paths[unit])
    )
