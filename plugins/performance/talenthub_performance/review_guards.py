"""Guards of a review: conditions that answer with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from talenthub.sdk import CaseView, Context, Detail, Verdict, allow, guard, nearest, of_form, refuse, shown
from talenthub_performance.cases import GROUPS, Review
from talenthub_performance.facts import CONVERSATIONS, ROUNDS, STATEMENTS
from talenthub_performance.figures import figures_of, surprise
from talenthub_performance.forms import NewManager, Nomination, Objectives, Progress, Release, Taken


def strange(codes: list[str], known: list[str], what: str) -> list[str]:
    """Return a sentence for each code that is not known."""
    found = []
    for code in codes:
        if code not in known:
            close = nearest(code, known)
            hint = f"; did you mean {close!r}?" if close else ""
            found.append(f"{code!r} is no {what} here; allowed: {', '.join(known) or 'none'}{hint}")
    return found


@guard()
def weights_make_a_whole(ctx: Context) -> Verdict:
    """The weights of the objectives make exactly one whole; keys differ."""
    form: Objectives | None = ctx.form
    sentence = "The weights of the objectives make one whole"
    if form is None:
        return allow(sentence)
    total = sum((Fraction(each.weight) for each in form.objectives), Fraction(0))
    keys = [each.key for each in form.objectives]
    faults = [f"they make {shown(total)}"] if total != 1 else []
    faults += [f"two are called {key!r}" for key in sorted({key for key in keys if keys.count(key) > 1})]
    faults += [
        f"{each.key}: start and target are the same"
        for each in form.objectives
        if each.start is not None and each.start == each.target
    ]
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@guard()
def objectives_are_there(ctx: Context) -> Verdict:
    """There are objectives to agree on."""
    sentence = "There are objectives to agree on"
    mend = f"talent performance review objectives {ctx.case.ref} --objective …"
    return allow(sentence) if ctx.data.objectives else refuse(sentence, mend=mend)


@guard()
def objectives_are_known(ctx: Context) -> Verdict:
    """Progress is of objectives of this review."""
    form: Progress | None = ctx.form
    sentence = "Progress is of objectives of this review"
    known = [each.key for each in ctx.data.objectives]
    faults = [] if form is None else strange(list(form.current), known, "objective")
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@guard()
def manager_is_somebody_else(ctx: Context) -> Verdict:
    """Nobody rates themselves."""
    form: NewManager | None = ctx.form
    sentence = "Who rates is somebody else"
    return refuse(sentence) if form is not None and form.person == ctx.case.subject else allow(sentence)


@guard()
def review_is_rated(ctx: Context) -> Verdict:
    """The cycle asks for ratings."""
    sentence = "The cycle asks for ratings"
    return allow(sentence) if ctx.data.rated else refuse(sentence, "conversations come first here")


@guard()
def raters_fit(ctx: Context) -> Verdict:
    """Raters are others, each in one group; competencies are the role's."""
    form: Nomination | None = ctx.form
    sentence = "Raters are others, each in one group, and rate what the role asks"
    if not ctx.data.rated:
        return of_form(refuse(sentence, "conversations come first here: nobody is asked for a rating"))
    if form is None:
        return allow(sentence)
    everybody = [each for some in form.raters.values() for each in some]
    faults = strange(list(form.raters), list(GROUPS), "group")
    faults += strange(list(form.competencies), [each.competency for each in ctx.data.measures], "competency")
    if ctx.case.subject in everybody or set(everybody) & set(ctx.case.people("manager")):
        faults.append("the person and the manager speak for themselves")
    if len(everybody) != len(set(everybody)):
        faults.append("somebody stands in it twice")
    if len(set(everybody)) < ctx.settings.minimum_group:
        faults.append(
            f"{len(set(everybody))} are asked; fewer than {ctx.settings.minimum_group} show nothing"
        )
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@guard(facts=[ROUNDS])
def nobody_is_asked_twice(ctx: Context) -> Verdict:
    """Nobody has been asked about this review before, in another round.

    The same people and one more would tell what the one more has said.
    """
    form: Nomination | None = ctx.form
    sentence = "Nobody is asked twice about a review: two rounds side by side would tell single answers"
    if form is None:
        return allow(sentence)
    named = {each for some in form.raters.values() for each in some}
    again = [
        each
        for each in ctx.fact(ROUNDS)
        if each.state != "cancelled" and named & {one for some in each.data.raters.values() for one in some}
    ]
    details = [Detail(f"somebody of these was asked in {each.ref}", each.id) for each in again]
    return of_form(refuse(sentence, *details)) if again else allow(sentence)


