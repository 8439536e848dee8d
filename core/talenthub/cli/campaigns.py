"""Campaigns at the desk: done here and now, or left to the workers.

@cycle.command("launch")
@background_option
@writes
def launch(desk: Desk, background: bool) -> None:
    run_campaign(desk, lambda tx: start_campaign(tx, wanted, items), background=background)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import click

from talenthub.cli.base import Desk
from talenthub.cli.firing import progress
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.campaigns.campaigns import CampaignView, campaigns, open_chunks

PAUSE = 0.2
"""Seconds to wait while others do the last chunks."""


def background_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--background`: workers do it, the command does not wait."""
    return click.option("--background", is_flag=True, help="Leave it to the workers; see talent jobs list.")(
        command
    )


def run_campaign(
    desk: Desk, begin: Callable[[Transaction], int], *, background: bool = False, label: str = "People"
) -> CampaignView:
    """Begin a campaign in one transaction; do it, or leave it to the workers.

    `begin` returns its number. A dry run does all of it in one transaction
    that is taken back.
    """
    engine = desk.workspace.engine
    if desk.dry_run:
        return desk.run(lambda tx: _dry(desk, tx, begin(engine.enter(tx))))
    return work_off(desk, desk.run(lambda tx: begin(engine.enter(tx))), background=background, label=label)


def _dry(desk: Desk, tx: Transaction, number: int) -> CampaignView:
    for delivery, _ in open_chunks(tx, number):
        desk.workspace.engine.deliver(tx, delivery)
    return campaigns(tx, [number])[number]


def work_off(desk: Desk, number: int, *, background: bool = False, label: str = "People") -> CampaignView:
    """Do what is left of a campaign here, and tell how far it came.

    Workers may help, or go on where this is broken off: a chunk is one
    transaction, with its mark. In the background nothing is done here.
    """
    found = _look(desk, number)
    if background and found.waiting:
        waits = "waits" if found.waiting == 1 else "wait"
        desk.say(f"{found.name}: {found.waiting:,} {waits} for a worker. See talent jobs show {found.name}")
        return found
    try:
        _do(desk, found, label)
    except KeyboardInterrupt:
        desk.say(f"Interrupted: a worker goes on, or talent jobs run {found.name}")
        raise
    found = _look(desk, number)
    if found.refused:
        desk.say(f"{_counted(found.refused)} refused: talent jobs show {found.name}")
    if found.waiting:
        desk.say(f"{_counted(found.waiting)} not done and will be tried again: talent jobs show {found.name}")
    return found


def _counted(many: int) -> str:
    return f"{many:,} {'was' if many == 1 else 'were'}"


def _do(desk: Desk, found: CampaignView, label: str) -> None:
    engine, workspace = desk.workspace.engine, desk.workspace
    with progress(found.total, label) as advance:
        advance(found.through)
        while waiting := workspace.run(SYSTEM, lambda tx: open_chunks(tx, found.id), read_only=True):
            before = len(waiting)
            for delivery, size in waiting:
                if workspace.run(SYSTEM, lambda tx, which=delivery: engine.deliver(tx, which)):  # type: ignore[misc]
                    advance(size)
                    before -= 1
            if before == len(waiting):
                time.sleep(PAUSE)  # others are at them


def _look(desk: Desk, number: int) -> CampaignView:
    return desk.workspace.run(SYSTEM, lambda tx: campaigns(tx, [number])[number], read_only=True)
