"""Effects of scorecards: ratings kept, revealed and discussed."""

from __future__ import annotations

from collections.abc import Iterator

from talenthub.sdk import Context, FireCase, Intent, UpdateData, effect
from talenthub_recruitment.cases import Scorecard
from talenthub_recruitment.forms import Ratings


@effect()
def keep_ratings(ctx: Context) -> Iterator[Intent]:
    """Merge what was filled in, and remember who typed it for another."""
    form: Ratings = ctx.form
    data: Scorecard = ctx.data
    typed = ctx.actor.identities - set(ctx.case.people("assessor"))
    held = form.interviewed_on or data.interviewed_on or ctx.today
    yield UpdateData(
        {
            "ratings": {**data.ratings, **form.values()},
            "notes": {**data.notes, **form.notes},
            "interviewed_on": held.isoformat(),
            "entered_by": sorted({*data.entered_by, *typed}),
        }
    )


@effect()
def wake_application(ctx: Context) -> Iterator[Intent]:
    """Reveal all scorecards of the application, if this was the last."""
    assert ctx.case.parent is not None, "a scorecard belongs to an application"
    yield FireCase(ctx.case.parent, "collect", if_possible=True)


@effect()
def reopen_ratings(ctx: Context) -> Iterator[Intent]:
    """Keep the ratings from before the discussion beside the new ones."""
    data: Scorecard = ctx.data
    codes = ctx.form.competencies
    before = {code: data.ratings.get(code) for code in codes if code not in data.first}
    yield UpdateData({"reopened": list(codes), "first": {**data.first, **before}})


@effect()
def keep_discussed(ctx: Context) -> Iterator[Intent]:
    """Note which competencies were discussed and locked again."""
    data: Scorecard = ctx.data
    yield UpdateData({"discussed": list(dict.fromkeys((*data.discussed, *data.reopened))), "reopened": []})
