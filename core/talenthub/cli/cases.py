"""`talent list`: the cases that a condition fits."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.chosen_cases import Cases, cases_option


@click.command("list")
@cases_option("[REF]…", required=False)
@reads
def list_(desk: Desk, cases: Cases) -> None:
    """List cases: those of a condition, else all open ones in sight.

    \b
    talent list --where "state=assessing older=14d"
    talent list --where "workflow=application unit=harbour due=overdue" -o csv
    talent list --where "parent=SEL-1 is=any"
    """
    from talenthub.cli.cases_rows import print_cases

    print_cases(desk, cases)
