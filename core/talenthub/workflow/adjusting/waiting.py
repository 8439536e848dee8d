"""A waiting state: one more state before a transition.

What could be done before it can still be done in it, but for the transition
itself, which from now on starts there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from talenthub.config.adjusting import WaitingState, read_span
from talenthub.workflow.definition import Duration, State, Task, Transition, Workflow
from talenthub.workflow.relations import Kind, Relation


def with_waiting(workflow: Workflow, given: WaitingState, words: str | None, place: str | None) -> Workflow:
    """Return the workflow with a state to wait in before a transition.

    `words` are what the organisation calls that transition, if it does.
    """
    late = [each for each in workflow.transitions if each.name == given.before]
    sources = tuple(dict.fromkeys(source for each in late for source in each.sources))
    declared_at = place or late[0].declared_at
    people = _people(late)
    state = State(
        given.name,
        due=Duration(*read_span(given.due)) if given.due else None,
        title=given.title or "",
        tasks=(Task(given.task or _sentence(words or late[0].words), people),),
        declared_at=declared_at,
    )
    entering = Transition(
        given.entering,
        sources,
        given.name,
        by=_named(people, given),
        title=given.step_title or "",
        declared_at=declared_at,
    )
    return replace(
        workflow,
        states=list(_states(workflow, state, sources)),
        transitions=list(_transitions(workflow, given, entering, sources)),
        subject_sees_all_in=_seen(workflow, given.name, sources),
    )


def _people(edges: list[Transition]) -> Relation:
    found = Relation()
    for edge in edges:
        found |= Relation(tuple(who for who in edge.by.alternatives if who.kind is not Kind.SYSTEM))
    return found


def _named(people: Relation, given: WaitingState) -> Relation:
    if given.by is None:
        return people
    return Relation(tuple(who for who in people.alternatives if {who.words, str(who)} & set(given.by)))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _seen(workflow: Workflow, name: str, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Return where the subject sees all: also while waiting, if before it."""
    shown = workflow.subject_sees_all_in
    return (*shown, name) if set(sources) <= set(shown) else shown


def _states(workflow: Workflow, state: State, sources: tuple[str, ...]) -> Iterator[State]:
    last = max(index for index, each in enumerate(workflow.states) if each.name in sources)
    for index, each in enumerate(workflow.states):
        yield each
        if index == last:
            yield state


def _transitions(
    workflow: Workflow, given: WaitingState, entering: Transition, sources: tuple[str, ...]
) -> Iterator[Transition]:
    staying = _names_everywhere(workflow, sources) - {given.before}
    told = False
    for each in workflow.transitions:
        if each.name == given.before:
            if not told:
                yield entering
            told = True
            yield replace(each, source=given.name)
        elif each.name in staying and sources[0] in each.sources:
            yield from _also(each, given.name, sources)
        else:
            yield each


def _names_everywhere(workflow: Workflow, sources: tuple[str, ...]) -> set[str]:
    """Return what can be done in each of the states before it."""
    return set.intersection(*({each.name for each in workflow.edges(source)} for source in sources))


def _also(edge: Transition, name: str, sources: tuple[str, ...]) -> Iterator[Transition]:
    """Return an edge that starts in the waiting state too; a loop stays in it."""
    if edge.target in edge.sources and edge.target in sources:
        yield edge
        yield replace(edge, source=name, target=name)
    else:
        yield replace(edge, source=(*edge.sources, name))
