"""The move: from interest in another role to a post in the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from talenthub.sdk import (
    SUBJECT_MANAGER,
    CaseView,
    Context,
    Detail,
    Fact,
    FillPost,
    Intent,
    Outcome,
    Post,
    Stage,
    State,
    Task,
    Transaction,
    Transition,
    UpdateData,
    Verdict,
    Workflow,
    allow,
    days,
    effect,
    guard,
    open_above,
    refuse,
    shown,
    subject,
    vacant_posts,
)
from talenthub_career.cases import Move
from talenthub_career.exact import exact
from talenthub_career.facts import GAPS
from talenthub_career.forms import Agreeing, Applying, Because
from talenthub_career.judging import strange, typed
from talenthub_career.relations import auditor, hr_desk, hr_partner, manager


@dataclass(frozen=True, slots=True)
class Vacancies:
    """The vacant posts of a role, by code."""

    posts: dict[str, Post]


def _vacancies(tx: Transaction, cases: list[CaseView]) -> dict[int, Vacancies]:
    roles = {case.data.role for case in cases}
    found = {role: {each.code: each for each in vacant_posts(tx, role)} for role in roles}
    return {case.id: Vacancies(found[case.data.role]) for case in cases}


VACANT: Fact[Vacancies] = Fact("career.vacant", lambda tx, cases: _vacancies(tx, list(cases)))
"""The posts that nobody sits on, for the role of a move."""

OPEN_VACANCIES = open_above("apply")
"""What may be applied for, where the organisation hands applications over."""


@guard(facts=[OPEN_VACANCIES])
def vacancy_is_open(ctx: Context) -> Verdict:
    """What is applied for is an open vacancy.

    Who applies may know no more of it than that it was announced.
    """
    form: Applying | None = ctx.form
    sentence, known = "The vacancy is an open one", ctx.fact(OPEN_VACANCIES)
    if form is None or known is None or form.vacancy.upper() in known:
        return allow(sentence)
    faults = [f"there is no open vacancy {form.vacancy}; allowed: an open selection, such as SEL-1"]
    return typed(sentence, faults, mend="ask whoever announced it for the reference")


@guard(facts=[VACANT])
def post_is_vacant(ctx: Context) -> Verdict:
    """The post is of the role, and vacant; the first day is not past."""
    form: Agreeing | None = ctx.form
    sentence = "The post is of the role and vacant, and the first day is not past"
    vacant = ctx.fact(VACANT).posts
    if form is None:
        return allow(sentence, *(Detail(code) for code in list(vacant)[:10]))
    faults = strange([form.post], list(vacant)[:200], "vacant post")
    faults += [f"{form.starts_on} is past"] if form.starts_on < ctx.today else []
    return typed(sentence, faults)


@guard(facts=[SUBJECT_MANAGER])
def manager_knows(ctx: Context) -> Verdict:
    """The present manager has let them go, before HR puts it down."""
    sentence = "The present manager has agreed"
    boss = ctx.fact(SUBJECT_MANAGER)
    if boss is None or boss in ctx.data.agreed_by:
        return allow(sentence)
    return refuse(sentence, mend=f"the manager: talent career move release {ctx.case.ref}")


@effect(facts=[GAPS])
def note_gaps(ctx: Context) -> Iterator[Intent]:
    """Keep what is lacking of the role, as the person looked at it."""
    gaps = ctx.fact(GAPS)
    if gaps is not None:
        found = [f"{each.competency} {shown(exact(each.size))}" for each in gaps.gaps if each.is_open]
        found += [f"{each.competency} unknown" for each in gaps.unknown]
        yield UpdateData({"viewed": found})


@effect()
def keep_vacancy(ctx: Context) -> Iterator[Intent]:
    """Keep the selection that was applied for."""
    yield UpdateData({"vacancy": ctx.form.vacancy})


@effect()
def keep_agreement(ctx: Context) -> Iterator[Intent]:
    """Keep who let them go."""
    yield UpdateData({"agreed_by": sorted({*ctx.data.agreed_by, *filter(None, [ctx.actor.person])})})


@effect()
def sit(ctx: Context) -> Iterator[Intent]:
    """Put the person on the post from the first day on."""
    form: Agreeing = ctx.form
    assert ctx.case.subject is not None, "a move is about somebody"
    yield UpdateData({"post": form.post, "starts_on": form.starts_on.isoformat()})
    yield FillPost(ctx.case.subject, form.post, form.starts_on)


move = Workflow(
    name="career.move",
    ref="MOV",
    version=1,
    stage=Stage.CAREER,
    title="internal move",
    data=Move,
    initial="interested",
    open_by=subject | manager | hr_desk,
    viewers=hr_desk | auditor,
    subject_sees="all",
    personal=("why", "viewed", "reason"),
    states=[
        State("interested", tasks=(Task("Look at what the role asks of you", subject),)),
        State("gap_viewed", tasks=(Task("Apply, propose the move, or let it go", subject),)),
        State("proposed", due=days(14), tasks=(Task("Let them go, or talk about it", manager),)),
        State("released", due=days(14), tasks=(Task("Name the post and the first day", hr_partner),)),
        State("applied", outcome=Outcome.SUCCESS),
        State("agreed", outcome=Outcome.SUCCESS),
        State("dropped", outcome=Outcome.NEUTRAL, afterwards="talent career interest ROLE"),
    ],
    transitions=[
        Transition(
            "view_gap",
            ["interested", "gap_viewed"],
            "gap_viewed",
            by=subject,
            effects=[note_gaps],
            title="look at what the role asks",
        ),
        Transition(
            "apply",
            "gap_viewed",
            "applied",
            by=subject,
            form=Applying,
            guards=[vacancy_is_open],
            effects=[keep_vacancy],
            title="apply for a vacancy",
        ),
        Transition("propose", "gap_viewed", "proposed", by=subject, title="propose the move"),
        Transition(
            "release",
            "proposed",
            "released",
            by=manager,
            effects=[keep_agreement],
            title="let them go",
        ),
        Transition(
            "agree",
            "released",
            "agreed",
            by=hr_partner,
            form=Agreeing,
            guards=[manager_knows, post_is_vacant],
            effects=[sit],
            title="name the post and the first day",
        ),
        Transition(
            "drop",
            ["interested", "gap_viewed", "proposed", "released"],
            "dropped",
            by=subject | hr_partner,
            form=Because,
        ),
        Transition(
            "decline",
            "proposed",
            "gap_viewed",
            by=manager,
            form=Because,
            title="ask to stay",
        ),
    ],
)
