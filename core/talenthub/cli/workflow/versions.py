"""`talent workflow diff` and `migrate`: versions, and cases between them."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.chosen_cases import from_option, where_option
from talenthub.cli.parameters import REFERENCE, Name

WORKFLOW = Name("workflow")
VERSION = click.IntRange(min=1)


@click.command()
@click.argument("name", type=WORKFLOW)
@click.argument("former", metavar="[FROM", type=VERSION, required=False)
@click.argument("now", metavar="TO]", type=VERSION, required=False)
@reads
def diff(desk: Desk, name: str, former: int | None, now: int | None) -> None:
    """Show what changed between two versions of the workflow NAME.

    Default: the newest version and the one before it. Versions whose plugin
    is gone can be compared as well: their declarations are kept.
    """
    from talenthub.cli.workflow.diff_rows import print_diff

    print_diff(desk, name, former, now)


@click.command()
@click.argument("name", type=WORKFLOW)
@click.argument("refs", metavar="[REF…]", type=REFERENCE, nargs=-1)
@click.option(
    "--to", "version", type=VERSION, required=True, metavar="VERSION", help="The version to move to."
)
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="OLD=NEW|FILE",
    help="A former state and its new one, or a file with the columns from, to.",
)
@from_option
@where_option
@writes
def migrate(
    desk: Desk,
    name: str,
    refs: tuple[str, ...],
    version: int,
    pairs: tuple[str, ...],
    source: str | None,
    where: str | None,
) -> None:
    """Move open cases of the workflow NAME to another version.

    All that you may see, unless some are named. A state keeps its name where
    --map does not say another; a case whose state has none stays, and so does
    one that is closed. Nothing ends by it. --dry-run tells of each case what
    would happen; anybody may ask that.

    \b
    talent workflow migrate mentoring.pair --to 2 --map asked=received --dry-run
    """
    from talenthub.cli.chosen_cases import Cases
    from talenthub.cli.workflow.migrate_rows import move_cases

    move_cases(desk, name, version, pairs, Cases(refs, source, where))
