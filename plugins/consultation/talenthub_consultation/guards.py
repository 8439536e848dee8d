"""Guards of a consultation: conditions that answer with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.sdk import PARENT, CaseView, Context, Detail, Verdict, allow, guard, of_form, refuse
from talenthub_consultation.cases import Ballot, Item, Review
from talenthub_consultation.counting import count_items
from talenthub_consultation.facts import ABOVE, BALLOTS, FINDINGS, VERSION, WORDS
from talenthub_consultation.forms import Adjusted, Decided, Voted
from talenthub_consultation.grouping import faults, groups_of, invited, unknown_items

MOST_TOLD = 10
"""Details of one refusal; the rest are counted."""


def _told(sentence: str, found: Sequence[str], mend: str | None = None) -> Verdict:
    if not found:
        return allow(sentence)
    more = [f"and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
    return refuse(sentence, *found[:MOST_TOLD], *more, mend=mend)


@guard(facts=[FINDINGS])
def checks_pass(ctx: Context) -> Verdict:
    """The version is fit to be read."""
    mend = f"talent framework check; mend the file and import it again: {ctx.data.framework}"
    found = ctx.fact(FINDINGS)
    return _told("The checks of the framework pass", found, mend)


@guard(facts=[BALLOTS, ABOVE])
def groups_fit(ctx: Context) -> Verdict:
    """There are groups, each of a good size, none led by a manager."""
    ballots, above = ctx.fact(BALLOTS), ctx.fact(ABOVE)
    groups = groups_of(ballots)
    found = list(faults(groups, above, ctx.settings)) if groups else ["nobody is invited"]
    mend = f"talent consultation groups {ctx.case.ref} --file FILE"
    return _told("Groups are neither too small nor led by a member's manager", found, mend)


def voting(ctx: Context) -> list[Ballot]:
    """Return the ballots of those who are still invited."""
    found = ctx.fact(BALLOTS)
    return [each.data for each in invited(found)]


def counted(ctx: Context) -> dict[str, Item]:
    """Return the items that were voted on, with what the round came to."""
    data: Review = ctx.data
    ballots = voting(ctx)
    counts = count_items(data.waiting(), ballots, data.round, ctx.settings)
    return {
        each.code: each.model_copy(
            update={
                "counts": (*each.counts, counts[each.code]),
                "decided": "voters" if counts[each.code].outcome == "accepted" else "",
                "noted": "",
            }
        )
        for each in data.waiting()
    }


@guard(facts=[BALLOTS])
def all_accepted(ctx: Context) -> Verdict:
    """Nothing is left to talk about."""
    left = [f"{each.code}: {each.state}" for each in counted(ctx).values() if not each.decided]
    return _told("The voters accept every item", left)


@guard()
def rounds_are_left(ctx: Context) -> Verdict:
    """Another round may follow."""
    sentence = f"Fewer than {ctx.settings.rounds} rounds are over"
    return allow(sentence) if ctx.data.round < ctx.settings.rounds else refuse(sentence)


@guard(facts=[WORDS])
def notes_fit(ctx: Context) -> Verdict:
    """Each note is about an item that nobody has accepted yet."""
    form: Adjusted | Decided | None = ctx.form
    sentence = "Each note is about an item that is not accepted yet"
    if form is None:
        return allow(sentence)
    waiting = {each.code for each in ctx.data.waiting()}
    found = list(unknown_items([each.item for each in form.notes], waiting))
    found += [
        f"{each.item} is no longer in the framework"
        for each in form.notes
        if each.item in waiting and each.item not in ctx.fact(WORDS)
    ]
    return of_form(_told(sentence, found))


@guard()
def everything_is_noted(ctx: Context) -> Verdict:
    """Each item that is voted on again was revised, or it says why not."""
    left = [each.code for each in ctx.data.waiting() if not each.noted]
    mend = (
        f'talent consultation adjust {ctx.case.ref} --item {left[0]} --text "…" --because "…"' if left else ""
    )
    return _told("Each open item was revised, or says why it stays", left, mend)


@guard()
def all_decided(ctx: Context) -> Verdict:
    """The sponsors leave nothing open."""
    form: Decided | None = ctx.form
    said = {each.item for each in form.notes} if form else set()
    left = [each.code for each in ctx.data.waiting() if each.code not in said]
    return _told("Every item is decided", left)


@guard()
def sponsor_signed(ctx: Context) -> Verdict:
    """A sponsor has signed."""
    sentence = "A sponsor has signed"
    mend = f"talent consultation sign {ctx.case.ref} --effective DAY"
    return allow(sentence) if ctx.data.signed else refuse(sentence, mend=mend)


@guard(facts=[WORDS])
def words_are_the_accepted(ctx: Context) -> Verdict:
    """The version reads as it was voted on."""
    now = ctx.fact(WORDS)
    changed = [
        each.code
        for each in ctx.data.items
        if each.code not in now
        or (now[each.code].text, now[each.code].indicators) != (each.text, each.indicators)
    ]
    return _told("The version reads as it was accepted", changed)


@guard(facts=[VERSION])
def version_is_in_force(ctx: Context) -> Verdict:
    """The core has published the version."""
    version = ctx.fact(VERSION)
    sentence = f"{version.name} is published"
    if version.status == "published":
        return allow(sentence)
    return refuse(sentence, f"it is {version.status}", mend=f"talent consultation publish {ctx.case.ref}")


def review_of(ctx: Context) -> tuple[CaseView, Review]:
    """Return the consultation a ballot belongs to."""
    parent = ctx.fact(PARENT)
    assert parent is not None, "a ballot is opened under its consultation"
    return parent, parent.data


@guard(facts=[PARENT])
def votes_fit(ctx: Context) -> Verdict:
    """Votes are on items of this round, words on their indicators."""
    form: Voted | None = ctx.form
    sentence = "What is said is about items of this round"
    if form is None:
        return allow(sentence)
    waiting = review_of(ctx)[1].waiting()
    codes = {each.code for each in waiting}
    indicators = {each.indicator(number) for each in waiting for number in range(1, len(each.indicators) + 1)}
    found = list(unknown_items([each.item for each in form.votes], codes | indicators))
    found += [
        f"{each.item} is an indicator: say whether it is needed"
        for each in form.votes
        if each.choice is not None and each.item in indicators
    ]
    found += list(unknown_items([each.indicator for each in form.sortings], indicators))
    return of_form(_told(sentence, found))


@guard(facts=[PARENT])
def nothing_is_left(ctx: Context) -> Verdict:
    """The voter has then voted on every item of the round."""
    form: Voted | None = ctx.form
    parent, review = review_of(ctx)
    own: Ballot = ctx.data
    said = {code for code, each in own.of_round(review.round).items() if each.choice is not None}
    said |= {each.item for each in form.votes if each.choice is not None} if form else set()
    left = [Detail(each.code, parent.id) for each in review.waiting() if each.code not in said]
    sentence = "Every item of the round has a vote"
    return refuse(sentence, *left[:MOST_TOLD]) if left else allow(sentence)
