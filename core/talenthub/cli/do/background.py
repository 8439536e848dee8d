"""A step on many cases that workers take: `talent do STEP --background`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.campaigns import run_campaign
from talenthub.cli.casework import engine_of
from talenthub.errors import Problem, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.campaigns.campaigns import Campaign, start_campaign
from talenthub.workflow.campaigns.fire_chunks import FIRE
from talenthub.workflow.firing import Request


def leave_to_workers(desk: Desk, requests: Sequence[Request], step: str) -> None:
    """Begin a campaign that fires the step in the actor's name; tell its name."""
    _refuse_sealed(desk, step)
    wanted = Campaign(FIRE, f"takes the step {step.replace('_', ' ')}", form={"step": step})

    def begin(tx: Transaction) -> int:
        return start_campaign(tx, wanted, _items(requests), request_id=desk.request_id)

    found = run_campaign(desk, begin, background=True)
    if desk.dry_run:
        desk.say(f"{found.done:,} would be done, {found.refused:,} refused")


def _items(requests: Sequence[Request]) -> Iterator[dict[str, Any]]:
    for each in requests:
        form = json.loads(json.dumps(dict(each.form), default=str))
        yield {"case": str(each.ref), **({"form": form} if form else {})}


def _refuse_sealed(desk: Desk, step: str) -> None:
    # Until it is done a campaign keeps the form beside the name of who gave it.
    edges = [
        edge
        for loaded in engine_of(desk).catalogue.versions()
        for edge in loaded.workflow.transitions
        if edge.name == step
    ]
    if any(edge.sealed for edge in edges):
        text, mend = "an answer that is sealed is not left to others", "leave --background out"
        raise UsageError(Problem(text=text, place="--background", mend=mend, code="campaign.sealed"))
