"""Guards of offers and hires: merit order, days, free positions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from talenthub.sdk import PARENT, CaseView, Context, Detail, Verdict, allow, guard, nearest, refuse
from talenthub_recruitment.cases import Selection
from talenthub_recruitment.facts import OTHER_APPLICATIONS, VACANCIES
from talenthub_recruitment.forms import Hire, OfferMade
from talenthub_recruitment.vacancies import unfilled, vacancy_for


@guard(facts=[PARENT, OTHER_APPLICATIONS, VACANCIES])
def in_merit_order(ctx: Context) -> Verdict:
    """Nobody better on the merit list is passed over without a reason."""
    sentence = "Offers follow the merit list, or say why not"
    form: OfferMade | None = ctx.form
    parent = ctx.fact(PARENT)
    if parent is None or (form is not None and form.exception):
        return allow(sentence)
    ahead = _ahead(parent.data, ctx.case, ctx.fact(OTHER_APPLICATIONS))
    free = sum(each.data.free_positions for each in unfilled(ctx.fact(VACANCIES)))
    if len(ahead) < max(free, 1):
        return allow(sentence)
    mend = f'talent recruitment offer {ctx.case.ref} --exception "…"'
    return refuse(sentence, *(Detail(f"{each.ref} stands before", each.id) for each in ahead), mend=mend)


def _ahead(selection: Selection, case: CaseView, others: tuple[CaseView, ...]) -> list[CaseView]:
    waiting = ("ranked", "offered", "accepted")
    own = _place(selection, case)
    return [each for each in others if each.state in waiting and _place(selection, each) < own]


def _place(selection: Selection, case: CaseView) -> int:
    """Return the rank; who came after the decision stands by the same figure."""
    for each in selection.merit:
        if each.case == case.id:
            return each.rank
    if case.data is None or case.data.consensus is None:
        return len(selection.merit) + 1
    overall = Fraction(case.data.consensus.overall)
    return 1 + sum(Fraction(each.overall) > overall for each in selection.merit)


@guard()
def expiry_is_ahead(ctx: Context) -> Verdict:
    """An offer expires on a day to come."""
    form: OfferMade | None = ctx.form
    sentence = "The offer stands until a day to come"
    if form is None or form.expires_on is None or form.expires_on >= ctx.today:
        return allow(sentence)
    return refuse(sentence, f"{form.expires_on} is past")


@guard(facts=[VACANCIES])
def position_is_free(ctx: Context) -> Verdict:
    """A position of the requisition, and the post named, is free."""
    form: Hire | None = ctx.form
    left = unfilled(ctx.fact(VACANCIES))
    sentence = "A position is free"
    if not left:
        return refuse(sentence, *_why_none(ctx.fact(VACANCIES)))
    if form is None or vacancy_for(left, ctx.data, form) is not None:
        return allow(sentence, *(f"{each.ref}: {_free(each)}" for each in left))
    if form.post is not None:
        return refuse(
            sentence, _not_here(form.post, [post for each in left for post in each.data.free_posts])
        )
    offered = ctx.data.offer.requisition if ctx.data.offer is not None else ""
    return refuse(
        "It is clear which requisition is filled",
        *(Detail(f"{each.ref} {each.about}: {_free(each)}", each.id) for each in left),
        *([Detail(f"the offer was of {offered}", ctx.case.id)] if offered else []),
        mend=f"talent recruitment hire {ctx.case.ref} --for {offered or left[0].ref}",
    )


def _free(vacancy: CaseView) -> str:
    return f"{vacancy.data.free_positions} of {vacancy.data.positions} free"


def _why_none(vacancies: tuple[CaseView, ...]) -> list[Detail]:
    held = [each for each in vacancies if each.data.free_positions > 0]
    standing = [Detail(f"{each.ref}: {each.state.replace('_', ' ')}", each.id) for each in held]
    return standing or [Detail("every position of the requisition is filled")]


def _not_here(post: str, free: Sequence[str]) -> str:
    close = nearest(post, free)
    hint = f"; did you mean {close!r}?" if close else ""
    return f"post {post!r} is not free here; allowed: {', '.join(free) or 'none'}{hint}"


@guard(facts=[VACANCIES])
def offer_is_of_a_vacancy(ctx: Context) -> Verdict:
    """The requisition that the offer names has a free position."""
    form: OfferMade | None = ctx.form
    sentence = "The requisition that the offer names has a free position"
    left = [each.ref for each in unfilled(ctx.fact(VACANCIES))]
    if form is None or not form.requisition or form.requisition in left:
        return allow(sentence)
    return refuse(sentence, f"found {form.requisition}; allowed: {', '.join(left) or 'none'}")
