"""Firing one step on many cases, as a campaign that workers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from talenthub.storage.transaction import Transaction
from talenthub.workflow.campaigns.campaigns import Chunk
from talenthub.workflow.firing import Request

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

FIRE = "core:fire"
"""The work that fires: the campaign's form names the step."""


def fire_chunk(engine: Engine, tx: Transaction, chunk: Chunk) -> Sequence[object]:
    """Fire the step that the campaign's form names on each case."""
    step = chunk.form["step"]
    return engine.fire_many(
        tx, [Request(str(each["case"]), step, each.get("form", {})) for each in chunk.items]
    )
