"""`talent log`: who did what, when and why."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.parameters import DAY, PERSON, REFERENCE, DateWord


@click.command()
@click.argument("ref", type=REFERENCE, required=False)
@click.option("--by", type=PERSON, metavar="PERSON", help="Only what PERSON did or entered.")
@click.option("--since", type=DAY, help="Only from this day on.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many of the newest."
)
@reads
def log(desk: Desk, ref: str | None, by: str | None, since: DateWord | None, limit: int) -> None:
    """Show the events of the case REF, or of all cases you may see.

    \b
    talent log APP-12
    talent log --by maria.costa --since -7d
    """
    from talenthub.cli.log_rows import print_log

    print_log(desk, ref, by, since, limit)
