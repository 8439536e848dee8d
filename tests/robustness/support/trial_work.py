"""Workers that can be killed: they push trial cases on, one step at a time."""

from __future__ import annotations

import os
import random
import signal
import time

from sqlalchemy import text
from trial_ground import MARKERS, OFFICER, OPENED_BY_HANDOFF, SUBJECTS, people

from talenthub.errors import TalentError
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow import moving
from talenthub.workflow.firing import Request
from talenthub.workflow.opening import Opening

POINTS = (
    "fire.locked",
    "fire.moved",
    "fire.recorded",
    "apply.tasks",
    "apply.children",
    "apply.done",
    "open.inserted",
    "late.written",
    "evidence.rows",
    "evidence.sums",
)
ENOUGH = 12
"""Workers open no more circles while this many are open."""


class Bomb:
    """Kills its own process at the nth pass of a named point."""

    def __init__(self, point: str | None, passes: int) -> None:
        self.point, self.left = point, passes

    def __call__(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


def work(workspace, seed: int, *, finishing: bool, broken: bool = False, bomb=None) -> None:
    """Take steps for ever, or until nothing is open when `finishing`."""
    chance = random.Random(seed)
    run = workspace.run if not broken else _broken_run(workspace, bomb)
    known = workspace.run(SYSTEM, people, read_only=True)
    while True:
        try:
            if _step(workspace, run, known, chance, finishing=finishing) is None and finishing:
                return
        except TalentError as error:
            if error.exit_code not in (3, 4, 5, 6):  # overtaken by another worker
                raise


def _step(workspace, run, known, chance, *, finishing: bool):
    engine = workspace.engine
    officer = Actor(known[OFFICER])
    waiting = workspace.run(SYSTEM, _open_cases, read_only=True)
    circles = [each for each in waiting if each.workflow == "trial.circle"]
    if not finishing and len(circles) < ENOUGH:
        openings = [_opening(known, chance) for _ in range(chance.choice((1, 1, 3)))]
        return run(officer, lambda tx: engine.open_many(tx, openings))
    due = workspace.run(SYSTEM, engine.due_deliveries, read_only=True)
    if due and (chance.random() < 0.3 or not waiting):
        run(SYSTEM, lambda tx: engine.deliver(tx, chance.choice(due)))
        return True  # also where another has it: not everything is done
    if not waiting:
        return None
    case = chance.choice(waiting)
    if case.workflow == "trial.circle" and case.state == "asked" and chance.random() < 0.3:
        asked = [Request(each.ref, "mark") for each in circles if each.state == "asked"]
        return run(officer, lambda tx: engine.fire_many(tx, asked, request_id=f"bulk{chance.random()}"))
    return _push(run, engine, known, officer, case, chance)


def _push(run, engine, known, officer, case, chance):
    if case.workflow == "trial.mark":
        return run(Actor(case.marker), lambda tx: engine.fire(tx, case.ref, "give", {"mark": 3}))
    if case.workflow == OPENED_BY_HANDOFF:
        return run(officer, lambda tx: engine.fire(tx, case.ref, "end"))
    if case.state == "marked":
        name, form = ("note", {"note": "seen"}) if chance.random() < 0.2 else ("finish", {})
        key = f"r{chance.random()}"
        return run(officer, lambda tx: engine.fire(tx, case.ref, name, form, request_id=key))
    if case.state == "asked":
        return run(officer, lambda tx: engine.fire(tx, case.ref, "mark"))
    if chance.random() < 0.05:
        return run(officer, lambda tx: engine.fire(tx, case.ref, "stop"))
    return False  # it waits for marks


def _opening(known, chance) -> Opening:
    return Opening(
        workflow="trial.circle",
        subject=known[chance.choice(SUBJECTS)],
        participants={"marker": tuple(known[name] for name in chance.sample(MARKERS, 3))},
        framework_version=1,
        about="A circle",
    )


def _open_cases(tx: Transaction):
    return tx.connection.execute(
        text(
            "SELECT c.id, c.ref, c.workflow, c.state,"
            " (SELECT min(person_id) FROM case_participant p WHERE p.case_id = c.id) AS marker"
            " FROM workflow_case c WHERE closed_at IS NULL ORDER BY c.id"
        )
    ).all()


def _broken_run(workspace, bomb):
    """Return a run that writes events in a second transaction: the fault."""
    late: list = []
    write_at_once = moving.write_events
    moving.write_events = lambda _tx, prepared: late.append(prepared)

    def run(actor, function):
        late.clear()
        result = workspace.run(actor, function)
        if late:
            if bomb is not None:
                bomb("between")
            time.sleep(0.002)
            pending = list(late)
            workspace.run(actor, lambda tx: [write_at_once(tx, each) for each in pending])
        return result

    return run
