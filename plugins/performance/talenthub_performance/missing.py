"""Missed conversations: after two in a row the manager above is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from talenthub.sdk import (
    WORKDAYS,
    AssignTask,
    CancelTimer,
    CaseView,
    CloseTasks,
    Context,
    Detail,
    FireCase,
    Intent,
    SetTimer,
    UpdateData,
    Verdict,
    allow,
    effect,
    guard,
    refuse,
)
from talenthub_performance.facts import CONVERSATIONS
from talenthub_performance.relations import upper

IN_A_ROW = 2
NUDGE = timedelta(days=10)
"""So long after its day a conversation that was not held is asked about."""
LOOK = "missed"
"""The name of the task that the manager above is given."""


def last_missed(conversations: tuple[CaseView, ...]) -> list[CaseView]:
    """Return the conversations that were missed since the last one held.

    Those still to come, or only late, do not count: somebody has to say so.
    """
    over = [each for each in conversations if each.state == "missed" or each.data.held_on is not None]
    found: list[CaseView] = []
    for each in sorted(over, key=lambda case: (case.data.on, case.id)):
        found = [*found, each] if each.state == "missed" else []
    return found


@guard(facts=[CONVERSATIONS])
def missed_in_a_row(ctx: Context) -> Verdict:
    """The last two conversations were missed."""
    missed = last_missed(ctx.fact(CONVERSATIONS))
    sentence = f"The last {IN_A_ROW} conversations were missed"
    details = [Detail(f"{each.ref} of {each.data.on}", each.id) for each in missed]
    return allow(sentence, *details) if len(missed) >= IN_A_ROW else refuse(sentence, *details)


@effect()
def keep_reason(ctx: Context) -> Iterator[Intent]:
    """Keep why it was missed, and have the review look at the one before."""
    assert ctx.case.parent is not None, "a conversation belongs to a review"
    yield UpdateData({"missed": ctx.form.reason})
    yield FireCase(ctx.case.parent, "pass_up", if_possible=True)


@effect(facts=[WORKDAYS])
def nudge_later(ctx: Context) -> Iterator[Intent]:
    """Remind both, if it is not held ten days after its day."""
    yield CancelTimer("overdue")
    late = max(ctx.data.on, ctx.today) + NUDGE
    yield SetTimer("overdue", ctx.fact(WORKDAYS).end_of(late))


@effect()
def ask_above(_ctx: Context) -> Iterator[Intent]:
    """Ask the manager above to see that people talk; once, however many."""
    yield CloseTasks(LOOK)
    yield AssignTask(LOOK, "See why two conversations in a row were missed", upper)


@effect()
def take_off(_ctx: Context) -> Iterator[Intent]:
    """Take the question off the manager above: it was answered."""
    yield CloseTasks(LOOK)
