"""`talent tick`: let what is due happen; in a demo, let time pass."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, writes
from talenthub.cli.parameters import DAY, DateWord


@click.command()
@click.option("--to", type=DAY, help="In a demo: move its clock on to this day.")
@writes
def tick(desk: Desk, to: DateWord | None) -> None:
    """Fire what is due, deliver what waits, try handoffs again.

    \b
    talent tick
    talent tick --to +7d        in a demo: a week passes
    """
    from talenthub.cli.tick_rows import run_tick

    run_tick(desk, to)
