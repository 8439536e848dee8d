"""Faults of shape: types, names, states and edges that do not fit together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, PydanticUndefinedAnnotation

from talenthub.errors import Problem
from talenthub.workflow.checks.words import Desk, choice
from talenthub.workflow.context import Effect, Guard
from talenthub.workflow.definition import Blind, Outcome, Stage, State, Transition
from talenthub.workflow.relations import Relation

WORD = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
"""Names of states, transitions and roles; they are typed by people."""

REF = re.compile(r"[A-Z]{2,5}", re.ASCII)
LONGEST = 80
"""Characters of a name: what the tables hold."""

SUBJECT_SEES = ("all", "status", "nothing")


def type_problems(desk: Desk) -> Iterator[Problem]:
    """Return the values that are of another type than declared."""
    workflow = desk.workflow
    for name, kind in (("name", str), ("ref", str), ("version", int), ("initial", str)):
        if not isinstance(getattr(workflow, name), kind):
            yield desk.of_workflow(
                f"{name} must be {_name(kind)}", "type", found=_type(getattr(workflow, name))
            )
    for name in ("open_by", "viewers"):
        yield from _relation(getattr(workflow, name), name, desk.of_workflow)
    if workflow.stage is not None and not isinstance(workflow.stage, Stage):
        yield desk.of_workflow("stage must be a Stage", "type", **choice(str(workflow.stage), list(Stage)))
    yield from _model(workflow.data, "data", desk.of_workflow)
    yield from _parts(workflow.opening, "opening", Effect, desk.of_workflow)
    yield from _strings(workflow.participants, "participants", desk.of_workflow)
    yield from _strings(workflow.personal, "personal", desk.of_workflow)
    yield from _strings(workflow.subject_sees_all_in, "subject_sees_all_in", desk.of_workflow)
    yield from _upcasts(desk)
    if workflow.blind is not None and not isinstance(workflow.blind, Blind):
        yield desk.of_workflow("blind must be a Blind", "type", found=_type(workflow.blind))
    for state in workflow.states:
        yield from _state_types(desk, state)
    for edge in workflow.transitions:
        yield from _edge_types(desk, edge)


def _upcasts(desk: Desk) -> Iterator[Problem]:
    """Return the upcasters that no case could ever need."""
    workflow = desk.workflow
    for former, upcast in workflow.upcasts.items():
        if not (isinstance(former, int) and 1 <= former < workflow.version and callable(upcast)):
            yield desk.of_workflow(
                "upcasts are functions by an earlier version",
                "upcast",
                found=repr(former),
                allowed=f"1 to {workflow.version - 1}" if workflow.version > 1 else "none: this is the first",
            )


def _state_types(desk: Desk, state: State) -> Iterator[Problem]:
    if not isinstance(state, State):
        yield desk.of_workflow("states must be State values", "type", found=_type(state))
        return

    def at(text: str, code: str, **more: str | None) -> Problem:
        return desk.of_state(state, text, code, **more)

    if state.outcome is not None and not isinstance(state.outcome, Outcome):
        yield at("outcome must be an Outcome", "type", **choice(str(state.outcome), list(Outcome)))
    for task in state.tasks or ():
        yield from _relation(task.to, f"the task {task.title!r}: to", at)


def _edge_types(desk: Desk, edge: Transition) -> Iterator[Problem]:
    if not isinstance(edge, Transition):
        yield desk.of_workflow("transitions must be Transition values", "type", found=_type(edge))
        return

    def at(text: str, code: str, **more: str | None) -> Problem:
        return desk.of_transition(edge, text, code, **more)

    yield from _relation(edge.by, "by", at)
    yield from _relation(edge.or_by, "or_by", at)
    yield from _parts(edge.guards, "guards", Guard, at)
    yield from _parts(edge.effects, "effects", Effect, at)
    yield from _strings(edge.four_eyes, "four_eyes", at)
    yield from _strings(edge.locks, "locks", at)
    if edge.form is not None:
        yield from _model(edge.form, "form", at)


def _relation(value: Any, name: str, at: Callable[..., Problem]) -> Iterator[Problem]:
    if not isinstance(value, Relation):
        allowed = 'subject, system, participant("…"), holds("…"), manager_of(…), joined with |'
        yield at(f"{name} must be a relation", "type", found=_type(value), allowed=allowed)


def _model(value: Any, name: str, at: Callable[..., Problem]) -> Iterator[Problem]:
    if not (isinstance(value, type) and issubclass(value, BaseModel)):
        yield at(f"{name} must be a pydantic model", "type", found=_type(value))
    elif value.model_config.get("extra") != "forbid":
        mend = 'model_config = ConfigDict(extra="forbid")'
        yield at(
            f'{name} must have extra="forbid", or a mistyped field is lost',
            "model",
            found=value.__name__,
            mend=mend,
        )
    elif (missing := _missing(value)) is not None:
        yield at(
            f"{name} has a field of a type that there is not", "model", found=f"{value.__name__}: {missing}"
        )


def _missing(model: type[BaseModel]) -> str | None:
    """Return the name that the fields of a model speak of and nothing has."""
    if model.__pydantic_fields_complete__:
        return None
    try:
        model.model_rebuild()
    except PydanticUndefinedAnnotation as error:
        return error.name
    return None


def _parts(values: Any, name: str, kind: type, at: Callable[..., Problem]) -> Iterator[Problem]:
    for value in values:
        if not isinstance(value, kind):
            mend = f"@{kind.__name__.lower()}() above the function makes one"
            yield at(f"{name} must be {kind.__name__} values", "type", found=_type(value), mend=mend)


def _strings(values: Any, name: str, at: Callable[..., Problem]) -> Iterator[Problem]:
    if isinstance(values, str):
        yield at(f"{name} must be a tuple of names", "type", found=values, mend=f'write ("{values}",)')
    elif not all(isinstance(each, str) for each in values):
        yield at(f"{name} must be a tuple of names", "type")


def _type(value: object) -> str:
    return repr(value) if isinstance(value, str) else f"a {type(value).__name__}"


def _name(kind: type) -> str:
    return {"str": "text", "int": "a whole number"}[kind.__name__]


def head_problems(desk: Desk) -> Iterator[Problem]:
    """Return what is wrong with name, reference, version and plain choices."""
    workflow = desk.workflow
    plugin, dot, word = workflow.name.partition(".")
    if plugin != desk.plugin or not dot or not WORD.fullmatch(word) or len(workflow.name) > LONGEST:
        yield desk.of_workflow(
            "a workflow is named after its plugin and one word",
            "name",
            found=workflow.name,
            allowed=f"{desk.plugin}.word, small letters, at most {LONGEST} characters",
        )
    if not REF.fullmatch(workflow.ref):
        yield desk.of_workflow(
            "ref must be two to five capitals", "ref", found=workflow.ref, allowed="A-Z, such as APP"
        )
    if workflow.version < 1:
        yield desk.of_workflow("version counts from 1", "version", found=str(workflow.version))
    if workflow.subject_sees not in SUBJECT_SEES:
        yield desk.of_workflow(
            "unknown subject_sees", "subject-sees", **choice(workflow.subject_sees, SUBJECT_SEES)
        )
    if workflow.confidential and workflow.subject_sees == "all" and workflow.viewers.names_subject:
        yield desk.of_workflow("a confidential workflow shows everything to its subject", "confidential")
    yield from _words("role", workflow.participants, desk)


def _words(kind: str, names: Iterable[str], desk: Desk) -> Iterator[Problem]:
    for name in names:
        if not WORD.fullmatch(name):
            yield desk.of_workflow(
                f"this is no name for a {kind}", "name", found=name, allowed="a-z, 0-9 and _"
            )


def shape_problems(desk: Desk) -> Iterator[Problem]:
    """Return unknown, doubled and badly named states and transitions."""
    workflow = desk.workflow
    names = [state.name for state in workflow.states]
    if not names:
        yield desk.of_workflow("there are no states", "no-states")
        return
    if not workflow.initial:
        yield desk.of_workflow("no initial state is named", "no-initial", allowed=", ".join(names[:12]))
    elif workflow.initial not in names:
        yield desk.of_workflow("unknown initial state", "unknown-initial", **choice(workflow.initial, names))
    yield from _states(desk)
    known = set(names)
    for edge in workflow.transitions:
        yield from _edge(desk, edge, known, names)
    yield from _never_chosen(desk)


def _states(desk: Desk) -> Iterator[Problem]:
    seen: dict[str, State] = {}
    for state in desk.workflow.states:
        if not _is_word(state.name):
            yield desk.of_state(
                state, "this is no name for a state", "name", found=state.name, allowed="a-z, 0-9 and _"
            )
        if state.name in seen:
            first = seen[state.name].declared_at
            yield desk.of_state(
                state, "this state is declared twice", "duplicate-state", found=f"first at {first}"
            )
        seen.setdefault(state.name, state)
        if state.due is not None and state.due.days < 0:
            yield desk.of_state(state, "due lies in the past", "due", found=f"{state.due.days} days")
    if not any(state.outcome is not None for state in desk.workflow.states):
        yield desk.of_workflow("no state is final", "no-final", mend="give the last states an outcome")


def _edge(desk: Desk, edge: Transition, known: set[str], names: list[str]) -> Iterator[Problem]:
    if not _is_word(edge.name):
        yield desk.of_transition(
            edge, "this is no name for a transition", "name", found=edge.name, allowed="a-z, 0-9 and _"
        )
    if not edge.sources:
        yield desk.of_transition(edge, "it leaves no state", "no-source")
    for source in edge.sources:
        if source not in known:
            yield desk.of_transition(edge, "unknown source state", "unknown-state", **choice(source, names))
    if edge.target not in known:
        yield desk.of_transition(edge, "unknown target state", "unknown-state", **choice(edge.target, names))
    if edge.sealed and edge.form is None:
        yield desk.of_transition(edge, "a sealed transition has no form to seal", "sealed")
    if edge.sealed and desk.workflow.parent is None:
        yield desk.of_transition(edge, "sealed answers go to the parent, and there is none", "sealed")


def _is_word(name: object) -> bool:
    return isinstance(name, str) and len(name) <= LONGEST and WORD.fullmatch(name) is not None


def _never_chosen(desk: Desk) -> Iterator[Problem]:
    """Return edges hidden behind an earlier one that takes all they would."""
    earlier: dict[tuple[str, str], list[Transition]] = {}
    for edge in desk.workflow.transitions:
        for source in dict.fromkeys(edge.sources):
            before = earlier.setdefault((edge.name, source), [])
            hiding = next((each for each in before if _takes_all(each, edge)), None)
            if hiding is not None:
                yield desk.of_transition(
                    edge,
                    f"it can never be chosen from {source!r}: an earlier one of this name has no guard",
                    "never-chosen",
                    found=f"the earlier one at {hiding.declared_at}",
                )
            before.append(edge)


def _takes_all(first: Transition, later: Transition) -> bool:
    # Rights, four eyes and the form can refuse the earlier edge as well.
    return (
        not first.guards
        and not first.four_eyes
        and first.form is later.form
        and set(later.by.alternatives) <= set(first.by.alternatives)
    )
