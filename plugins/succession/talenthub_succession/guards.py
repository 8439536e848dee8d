"""Guards of a nomination: conditions that answer with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from talenthub.sdk import Context, Detail, RoleGaps, Verdict, allow, guard, nearest, of_form, refuse
from talenthub_succession.assessing import assessed, known_of
from talenthub_succession.cases import Nomination
from talenthub_succession.facts import GAPS, NOMINATIONS, OWN_POST
from talenthub_succession.forms import Called, Discussed, Submitted
from talenthub_succession.readiness import lacking, misses, readiness, role_fit
from talenthub_succession.settings import INSUFFICIENT

UNCHECKED = ("draft", "submitted")
"""States in which two of the same may still stand beside each other."""


def choice(word: str, allowed: tuple[str, ...], what: str) -> str:
    """Return the sentence on a word that is none of the allowed ones."""
    close = nearest(word, allowed)
    hint = f"; did you mean {close!r}?" if close else ""
    return f"{word!r} is no {what}; allowed: {', '.join(allowed)}{hint}"


@guard(facts=[GAPS])
def reasons_fit(ctx: Context) -> Verdict:
    """The descriptors are of the role, and advancement names a reference."""
    form: Submitted | None = ctx.form
    sentence = "The competencies are of the role; who advances has a reference"
    gaps = ctx.fact(GAPS)
    if form is None or gaps is None:
        return allow(sentence)
    codes = tuple(each.competency for each in gaps.profile.requirements)
    faults = [
        choice(each, codes, "competency of the role") for each in form.competencies if each not in codes
    ]
    if ctx.data.purpose == "advancement" and form.reference is None:
        faults.append("advancement needs somebody who knows the work: --reference PERSON")
    if form.reference is not None and form.reference == ctx.case.subject:
        faults.append("nobody is the own reference")
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@guard(facts=[GAPS])
def evidence_covers(ctx: Context) -> Verdict:
    """Enough of the role is known of the nominee."""
    sentence = "The evidence covers the role"
    gaps = ctx.fact(GAPS)
    if gaps is None:
        return refuse(sentence, INSUFFICIENT)
    missing = lacking(role_fit(gaps), ctx.settings)
    if not missing:
        return allow(sentence)
    mend = "rate what is unknown first: appraisal, feedback, a talk on the descriptors"
    return refuse(sentence, INSUFFICIENT, *(Detail(each, ctx.case.id) for each in missing), mend=mend)


@guard(facts=[NOMINATIONS])
def no_twin(ctx: Context) -> Verdict:
    """The person stands for this once only."""
    own: Nomination = ctx.data
    twins = [
        each
        for each in ctx.fact(NOMINATIONS)
        if each.id != ctx.case.id
        and each.is_open
        and each.state not in UNCHECKED
        and (each.data.purpose, each.data.role, each.data.post) == (own.purpose, own.role, own.post)
    ]
    sentence = "The person is not nominated for this already"
    details = [Detail(f"{each.ref}: {each.state.replace('_', ' ')}", each.id) for each in twins]
    return refuse(sentence, *details) if twins else allow(sentence)


@guard(facts=[GAPS])
def levels_are_known(ctx: Context) -> Verdict:
    """Performance and potential are levels, with where they come from."""
    form: Discussed | None = ctx.form
    sentence = "Performance and potential are known, and from where"
    if form is None:
        return allow(sentence)
    faults = list(_unknown_levels(form, ctx))
    gaps = ctx.fact(GAPS)
    codes = () if gaps is None else tuple(each.competency for each in gaps.profile.requirements)
    faults += [
        choice(each.competency, codes, "competency of the role")
        for each in form.growth
        if each.competency not in codes
    ]
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


def _unknown_levels(form: Discussed, ctx: Context) -> Iterator[str]:
    before = ctx.data.agreed
    for what in ("performance", "potential"):
        level, source = getattr(form, what), getattr(form, f"{what}_source")
        if level is None:
            if before is None or getattr(before, what) is None:
                yield f"{what} is unknown: --{what} LEVEL --{what}-source WORDS"
        elif ctx.settings.level_of(level) is None:
            yield choice(level, ctx.settings.levels, f"level of {what}")
        elif not source:
            yield f"{what} needs its source"


@guard(facts=[GAPS])
def readiness_is_argued(ctx: Context) -> Verdict:
    """The readiness is the computed one, or differs with a reason."""
    form: Discussed | None = ctx.form
    sentence = "The readiness is the computed one, or says why it differs"
    gaps = ctx.fact(GAPS)
    if form is None or gaps is None:
        return allow(sentence)
    if form.readiness is not None and form.readiness not in ctx.settings.words:
        return of_form(refuse(sentence, choice(form.readiness, ctx.settings.words, "readiness")))
    made = assessed(ctx.data, form, gaps, ctx.settings, ctx.today, by=None)
    if made.agreed == made.computed or form.reason:
        return allow(sentence, f"computed: {made.computed}")
    return refuse(
        sentence,
        Detail(f"computed: {made.computed}", ctx.case.id),
        *(Detail(each, ctx.case.id) for each in _distance(ctx, form, gaps)),
        mend="--reason says why",
    )


def _distance(ctx: Context, form: Discussed, gaps: RoleGaps) -> list[str]:
    """Return what stands between the nominee and the band that was chosen."""
    band = ctx.settings.named(form.readiness or "")
    known = known_of(ctx.data, form, ctx.settings)
    found = readiness(gaps, known, ctx.settings)
    return list(misses(band, found, known, ctx.settings)) if band is not None else []


@guard()
def board_fits(ctx: Context) -> Verdict:
    """The board makes a quorum without the nominee and the nominator."""
    form: Called | None = ctx.form
    sentence = "The board makes a quorum, without the nominee and who nominated"
    if form is None:
        return allow(sentence)
    members = set(form.members)
    faults = []
    if ctx.case.subject in members:
        faults.append("the nominee decides nothing about themselves")
    if members & set(ctx.case.people("nominator")):
        faults.append("who nominated does not sit on the board")
    if len(members) < ctx.settings.quorum:
        faults.append(f"{len(members)} members; at least {ctx.settings.quorum}")
    return of_form(refuse(sentence, *faults)) if faults else allow(sentence)


@guard()
def quorum_is_met(ctx: Context) -> Verdict:
    """Enough members of the board have voted."""
    done, needed = len(ctx.data.votes), ctx.settings.quorum
    sentence = f"At least {needed} of the board have voted"
    mend = f"talent succession board vote {ctx.case.ref} --decision yes"
    return allow(sentence) if done >= needed else refuse(sentence, f"{done} of {needed}", mend=mend)


@guard()
def most_say_yes(ctx: Context) -> Verdict:
    """More of the votes are for it than against it."""
    yes = sum(each.decision == "yes" for each in ctx.data.votes)
    no = len(ctx.data.votes) - yes
    sentence = "More votes are for it than against it"
    return allow(sentence) if yes > no else refuse(sentence, f"{yes} for, {no} against")


@guard()
def assessment_is_fresh(ctx: Context) -> Verdict:
    """The readiness was agreed on not long ago."""
    found = ctx.data.agreed
    sentence = f"The readiness is not older than {ctx.settings.fresh_days} days"
    if found is not None and found.on >= ctx.today - timedelta(days=ctx.settings.fresh_days):
        return allow(sentence, f"of {found.on}")
    mend = f"talent succession assess {ctx.case.ref}"
    return refuse(sentence, f"of {found.on}" if found else "there is none", mend=mend)


@guard()
def not_assessed_today(ctx: Context) -> Verdict:
    """The readiness is older than today."""
    found = ctx.data.newest
    sentence = "The readiness is older than today"
    if found is not None and found.on < ctx.today:
        return allow(sentence, f"of {found.on}")
    return refuse(sentence)


@guard(facts=[OWN_POST])
def holds_the_post(ctx: Context) -> Verdict:
    """The nominee holds the post they were nominated for."""
    sentence = "The nominee holds the post"
    if ctx.data.post is None or ctx.fact(OWN_POST) == ctx.data.post:
        return allow(sentence)
    mend = f"talent people move PERSON {ctx.data.post}"
    return refuse(sentence, Detail(f"the post is {ctx.data.post}", ctx.case.id), mend=mend)
