"""Cycles: open, check, launch, ask, release, close."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    DAY,
    PERSON,
    REFERENCE,
    UNIT,
    Column,
    DateWord,
    Desk,
    Group,
    Request,
    background_option,
    begin_reminders,
    person,
    reads,
    run_campaign,
    writes,
)
from talenthub_performance.commands.common import fire_found
from talenthub_performance.finding import case_of
from talenthub_performance.opening import CYCLE, Begun, Wanted, begin_reviews, checked, open_cycle
from talenthub_performance.relations import hr
from talenthub_performance.sharing import with_shared
from talenthub_performance.telling import reviews_of, status_rows, unwritten


@click.group(cls=Group)
def cycle() -> None:
    """A period over a population, and its reviews."""


@cycle.command("open")
@click.argument("title")
@click.option("--from", "first", type=DAY, required=True, help="The first day of the period.")
@click.option("--to", "last", type=DAY, required=True, help="The last day of the period.")
@click.option("--unit", type=UNIT, help="Only this unit and those beneath; default: everybody.")
@click.option("--framework", help="Whose descriptors are rated; needed if there are several.")
@click.option("--conversation-first", is_flag=True, help="Ask nobody for a rating, show no figures.")
@writes
def open_(
    desk: Desk,
    title: str,
    first: DateWord,
    last: DateWord,
    unit: str | None,
    framework: str | None,
    conversation_first: bool,
) -> None:
    """Open a cycle as a draft; nobody is asked for anything yet."""
    engine = desk.workspace.engine
    opened = desk.run(
        lambda tx: open_cycle(
            engine,
            tx,
            Wanted(
                title=title,
                first=first.on(tx.today),
                last=last.on(tx.today),
                unit=unit,
                framework=framework,
                rated=not conversation_first,
            ),
        )
    )
    rated = "yes" if opened.data.rated else "no"
    row = {"cycle": opened.ref, "title": title, "rated": rated, "state": opened.state}
    desk.emit([row], [Column(each) for each in row])
    desk.say(f"Next: talent performance cycle check {opened.ref}")


@cycle.command("check")
@click.argument("ref", type=REFERENCE)
@reads
def check(desk: Desk, ref: str) -> None:
    """List who can't be reviewed, with what mends it, and shared managers."""
    engine = desk.workspace.engine
    found, shared = desk.run(lambda tx: with_shared(tx, checked(engine, tx, ref)))
    rows = [{"person": each.handle, "what": each.what, "mend": each.mend} for each in found.faults]
    columns = (Column("person"), Column("what"), Column("mend"), Column("days", extra=True))
    if rows or shared or not desk.for_people:
        desk.emit([*rows, *shared], columns)
    desk.say(f"To review: {len(found.ready)}; faults: {len(found.faults)}; left out: {len(found.left_out)}.")
    if shared:
        desk.say(f"{len(shared)} had several managers; the one of most days rates.")
    way = " --leave-out-faulty, or mend them first" if rows else ""
    desk.say(f"Next: talent performance cycle launch {ref}{way}")


@cycle.command("leave-out")
@click.argument("ref", type=REFERENCE)
@click.argument("people", metavar="PERSON…", type=PERSON, nargs=-1, required=True)
@click.option("--reason", required=True, help="Why they are not reviewed in this cycle.")
@writes
def leave_out(desk: Desk, ref: str, people: tuple[str, ...], reason: str) -> None:
    """Leave persons out of a cycle that is not launched yet."""
    fire_found(
        desk,
        lambda engine, tx: [
            Request(
                case_of(engine, tx, ref, CYCLE).ref,
                "leave_out",
                {"persons": [person(tx, each).id for each in people], "reason": reason},
            )
        ],
    )


@cycle.command("launch")
@click.argument("ref", type=REFERENCE)
@click.option("--leave-out-faulty", is_flag=True, help="Begin without those whom the data check names.")
@background_option
@writes
def launch(desk: Desk, ref: str, leave_out_faulty: bool, background: bool) -> None:
    """Launch a cycle and open a review for everybody; repeat to go on."""
    engine = desk.workspace.engine
    form = {"leave_out_faulty": leave_out_faulty}
    begun: list[Begun] = []

    def begin(tx: Any) -> int:
        case = case_of(engine, tx, ref, CYCLE)
        if case.state == "draft":
            engine.fire(tx, case.ref, "launch", form)
        begun[:] = [begin_reviews(engine, tx, ref)]
        return begun[0].campaign

    found = run_campaign(desk, begin, background=background, label="Reviews")
    row = {"cycle": ref.upper(), "opened": found.done, "already": begun[0].already}
    desk.emit([row], (Column("cycle"), Column("opened", right=True), Column("already", right=True)))
    if begun[0].own:
        desk.say(f"Your own review is for another of HR to open: talent performance cycle launch {ref}")
    desk.say(f"Next: talent performance cycle status {ref}")


