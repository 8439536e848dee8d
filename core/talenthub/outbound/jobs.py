"""Jobs: what waits, runs and has failed, and what a person does about it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
    update,
)

from talenthub.errors import NotFound, Problem, Refused, TalentError, UsageError
from talenthub.outbound.appointments import APPOINTMENT
from talenthub.outbound.claims import MAIL
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import visible_cases
from talenthub.workflow.campaigns.campaigns import (
    CAMPAIGN,
    CampaignView,
    campaigns,
    cancel_campaign,
    live_campaigns,
    retry_campaign,
)
from talenthub.workflow.cases import CATALOGUE
from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.digest import DIGESTS
from talenthub.workflow.outbox import DIGEST, MESSAGE, URGENT, WEBHOOK
from talenthub.workflow.parking import LACKS
from talenthub.workflow.tables import OPEN, case_timer, outbox, workflow_case, workflow_version
from talenthub.workflow.ticking import FAILED

DELIVERY, TIMER = "delivery", "timer"

REFERENCE = re.compile(rf"({DELIVERY}|{TIMER}|{CAMPAIGN})-([1-9]\d{{0,17}})", re.ASCII)

STATES = ("waits", "parked", "runs", "failed", "dead", "done", "cancelled")
"""In the order of a job's life; a parked one waits for its plugin, a dead one was tried too often."""

MOST = 500

