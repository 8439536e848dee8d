"""Ways: reachable roles, and the path to one of them."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import PERSON, Column, Desk, Name, reads, shown
from talenthub_career.commands.telling import figure
from talenthub_career.ways import Way, way_of


def _months(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


_REACH = (
    Column("role"),
    Column("distance", right=True, show=figure),
    Column("months", right=True, show=_months),
    Column("unknown", show=" ".join),
)
_STEPS = (
    Column("step", right=True),
    Column("end", "To"),
    Column("months", right=True, show=_months),
    Column("residual", right=True, show=figure),
    Column("differs", show=" ".join),
    Column("unknown", show=" ".join),
    Column("start", extra=True),
)
_WORDS = (
    Column("competency"),
    *(Column(each, right=True, show=figure) for each in ("here", "there")),
    *(Column(each) for each in ("said_here", "said_there")),
)
_SEVERAL = (Column("end", "To"), *_WORDS)


@click.command()
@click.argument("who", metavar="PERSON", type=PERSON)
@click.option("--to", "goal", type=Name("role"), help="The path to this role; without: all, nearest first.")
@click.option("--level", type=Name("level"), help="Which level of a role with several.")
@click.option("--words", is_flag=True, help="What the descriptors on the way say differently.")
@reads
def paths(desk: Desk, who: str, goal: str | None, level: str | None, words: bool) -> None:
    """Show paths over the roles: months, and what is asked differently."""
    engine = desk.workspace.engine
    way = desk.run(lambda tx: way_of(engine, tx, who, goal, level))
    if goal is None:
        desk.emit(_reach_rows(way), _REACH, title=f"{who}, from {way.start}")
    elif words:
        columns = _SEVERAL if len(way.steps) > 1 else (*_WORDS, Column("end", extra=True))
        desk.emit(_word_rows(way), columns, title=f"{who}, from {way.start} to {way.steps[-1].end}")
    else:
        desk.emit(_step_rows(way), _STEPS, title=f"{who}, from {way.start}")
        total = sum((each.months for each in way.steps), start=way.velocity * 0)
        least = "at least " if any(each.unknown for each in way.steps) else ""
        desk.say(f"{least}{float(total):.1f} months in all; what differs in words: --words")
    count = len(way.observed)
    resting = f"{count} closed target{'s' if count > 1 else ''}" if count else "no closed target yet"
    desk.say(f"Velocity {shown(way.velocity)} levels a year, by {resting}")


def _reach_rows(way: Way) -> list[dict[str, Any]]:
    return [
        {
            "role": str(each.place),
            "distance": float(each.distance),
            "months": float(each.months),
            "unknown": list(each.unknown),
        }
        for each in way.reaches
    ]


def _step_rows(way: Way) -> list[dict[str, Any]]:
    return [
        {
            "step": number,
            "start": str(each.start),
            "end": str(each.end),
            "months": float(each.months),
            "residual": float(each.residual),
            "differs": [found.competency for found in each.differs],
            "unknown": list(each.unknown),
        }
        for number, each in enumerate(way.steps, 1)
    ]


def _word_rows(way: Way) -> list[dict[str, Any]]:
    return [
        {
            "end": str(each.end),
            "competency": found.competency,
            "here": found.here,
            "there": found.there,
            "said_here": found.said_here,
            "said_there": found.said_there,
        }
        for each in way.steps
        for found in each.differs
    ]
