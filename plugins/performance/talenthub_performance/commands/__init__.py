"""`talent performance`: the desk of those who talk about work and rate it."""

from __future__ import annotations

import click

from talenthub.sdk import Group
from talenthub_performance.commands import (
    calibrating,
    conversations,
    cycles,
    feedbacks,
    pulses,
    reviews,
    rounds,
)


@click.group("performance", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def performance() -> None:
    """Conversations, reviews on descriptors, calibration, release.

    \b
    talent performance cycle open "Year 2026" --from 2026-03-02 --to 2027-02-26
    talent performance cycle check CYC-1
    talent performance review rate REV-1 --competency COM=2 --note COM="…"
    talent performance review show amara.okoye
    """


for _group in (
    cycles.cycle,
    reviews.review,
    conversations.conversation,
    pulses.pulse,
    feedbacks.feedback,
    rounds.round_,
    calibrating.calibrate,
):
    performance.add_command(_group)
