"""Handlers: what a move or a new framework version means for open plans."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from talenthub.sdk import (
    SYSTEM,
    CaseView,
    Engine,
    HubEvent,
    Transaction,
    cases_by_id,
    framework_content,
    posts_of,
    workflow_case,
)
from talenthub_career.facts import PLAN, of_subjects

RETURNING = ("target_agreed", "mapped", "active", "reassessed")
"""The states from which a plan returns to Seeing It."""

_open_plans = select(workflow_case.c.id).where(
    workflow_case.c.workflow == bindparam("workflow"), workflow_case.c.closed_at.is_(None)
)


def person_moved(engine: Engine, tx: Transaction, event: HubEvent) -> None:
    """Return the open plans of who moved to Seeing It, with the new role."""
    post = posts_of(tx, [event.subject_id])[event.subject_id]
    for case in of_subjects(tx, PLAN, {event.subject_id}, open_only=True)[event.subject_id]:
        if post is None or case.state not in RETURNING or not _changed(case, post.role_code, post.level):
            continue
        form = {"reason": "the post has changed", "role": post.role_code, "level": post.level}
        engine.fire(tx.by(SYSTEM), case.ref, "look_again", form)


def _changed(case: CaseView, role: str, level: str | None) -> bool:
    return (case.data.role, case.data.level or level) != (role, level)


def framework_published(engine: Engine, tx: Transaction, event: HubEvent) -> None:
    """Ask the owners of open plans for a look; each keeps its version."""
    code, version = event.facts["framework"], event.facts["version"]
    ids = [row.id for row in tx.rows(_open_plans, {"workflow": PLAN})]
    for _, case in sorted(cases_by_id(tx, ids).items()):
        pinned = case.framework_version
        if pinned is None or pinned == event.subject_id:
            continue
        if framework_content(tx, pinned).framework.code == code and case.data.newer != version:
            engine.fire(tx.by(SYSTEM), case.ref, "hear_of_version", {"version": version})
