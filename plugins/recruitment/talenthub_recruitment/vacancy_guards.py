"""Guards of requisitions: reasons, posts and positions."""

from __future__ import annotations

from talenthub.sdk import Context, Detail, Verdict, allow, guard, refuse
from talenthub_recruitment.facts import SELECTIONS, SHARED_SELECTION, UNFILLED, requisitions_of


@guard()
def reason_given(ctx: Context) -> Verdict:
    """The requisition says why the positions are needed."""
    sentence = "The requisition says why the positions are needed"
    return allow(sentence) if ctx.data.reason.strip() else refuse(sentence)


@guard()
def posts_match_positions(ctx: Context) -> Verdict:
    """No more posts are named than positions are to be filled."""
    named, wanted = len(ctx.data.posts), ctx.data.positions
    sentence = "Each position has at most one post"
    return allow(sentence) if named <= wanted else refuse(sentence, f"{named} posts for {wanted} positions")


@guard()
def positions_remain(ctx: Context) -> Verdict:
    """After this hire a position is still free."""
    return _positions(ctx.data.positions - ctx.data.hired > 1, "More than one position is free")


@guard()
def last_position(ctx: Context) -> Verdict:
    """Exactly one position is free."""
    return _positions(ctx.data.positions - ctx.data.hired == 1, "The last position is free")


def _positions(is_so: bool, sentence: str) -> Verdict:
    return allow(sentence) if is_so else refuse(sentence)


@guard()
def was_open(ctx: Context) -> Verdict:
    """It was open when it was put on hold."""
    return _positions(ctx.data.held_from == "open", "It was open when it was put on hold")


@guard()
def was_approved(ctx: Context) -> Verdict:
    """It was approved, not yet open, when it was put on hold."""
    return _positions(ctx.data.held_from == "approved", "It was approved when it was put on hold")


@guard(facts=[SELECTIONS, SHARED_SELECTION])
def no_running_selection(ctx: Context) -> Verdict:
    """No other selection, own or shared, is under way."""
    shared = ctx.fact(SHARED_SELECTION)
    listed = [*ctx.fact(SELECTIONS), *([] if shared is None else [shared])]
    running = [each for each in listed if each.closed_at is None]
    sentence = "No other selection is under way"
    return refuse(sentence, *(Detail(each.ref, each.id) for each in running)) if running else allow(sentence)


@guard(facts=[SELECTIONS])
def nobody_shares_its_selection(ctx: Context) -> Verdict:
    """Its running selection fills no other requisition.

    A requisition that ends takes its selection along.
    """
    running = [each for each in ctx.fact(SELECTIONS) if each.closed_at is None]
    others = [pointer for each in running for pointer in each.data.shared]
    sentence = "Its selection fills no other requisition"
    if not others:
        return allow(sentence)
    return refuse(
        sentence,
        *(Detail(each.ref, each.case) for each in others),
        mend=f"hold it until the selection is completed: talent do {ctx.case.ref} hold",
    )


@guard(facts=[UNFILLED])
def asks_for_the_same(ctx: Context) -> Verdict:
    """Each one is approved and asks for this role by the same words."""
    sentence = "Each requisition is approved, and asks for this role in this version of the framework"
    if ctx.form is None:
        return allow(sentence)
    waiting, own = ctx.fact(UNFILLED), requisitions_of(ctx.case)
    if all(number in waiting and number not in own for number in ctx.form.requisitions):
        return allow(sentence)
    left = [Detail(f"allowed: {each.ref}", number) for number, each in waiting.items() if number not in own]
    return refuse(sentence, *(left or [Detail("there is none such")]))
