"""`talent notify`: one digest a day for each person."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.lazy import Group


@click.group("notify", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def notify() -> None:
    """What people are told once a day.

    \b
    talent notify preview
    talent notify digest --dry-run
    """


@notify.command()
@reads
def preview(desk: Desk) -> None:
    """Show the digest that you would get now."""
    from talenthub.cli.notify_rows import print_preview

    print_preview(desk)


@notify.command()
@writes
def digest(desk: Desk) -> None:
    """Put today's digests by, for whom there is something to tell.

    Nobody gets two on one day. For holders of admin or hr_head.
    """
    from talenthub.cli.notify_rows import put_digests_by

    put_digests_by(desk)
