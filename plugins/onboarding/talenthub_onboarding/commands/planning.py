"""Planning: what a plan holds, and how one begins or is called off."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    PERSON,
    Cases,
    Column,
    DateWord,
    Desk,
    Entry,
    Name,
    Transaction,
    day_on,
    fire_entries,
    one_way,
    person,
    reads,
    writes,
)
from talenthub_onboarding.commands.common import PLAN, file_option, plans_option
from talenthub_onboarding.files import read_beginnings
from talenthub_onboarding.finding import plan_of, plans_of
from talenthub_onboarding.starting import Beginning, start_plan
from talenthub_onboarding.telling import board_rows, task_rows

TASK_COLUMNS = (
    Column("task"),
    Column("due"),
    Column("state"),
    Column("overdue", show=lambda late: "overdue" if late else ""),
    Column("owner"),
    Column("title"),
    *(
        Column(each, extra=True)
        for each in ("part", "plan", "person", "day", "competencies", "band", "required")
    ),
    *(Column(each, extra=True) for each in ("blocked_by", "note", "descriptor")),
)
_STARTED = (
    *(Column(each) for each in ("ref", "person", "first_day", "state", "done")),
    *(Column(each, extra=True) for each in ("about", "next")),
)


def emit_tasks(desk: Desk, rows: list[dict[str, Any]]) -> None:
    """Print tasks; people see the flag only where something is late."""
    spared = desk.for_people and not any(each["overdue"] for each in rows)
    desk.emit(rows, [each for each in TASK_COLUMNS if not (spared and each.name == "overdue")])


@click.command()
@click.argument("words", metavar="PLAN|PERSON…", type=PLAN, nargs=-1, required=True)
@click.option("--open", "only_open", is_flag=True, help="Only what is still to do.")
@reads
def plan(desk: Desk, words: tuple[str, ...], only_open: bool) -> None:
    """List the tasks of plans: what, whose, by when, and what for."""
    engine = desk.workspace.engine
    rows = desk.run(lambda tx: task_rows(engine, tx, plans_of(engine, tx, words)))
    live = ("open", "in progress", "blocked")
    emit_tasks(desk, [each for each in rows if not only_open or each["state"] in live])


@click.command()
@click.argument("who", metavar="[PERSON]", type=PERSON, required=False)
@click.option("--from", "since", type=DAY, help="The first day; default: today.")
@click.option("--move", is_flag=True, help="A move inside the organisation: another post, another role.")
@click.option("--role", type=Name("role"), help="Default: the role of the post on the first day.")
@click.option("--level", type=Name("level"), help="Which level of a role named by --role.")
@file_option
@writes
def start(
    desk: Desk,
    who: str | None,
    since: DateWord | None,
    move: bool,
    role: str | None,
    level: str | None,
    file: Path | None,
) -> None:
    """Open a plan for PERSON, who came another way or moves.

    \b
    talent onboarding start amara.okoye --from 2026-03-02
    talent onboarding start --file newcomers.csv
    """
    one_way({"PERSON": who, "--file": file}, "start")
    engine = desk.workspace.engine
    first = date.fromisoformat(day_on(desk, since or DateWord("today")) or "")
    wanted = [Beginning(who=who or "", first_day=first, is_move=move, role=role, level=level)]
    wanted = wanted if file is None else read_beginnings(file, first, is_move=move)

    def run(tx: Transaction) -> list[dict[str, Any]]:
        return board_rows(engine, tx, [start_plan(engine, tx, each) for each in wanted])

    rows = desk.run(run)
    desk.emit(rows, _STARTED)
    desk.say(f"Next: talent onboarding plan {rows[0]['ref']}, then release it")


@click.command()
@plans_option
@click.option("--buddy", type=PERSON, help="Who helps the newcomer to find their way.")
@writes
def release(desk: Desk, cases: Cases, buddy: str | None) -> None:
    """Release plans, with a buddy: what comes before the first day begins."""
    found = (
        None
        if buddy is None
        else desk.workspace.run(desk.actor, lambda tx: person(tx, buddy).id, read_only=True)
    )
    fire_entries(desk, [Entry(each, {"buddy": found}) for each in cases.refs(desk)], "release", plan_of)


@click.command("first-day")
@plans_option
@click.argument("day", type=DAY)
@click.option("--reason", required=True, help="Why it is another day.")
@writes
def first_day(desk: Desk, cases: Cases, day: DateWord, reason: str) -> None:
    """Move the first day of newcomers; open tasks move with it."""
    form = {"first_day": day_on(desk, day), "reason": reason}
    fire_entries(desk, [Entry(each, form) for each in cases.refs(desk)], "change_first_day", plan_of)


@click.command()
@plans_option
@click.option("--reason", required=True, help="Why; what was done so far is kept.")
@writes
def cancel(desk: Desk, cases: Cases, reason: str) -> None:
    """Call plans off; nothing is deleted."""
    fire_entries(desk, [Entry(each, {"reason": reason}) for each in cases.refs(desk)], "cancel", plan_of)
