"""`talent onboarding`: the first ninety days."""

from __future__ import annotations

import click

from talenthub.sdk import Group
from talenthub_onboarding.commands import deciding, planning, talking, tasks, telling


@click.group("onboarding", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def onboarding() -> None:
    """Plans for newcomers and movers, talks, the check at day 90.

    \b
    talent onboarding board
    talent onboarding release ONB-1 --buddy jonas.weber
    talent onboarding task done OTK-3 --note "Rewrote three letters"
    talent onboarding talk amara.okoye --outcome on-track
    talent onboarding check amara.okoye --competency CIT=3 --note CIT="…"
    """


for _command in (
    planning.plan,
    planning.start,
    planning.release,
    planning.first_day,
    planning.cancel,
    telling.show,
    telling.board,
    telling.quality,
    tasks.task,
    talking.talk,
    talking.reflect,
    talking.check,
    deciding.confirm,
    deciding.extend,
    deciding.end,
):
    onboarding.add_command(_command)
