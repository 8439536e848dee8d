"""Counters: how much waits, runs and has failed, for those who watch over it.

Gauges only, each over rows that are still open: what is done is not counted
again each minute. No label names a person or a case, and nothing counts the
timers of confidential or blind workflows: their number would tell how many
cases there are, or how many have rated. `talent doctor` names those of them
that need somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, literal, select

from talenthub.storage.transaction import Transaction
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, live_campaigns
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.outbox import DIGEST, MESSAGE, OUTSIDE
from talenthub.workflow.tables import PENDING, case_timer, handoff, outbox, workflow_case
from talenthub.workflow.ticking import FAILED

_kind = case(
    (outbox.c.origin.like(f"{CAMPAIGN}-%"), literal("chunk")),
    (outbox.c.origin.like(f"{DIGEST}%"), literal("digest")),
    *((outbox.c.handler.like(f"{each}:%"), literal(each)) for each in OUTSIDE),
    else_=literal("call"),
)
_state = case(
    (outbox.c.dead_at.is_not(None), literal("dead")),
    (outbox.c.lease_until > bindparam("clock"), literal("runs")),
    (outbox.c.attempts > 0, literal("failed")),
    (outbox.c.error.is_not(None), literal("parked")),
    (outbox.c.due_at > bindparam("moment"), literal("later")),
    else_=literal("waits"),
)
_open = select(_kind.label("kind"), _state.label("state"), outbox.c.due_at).where(outbox.c.done_at.is_(None))
_listed = _open.subquery()
_deliveries = (
    select(
        _listed.c.kind, _listed.c.state, func.count().label("many"), func.min(_listed.c.due_at).label("due")
    )
    .group_by(_listed.c.kind, _listed.c.state)
    .order_by(_listed.c.kind, _listed.c.state)
)
_timer_state = case(
    (case_timer.c.status == FAILED, literal("dead")),
    (case_timer.c.attempts > 0, literal("failed")),
    (case_timer.c.error.is_not(None), literal("parked")),
    (case_timer.c.due_at > bindparam("moment"), literal("later")),
    else_=literal("waits"),
)
_due_timers = (
    select(_timer_state.label("state"), case_timer.c.due_at)
    .join(workflow_case, workflow_case.c.id == case_timer.c.case_id)
    .where(
        case_timer.c.status.in_(("open", FAILED)),
        workflow_case.c.closed_at.is_(None),
        workflow_case.c.workflow.in_(bindparam("open_workflows", expanding=True)),
    )
    .subquery()
)
_timers = (
    select(_due_timers.c.state, func.count().label("many"), func.min(_due_timers.c.due_at).label("due"))
    .group_by(_due_timers.c.state)
    .order_by(_due_timers.c.state)
)
_handoffs = select(func.count()).select_from(handoff).where(handoff.c.status == PENDING)


@dataclass(frozen=True, slots=True)
class Counter:
    """One figure: its name, what it is of, and how much."""

    name: str
    labels: Mapping[str, str]
    value: int


HELP: Mapping[str, str] = {
    "deliveries": "What stands open in the outbox, by kind and state.",
    "timers": "Timers of open cases, by state.",
    "campaigns": "Campaigns that are not through, by state.",
    "campaign_items": "People of these campaigns: through, refused, waiting.",
    "handoffs": "Handoffs between stages that wait.",
    "late_seconds": "How long the oldest that is due has waited, by kind.",
}


def counters(tx: Transaction, catalogue: Catalogue, clock: datetime) -> list[Counter]:
    """Return all counters; five statements, however much there is."""
    deliveries = [row for row in tx.rows(_deliveries, {"clock": clock, "moment": tx.now}) if not _told(row)]
    named = {each.workflow.name for each in catalogue.versions() if not each.workflow.is_uncounted}
    timers = tx.rows(_timers, {"moment": tx.now, "open_workflows": sorted(named)})
    found = [Counter("deliveries", {"kind": row.kind, "state": row.state}, row.many) for row in deliveries]
    found += [Counter("timers", {"state": row.state}, row.many) for row in timers]
    found += _campaigns(tx)
    found.append(Counter("handoffs", {}, int(tx.value(_handoffs))))
    late = [(row.kind, row.due) for row in deliveries if row.state == "waits"]
    late += [("timer", row.due) for row in timers if row.state == "waits"]
    return found + [
        Counter("late_seconds", {"kind": kind}, max(0, int((tx.now - due).total_seconds())))
        for kind, due in late
    ]


def _told(row: Any) -> bool:
    # Messages wait for a digest to tell them, and how many would tell of cases.
    return row.kind in (MESSAGE, "digest") and row.state in ("waits", "later")


def _campaigns(tx: Transaction) -> Iterator[Counter]:
    live = live_campaigns(tx)
    for state in sorted({each.state for each in live}):
        yield Counter("campaigns", {"state": state}, sum(each.state == state for each in live))
    for state, value in (
        ("through", sum(each.done for each in live)),
        ("refused", sum(each.refused for each in live)),
        ("waiting", sum(each.waiting for each in live)),
    ):
        yield Counter("campaign_items", {"state": state}, value)


def open_metrics(found: Sequence[Counter]) -> str:
    """Return counters as OpenMetrics text, for a file that is gathered."""
    return "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Sequence[Counter]) -> Iterator[str]:
    for name, told in HELP.items():
        own = [each for each in found if each.name == name]
        if own:
            yield f"# TYPE talenthub_{name} gauge"
            yield f"# HELP talenthub_{name} {told}"
        for each in own:
            labels = ",".join(f'{label}="{value}"' for label, value in each.labels.items())
            yield f"talenthub_{name}{{{labels}}} {each.value}" if labels else f"talenthub_{name} {each.value}"
    yield "# EOF"
