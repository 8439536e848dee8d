"""`talent show`: any record by its reference, handle or code."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.parameters import Name, OneOf

KINDS = ("case", "person", "unit", "post", "framework")


@click.command()
@click.argument("ref", type=Name("reference or person"))
@click.option("--kind", type=OneOf("kind", KINDS), help="Where a code means several records: which one.")
@reads
def show(desk: Desk, ref: str, kind: str | None) -> None:
    """Show a record: a case, a person, a unit, a post or a framework.

    \b
    talent show APP-12
    talent show amara.okoye
    """
    from talenthub.cli.show_record import show_record

    show_record(desk, ref, kind)
