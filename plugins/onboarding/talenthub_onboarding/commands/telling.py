"""Telling: one plan, all of them, and how well the interview told."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import Column, Desk, Transaction, reads
from talenthub_onboarding.commands.common import PLAN
from talenthub_onboarding.commands.planning import emit_tasks
from talenthub_onboarding.finding import PLAN as PLAN_WORKFLOW
from talenthub_onboarding.finding import plan_of, plans_of
from talenthub_onboarding.quality import pairs_of, quality_rows
from talenthub_onboarding.quality import quality as quality_of
from talenthub_onboarding.telling import board_rows, plan_record, task_rows


def _figure(value: Any) -> str:
    return "" if value is None else f"{float(value):.3f}"


_BOARD = (
    *(Column(each) for each in ("ref", "person")),
    Column("day", right=True),
    *(Column(each) for each in ("state", "done")),
    Column("overdue", "Late", right=True),
    Column("next"),
    *(Column(each, extra=True) for each in ("about", "first_day", "blocked", "talks")),
    Column("late_tasks", extra=True),
)
_QUALITY = (
    Column("competency"),
    Column("people", right=True),
    *(Column(each, right=True, show=_figure) for each in ("r", "low", "high")),
    Column("said"),
    Column("rows", extra=True),
)


@click.command()
@click.argument("word", metavar="PLAN|PERSON", type=PLAN)
@click.option("--tasks", is_flag=True, help="Its tasks as well.")
@reads
def show(desk: Desk, word: str, tasks: bool) -> None:
    """Show one plan: needs, talks, the check and what it proposes."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        case = plan_of(engine, tx, word)
        return plan_record(engine, tx, case), task_rows(engine, tx, [case]) if tasks else []

    record, rows = desk.run(run)
    if desk.for_people:
        desk.emit_record({name: each for name, each in record.items() if each not in (None, [])})
        if rows:
            emit_tasks(desk, rows)
    else:
        desk.emit_record(record | ({"tasks": rows} if tasks else {}))


@click.command()
@click.argument("words", metavar="[PLAN|PERSON]…", type=PLAN, nargs=-1)
@reads
def board(desk: Desk, words: tuple[str, ...]) -> None:
    """Show the open plans that are yours to see, the late ones first."""
    engine = desk.workspace.engine
    desk.emit(desk.run(lambda tx: board_rows(engine, tx, plans_of(engine, tx, words))), _BOARD)


@click.command()
@click.option("--rows", is_flag=True, help="List the plans behind each figure.")
@reads
def quality(desk: Desk, rows: bool) -> None:
    """Correlate interview and day 90; withheld for fewer than ten."""
    engine = desk.workspace.engine
    fewest = engine.catalogue.newest(PLAN_WORKFLOW).settings.quality_minimum

    def run(tx: Transaction) -> list[dict[str, Any]]:
        pairs = pairs_of(engine.of_workflow(tx, PLAN_WORKFLOW))
        return quality_rows(quality_of(pairs, fewest))

    columns = [Column(each.name, right=each.right, show=each.show) for each in _QUALITY] if rows else _QUALITY
    desk.emit(desk.run(run), columns)