_deliveries = select(outbox).order_by(outbox.c.due_at, outbox.c.id)
_told_of = func.replace(outbox.c.origin, APPOINTMENT, "")
_ref_on_sqlite = func.substr(_told_of, 1, func.instr(_told_of, "/") - 1)
_ref_on_postgresql = func.split_part(_told_of, "/", 1)
_timers = (
    select(case_timer, workflow_case.c.ref)
    .join(workflow_case, workflow_case.c.id == case_timer.c.case_id)
    .where(workflow_case.c.closed_at.is_(None))
    .order_by(case_timer.c.due_at, case_timer.c.id)
)
# A message that is not urgent is no job: the digests tell it. And how many get a
# digest would tell of cases that are not everybody's: only one that failed is listed.
_is_chunk = outbox.c.origin.like(f"{CAMPAIGN}-%")
_is_job = and_(
    or_(
        outbox.c.handler.not_like(f"{MESSAGE}:%"),
        and_(outbox.c.origin.like(f"{DIGEST}%"), outbox.c.attempts > 0),
    ),
    ~_is_chunk,  # the campaign stands for all of them
)
_by_now: BindParameter[datetime] = bindparam("until")
_open_deliveries = _deliveries.where(_is_job, outbox.c.done_at.is_(None)).limit(bindparam("most"))
_due_deliveries = _open_deliveries.where(
    or_(outbox.c.due_at <= _by_now, outbox.c.attempts > 0, outbox.c.error.is_not(None))
)
_open_timers = _timers.where(case_timer.c.status.in_(("open", FAILED))).limit(bindparam("most"))
_due_timers = _open_timers.where(or_(case_timer.c.due_at <= _by_now, case_timer.c.status == FAILED))
_dead_deliveries = _deliveries.where(outbox.c.dead_at.is_not(None), outbox.c.done_at.is_(None), ~_is_chunk)
_dead_timers = _timers.where(case_timer.c.status == FAILED)
_parked_calls = _deliveries.where(
    outbox.c.handler == bindparam("by"),
    outbox.c.error.like(f"{LACKS}%"),
    outbox.c.done_at.is_(None),
    outbox.c.dead_at.is_(None),
)
_deliveries_named = select(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_timers_named = (
    select(case_timer, workflow_case.c.ref)
    .join(workflow_case, workflow_case.c.id == case_timer.c.case_id)
    .where(case_timer.c.id.in_(bindparam("ids", expanding=True)))
)
_retry_delivery = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.done_at.is_(None))
    .values(attempts=0, dead_at=None, error=None, due_at=bindparam("moment"))
)
_retry_timer = (
    update(case_timer)
    .where(
        case_timer.c.id == bindparam("which"),
        or_(case_timer.c.status == FAILED, and_(case_timer.c.status == OPEN, case_timer.c.attempts > 0)),
    )
    .values(status="open", attempts=0, retry_at=None)
)
_cancel = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.done_at.is_(None))
    .values(done_at=bindparam("moment"), error="cancelled by hand")
)


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the outbox, one timer, or one campaign."""

    name: str
    """`delivery-12`, `timer-7` or `campaign-3`."""
    what: str
    state: str
    ref: str | None
    """The case it belongs to, if any: show it to those only who see it."""
    due: datetime
    """When it is tried next; of a dead one, when it was tried last."""
    attempts: int
    error: str | None
    by: str | None = None
    """The process that sends it now."""
    progress: str | None = None
    """Of a campaign: how many of how many are through."""
    starter: int | None = None
    """The person in whose name a campaign runs."""


def waiting_jobs(
    tx: Transaction, clock: datetime, *, everything: bool = False, in_sight: bool = False
) -> list[Job]:
    """Return what is due, runs, is parked or has failed, the next due first.

    `everything` adds what is due later; `clock` tells which leases hold. With
    `in_sight` jobs of confidential and blind cases that the actor does not see
    are left out, but for those that wait for a person.
    """
    wanted = {"until": tx.now, "most": MOST}
    deliveries, timers = (_open_deliveries, _open_timers) if everything else (_due_deliveries, _due_timers)
    if everything:
        del wanted["until"]
    if in_sight:
        # Before the end of the list is reached, not after.
        ref = _ref_on_sqlite if tx.is_sqlite else _ref_on_postgresql
        seen = _seen(tx)
        deliveries = deliveries.join(workflow_case, workflow_case.c.ref == ref, isouter=True).where(
            or_(outbox.c.dead_at.is_not(None), workflow_case.c.id.is_(None), seen)
        )
        timers = timers.where(or_(case_timer.c.status == FAILED, seen))
    found = [_delivery(row, clock) for row in tx.rows(deliveries, wanted)]
    found += [_timer(row) for row in tx.rows(timers, wanted)]
    found += _campaigns([each for each in live_campaigns(tx) if not _is_private(each)])
    return sorted(found, key=lambda each: (each.due, each.name))[:MOST]


def _seen(tx: Transaction) -> ColumnElement[bool]:
    """Return the condition that the actor may hear of what runs for a case."""
    catalogue: Catalogue = tx.memory[CATALOGUE]
    counted = [
        (each.workflow.name, each.workflow.version)
        for each in catalogue.versions()
        if not each.workflow.is_uncounted
    ]
    open_to_all = select(workflow_version.c.id).where(
        tuple_(workflow_version.c.name, workflow_version.c.version).in_(counted)
    )
    return or_(
        workflow_case.c.workflow_version_id.in_(open_to_all), workflow_case.c.id.in_(visible_cases(tx))
    )


def dead_jobs(tx: Transaction) -> list[Job]:
    """Return what was tried too often, and waits for a person."""
    found = [_delivery(row, tx.now) for row in tx.rows(_dead_deliveries)]
    found += [_timer(row) for row in tx.rows(_dead_timers)]
    return found + _campaigns([each for each in live_campaigns(tx) if each.state == "dead"])


def parked_jobs(tx: Transaction, handler: str, clock: datetime) -> list[Job]:
    """Return the calls that wait for a handler; NotFound where none does."""
    found = [_delivery(row, clock) for row in tx.rows(_parked_calls, {"by": handler})]
    if not found:
        text, mend = "no call is parked for this handler", "talent doctor names those that are waited for"
        raise NotFound(Problem(text=text, found=handler, mend=mend, code="job.unknown"))
    return found


def as_here(jobs: Iterable[Job], brought: Collection[str]) -> list[Job]:
    """Return jobs as one sees them who brings what they were parked for."""
    return [
        replace(each, state="waits", error=f"left by one that lacks {each.error.removeprefix(LACKS)}")
        if each.state == "parked" and each.error is not None and each.error in brought
        else each
        for each in jobs
    ]


def jobs_named(tx: Transaction, names: Sequence[str], clock: datetime) -> list[Job]:
    """Return jobs by name, in that order; NotFound names what is not there."""
    numbers = {each: _parsed(each) for each in names}
    ids = {
        kind: sorted(number for each, number in numbers.values() if each == kind)
        for kind in (DELIVERY, TIMER, CAMPAIGN)
    }
    found = [_delivery(row, clock) for row in tx.rows(_deliveries_named, {"ids": ids[DELIVERY]})]
    found += [_timer(row) for row in tx.rows(_timers_named, {"ids": ids[TIMER]})]
    found += _campaigns(campaigns(tx, ids[CAMPAIGN]).values())
    by_name = {each.name: each for each in found}
    missing = [each for each in names if each not in by_name]
    if missing:
        raise no_such_jobs(missing)
    return [by_name[each] for each in dict.fromkeys(names)]


def no_such_jobs(names: Iterable[str]) -> TalentError:
    """Return the error of jobs that are not there, or not for the actor."""
    return NotFound.of(
        [
            Problem(text="there is no such job", found=each, mend="talent jobs list", code="job.unknown")
            for each in names
        ]
    )


def retry(tx: Transaction, jobs: Iterable[Job]) -> list[Job]:
    """Have jobs tried again at once, with all their tries before them."""
    chosen = list(jobs)
    _refuse([each for each in chosen if each.state not in ("failed", "dead")], "it has not failed")
    for each in chosen:
        kind, number = _parsed(each.name)
        if kind == CAMPAIGN:
            retry_campaign(tx, number)
        else:
            tx.write(_retry_delivery if kind == DELIVERY else _retry_timer, _told(tx, kind, number))
    return chosen


def cancel(tx: Transaction, jobs: Iterable[Job]) -> list[Job]:
    """Close deliveries that are not to be tried any more, and campaigns.

    What a campaign has done stays done; its chunk at hand is finished.
    """
    chosen = list(jobs)
    timers = [each for each in chosen if each.name.startswith(TIMER)]
    _refuse(timers, "a timer belongs to its case: a step on the case ends it")
    _refuse([each for each in chosen if each.state in ("done", "cancelled")], "it is done")
    sent = [each for each in chosen if each.name.startswith(DELIVERY)]
    _refuse([each for each in sent if each.state == "runs"], "it runs now")
    for each in chosen:
        kind, number = _parsed(each.name)
        if kind == CAMPAIGN:
            cancel_campaign(tx, number)
        else:
            tx.write(_cancel, _told(tx, kind, number))
    return chosen


def _told(tx: Transaction, kind: str, number: int) -> dict[str, Any]:
    return {"which": number} | ({"moment": tx.now} if kind == DELIVERY else {})


def _refuse(jobs: Sequence[Job], why: str) -> None:
    if jobs:
        found = ", ".join(each.name for each in jobs)
        raise Refused(Problem(text=why, found=found, mend="talent jobs list", code="job.state"))


def number_of(name: str) -> int:
    """Return the number of a job; UsageError where it is no name of one."""
    return _parsed(name)[1]


def _parsed(name: str) -> tuple[str, int]:
    match = REFERENCE.fullmatch(name)
    if match is None:
        raise UsageError(
            Problem(
                text="this is no job",
                found=name[:80],
                allowed=f"{DELIVERY}-12, {TIMER}-7 or {CAMPAIGN}-3",
                mend="talent jobs list",
                code="job.name",
            )
        )
    return match[1], int(match[2])


def _delivery(row: Row[Any], clock: datetime) -> Job:
    ref = row.origin.removeprefix(APPOINTMENT).partition("/")[0]
    has_case = not row.origin.startswith(DIGEST) and "hub_event" not in json.loads(row.message)
    return Job(
        name=f"{DELIVERY}-{row.id}",
        what=_words(row),
        state=_state(row, clock),
        ref=ref if has_case else None,
        due=row.due_at,
        attempts=row.attempts,
        error=row.error,
        by=row.leased_by,
    )


def _state(row: Row[Any], clock: datetime) -> str:
    if row.done_at is not None:
        return "done"
    if row.dead_at is not None:
        return "dead"
    if row.lease_until is not None and row.lease_until > clock:
        return "runs"
    if row.attempts:
        return "failed"
    return "waits" if row.error is None else "parked"


def _words(row: Row[Any]) -> str:
    kind, _, rest = row.handler.partition(":")
    if row.origin.startswith(DIGEST):
        return f"digest of {row.origin.removeprefix(DIGEST)}"
    if row.origin.startswith(APPOINTMENT):
        return "mails an invitation"
    words = {WEBHOOK: f"webhook {rest}", MAIL: "urgent mail", URGENT: "urgent message"}
    return words.get(kind, f"calls {row.handler}")


def _is_private(campaign: CampaignView) -> bool:
    # How many get a digest would tell of cases that are not everybody's.
    return campaign.work == DIGESTS and not campaign.attempts


def _campaigns(found: Iterable[CampaignView]) -> list[Job]:
    return [
        Job(
            name=each.name,
            what=each.title,
            state=each.state,
            ref=each.ref,
            due=each.started_at,
            attempts=each.attempts,
            error=each.error if each.waiting else None,
            starter=each.actor.person,
            progress=None if each.work == DIGESTS else _progress(each),
        )
        for each in found
    ]


def _progress(campaign: CampaignView) -> str:
    refused = f", {campaign.refused:,} refused" if campaign.refused else ""
    return f"{campaign.through:,} of {campaign.total:,}{refused}"


def _timer(row: Row[Any]) -> Job:
    waits = "waits" if row.error is None else "parked"
    states = {"open": "failed" if row.attempts else waits, FAILED: "dead"}
    return Job(
        name=f"{TIMER}-{row.id}",
        what=f"timer {row.name}" + (f", fires {row.fires}" if row.fires else ""),
        state=states.get(row.status, "done"),
        ref=row.ref,
        due=row.retry_at or row.due_at,
        attempts=row.attempts,
        error=row.error,
    )
