"""What must hold when it calms down: exactly once inside, at least once outside."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text
from trial_check import findings

WAITS = """SELECT count(*) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL
 AND handler NOT LIKE 'message:%'"""
LIVE = """SELECT count(*) FROM procrastinate_jobs
 WHERE task_name IN ('talenthub.deliveries', 'talenthub.timers')"""


def happened(tx) -> int:
    """Return how many events there are."""
    return tx.value(text("SELECT count(*) FROM case_event"))


def busy(workspace, tx) -> dict[str, int]:
    """Return what is still to be done, and how much of it."""
    found = {"deliveries were left undone": tx.value(text(WAITS))}
    if workspace.background is not None:
        found["jobs were left in the queue"] = tx.value(text(LIVE))
    return {what: many for what, many in found.items() if many}


def left_over(workspace, tx, receiver) -> list[str]:
    """Return everything that does not agree, in sentences; none is right."""
    found = findings(workspace, tx) + list(_timers(tx)) + list(_webhooks(tx, receiver))
    if count := tx.value(text("SELECT count(*) FROM workflow_case WHERE closed_at IS NULL")):
        found.append(f"{count} cases were left open")
    if count := tx.value(text("SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL")):
        found.append(f"{count} deliveries are dead")
    return found + [f"{many} {what}" for what, many in busy(workspace, tx).items()]


def _timers(tx):
    """Each timer that ran left one event, and no event is there without one."""
    ran = Counter(
        (row.case_id, row.fires or row.name)
        for row in tx.rows(text("SELECT case_id, name, fires FROM case_timer WHERE status = 'done'"))
    )
    events = Counter(
        (row.case_id, row.transition)
        for row in tx.rows(
            text(
                "SELECT case_id, transition FROM case_event"
                " WHERE kind = 'reminded' OR (actor_id IS NULL AND transition = 'expire')"
            )
        )
    )
    for key in ran.keys() | events.keys():
        if ran[key] != events[key]:
            yield f"case {key[0]}: {ran[key]} timers ran for {key[1]}, with {events[key]} events"


def _webhooks(tx, receiver):
    """Each was received, and what came again is told by its key."""
    sent = {f"msg_{row.id}" for row in tx.rows(text("SELECT id FROM outbox WHERE handler = 'webhook:hook'"))}
    for key in sent - receiver.got.keys():
        yield f"{key} was never received"
    for key in receiver.got.keys() - sent:
        yield f"{key} was received, and what it tells of never happened"
    for key, bodies in receiver.got.items():
        if len(set(bodies)) != 1:
            yield f"{key} came with two bodies"
