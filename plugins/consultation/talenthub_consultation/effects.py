"""Effects of consultation: what follows from a step, as intents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import BaseModel

from talenthub.sdk import (
    PARENT,
    WORKDAYS,
    Context,
    FireCase,
    Intent,
    LockFramework,
    SetTimer,
    UpdateData,
    effect,
)
from talenthub_consultation.cases import Ballot, Item, Review, Vote
from talenthub_consultation.facts import BALLOTS, WORDS
from talenthub_consultation.forms import Adjusted, Asked, Decided, Signed, Voted
from talenthub_consultation.grouping import invited
from talenthub_consultation.guards import counted, review_of, voting
from talenthub_consultation.relevance import gathered

REMINDER = "reminder"
WINDOW = "window"


def plain(values: Sequence[BaseModel]) -> list[dict[str, Any]]:
    """Return models as data that a case can keep."""
    return [each.model_dump(mode="json", exclude_defaults=True) for each in values]


def _evening(ctx: Context, day: date) -> datetime:
    return ctx.fact(WORKDAYS).at(day, time(18))


def _with(data: Review, changed: Collection[Item]) -> list[dict[str, Any]]:
    """Return the items of a review, some of them in a new form."""
    new = {each.code: each for each in changed}
    return plain([new.get(each.code, each) for each in data.items])


@effect(facts=[BALLOTS, WORKDAYS])
def begin_round(ctx: Context) -> Iterator[Intent]:
    """Lock the draft, ask every voter, and close the round in time."""
    number, until = ctx.data.round + 1, ctx.today + timedelta(days=ctx.settings.window_days)
    yield LockFramework()
    yield UpdateData({"round": number, "until": until.isoformat()})
    yield SetTimer(WINDOW, _evening(ctx, until), "close")
    asked = {"round": number, "until": until.isoformat()}
    ballots = ctx.fact(BALLOTS)
    yield from (FireCase(each.id, "ask", asked) for each in invited(ballots))


@effect()
def open_draft(ctx: Context) -> Iterator[Intent]:
    """Open the draft again, if a round has locked it."""
    if ctx.data.round:
        yield LockFramework(locked=False)


@effect(facts=[BALLOTS])
def end_round(ctx: Context) -> Iterator[Intent]:
    """Take the ballots back and count them.

    The count is fired with them: all are locked before it reads a vote, so
    none comes in between.
    """
    ballots = ctx.fact(BALLOTS)
    yield from (FireCase(each.id, "rest") for each in invited(ballots))
    yield FireCase(ctx.case.id, "count")


@effect(facts=[BALLOTS])
def keep_count(ctx: Context) -> Iterator[Intent]:
    """Keep what the round came to: sums, and no voter."""
    found = counted(ctx)
    yield UpdateData({"items": _with(ctx.data, gathered(list(found.values()), voting(ctx)).values())})


@effect(facts=[WORDS])
def keep_adjusted(ctx: Context) -> Iterator[Intent]:
    """Keep the words as they read now, the earlier ones and why."""
    form: Adjusted = ctx.form
    yield UpdateData({"items": _with(ctx.data, list(_revised(ctx, form)))})


def _revised(ctx: Context, form: Adjusted | Decided) -> Iterator[Item]:
    for note in form.notes:
        item, now = ctx.data.item(note.item), ctx.fact(WORDS)[note.item]
        earlier = (*item.revised, item.text) if item.text != now.text else item.revised
        yield item.model_copy(
            update={
                "text": now.text,
                "indicators": now.indicators,
                "revised": earlier,
                "noted": note.reason,
            }
        )


@effect(facts=[WORDS])
def keep_decision(ctx: Context) -> Iterator[Intent]:
    """Keep what the sponsors decided, and why."""
    form: Decided = ctx.form
    made = [
        each.model_copy(update={"decided": "sponsors", "reason": each.noted}) for each in _revised(ctx, form)
    ]
    yield UpdateData({"items": _with(ctx.data, made)})


@effect()
def keep_signature(ctx: Context) -> Iterator[Intent]:
    """Keep from when the sponsors want it in force."""
    form: Signed = ctx.form
    yield UpdateData({"signed": True, "effective": form.effective.isoformat()})


@effect(facts=[WORKDAYS])
def remind_in_time(ctx: Context) -> Iterator[Intent]:
    """Remind the voter before the round is over; voting cancels it."""
    form: Asked = ctx.form
    yield SetTimer(REMINDER, _evening(ctx, form.until - timedelta(days=ctx.settings.remind_days)))


@effect(facts=[PARENT])
def keep_votes(ctx: Context) -> Iterator[Intent]:
    """Keep what the voter says; a later word replaces an earlier one."""
    form: Voted = ctx.form
    own: Ballot = ctx.data
    number = review_of(ctx)[1].round
    before = own.of_round(number)
    kept = {**before, **{each.item: _vote(each, before.get(each.item), number) for each in form.votes}}
    sorted_to = {each.indicator: each for each in (*own.sortings, *form.sortings)}
    earlier = [each for each in own.votes if each.round != number]
    yield UpdateData(
        {"votes": plain([*earlier, *kept.values()]), "sortings": plain(list(sorted_to.values()))}
    )


def _vote(given: Any, before: Vote | None, number: int) -> Vote:
    choice = given.choice or (before.choice if before else None)
    edit = given.edit if given.choice is not None else (before.edit if before else "")
    need = given.need or (before.need if before else None)
    return Vote(item=given.item, round=number, choice=choice, need=need, edit=edit)


@effect()
def keep_release(ctx: Context) -> Iterator[Intent]:
    """Keep why the voter was let go."""
    yield UpdateData({"reason": ctx.form.reason})
