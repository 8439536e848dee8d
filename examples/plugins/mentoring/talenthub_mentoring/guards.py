"""The guards: conditions that answer with a reason."""

from __future__ import annotations

from collections import Counter

from talenthub.sdk import Context, Verdict, allow, children, guard, refuse
from talenthub_mentoring.cases import RELATIONSHIP

PAIRS = children(RELATIONSHIP)


@guard()
def joins_once(ctx: Context) -> Verdict:
    """Nobody takes part twice, as mentor or as mentee."""
    sentence = "Nobody takes part twice"
    taking_part = {*ctx.case.people("mentor"), *ctx.case.people("mentee")}
    if ctx.form is None or ctx.form.person not in taking_part:
        return allow(sentence)
    return refuse(sentence, "this person has joined already")


@guard()
def has_mentors(ctx: Context) -> Verdict:
    """Somebody teaches before others are asked to learn."""
    sentence = "At least one mentor has joined"
    mend = f"talent mentoring join {ctx.case.ref} PERSON --role mentor"
    return allow(sentence) if ctx.case.people("mentor") else refuse(sentence, mend=mend)


@guard(facts=[PAIRS])
def pairs_are_free(ctx: Context) -> Verdict:
    """Both have joined; a mentee has one mentor, a mentor not too many."""
    most = ctx.settings.mentees_per_mentor
    sentence = f"Each mentee has one mentor, each mentor at most {most} mentees"
    if ctx.form is None:
        return allow(sentence)
    open_pairs = [each for each in ctx.fact(PAIRS) if each.is_open]
    asked = [(each.mentor, each.mentee) for each in ctx.form.pairs]
    has = [(person, each.subject) for each in open_pairs for person in each.people("mentor")]
    mentors, mentees = (
        Counter(mentor for mentor, _ in has + asked),
        Counter(mentee for _, mentee in has + asked),
    )
    if any(count > most for count in mentors.values()) or any(count > 1 for count in mentees.values()):
        return refuse(sentence, "somebody of these pairs is not free")
    joined = {"mentor": set(ctx.case.people("mentor")), "mentee": set(ctx.case.people("mentee"))}
    if any(mentor not in joined["mentor"] or mentee not in joined["mentee"] for mentor, mentee in asked):
        return refuse(sentence, "somebody of these pairs has not joined")
    return allow(sentence)


@guard(facts=[PAIRS])
def pairs_run(ctx: Context) -> Verdict:
    """There is at least one pair."""
    mend = f"talent mentoring propose {ctx.case.ref}"
    sentence = "At least one pair was proposed"
    return allow(sentence) if ctx.fact(PAIRS) else refuse(sentence, mend=mend)


@guard(facts=[PAIRS])
def pairs_ended(ctx: Context) -> Verdict:
    """No pair is left in the middle."""
    still = sum(each.is_open for each in ctx.fact(PAIRS))
    sentence = "Every pair has ended"
    return refuse(sentence, f"{still} have not") if still else allow(sentence)
