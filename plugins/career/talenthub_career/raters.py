"""What rating cases share: on the scale, and who is woken by the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from talenthub.sdk import Context, Effect, FireCase, Intent, Verdict, effect, guard
from talenthub_career.cases import Measure
from talenthub_career.judging import rating_faults, typed

PARENT_TOO = ("parent",)


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
