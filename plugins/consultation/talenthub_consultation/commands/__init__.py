"""`talent consultation`: writing a framework with others."""

from __future__ import annotations

import click

from talenthub.sdk import Group
from talenthub_consultation.commands import inviting, reviewing, showing, voting


@click.group("consultation", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def consultation() -> None:
    """Groups that review a framework, their votes, and what follows from them.

    \b
    talent consultation open hpsa-core 1.1.0
    talent consultation groups CNS-1 --file groups.csv
    talent consultation begin CNS-1
    talent consultation vote CNS-1 --file votes.xlsx
    talent consultation close CNS-1
    talent consultation adjust CNS-1 --item COM.L3 --text "…" --because "…"
    talent consultation dossier CNS-1 --to dossier.html
    """


for _command in (
    reviewing.open_,
    inviting.groups,
    inviting.release,
    reviewing.begin,
    voting.sheet,
    voting.vote,
    reviewing.close,
    reviewing.adjust,
    reviewing.decide,
    reviewing.sign,
    reviewing.publish,
    reviewing.withdraw,
    showing.list_,
    showing.show,
    showing.items,
    showing.buy_in,
    showing.relevance,
    showing.dossier,
):
    consultation.add_command(_command)
