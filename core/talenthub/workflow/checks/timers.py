"""Faults of timers: when they are due and what they fire."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.errors import Problem
from talenthub.workflow.checks.words import Desk, choice
from talenthub.workflow.definition import State, Timer

LONGEST_DAYS = 3_653
"""Ten years: whoever writes more has mixed up the unit."""


def timer_problems(desk: Desk) -> Iterator[Problem]:
    """Return what is wrong with the timers of every state."""
    for state in desk.workflow.states:
        names: set[str] = set()
        for timer in state.timers:
            yield from _timer(desk, state, timer)
            if timer.name in names:
                yield desk.of_state(state, "two timers have one name", "duplicate-timer", found=timer.name)
            names.add(timer.name)


def _timer(desk: Desk, state: State, timer: Timer) -> Iterator[Problem]:
    if not 0 < timer.after.days <= LONGEST_DAYS:
        yield desk.of_state(
            state,
            f"the timer {timer.name!r} is never or at once due",
            "timer-days",
            found=f"{timer.after.days} days",
            allowed=f"1 to {LONGEST_DAYS} days",
        )
    if timer.fires is None:
        return
    leaving = [edge for edge in desk.workflow.edges(state.name) if edge.name == timer.fires]
    if timer.fires not in desk.workflow.transition_names():
        names = desk.workflow.transition_names()
        text = f"the timer {timer.name!r} fires an unknown transition"
        yield desk.of_state(state, text, "timer-fires", **choice(timer.fires, names))
    elif not leaving:
        names = tuple(dict.fromkeys(edge.name for edge in desk.workflow.edges(state.name)))
        text = f"the timer {timer.name!r} fires a transition that does not leave this state"
        yield desk.of_state(state, text, "timer-fires", **choice(timer.fires, names))
    elif not any(edge.by.includes_system for edge in leaving):
        yield desk.of_state(
            state,
            f"the timer {timer.name!r} fires {timer.fires!r}, which the system may not",
            "timer-right",
            found=f"by={leaving[0].by}",
            mend="add | system to its by",
        )
    if timer.escalates and timer.fires is not None:
        yield desk.of_state(
            state, f"the timer {timer.name!r} fires and escalates; it can do one", "timer-both"
        )
