"""`talent recruitment`: the desk of those who fill vacancies."""

from __future__ import annotations

import click

from talenthub.sdk import Group
from talenthub_recruitment import commands_monitor
from talenthub_recruitment.commands import again, candidates, deciding, hiring, letters, scoring, vacancies


@click.group("recruitment", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def recruitment() -> None:
    """Vacancies, interviews against descriptors, decisions, hires.

    \b
    talent recruitment open case-officer --unit harbour --chair dario.conti \\
        --panel ana.ribeiro --panel jonas.weber --panel kofi.mensah --reason "…"
    talent recruitment kit SEL-1 --to kit.html
    talent recruitment score APP-1 --competency CIT=4 --competency TRU=3 --lock
    talent recruitment compare SEL-1
    """


for _command in (
    vacancies.open_,
    vacancies.share,
    vacancies.kit,
    vacancies.plan,
    vacancies.panel,
    candidates.candidate,
    candidates.shortlist,
    candidates.withdraw,
    candidates.funnel,
    scoring.score,
    scoring.assessor,
    scoring.discuss,
    deciding.compare,
    deciding.decide,
    deciding.override,
    deciding.reject,
    hiring.offer,
    hiring.hire,
    letters.letter,
    letters.invite,
    again.reserve,
    again.reinstate,
    again.appeal,
    commands_monitor.monitor,
    commands_monitor.demographics,
    commands_monitor.raters,
):
    recruitment.add_command(_command)
