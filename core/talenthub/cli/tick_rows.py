"""The work of `talent tick`: timers in order, deliveries, people, handoffs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from talenthub.cli.base import Desk
from talenthub.cli.casework import engine_of
from talenthub.cli.output import Column
from talenthub.cli.parameters import DateWord
from talenthub.errors import NotPermitted, Problem, TalentError
from talenthub.outbound.claims import lease_clock, lease_time
from talenthub.outbound.pieces import this_process
from talenthub.people.grants import holds
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.calls import Caller, Run, call
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.engine import Engine
from talenthub.workflow.lookups import look
from talenthub.workflow.ticking import Ticked
from talenthub.workspace.clock import demo_now, move_demo_clock

T = TypeVar("T")

COLUMNS = (Column("ref"), Column("timer"), Column("what"))

KEEPERS = ("admin", "hr_head")
"""Grants whose holders let due things happen outside a demo."""

MOST = 100_000
"""Timers of one run; more only come from workflows that chase each other."""


@dataclass(slots=True)
class _Done:
    timers: list[Ticked] = field(default_factory=list)
    delivered: int = 0
    failed: int = 0
    followed: int = 0
    handoffs: int = 0
    carried: int = 0


def run_tick(desk: Desk, to: DateWord | None) -> None:
    """Let everything happen that is due, and tell it."""
    _require_right(desk)
    engine = engine_of(desk)
    if desk.dry_run:
        done = desk.run(lambda tx: _dry(engine, tx.by(SYSTEM), to))
    else:
        if to is not None:
            desk.workspace.run(SYSTEM, lambda tx: move_demo_clock(tx, _target(tx, to)))
        done = _run(
            engine, lambda function: desk.workspace.run(SYSTEM, lambda tx: function(engine.enter(tx)))
        )
    _tell(desk, engine, done)


def _require_right(desk: Desk) -> None:
    # In a demo time belongs to everybody, also to who has not said who they are.
    if desk.workspace.is_demo:
        return
    actor = desk.actor

    def allowed(tx: Transaction) -> bool:
        return actor.person is None or holds(tx, actor.person, KEEPERS)

    if not desk.workspace.run(actor, allowed, read_only=True):
        raise NotPermitted(
            Problem(
                text="running what is due is not yours to do",
                allowed=f"who holds {' or '.join(KEEPERS)}",
                code="tick.right",
            )
        )


def _target(tx: Transaction, to: DateWord) -> datetime:
    """Return the moment the clock moves to: the same time on another day."""
    now = demo_now(tx) or tx.now
    local = now.astimezone(tx.zone)
    return datetime.combine(to.on(local.date()), local.timetz().replace(tzinfo=None), tx.zone).astimezone(UTC)


def _run(engine: Engine, run: Run) -> _Done:
    """Do everything due, each piece in a transaction of its own."""
    done = _Done()
    done.followed += run(engine.follow_people)
    while (ticked := run(engine.tick)) is not None:
        done.timers.append(ticked)
        if len(done.timers) >= MOST:
            raise TalentError(Problem(text=f"more than {MOST} timers were due in one run", code="tick.loop"))
    _deliver(engine, run, done)
    done.followed += run(engine.follow_people)
    done.handoffs = run(engine.retry_handoffs)
    while carried := run(engine.carry_evidence):
        done.carried += carried
    return done


def _deliver(engine: Engine, run: Run, done: _Done) -> None:
    tried: set[int] = set()
    caller = Caller(this_process(), lease_clock, lease_time(), set(), set())
    while waiting := [each for each in run(engine.due_deliveries) if each not in tried]:
        for number in waiting:
            tried.add(number)
            went_well = call(engine, run, number, caller)
            done.delivered += went_well is True
            done.failed += went_well is False


def _dry(engine: Engine, tx: Transaction, to: DateWord | None) -> _Done:
    if to is not None:
        target = _target(tx, to)
        move_demo_clock(tx, target)
        tx = tx.at(target)
    return _run(engine, lambda function: function(engine.enter(tx)))


def _tell(desk: Desk, engine: Engine, done: _Done) -> None:
    """Tell what happened: to one who named themselves only what they may see."""
    timers, as_somebody = done.timers, desk.common.as_handle is not None or not desk.workspace.is_demo
    if as_somebody and timers:
        actor = desk.actor
        refs = sorted({each.ref for each in timers})
        seen = desk.workspace.run(actor, lambda tx: _in_sight(engine, engine.enter(tx), refs), read_only=True)
        timers = [each for each in timers if each.ref in seen]
    desk.emit([{"ref": each.ref, "timer": each.timer, "what": each.what} for each in timers], COLUMNS) if (
        timers or not desk.for_people
    ) else None
    parts = [
        f"{many} {one if many == 1 else more}"
        for many, one, more in (
            (done.delivered, "delivered", "delivered"),
            (done.failed, "delivery failed", "deliveries failed"),
            (done.followed, "change among people followed", "changes among people followed"),
            (done.handoffs, "handoff opened", "handoffs opened"),
            (done.carried, "row of evidence carried over", "rows of evidence carried over"),
        )
        if many and not as_somebody
    ]
    if parts:
        desk.say(", ".join(parts))
    now = desk.workspace.run(SYSTEM, lambda tx: tx.now.astimezone(tx.zone), read_only=True)
    if desk.workspace.is_demo and not desk.dry_run:
        desk.say(f"The clock of the demo stands at {now:%Y-%m-%d %H:%M}.")
    elif not timers:
        desk.say("Nothing more is due.")


def _in_sight(engine: Engine, tx: Transaction, refs: list[str]) -> set[str]:
    cases = list(cases_by_ref(tx, refs).values())
    return {each.case.ref for each in look(tx, engine.catalogue, cases)}
