"""Two small workflows: a loan, and the blind reviews of it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from talenthub.sdk import (
    Blind,
    Context,
    Detail,
    FireCase,
    OpenCase,
    Outcome,
    Stage,
    State,
    Task,
    Timer,
    Transition,
    UpdateData,
    Verdict,
    Workflow,
    allow,
    children,
    days,
    effect,
    guard,
    holds,
    participant,
    refuse,
    subject,
    system,
)


class Loan(BaseModel, extra="forbid", frozen=True):
    amount: int = 0
    note: str = ""
    terms: dict[str, int] = Field(default_factory=dict)


class Review(BaseModel, extra="forbid", frozen=True):
    mark: int | None = None


class Note(BaseModel, extra="forbid", frozen=True):
    note: str = Field(min_length=3)


class Terms(BaseModel, extra="forbid", frozen=True):
    months: int = Field(default=12, ge=1, le=60)
    starts_on: date | None = None
    kind: Literal["short", "long"] = "short"
    shares: dict[str, int] = Field(default_factory=dict)
    witnesses: tuple[int, ...] = ()
    guarantor: int | None = None
    insured: bool = False
    comment: str = ""


class Mark(BaseModel, extra="forbid", frozen=True):
    mark: int = Field(ge=1, le=5)


REVIEWS = children("bank.review")


@guard(facts=[REVIEWS])
def all_marks_in(context: Context) -> Verdict:
    reviews = context.fact(REVIEWS)
    missing = [each for each in reviews if each.state == "open"]
    sentence = "Every reviewer has marked"
    if missing:
        return refuse(sentence, *(Detail(f"missing: {each.ref}", each.id) for each in missing))
    return allow(sentence, f"{len(reviews)} of {len(reviews)}")


@guard()
def worth_it(context: Context) -> Verdict:
    sentence = "The amount is at least 10"
    if context.data.amount >= 10:
        return allow(sentence)
    return refuse(sentence, f"it is {context.data.amount}", mend="ask for more")


@effect()
def keep_note(context: Context):
    yield UpdateData({"note": context.form.note})


@effect()
def keep_terms(context: Context):
    yield UpdateData({"terms": context.form.shares | {"months": context.form.months}})


@effect()
def ask_reviewers(context: Context):
    for person in context.case.people("reviewer"):
        yield OpenCase("bank.review", subject=context.case.subject, participants={"reviewer": (person,)})


@effect()
def keep_mark(context: Context):
    yield UpdateData({"mark": context.form.mark})


@effect()
def wake_parent(context: Context):
    assert context.case.parent is not None
    yield FireCase(context.case.parent, "collect", if_possible=True)


officer = holds("hr_officer")
onlookers = officer | holds("hr_head")

loan = Workflow(
    name="bank.loan",
    ref="LOAN",
    version=1,
    stage=Stage.CAREER,
    data=Loan,
    initial="asked",
    open_by=officer | subject,
    viewers=onlookers,
    participants=("reviewer",),
    states=[
        State(
            "asked", due=days(5), timers=(Timer("late", days(7)), Timer("lapse", days(30), fires="expire"))
        ),
        State("reviewing", tasks=(Task("Wait for the reviews", holds("hr_head")),), due=days(9)),
        State("reviewed"),
        State("granted", outcome=Outcome.SUCCESS),
        State("refused", outcome=Outcome.FAILURE),
        State("expired", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("review", "asked", "reviewing", by=officer, guards=[worth_it], effects=[ask_reviewers]),
        Transition("agree_terms", "asked", "asked", by=officer, form=Terms, effects=[keep_terms]),
        Transition("collect", "reviewing", "reviewed", by=system, guards=[all_marks_in]),
        Transition("note", "reviewed", "reviewed", by=officer, form=Note, effects=[keep_note]),
        Transition("grant", "reviewed", "granted", by=onlookers, four_eyes=("note",)),
        Transition("refuse", ["asked", "reviewed"], "refused", by=officer, form=Note, effects=[keep_note]),
        Transition("expire", "asked", "expired", by=system),
    ],
)

review = Workflow(
    name="bank.review",
    ref="REV",
    version=1,
    data=Review,
    initial="open",
    parent="bank.loan",
    participants=("reviewer",),
    viewers=onlookers,
    blind=Blind("reviewer", states=("open",), until_revealed=()),
    states=[State("open"), State("marked", outcome=Outcome.NEUTRAL)],
    transitions=[
        Transition(
            "mark",
            "open",
            "marked",
            by=participant("reviewer"),
            form=Mark,
            effects=[keep_mark, wake_parent],
            locks=("parent",),
        ),
    ],
)
