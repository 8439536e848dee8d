"""Telling: one plan or its parts, all plans, and how people were placed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    UNIT,
    CaseView,
    Column,
    Desk,
    Made,
    NotFound,
    OneOf,
    Problem,
    Transaction,
    deliver,
    draws,
    reads,
    shown,
)
from talenthub_career import drawing
from talenthub_career.commands.common import WORD, plan_word
from talenthub_career.finding import PLAN, cases_of, settings_for
from talenthub_career.plan_cases import Plan, Target
from talenthub_career.reports import inside, spread_rows
from talenthub_career.settings import CareerSettings
from talenthub_career.telling import (
    board_rows,
    entry_rows,
    flow_of,
    kept_of,
    map_rows,
    mix_of,
    plan_record,
    seeing_rows,
)


def figure(value: Any) -> str:
    """Return a figure as people read it; `-` where it is unknown."""
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _hours(value: float) -> str:
    return f"{value:g}"


SEEING = (
    Column("rank", right=True, show=lambda value: "" if value is None else str(value)),
    Column("competency"),
    *(Column(each, right=True, show=figure) for each in ("priority", "context", "need", "gap", "near_gap")),
    Column("chosen", show=lambda yes: "yes" if yes else ""),
    Column("says"),
    *(Column(each, extra=True) for each in ("strategy", "challenge", "near", "reason")),
)
MAP = (
    *(Column(each) for each in ("item", "kind")),
    Column("hours", right=True, show=_hours),
    Column("in_flow", "Flow", show=lambda yes: "yes" if yes else ""),
    *(Column(each) for each in ("due", "done", "title")),
    *(Column(each, extra=True) for each in ("target", "heat")),
)
ENTRIES = (
    *(Column(each) for each in ("on", "what")),
    Column("confidence", right=True),
    *(Column(each) for each in ("action", "reflection")),
    *(Column(each, extra=True) for each in ("due", "impact", "intention", "plan_change")),
)
BOARD = (
    *(Column(each) for each in ("ref", "person", "state", "light", "targets")),
    Column("adherence", "Kept", right=True, show=figure),
    Column("missed", right=True),
    Column("pulse", right=True, show=figure),
    Column("next_entry", "Next"),
    Column("strategy", extra=True),
)
_PARTS = ("seeing", "map", "entries", "pulse")


@click.command()
@click.argument("word", metavar="PLAN|PERSON", type=WORD)
@click.option("--part", type=OneOf("part", _PARTS), help="Only this part, as rows or as a picture.")
@draws
def show(desk: Desk, word: str, part: str | None, file: Path | None) -> None:
    """Show a plan on one page, or one of its parts."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> tuple[CaseView, dict[str, Any], Fraction | None, CareerSettings]:
        case = plan_word(engine, tx, word)
        kept = None if case.data is None else kept_of(case.data, tx.today)
        return case, plan_record(engine, tx, case), kept, settings_for(engine, tx, case)

    case, record, kept, settings = desk.run(run)
    if part is None:
        shown = {name: each for name, each in record.items() if each not in (None, [], "")}
        desk.emit_record(shown if desk.for_people else record)
        return
    if case.data is None:
        raise NotFound(Problem(text="what this plan says is not yours to read", found=case.ref))
    deliver(desk, _PICKED[part](case, settings), file)
    if file is None and desk.for_people:
        for line in _said(part, case.data, kept):
            desk.say(line)


def _seeing(case: CaseView, settings: CareerSettings) -> Made:
    rows = seeing_rows(case.data)
    title = f"{case.ref}: what matters, and what is lacking"
    return Made(title, rows, SEEING, lambda: drawing.seeing(title, rows, settings.context_share))


def _map(case: CaseView, _settings: CareerSettings) -> Made:
    title = f"{case.ref}: learning map, in hours"
    hours = {each.competency: mix_of(each) for each in case.data.targets if each.items}
    return Made(title, map_rows(case.data), MAP, lambda: drawing.learning(title, hours))


def _entries(case: CaseView, _settings: CareerSettings) -> Made:
    rows = entry_rows(case.data)
    title = f"{case.ref}: every {case.data.course.every} days"
    return Made(title, rows, ENTRIES, lambda: drawing.entries(title, rows))


def _pulses(case: CaseView, _settings: CareerSettings) -> Made:
    rows = [
        {
            "on": each.on,
            "answers": len(each.changes),
            "asked": each.asked,
            "mean": sum(each.changes) / len(each.changes),
            "share": sum(change >= 1 for change in each.changes) / len(each.changes),
        }
        for each in case.data.pulses
    ]
    columns = [
        Column(each, right=each != "on", show=figure) for each in ("on", "answers", "asked", "mean", "share")
    ]
    return Made(f"{case.ref}: the change that colleagues see", rows, columns)


_PICKED: dict[str, Callable[[CaseView, CareerSettings], Made]] = {
    "seeing": _seeing,
    "map": _map,
    "entries": _entries,
    "pulse": _pulses,
}


def _said(part: str, data: Plan, kept: Fraction | None) -> list[str]:
    if part == "map":
        return [_mix(each) for each in data.targets if each.items]
    if part == "entries" and kept is not None:
        return [f"Kept {float(kept):.3f} of what was due; {len(data.missed)} missed"]
    return []


def _mix(target: Target) -> str:
    hours = " / ".join(f"{float(each):g}" for each in mix_of(target).values())
    flow = shown(flow_of(target))
    return f"{target.competency}: {hours} hours at work, with people, formal; {flow} in the flow"


@click.command()
@click.argument("words", metavar="[PLAN|PERSON]…", type=WORD, nargs=-1)
@click.option("--unit", "where", type=UNIT, help="Only of this unit and beneath.")
@reads
def board(desk: Desk, words: tuple[str, ...], where: str | None) -> None:
    """Show the open plans that are yours to see, the red ones first."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        return board_rows(engine, tx, inside(tx, cases_of(engine, tx, words, PLAN), where))

    desk.emit(desk.run(run), BOARD)


@click.command("nine-box")
@click.option("--unit", "where", type=UNIT, help="Only of this unit and beneath.")
@click.option("--rows", "with_rows", is_flag=True, help="List the placements behind each number.")
@draws
def nine_box(desk: Desk, where: str | None, with_rows: bool, file: Path | None) -> None:
    """Show how many were placed where; nothing of fewer than five."""
    engine = desk.workspace.engine
    rows = desk.run(lambda tx: spread_rows(engine, tx, where))
    columns = [
        *(Column(each) for each in ("performance", "potential", "strategy")),
        Column("people", right=True, show=figure),
        Column("rows", extra=not with_rows),
    ]
    title = "Placements" if where is None else f"Placements in {where}"
    deliver(desk, Made(title, rows, columns, lambda: drawing.nine_box(title, rows)), file)
    if all(each["people"] is None for each in rows):
        desk.say("Too few were placed to show how many.")
