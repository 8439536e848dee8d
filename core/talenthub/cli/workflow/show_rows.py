"""Rows of `talent workflow show`: a declaration as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.casework import engine_of
from talenthub.cli.forms import kind_words
from talenthub.cli.output import Column
from talenthub.cli.workflow.origin import origins
from talenthub.cli.workflow.rows import loaded_by_name
from talenthub.workflow.adjusting.words import Page
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.definition import State, Timer, Transition, Workflow
from talenthub.workflow.diagram import words_of
from talenthub.workflow.tasks import tasks_of

_STATES = (
    Column("state"),
    Column("means"),
    Column("due"),
    Column("tasks", "To do there"),
    Column("timers", "Of itself"),
)
_STEPS = (
    Column("step"),
    Column("source", "From"),
    Column("target", "To"),
    Column("by"),
    Column("conditions"),
    Column("fields"),
    Column("title", extra=True),
    Column("declared_at", extra=True),
)
_READ = (
    Column("way", "Step"),
    Column("source", "From"),
    *_STEPS[3:],
    Column("step", extra=True),
    Column("target", extra=True),
)
"""A step and where it leads, in one column: five of names do not fit a screen."""
_ORIGINS = (Column("setting"), Column("value"), Column("origin"))
_GUARDS = (
    Column("guard"),
    Column("help", "The step is possible when"),
    Column("takes"),
    Column("plugin", extra=True),
)
_ENDS = {"success": "it ends well", "failure": "it ends adversely", "neutral": "it ends"}


def print_workflow(desk: Desk, name: str) -> None:
    """Print states and transitions of a workflow, as they are here."""
    found = loaded_by_name(engine_of(desk).catalogue, name)
    if desk.for_people:
        desk.write_text("\n".join(_head(found)))
        rows = [_state(found.workflow, each) for each in found.workflow.states]
        desk.emit(rows, [each for each in _STATES if any(row[each.name] for row in rows)], title="States")
    steps = [_step(each) for each in found.workflow.transitions]
    desk.emit(steps, _READ if desk.for_people else _STEPS, title="Steps")
    if found.adjustment:
        desk.say(f"Adjusted here; what and where: talent workflow show {name} --origin")


def print_origin(desk: Desk, name: str) -> None:
    """Print every value with the place it comes from."""
    found = loaded_by_name(engine_of(desk).catalogue, name)
    page = Page(desk.workspace.configuration.layers, ("workflow", found.workflow.name))
    rows = [
        {"setting": each.setting, "value": each.value, "origin": each.place} for each in origins(found, page)
    ]
    desk.emit(rows, _ORIGINS)


def print_guards(desk: Desk) -> None:
    """Print the guards that an organisation may add, and what each takes."""
    guards = engine_of(desk).catalogue.guards
    rows = [
        {
            "guard": name,
            "help": each.help,
            "takes": [
                field if info.is_required() else f"{field} (or {_plain(info.default)})"
                for field, info in each.takes.model_fields.items()
            ],
            "plugin": name.partition(".")[0] if "." in name else None,
        }
        for name, each in sorted(guards.items())
    ]
    desk.emit(rows, _GUARDS)


def _plain(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _head(found: Loaded) -> Iterator[str]:
    workflow = found.workflow
    words = workflow.name.rpartition(".")[2].replace("_", " ")
    called = f", called «{workflow.words}»" if workflow.words != words else ""
    version = f"version {workflow.version}{', adjusted here' if found.adjustment else ''}"
    yield f"{workflow.name} {version}, of {found.plugin}{called}; references as {workflow.ref}-1"
    yield f"opened by {workflow.open_by.words}; seen by {workflow.viewers.words}"
    yield f"its subject sees {workflow.subject_sees}"
    if workflow.parent is not None:
        yield f"part of {workflow.parent}"
    if workflow.participants:
        yield f"takes part: {', '.join(each.replace('_', ' ') for each in workflow.participants)}"


def _state(workflow: Workflow, state: State) -> dict[str, Any]:
    marks = [
        *([state.title] if state.title else []),
        *(["it begins here"] if state.name == workflow.initial else []),
        *([_ENDS[state.outcome]] if state.outcome is not None else []),
    ]
    return {
        "state": state.name,
        "means": marks,
        "due": words_of(state.due) if state.due is not None else None,
        "tasks": [f"{each.title} ({each.to.words})" for each in tasks_of(workflow, state)],
        "timers": [_timer(each) for each in state.timers],
    }


def _timer(timer: Timer) -> str:
    does = "is passed on upward" if timer.escalates else "reminds"
    return f"{timer.fires.replace('_', ' ') if timer.fires else does} after {words_of(timer.after)}"


def _step(edge: Transition) -> dict[str, Any]:
    conditions = [guard.words for guard in edge.guards]
    conditions += [f"not by who did {name.replace('_', ' ')}" for name in edge.four_eyes]
    return {
        "way": edge.name if edge.sources == (edge.target,) else f"{edge.name} → {edge.target}",
        "step": edge.name,
        "source": list(edge.sources),
        "target": edge.target,
        "by": edge.by.words,
        "conditions": conditions,
        "fields": list(_fields(edge)),
        "title": edge.words,
        "declared_at": edge.declared_at,
    }


def _fields(edge: Transition) -> Iterator[str]:
    """Yield the fields of a form: `minutes (Of the council, text, needed)`."""
    added = edge.added.names if edge.added is not None else ()
    for name, info in edge.form.model_fields.items() if edge.form is not None else ():
        said = [info.title] if info.title else []
        said += [kind_words(info.annotation)] if name in added else []
        said += ["needed"] if info.is_required() else []
        yield f"{name} ({', '.join(said)})" if said else name
