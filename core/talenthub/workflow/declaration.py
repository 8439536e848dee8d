"""A workflow's declaration as JSON, stored so that it outlives its plugin."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from talenthub.storage.types import canonical
from talenthub.workflow.definition import Duration, State, Task, Timer, Transition, Workflow


def declaration_of(workflow: Workflow) -> str:
    """Return the declaration as canonical JSON, without lines of files."""
    return canonical(
        {
            "name": workflow.name,
            "ref": workflow.ref,
            "version": workflow.version,
            "title": workflow.words,
            "stage": workflow.stage,
            "initial": workflow.initial,
            "data": workflow.data.model_json_schema(),
            "open_by": str(workflow.open_by),
            "viewers": str(workflow.viewers),
            "subject_sees": workflow.subject_sees,
            # Left out where there is none, so that the hashes of others stay.
            **({"subject_sees_all_in": list(shown)} if (shown := workflow.subject_sees_all_in) else {}),
            **({"entered_by": entered} if (entered := workflow.entered_by) else {}),
            "participants": list(workflow.participants),
            "parent": workflow.parent,
            "blind": _blind(workflow),
            "confidential": workflow.confidential,
            "personal": list(workflow.personal),
            "opening": [each.name for each in workflow.opening],
            "states": [_state(each) for each in workflow.states],
            "transitions": [_transition(each) for each in workflow.transitions],
        }
    )


def hash_of(declaration: str) -> str:
    """Return the SHA-256 of a declaration, as hexadecimal text."""
    return hashlib.sha256(declaration.encode()).hexdigest()


def _blind(workflow: Workflow) -> Any:
    blind = workflow.blind
    return blind and {"role": blind.role, "states": blind.states, "until_revealed": blind.until_revealed}


def _duration(duration: Duration | None) -> Any:
    return duration and {"days": duration.days, "working": duration.working}


def _state(state: State) -> Any:
    return {
        "name": state.name,
        "title": state.words,
        "due": _duration(state.due),
        "outcome": state.outcome,
        "tasks": None if state.tasks is None else [_task(each) for each in state.tasks],
        "timers": [_timer(each) for each in state.timers],
    }


def _task(task: Task) -> Any:
    return {"title": task.title, "to": str(task.to), "name": task.name}


def _timer(timer: Timer) -> Any:
    return {
        "name": timer.name,
        "after": _duration(timer.after),
        "fires": timer.fires,
        "escalates": timer.escalates,
    }


def _transition(transition: Transition) -> Any:
    return {
        "name": transition.name,
        "title": transition.words,
        "sources": list(transition.sources),
        "target": transition.target,
        "by": str(transition.by),
        "form": transition.form and transition.form.model_json_schema(),
        "guards": [each.name for each in transition.guards],
        "effects": [each.name for each in transition.effects],
        "four_eyes": list(transition.four_eyes),
        "locks": list(transition.locks),
        "sealed": transition.sealed,
    }


def read_declaration(text: str) -> dict[str, Any]:
    """Return a stored declaration as plain values."""
    read: dict[str, Any] = json.loads(text)
    return read
