"""What rating cases share: on the scale, and who is woken by the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pydantic import BaseModel

from talenthub.sdk import (
    Blind,
    Context,
    Effect,
    FireCase,
    Guard,
    Intent,
    Outcome,
    State,
    Task,
    Transition,
    Verdict,
    days,
    effect,
    guard,
    system,
)
from talenthub_career.cases import Measure
from talenthub_career.forms import Because
from talenthub_career.judging import rating_faults, typed
from talenthub_career.relations import hr_partner, rater

PARENT_TOO = ("parent",)
BLIND = Blind("rater", states=("asked",), until_revealed=("locked",))
"""Nobody sees another rating before the own is locked."""


def blind_states(title: str) -> list[State]:
    """Return the states of what one rater is asked: `title` is the task."""
    return [
        State("asked", due=days(14), tasks=(Task(title, rater),)),
        State("locked", tasks=()),
        State("revealed", outcome=Outcome.SUCCESS),
        State("excused", outcome=Outcome.NEUTRAL),
    ]


def blind_steps(form: type[BaseModel], guards: Sequence[Guard], keep: Effect, wakes: str) -> list[Transition]:
    """Return the steps between them; the last rater `wakes` the parent."""
    wake = waking(wakes)
    return [
        Transition(
            "rate",
            "asked",
            "locked",
            by=rater,
            form=form,
            guards=guards,
            effects=[keep, wake],
            locks=PARENT_TOO,
        ),
        Transition("reveal", "locked", "revealed", by=system),
        Transition(
            "excuse", "asked", "excused", by=hr_partner, form=Because, effects=[wake], locks=PARENT_TOO
        ),
    ]


@guard()
def ratings_fit(ctx: Context) -> Verdict:
    """Ratings are of what is asked, on its scale, marked ones with a note."""
    sentence = "Each rating is of what is asked and on its scale; 1, 2 and 5 have a note"
    if ctx.form is None:
        return typed(sentence, [])
    measures: Sequence[Measure] = ctx.data.measures
    faults = rating_faults(ctx.form.ratings, ctx.form.notes, measures)
    faults += [
        f"{each.competency}: not rated" for each in measures if each.competency not in ctx.form.ratings
    ]
    return typed(sentence, [*faults, *late(ctx.form.rated_on, ctx.today)])


def late(rated_on: date | None, today: date) -> list[str]:
    """Return a sentence where a day is still to come."""
    return [f"{rated_on} is still to come"] if rated_on is not None and rated_on > today else []


def waking(transition: str) -> Effect:
    """Return the effect that lets the parent go on, if this was the last."""

    @effect()
    def wake_parent(ctx: Context) -> Iterator[Intent]:
        assert ctx.case.parent is not None, "it belongs to a case"
        yield FireCase(ctx.case.parent, transition, if_possible=True)

    return wake_parent