@guard(facts=[ROUNDS])
def round_was_closed(ctx: Context) -> Verdict:
    """The answers are of a round of this review that has closed."""
    form: Taken | None = ctx.form
    sentence = "The answers are of a round of this review that has closed"
    collected = [each.id for each in ctx.fact(ROUNDS) if each.state == "collected"]
    return allow(sentence) if form is None or form.case in collected else refuse(sentence)


@guard(facts=[STATEMENTS])
def manager_has_rated(ctx: Context) -> Verdict:
    """There are ratings to show: the manager's are not excused."""
    sentence = "The manager has rated"
    said = [each for each in ctx.fact(STATEMENTS) if each.data.kind == "manager" and each.people("rater")]
    return allow(sentence) if any(each.state != "excused" for each in said) else refuse(sentence)


@guard(facts=[STATEMENTS])
def all_statements_in(ctx: Context) -> Verdict:
    """Self and manager have both submitted, or were excused."""
    missing = [each for each in ctx.fact(STATEMENTS) if each.state in ("drafting", "reopened")]
    sentence = "Self and manager have submitted"
    details = [Detail(f"missing: {each.data.kind}", each.id) for each in missing]
    return refuse(sentence, *details) if missing else allow(sentence)


@guard()
def signer_did_not_rate(ctx: Context) -> Verdict:
    """Who signs has neither rated nor calibrated it."""
    data: Review = ctx.data
    involved = {data.rated_by, *ctx.case.people("manager"), *(each.by for each in data.changes)}
    sentence = "Who signs has neither rated nor calibrated it"
    return refuse(sentence, "that was you") if involved & ctx.actor.identities else allow(sentence)


@guard(facts=[ROUNDS])
def rounds_are_closed(ctx: Context) -> Verdict:
    """No round is still collecting answers."""
    running = [each for each in ctx.fact(ROUNDS) if each.is_open]
    sentence = "No round is still collecting answers"
    if not running:
        return allow(sentence)
    mend = f"talent performance round close {running[0].ref}"
    return refuse(sentence, *(Detail(each.ref, each.id) for each in running), mend=mend)


@guard()
def talk_is_not_ahead(ctx: Context) -> Verdict:
    """The talk has been held: its day is not to come."""
    form: Release | None = ctx.form
    sentence = "A release follows the talk"
    ahead = form is not None and form.talked_on is not None and form.talked_on > ctx.today
    return of_form(refuse(sentence, f"{form.talked_on} is to come")) if ahead and form else allow(sentence)


def last_ratings(conversations: tuple[CaseView, ...], many: int) -> list[str]:
    """Return the overall ratings of the last conversations that have one."""
    rated = [each.data for each in conversations if each.data.rating is not None and each.data.held_on]
    return [each.rating for each in sorted(rated, key=lambda each: each.held_on)[-many:]]


@guard(facts=[CONVERSATIONS])
def no_surprise(ctx: Context) -> Verdict:
    """The review says what the conversations said, or why it does not."""
    data: Review = ctx.data
    form: Release | None = ctx.form
    sentence = f"The review is within {ctx.settings.surprise} of the last conversations, or says why not"
    if not data.rated:
        return allow("Nothing is rated")
    before = last_ratings(ctx.fact(CONVERSATIONS), ctx.settings.last_conversations)
    index = surprise(figures_of(data, ctx.settings).performance, before)
    if index is None:
        return allow(sentence, Detail("there is nothing to compare", ctx.case.id))
    told = Detail(f"no-surprise index {shown(index)} from {', '.join(before)}", ctx.case.id)
    explained = data.explanation or (form is not None and form.explanation)
    if index <= Fraction(ctx.settings.surprise) or explained:
        return allow(sentence, told)
    mend = f'talent performance review release {ctx.case.ref} --explain "…"'
    return refuse(sentence, told, mend=mend)


def _last_day(ctx: Context) -> date | None:
    """Return the last day for an appeal; None before the release."""
    released: date | None = ctx.data.released_on
    return None if released is None else released + timedelta(days=ctx.settings.appeal_days)


@guard()
def within_the_window(ctx: Context) -> Verdict:
    """An appeal comes within its days after the release."""
    last = _last_day(ctx)
    sentence = f"An appeal comes within {ctx.settings.appeal_days} days"
    if last is None:
        return refuse(sentence, "it is not released yet")
    return allow(sentence, f"until {last}") if ctx.today <= last else refuse(sentence, f"until {last}")


@guard()
def window_is_over(ctx: Context) -> Verdict:
    """It closes when no appeal can come any more."""
    last = _last_day(ctx)
    sentence = "The days for an appeal are over"
    over = last is None or ctx.today > last
    return allow(sentence) if over else refuse(sentence, f"they last until {last}")
