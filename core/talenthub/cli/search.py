"""`talent search`: find cases, persons, roles, competencies, posts and units."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.parameters import Name


@click.command()
@click.argument("text", type=Name("text"))
@click.option(
    "--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, help="So many of each kind."
)
@reads
def search(desk: Desk, text: str, limit: int) -> None:
    """Find what holds TEXT, among all that you may see.

    \b
    talent search okoye
    talent search "case officer" -o json
    """
    from talenthub.cli.search_rows import print_found

    print_found(desk, text, limit)
