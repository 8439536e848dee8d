"""Workflows that touch all an effect can ask for.

circle: opens three blind marks, the last of which wakes it; finishing it
records evidence, sends a message, calls a handler and hands over to follow.
position > lot > bid: a bid takes a seat of the position two levels above.
survey > answer: sealed answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from pydantic import BaseModel, Field

from talenthub.sdk import (
    Blind,
    CaseView,
    Context,
    Detail,
    Fact,
    FireCase,
    Notify,
    OpenCase,
    Outcome,
    RecordEvidence,
    Stage,
    State,
    Timer,
    Transaction,
    Transition,
    UpdateData,
    Verdict,
    Workflow,
    allow,
    cases_by_id,
    children,
    days,
    effect,
    guard,
    holds,
    participant,
    refuse,
    system,
)

officer = holds("hr_officer")


class Circle(BaseModel, extra="forbid", frozen=True):
    note: str = ""


class Note(BaseModel, extra="forbid", frozen=True):
    note: str = Field(min_length=1)


class Mark(BaseModel, extra="forbid", frozen=True):
    mark: int | None = None


class MarkForm(BaseModel, extra="forbid", frozen=True):
    mark: int = Field(ge=1, le=5)


class Seats(BaseModel, extra="forbid", frozen=True):
    seats: int = 1
    taken: int = 0


class AnswerForm(BaseModel, extra="forbid", frozen=True):
    group: str = ""
    rating: int = Field(ge=1, le=1_000_000)


MARKS = children("trial.mark")


def _positions(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, CaseView]:
    lots = cases_by_id(tx, {case.parent for case in cases})
    positions = cases_by_id(tx, {lot.parent for lot in lots.values()})
    return {case.id: positions[lots[case.parent].parent] for case in cases}


POSITION_ABOVE: Fact[CaseView] = Fact("trial.position", _positions)


@guard(facts=[MARKS])
def all_marks_in(context: Context) -> Verdict:
    missing = [each for each in context.fact(MARKS) if each.state == "open"]
    sentence = "Every mark is in"
    return refuse(sentence, *(Detail(each.ref, each.id) for each in missing)) if missing else allow(sentence)


@guard(facts=[POSITION_ABOVE])
def seat_free(context: Context) -> Verdict:
    data: Seats = context.fact(POSITION_ABOVE).data
    sentence = "A seat of the position is free"
    return allow(sentence) if data.taken < data.seats else refuse(sentence, "all are taken")


@guard()
def seats_left(context: Context) -> Verdict:
    sentence = "Not every seat is taken"
    return allow(sentence) if context.data.taken < context.data.seats else refuse(sentence)


@effect()
def ask_for_marks(context: Context):
    for person in context.case.people("marker"):
        yield OpenCase("trial.mark", subject=context.case.subject, participants={"marker": (person,)})


@effect()
def keep_mark(context: Context):
    yield UpdateData({"mark": context.form.mark})


@effect()
def wake_parent(context: Context):
    yield FireCase(context.case.parent, "collect", if_possible=True)


@effect()
def keep_note(context: Context):
    yield UpdateData({"note": context.form.note})


@effect()
def tell(context: Context):
    yield Notify(officer, "Finished", "A circle was finished")


@effect(facts=[MARKS])
def record_marks(context: Context):
    marks = [each.data.mark for each in context.fact(MARKS) if each.data.mark is not None]
    if marks and context.case.subject is not None:
        yield RecordEvidence(
            person=context.case.subject,
            competency="COM",
            purpose="development",
            ladder=Fraction(sum(marks), len(marks)),
            rating=Fraction(sum(marks), len(marks)),
            source="manager",
            observed_on=context.today,
            descriptor_hash="d" * 64,
        )


@effect(facts=[POSITION_ABOVE])
def take_seat(context: Context):
    yield FireCase(context.fact(POSITION_ABOVE).id, "fill")


@effect()
def count_seat(context: Context):
    yield UpdateData({"taken": context.data.taken + 1})


CIRCLE = Workflow(
    name="trial.circle",
    ref="CIR",
    version=1,
    stage=Stage.CAREER,
    data=Circle,
    initial="asked",
    open_by=officer,
    viewers=officer,
    participants=("marker",),
    states=[
        State(
            "asked", due=days(5), timers=(Timer("late", days(7)), Timer("lapse", days(30), fires="expire"))
        ),
        State("marking"),
        State("marked", due=days(3)),
        State("done", outcome=Outcome.SUCCESS),
        State("stopped", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition("mark", "asked", "marking", by=officer, effects=[ask_for_marks]),
        Transition("collect", "marking", "marked", by=system, guards=[all_marks_in]),
        Transition("note", "marked", "marked", by=officer, form=Note, effects=[keep_note]),
        Transition("finish", "marked", "done", by=officer, effects=[record_marks, tell]),
        Transition("stop", ["asked", "marking"], "stopped", by=officer),
        Transition("expire", "asked", "stopped", by=system),
    ],
)

MARK = Workflow(
    name="trial.mark",
    ref="MRK",
    version=1,
    data=Mark,
    initial="open",
    parent="trial.circle",
    participants=("marker",),
    viewers=officer,
    blind=Blind("marker", states=("open",), until_revealed=()),
    states=[State("open"), State("given", outcome=Outcome.NEUTRAL)],
    transitions=[
        Transition(
            "give",
            "open",
            "given",
            by=participant("marker"),
            form=MarkForm,
            effects=[keep_mark, wake_parent],
            locks=("parent",),
        )
    ],
)

FOLLOW = Workflow(
    name="trial.follow",
    ref="FOL",
    version=1,
    initial="begun",
    viewers=officer,
    states=[State("begun", timers=(Timer("nudge", days(1)),)), State("ended", outcome=Outcome.SUCCESS)],
    transitions=[Transition("end", "begun", "ended", by=officer)],
)

POSITION = Workflow(
    name="trial.position",
    ref="POS",
    version=1,
    data=Seats,
    initial="vacant",
    open_by=officer,
    viewers=officer,
    states=[State("vacant", tasks=()), State("closed", outcome=Outcome.NEUTRAL)],
    transitions=[
        Transition("fill", "vacant", "vacant", by=system, guards=[seats_left], effects=[count_seat]),
        Transition("close", "vacant", "closed", by=officer),
    ],
)

LOT = Workflow(
    name="trial.lot",
    ref="LOT",
    version=1,
    initial="running",
    parent="trial.position",
    open_by=officer,
    viewers=officer,
    states=[State("running", tasks=()), State("over", outcome=Outcome.NEUTRAL)],
    transitions=[Transition("end", "running", "over", by=officer)],
)

BID = Workflow(
    name="trial.bid",
    ref="BID",
    version=1,
    initial="placed",
    parent="trial.lot",
    open_by=officer,
    viewers=officer,
    states=[State("placed"), State("won", outcome=Outcome.SUCCESS), State("lost", outcome=Outcome.NEUTRAL)],
    transitions=[
        Transition(
            "win",
            "placed",
            "won",
            by=officer,
            guards=[seat_free],
            effects=[take_seat],
            locks=("parent", "grandparent"),
        ),
        Transition("lose", "placed", "lost", by=officer),
    ],
)

SURVEY = Workflow(
    name="trial.survey",
    ref="SUR",
    version=1,
    initial="running",
    open_by=officer,
    viewers=officer,
    subject_sees="nothing",
    states=[State("running", tasks=()), State("over", outcome=Outcome.NEUTRAL)],
    transitions=[Transition("end", "running", "over", by=officer)],
)

ANSWER = Workflow(
    name="trial.answer",
    ref="ANS",
    version=1,
    initial="asked",
    parent="trial.survey",
    open_by=officer,
    viewers=officer,
    participants=("rater",),
    states=[State("asked", due=days(14)), State("answered", outcome=Outcome.NEUTRAL)],
    transitions=[
        Transition("answer", "asked", "answered", by=participant("rater"), form=AnswerForm, sealed=True)
    ],
)
