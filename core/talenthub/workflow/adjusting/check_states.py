"""Faults of adjusted states and of added ones."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.config.adjusting import AdjustedState, WaitingState, WorkflowAdjustment, read_span
from talenthub.errors import Problem
from talenthub.workflow.adjusting.words import Page
from talenthub.workflow.checks.words import choice
from talenthub.workflow.definition import State, Timer, Transition, Workflow
from talenthub.workflow.diagram import words_of
from talenthub.workflow.tasks import tasks_of

WEEK = 7
WORKING_WEEK = 5
"""Working days of a week without holidays."""


def state_problems(page: Page, workflow: Workflow, given: WorkflowAdjustment) -> Iterator[Problem]:
    """Return what is wrong with titles, deadlines and timers of states."""
    known = {each.name: each for each in workflow.states}
    for name, own in given.state.items():
        if name not in known:
            yield page.problem(("state", name), "unknown state", "state", **choice(name, known))
        else:
            yield from _deadline(page, workflow, known[name], own)
            yield from _timers(page, known[name], own)


def _deadline(page: Page, workflow: Workflow, state: State, own: AdjustedState) -> Iterator[Problem]:
    if own.due is None or tasks_of(workflow, state):
        return
    why = "it is an end" if state.outcome is not None else "nobody has a task there"
    yield page.problem(("state", state.name, "due"), f"nothing is due in this state: {why}", "due")


def _timers(page: Page, state: State, own: AdjustedState) -> Iterator[Problem]:
    known = {each.name: each for each in state.timers}
    for name, timer in own.timer.items():
        path = ("state", state.name, "timer", name)
        if name not in known:
            yield page.problem(path, "unknown timer of this state", "timer", **choice(name, known))
        elif known[name].fires and _is_sooner(timer.after, known[name]):
            text = "what happens of itself may happen later than the plugin says, never sooner"
            allowed = f"{words_of(known[name].after)} or more"
            yield page.problem((*path, "after"), text, "sooner", found=timer.after, allowed=allowed)


def _is_sooner(text: str, timer: Timer) -> bool:
    # In whole weeks, so that working days and all days can be compared.
    days, working = read_span(text)
    ours = days * WEEK if working else days * WORKING_WEEK
    theirs = timer.after.days * WEEK if timer.after.working else timer.after.days * WORKING_WEEK
    return ours < theirs


def waiting_problems(page: Page, workflow: Workflow, given: WorkflowAdjustment) -> Iterator[Problem]:
    """Return what is wrong with the states that cases are to wait in."""
    states = {each.name for each in workflow.states}
    steps = set(workflow.transition_names())
    for index, own in enumerate(given.waiting):
        path = ("waiting", index)
        if own.name in states:
            yield page.problem((*path, "name"), "there is a state of this name", "twice", found=own.name)
        if own.entering in steps:
            text = "there is a transition of this name; `step` gives another"
            yield page.problem((*path, "step"), text, "twice", found=own.entering)
        states.add(own.name)
        steps.add(own.entering)
        yield from _before(page, path, workflow, own)


def _before(
    page: Page, path: tuple[str | int, ...], workflow: Workflow, own: WaitingState
) -> Iterator[Problem]:
    late = [each for each in workflow.transitions if each.name == own.before]
    may = [each.name for each in workflow.transitions if each.may_wait]
    where = (*path, "before")
    if not late:
        yield page.problem(where, "unknown transition", "transition", **choice(own.before, may))
    elif not all(each.may_wait for each in late):
        text = "the plugin lets no case wait before this transition"
        listed = ", ".join(dict.fromkeys(may)) or "none of this workflow"
        yield page.problem(where, text, "waiting", found=own.before, allowed=listed)
    elif hidden := _hidden(workflow, late):
        text = "no case waits where its content is kept from others"
        yield page.problem(where, text, "blind", found=hidden)
    else:
        known = {who.words: who for edge in late for who in edge.by.alternatives}
        for index, name in enumerate(own.by or ()):
            if name not in known and name not in map(str, known.values()):
                text = "who may not do this transition cannot do the one before it"
                yield page.problem((*path, "by", index), text, "by", **choice(name, known))


def _hidden(workflow: Workflow, late: list[Transition]) -> str | None:
    blind = workflow.blind
    kept = (*blind.states, *blind.until_revealed) if blind is not None else ()
    return next((source for edge in late for source in edge.sources if source in kept), None)
