"""`talent why`: every condition of a step, met or not."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.parameters import REFERENCE, Name


@click.command()
@click.argument("ref", type=REFERENCE)
@click.argument("step", type=Name("step"), required=False)
@reads
def why(desk: Desk, ref: str, step: str | None) -> None:
    """Show every condition of STEP on the case REF, or of all its steps.

    \b
    talent why APP-12 hire
    talent why APP-12 -o json
    """
    from talenthub.cli.why_rows import print_why

    print_why(desk, ref, step)
