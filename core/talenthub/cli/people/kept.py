"""`talent people kept`: what is kept about oneself, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.output import Column, as_text

_WITHIN = 40
"""Characters of a content that a table shows; every other format has all."""


def _short(content: Mapping[str, Any]) -> str:
    plain = {
        name: each for name, each in content.items() if each is not None and not isinstance(each, dict | list)
    }
    values = (
        plain.values() if len(plain) == 1 else [f"{name} {as_text(each)}" for name, each in plain.items()]
    )
    text = ", ".join(map(as_text, values))
    return text if len(text) <= _WITHIN else f"{text[:_WITHIN]}…"


_COLUMNS = (
    *(Column(each) for each in ("where", "what", "ref")),
    Column("since", show=lambda since: as_text(since)[:10]),
    *(Column(each, extra=True) for each in ("category", "why")),
    Column("content", show=_short),
)


@click.command()
@reads
def kept(desk: Desk) -> None:
    """List what is kept about you: where, since when, and what for.

    \b
    talent people kept
    talent people kept -o json > about-me.json
    talent people kept --fields where,what,why
    """
    from talenthub.cli.casework import read
    from talenthub.workspace.kept import kept_about

    workspace = desk.workspace
    declared = [each.value for each in workspace.host.personal_data()]
    found = read(desk, lambda engine, tx: kept_about(tx, engine.catalogue, workspace.evidence, declared))
    desk.emit([asdict(each) for each in found], _COLUMNS, title=f"{len(found)} records about you")
    desk.say(
        "As far as it is yours to see: docs/people.md says what is not, and whom to ask."
        " Answers under seal name nobody."
    )