@cycle.command("status")
@click.argument("ref", type=REFERENCE)
@click.option("--rows", is_flag=True, help="List the reviews behind each number.")
@reads
def status(desk: Desk, ref: str, rows: bool) -> None:
    """Count the reviews of a cycle by state."""
    engine = desk.workspace.engine
    found = desk.run(lambda tx: status_rows(reviews_of(engine, tx, case_of(engine, tx, ref, CYCLE).id)))
    desk.emit(found, (Column("state"), Column("count", right=True), Column("rows", extra=not rows)))


def _begin(desk: Desk, ref: str, states: tuple[str, ...], step: str) -> None:
    """Take a cycle on by a step if it still stands in one of the states."""
    engine = desk.workspace.engine
    case = desk.workspace.run(desk.actor, lambda tx: case_of(engine, tx, ref, CYCLE), read_only=True)
    if case.state in states:
        desk.run(lambda tx: engine.fire(tx, case.ref, step))


def _each(desk: Desk, ref: str, states: tuple[str, ...], step: str, *, background: bool) -> None:
    """Fire a step on every review of a cycle that stands in one of the states."""
    fire_found(
        desk,
        lambda engine, tx: [
            Request(each.ref, step)
            for each in reviews_of(engine, tx, case_of(engine, tx, ref, CYCLE).id)
            if each.state in states
        ],
        label="Reviews",
        nothing=f"No review waits for this: talent performance cycle status {ref}",
        background=background,
    )


@cycle.command("ask")
@click.argument("ref", type=REFERENCE)
@background_option
@writes
def ask(desk: Desk, ref: str, background: bool) -> None:
    """Ask everybody and every manager for their statements."""
    _begin(desk, ref, ("open",), "start_reviewing")
    _each(desk, ref, ("preparing",), "begin", background=background)


@cycle.command("remind")
@click.argument("ref", type=REFERENCE)
@background_option
@writes
def remind(desk: Desk, ref: str, background: bool) -> None:
    """Remind all who must still act, each once a day; name nobody."""
    engine = desk.workspace.engine
    found = run_campaign(
        desk,
        lambda tx: begin_reminders(tx, case_of(engine, tx, ref, CYCLE), by=hr, request_id=desk.request_id),
        background=background,
        label="Cases",
    )
    row = {"cycle": ref.upper(), "looked_at": found.through, "stuck": found.refused}
    columns = (Column("cycle"), Column("looked_at", "Looked at", right=True), Column("stuck", right=True))
    desk.emit([row], columns)
    desk.say("Whoever must still act is told in the next digest; the day counts, not how often you ask.")


@cycle.command("excuse")
@click.argument("ref", type=REFERENCE)
@click.option("--reason", required=True, help="Why nobody waits for them any longer.")
@writes
def excuse(desk: Desk, ref: str, reason: str) -> None:
    """Go on without the own statements that people did not write."""
    fire_found(
        desk,
        lambda engine, tx: [
            Request(each.ref, "excuse", {"reason": reason})
            for each in unwritten(engine, tx, case_of(engine, tx, ref, CYCLE).id)
        ],
        label="Statements",
    )


@cycle.command("calibrate")
@click.argument("ref", type=REFERENCE)
@writes
def calibrate(desk: Desk, ref: str) -> None:
    """Say that calibration begins."""
    fire_found(desk, lambda engine, tx: [Request(case_of(engine, tx, ref, CYCLE).ref, "start_calibrating")])


@cycle.command("sign")
@click.argument("ref", type=REFERENCE)
@background_option
@writes
def sign(desk: Desk, ref: str, background: bool) -> None:
    """Sign every review of a cycle that waits for it and is yours to sign."""
    _each(desk, ref, ("submitted", "calibrated"), "sign_off", background=background)


@cycle.command("release")
@click.argument("ref", type=REFERENCE)
@background_option
@writes
def release(desk: Desk, ref: str, background: bool) -> None:
    """Release every signed review of a cycle."""
    _begin(desk, ref, ("reviewing", "calibrating"), "start_releasing")
    _each(desk, ref, ("signed_off",), "release", background=background)


@cycle.command("close")
@click.argument("ref", type=REFERENCE)
@background_option
@writes
def close(desk: Desk, ref: str, background: bool) -> None:
    """Close the reviews that are through, then the cycle."""
    engine = desk.workspace.engine

    def through(engine: Any, tx: Any) -> list[Request]:
        found = reviews_of(engine, tx, case_of(engine, tx, ref, CYCLE).id)
        return [Request(each.ref, "close") for each in found if each.state in ("released", "acknowledged")]

    waiting = desk.workspace.run(desk.actor, lambda tx: through(engine, tx), read_only=True)
    if waiting:
        fire_found(desk, through, label="Reviews", background=background)
    if waiting and background:
        desk.say(f"Next, when they are closed: talent performance cycle close {ref}")
        return
    fire_found(desk, lambda engine, tx: [Request(case_of(engine, tx, ref, CYCLE).ref, "close")])
