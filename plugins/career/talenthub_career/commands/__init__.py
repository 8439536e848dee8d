"""`talent career`: development on purpose, and the next step."""

from __future__ import annotations

import click

from talenthub.sdk import Group
from talenthub_career.commands import following, hoping, mapping, placing, seeing, telling, ways


@click.group("career", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def career() -> None:
    """Placements, development plans, paths, aspirations and moves.

    \b
    talent career place amara.okoye --occasion "Review 2026" --review REV-1
    talent career start amara.okoye
    talent career target amara.okoye COM --why "…" --sign "…"
    talent career track amara.okoye --action "…" --reflection "…" --confidence 5
    talent career paths amara.okoye --to branch-manager
    """


for _command in (
    placing.place,
    placing.rate,
    placing.discuss,
    placing.calibrate,
    placing.weigh,
    placing.agree,
    placing.placement,
    seeing.start,
    seeing.see,
    seeing.target,
    seeing.sign,
    mapping.map_,
    mapping.learning,
    following.track,
    following.pulse,
    following.answer,
    following.collect,
    following.reassess,
    following.close,
    following.extend,
    following.again,
    following.abandon,
    telling.show,
    telling.board,
    telling.nine_box,
    ways.paths,
    hoping.aspire,
    hoping.interest,
    hoping.move,
):
    career.add_command(_command)
