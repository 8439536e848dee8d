"""`talent succession`: the desk of those who let no post stay empty."""

from __future__ import annotations

import click

from talenthub.sdk import Group
from talenthub_succession.commands import assessing, benches, boards, nominating, people, posts


@click.group("succession", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def succession() -> None:
    """Critical posts, nominations, readiness, the bench and its risk.

    \b
    talent succession post add harbour-stl --criticality 0.9 --because "…"
    talent succession nominate amara.okoye --post harbour-stl --because "…"
    talent succession assess amara.okoye --performance H --potential H
    talent succession board call NOM-… --member kofi.mensah --member …
    talent succession bench
    talent succession what-if --leave tomas.lind
    """


for _command in (
    posts.post,
    nominating.nominate,
    nominating.nominations,
    nominating.show,
    nominating.submit,
    nominating.check,
    assessing.assess,
    boards.board,
    nominating.activate,
    nominating.appoint,
    nominating.withdraw,
    benches.bench,
    benches.cover,
    benches.risk,
    benches.what_if,
    benches.ladder,
    people.best,
    people.develop,
):
    succession.add_command(_command)
