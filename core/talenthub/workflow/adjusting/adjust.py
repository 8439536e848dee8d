"""Adjust: a plugin's declaration with what an organisation changes of it.

Pure: a value in, a value out. `adjust_checks` says beforehand what is wrong
with an adjustment; here it is taken to be right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from talenthub.config.adjusting import AdjustedState, AdjustedTransition, WorkflowAdjustment, read_span
from talenthub.storage.types import canonical
from talenthub.workflow.adjusting.fields import with_fields
from talenthub.workflow.adjusting.named_guards import NamedGuard
from talenthub.workflow.adjusting.waiting import with_waiting
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import Guard
from talenthub.workflow.definition import Duration, State, Timer, Transition, Workflow
from talenthub.workflow.relations import Kind, Relation, Who

Place = Callable[..., str | None]
"""Returns where `("state", "received", "due")` stands; None: in no file."""


def nowhere(*_path: str | int) -> None:
    """Return that it stands in no file: it was read from the database."""


def adjusted(
    loaded: Loaded, given: WorkflowAdjustment, guards: Mapping[str, NamedGuard], place: Place = nowhere
) -> Loaded:
    """Return the version as the organisation adjusts it.

    KeyError names a guard that is not among `guards`, and pydantic's
    ValidationError one that takes other values now.
    """
    workflow = extended(loaded.declared.workflow, given, place)
    made = replace(
        workflow,
        title=given.title or workflow.title,
        states=_states(workflow, given, place),
        transitions=[_transition(each, given, guards, place) for each in workflow.transitions],
        personal=tuple(dict.fromkeys((*workflow.personal, *_personal(given)))),
    )
    return replace(loaded.declared, workflow=made, adjustment=text_of(given), as_declared=loaded.declared)


def extended(workflow: Workflow, given: WorkflowAdjustment, place: Place = nowhere) -> Workflow:
    """Return the workflow with the states that cases are to wait in."""
    for index, waiting in enumerate(given.waiting):
        late = given.transition.get(waiting.before)
        words = late.title if late is not None else None
        workflow = with_waiting(workflow, waiting, words, place("waiting", index))
    return workflow


def text_of(given: WorkflowAdjustment) -> str:
    """Return an adjustment as canonical JSON, without what it leaves alone."""
    return canonical(given.model_dump(mode="json", exclude_defaults=True))


def people_of(relation: Relation) -> tuple[Who, ...]:
    """Return the alternatives that a person can fulfil."""
    return tuple(who for who in relation.alternatives if who.kind is not Kind.SYSTEM)


def may_be(edge: Transition) -> tuple[Who, ...]:
    """Return whom an organisation may name for a transition."""
    return people_of(edge.by | edge.or_by)


def chosen(edge: Transition, names: Collection[str]) -> Relation:
    """Return who may fire it, of those the plugin allows.

    What the system and the subject may do is theirs: nobody takes it away.
    """
    named = [who for who in may_be(edge) if {who.words, str(who)} & set(names)]
    kept = [who for who in edge.by.alternatives if _is_kept(who)]
    return Relation(tuple(dict.fromkeys((*named, *kept))))


def _is_kept(who: Who) -> bool:
    return who.kind is Kind.SYSTEM or (who.kind is Kind.SUBJECT and who.up == 0)


def _states(workflow: Workflow, given: WorkflowAdjustment, place: Place) -> list[State]:
    moved = _moved_tasks(workflow, given)
    return [_state(each, given, moved, place) for each in workflow.states]


def _state(
    state: State,
    given: WorkflowAdjustment,
    moved: Mapping[tuple[str, frozenset[Who]], Relation],
    place: Place,
) -> State:
    own = given.state.get(state.name)
    tasks = state.tasks and tuple(
        replace(each, to=moved.get((state.name, frozenset(people_of(each.to))), each.to))
        for each in state.tasks
    )
    if own is None:
        return replace(state, tasks=tasks)
    return replace(
        state,
        tasks=tasks,
        title=own.title or state.title,
        due=_duration(own.due) if own.due else state.due,
        timers=tuple(_timer(each, own) for each in state.timers),
        declared_at=place("state", state.name) or state.declared_at,
    )


def _timer(timer: Timer, own: AdjustedState) -> Timer:
    found = own.timer.get(timer.name)
    return timer if found is None else replace(timer, after=_duration(found.after))


def _duration(text: str) -> Duration:
    return Duration(*read_span(text))


def _moved_tasks(workflow: Workflow, given: WorkflowAdjustment) -> dict[tuple[str, frozenset[Who]], Relation]:
    """Return whom the tasks of a state are for now: they follow its step."""
    return {
        (source, frozenset(people_of(edge.by))): Relation(people_of(chosen(edge, own.by)))
        for edge in workflow.transitions
        if (own := given.transition.get(edge.name)) is not None and own.by is not None
        for source in edge.sources
    }


def _transition(
    edge: Transition, given: WorkflowAdjustment, guards: Mapping[str, NamedGuard], place: Place
) -> Transition:
    own = given.transition.get(edge.name)
    if own is None:
        return edge
    made = replace(
        edge,
        title=own.title or edge.title,
        by=edge.by if own.by is None else chosen(edge, own.by),
        guards=[*edge.guards, *_guards(own, guards)],
        declared_at=place("transition", edge.name) or edge.declared_at,
    )
    return with_fields(made, own.field) if own.field else made


def _guards(own: AdjustedTransition, guards: Mapping[str, NamedGuard]) -> Sequence[Guard]:
    return [_guard(guards[each.name], each.values) for each in own.guard]


def _guard(named: NamedGuard, values: Mapping[str, object]) -> Guard:
    return replace(named.make(named.takes.model_validate(values)), name=named.name)


def _personal(given: WorkflowAdjustment) -> Sequence[str]:
    return [field.name for own in given.transition.values() for field in own.field if field.personal]
