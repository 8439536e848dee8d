"""Guards of requisitions: reasons, posts and positions."""

from __future__ import annotations

from talenthub.sdk import Context, Detail, Verdict, allow, guard, refuse
from talenthub_recruitment.facts import SELECTIONS


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


@guard(facts=[SELECTIONS])
def no_running_selection(ctx: Context) -> Verdict:
    """No other selection of the requisition is under way."""
    running = [each for each in ctx.fact(SELECTIONS) if each.closed_at is None]
    sentence = "No other selection is under way"
    return refuse(sentence, *(Detail(each.ref, each.id) for each in running)) if running else allow(sentence)
