"""`talent inbox`: what waits for me, and what I wait for."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.chosen_cases import where_option


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also what I wait for: tasks of others.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many at most."
)
@where_option
@reads
def inbox(desk: Desk, everything: bool, limit: int, where: str | None) -> None:
    """Show my tasks, the next due first.

    \b
    talent inbox
    talent inbox --where "workflow=application due=overdue"
    talent inbox --all -o json
    """
    from talenthub.cli.inbox_rows import print_inbox

    print_inbox(desk, limit=limit, everything=everything, where=where)
