"""Handlers: what a move or a new framework version means for open plans."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from talenthub.sdk import (
    SYSTEM,
    CaseView,
    Engine,
    HubEvent,
    Request,
    TalentError,
    Transaction,
    cases_by_id,
    framework_content,
    posts_of,
    workflow_case,
)
from talenthub_career.facts import PLAN, of_subjects

CHUNK = 500
"""So many plans are told of a version in one run."""

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
    for start in range(0, len(ids), CHUNK):
        cases = cases_by_id(tx, ids[start : start + CHUNK])
        asked = [
            Request(each.ref, "hear_of_version", {"version": version})
            for _, each in sorted(cases.items())
            if _keeps_another(tx, each, code, event.subject_id) and each.data.newer != version
        ]
        for answer in engine.fire_many(tx.by(SYSTEM), asked):
            if isinstance(answer, TalentError):
                raise answer


def _keeps_another(tx: Transaction, case: CaseView, code: str, version: int) -> bool:
    pinned = case.framework_version
    return pinned is not None and pinned != version and framework_content(tx, pinned).framework.code == code
