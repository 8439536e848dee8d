"""What the trial plugin brings, by name."""

from __future__ import annotations

from talenthub.hooks import EventHandler, WorkflowRef, hookimpl

CONTRACT = "1"
NAMES = ("CIRCLE", "MARK", "FOLLOW", "POSITION", "LOT", "BID", "SURVEY", "ANSWER")


@hookimpl
def talenthub_workflows():
    return [WorkflowRef(f"talenthub_trial.workflows:{name}") for name in NAMES]


@hookimpl
def talenthub_event_handlers():
    return [EventHandler("count", "trial.circle.finish", "talenthub_trial.handlers:count")]
