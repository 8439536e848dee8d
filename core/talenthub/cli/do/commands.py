"""`talent do`: take the next step on a case, or on many."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, writes
from talenthub.cli.chosen_cases import where_option
from talenthub.cli.parameters import Name


@click.command()
@click.argument("words", type=Name("reference or step"), nargs=-1, metavar="REF... [STEP]")
@click.option(
    "--set", "assignments", multiple=True, metavar="FIELD=VALUE", help="A field of the step's form."
)
@click.option("--form", "form_file", metavar="FILE|-", help="The form as a JSON object.")
@click.option("--reason", metavar="TEXT", help="The reason or note of the step.")
@click.option(
    "--from", "source", metavar="FILE|-", help="CSV or XLSX: a column ref, others for the form's fields."
)
@where_option
@click.option("--all-or-nothing", is_flag=True, help="Write nothing if one of many is refused.")
@click.option("--background", is_flag=True, help="Leave it to the workers; see talent jobs list.")
@writes
def do(
    desk: Desk,
    words: tuple[str, ...],
    assignments: tuple[str, ...],
    form_file: str | None,
    reason: str | None,
    source: str | None,
    where: str | None,
    all_or_nothing: bool,
    background: bool,
) -> None:
    """Take STEP on the case REF, or several; without STEP choose from a list.

    \b
    talent do APP-12 shortlist
    talent do SCO-4 rate --set CIT=4 --set TRU=3
    talent do APP-7 APP-9 reject --reason "Withdrawn by the branch"
    talent do shortlist --from candidates.csv --all-or-nothing
    talent do shortlist --where "state=received parent=SEL-1" --dry-run
    talent do remind --where "state=waiting older=7d" --background
    """
    from talenthub.cli.do.forms import Asked
    from talenthub.cli.do.steps import take_steps

    asked = Asked(words, assignments, form_file, reason, source, where, all_or_nothing, background)
    take_steps(desk, asked)
