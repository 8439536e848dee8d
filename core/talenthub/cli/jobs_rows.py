"""The rows of `talent jobs`, and who may look at them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.campaigns import work_off
from talenthub.cli.casework import engine_of
from talenthub.cli.output import Column
from talenthub.clock import system_clock
from talenthub.errors import NotPermitted, Problem, UsageError
from talenthub.outbound.jobs import (
    Job,
    as_here,
    cancel,
    dead_jobs,
    jobs_named,
    no_such_jobs,
    number_of,
    parked_jobs,
    retry,
    waiting_jobs,
)
from talenthub.people.grants import holds
from talenthub.people.persons import persons
from talenthub.storage.transaction import Transaction
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, refusals
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.lookups import look

KEEPERS = ("admin", "hr_head")
"""Grants whose holders look after what runs by itself."""

LISTED = 500
"""So many refusals of a campaign are listed."""

PERSON = "person:"
"""What the refusal of a person is kept under, before the number."""

OVER = ("dead", "done", "cancelled")
"""States in which nothing is tried any more by itself."""

_COLUMNS = (
    Column("job"),
    Column("state"),
    Column("what"),
    Column("ref"),
    Column("progress"),
    Column("due", "Next try"),
    Column("tries"),
    Column("error", "Last error"),
)


def _emit(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print jobs, on a screen without the columns in which nothing stands."""
    shown = desk.common.style.chosen == "table"
    empty = {each.name for each in _COLUMNS if shown and not any(row[each.name] for row in rows)}
    zone = desk.workspace.settings.organisation.zone

    def moment(due: datetime | None) -> str:
        return "" if due is None else f"{due.astimezone(zone):%Y-%m-%d %H:%M}"

    desk.emit(
        rows,
        [
            replace(each, extra=each.name in empty, show=moment if each.name == "due" else None)
            for each in _COLUMNS
        ],
    )


def require_keeper(desk: Desk) -> None:
    """Raise NotPermitted unless the actor looks after what runs.

    In a demo everybody does, also who has not said who they are.
    """
    is_demo, actor = desk.workspace.is_demo, desk.actor
    if not desk.workspace.run(actor, lambda tx: is_demo or _is_keeper(tx), read_only=True):
        raise _not_yours()


def _not_yours() -> NotPermitted:
    text, allowed = "what runs by itself is not yours to look after", f"who holds {' or '.join(KEEPERS)}"
    return NotPermitted(Problem(text=text, allowed=allowed, code="job.right"))


def _is_keeper(tx: Transaction) -> bool:
    return tx.actor.person is None or holds(tx, tx.actor.person, KEEPERS)


def _kept(desk: Desk, tx: Transaction, jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs that are the actor's to look after.

    Everybody looks after the campaigns that run in their own name. What runs
    for a confidential or blind case is there for nobody who does not see the
    case, until it is dead and waits for a person, as `talent doctor` says.
    """
    if desk.workspace.is_demo or _is_keeper(tx):
        hidden = _hidden(desk, tx, {each.ref for each in jobs if each.ref is not None})
        return [each for each in jobs if each.ref not in hidden or each.state == "dead"]
    own = [each for each in jobs if each.starter is not None and each.starter == tx.actor.person]
    if not own:
        raise _not_yours()
    return own


def _named(desk: Desk, tx: Transaction, names: Sequence[str]) -> list[Job]:
    if not all(name.startswith(f"{CAMPAIGN}-") for name in names):
        _kept(desk, tx, [])  # who may not look after others is not told which there are
    found = jobs_named(tx, names, system_clock())
    kept = _kept(desk, tx, found)
    if any(each.name.startswith(CAMPAIGN) for each in found if each not in kept):
        raise _not_yours()
    if len(kept) < len(found):
        raise no_such_jobs([each.name for each in found if each not in kept])
    return found


def _waiting(desk: Desk, tx: Transaction, *, everything: bool = False) -> list[Job]:
    entered = engine_of(desk).enter(tx)
    return _kept(desk, tx, waiting_jobs(entered, system_clock(), everything=everything, in_sight=True))


def print_jobs(desk: Desk, *, everything: bool) -> None:
    """Print what is due, runs or has failed."""
    rows = desk.run(lambda tx: _rows(desk, tx, _waiting(desk, tx, everything=everything)))
    _emit(desk, rows)
    if not rows and desk.for_people:
        desk.say("Nothing waits." if everything else "Nothing is due; --all lists what is due later.")


def print_due(desk: Desk) -> None:
    """Print what a worker would do now."""

    def due(tx: Transaction) -> list[dict[str, Any]]:
        return _rows(desk, tx, [each for each in _waiting(desk, tx) if each.due <= tx.now])

    jobs = desk.workspace.run(desk.actor, due, read_only=True)
    _emit(desk, [each for each in jobs if each["state"] in ("waits", "failed")])


def print_job(desk: Desk, name: str) -> None:
    """Print one job; of a campaign also what was refused, and why."""
    refused: list[tuple[str, str]] = []

    def run(tx: Transaction) -> dict[str, Any]:
        [row] = _rows(desk, tx, _named(desk, tx, [name]))
        if name.startswith(f"{CAMPAIGN}-"):
            refused[:] = _refusals(desk, tx, name)
        return row

    row = desk.run(run)
    if refused and not desk.for_people:
        row["refused"] = [{"item": item, "why_not": why} for item, why in refused]
    if desk.for_people and desk.common.style.chosen == "table":
        row = {name: value for name, value in row.items() if value not in (None, "", 0)}
    desk.emit_record(row)
    if refused and desk.for_people:
        desk.write_text("\n".join(["", "Refused", *(f"  {item}: {why}" for item, why in refused)]))
        desk.say("Once these are mended, begin the same again for them; what is done is not done twice.")


def _refusals(desk: Desk, tx: Transaction, name: str) -> list[tuple[str, str]]:
    """Return what was refused: cases in sight, and persons by their handles."""
    found = refusals(tx, number_of(name), LISTED)
    seen = _in_sight(desk, tx, [item for item, _ in found if not item.startswith(PERSON)])
    ids = {int(item.removeprefix(PERSON)) for item, _ in found if item.startswith(PERSON)}
    handles = {f"{PERSON}{each.id}": each.handle for each in persons(tx, ids).values()}
    return [(handles.get(item, item if item in seen else "a case not in sight"), why) for item, why in found]


def retry_jobs(desk: Desk, names: Sequence[str], *, all_dead: bool) -> None:
    """Have jobs tried again and print them."""
    if bool(names) == all_dead:
        raise UsageError(
            Problem(text="which jobs?", allowed="their names, or --dead for all of those", code="job.which")
        )
    if all_dead:
        require_keeper(desk)

    def run(tx: Transaction) -> list[dict[str, Any]]:
        chosen = dead_jobs(tx) if all_dead else _named(desk, tx, names)
        done = [each.name for each in retry(tx, chosen)]
        return _rows(desk, tx, _kept(desk, tx, jobs_named(tx, done, system_clock())))

    _emit(desk, desk.run(run))


def cancel_jobs(desk: Desk, names: Sequence[str], *, parked: str | None = None) -> None:
    """Close deliveries and campaigns, and print them."""
    if bool(names) == (parked is not None):
        allowed = "their names, or --parked and the handler that they wait for"
        raise UsageError(Problem(text="which jobs?", allowed=allowed, code="job.which"))
    if parked is not None:
        require_keeper(desk)

    def run(tx: Transaction) -> list[dict[str, Any]]:
        chosen = _named(desk, tx, names) if parked is None else parked_jobs(tx, parked, system_clock())
        done = [each.name for each in cancel(tx, chosen)]
        return _rows(desk, tx, _kept(desk, tx, jobs_named(tx, done, system_clock())))

    _emit(desk, desk.run(run))


def run_campaigns(desk: Desk, names: Sequence[str]) -> None:
    """Do what is left of campaigns here, and print them."""
    desk.workspace.run(desk.actor, lambda tx: _named(desk, tx, names), read_only=True)
    if not desk.dry_run:
        for name in names:
            work_off(desk, number_of(name))
    _emit(desk, desk.run(lambda tx: _rows(desk, tx, jobs_named(tx, names, system_clock()))))


def _hidden(desk: Desk, tx: Transaction, refs: Collection[str]) -> set[str]:
    """Return which confidential or blind cases the actor must not hear of."""
    engine = engine_of(desk)
    entered = engine.enter(tx)
    cases = cases_by_ref(entered, sorted(refs)).values()
    loaded = {each.ref: engine.catalogue.find(each.workflow, each.workflow_version) for each in cases}
    secret = {ref for ref, owner in loaded.items() if owner is None or owner.workflow.is_uncounted}
    return secret - _in_sight(desk, tx, secret)


def _in_sight(desk: Desk, tx: Transaction, refs: Collection[str]) -> set[str]:
    # Who keeps things running learns of no case that is not theirs to see.
    engine = engine_of(desk)
    entered = engine.enter(tx)
    cases = cases_by_ref(entered, sorted(refs))
    return {each.case.ref for each in look(entered, engine.catalogue, list(cases.values()))}


def _rows(desk: Desk, tx: Transaction, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    seen = _in_sight(desk, tx, {each.ref for each in jobs if each.ref is not None})
    return [
        {
            "job": each.name,
            "state": each.state,
            "what": each.what,
            "ref": each.ref if each.ref in seen else None,
            "progress": each.progress,
            "due": None if each.state in OVER or each.name.startswith(CAMPAIGN) else each.due,
            "tries": each.attempts,
            "error": each.error,
            "by": each.by,
        }
        for each in as_here(jobs, engine_of(desk).brought())
    ]
