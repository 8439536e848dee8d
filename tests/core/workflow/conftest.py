"""A small organisation and two small workflows to try the engine on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import event, text

from talenthub.evidence.settings import EvidenceSettings
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.sdk import (
    Blind,
    CaseView,
    Context,
    Detail,
    FireCase,
    OpenCase,
    Outcome,
    Stage,
    State,
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
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.engine import Engine
from talenthub.workflow.handoffs import HandoffRule

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Loan(BaseModel, extra="forbid", frozen=True):
    amount: int = 0
    note: str = ""


class Note(BaseModel, extra="forbid", frozen=True):
    note: str = Field(min_length=3)


class Mark(BaseModel, extra="forbid", frozen=True):
    mark: int = Field(ge=1, le=5)


class Review(BaseModel, extra="forbid", frozen=True):
    mark: int | None = None


REVIEWS = children("trial.review")


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
    data: Loan = context.data
    return (
        allow("The amount is at least 10")
        if data.amount >= 10
        else refuse("The amount is at least 10", f"it is {data.amount}")
    )


@effect()
def keep_note(context: Context):
    yield UpdateData({"note": context.form.note})


@effect()
def ask_reviewers(context: Context):
    for person in context.case.people("reviewer"):
        yield OpenCase("trial.review", subject=context.case.subject, participants={"reviewer": (person,)})


@effect()
def keep_mark(context: Context):
    yield UpdateData({"mark": context.form.mark})


@effect()
def wake_parent(context: Context):
    assert context.case.parent is not None
    yield FireCase(context.case.parent, "collect", if_possible=True)


LOAN = Workflow(
    name="trial.loan",
    ref="LOAN",
    version=1,
    stage=Stage.CAREER,
    data=Loan,
    initial="asked",
    open_by=holds("hr_officer") | subject,
    viewers=holds("hr_officer") | holds("hr_head"),
    participants=("reviewer",),
    states=[
        State(
            "asked", due=days(5), timers=(Timer("late", days(7)), Timer("lapse", days(30), fires="expire"))
        ),
        State("reviewing"),
        State("reviewed"),
        State("granted", outcome=Outcome.SUCCESS),
        State("refused", outcome=Outcome.FAILURE),
        State("expired", outcome=Outcome.NEUTRAL),
    ],
    transitions=[
        Transition(
            "review", "asked", "reviewing", by=holds("hr_officer"), guards=[worth_it], effects=[ask_reviewers]
        ),
        Transition("collect", "reviewing", "reviewed", by=system, guards=[all_marks_in]),
        Transition("note", "reviewed", "reviewed", by=holds("hr_officer"), form=Note, effects=[keep_note]),
        Transition(
            "grant", "reviewed", "granted", by=holds("hr_officer") | holds("hr_head"), four_eyes=("note",)
        ),
        Transition(
            "refuse", ["asked", "reviewed"], "refused", by=holds("hr_officer"), form=Note, effects=[keep_note]
        ),
        Transition("expire", "asked", "expired", by=system),
    ],
)

REVIEW = Workflow(
    name="trial.review",
    ref="REV",
    version=1,
    data=Review,
    initial="open",
    parent="trial.loan",
    participants=("reviewer",),
    viewers=holds("hr_officer") | holds("hr_head"),
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


@dataclass
class House:
    """An engine on a database, with some people by name."""

    database: Database
    engine: Engine
    people: dict[str, int] = field(default_factory=dict)
    now: datetime = START

    @contextmanager
    def acting(self, name: str | None = None, *, login: str | None = None) -> Iterator[Transaction]:
        actor = SYSTEM if name is None else Actor(self.people[name], self.people[login] if login else None)
        with self.database.begin() as connection:
            yield self.engine.enter(Transaction(connection, actor, self.now))

    def open(self, amount: int = 50, **more: object) -> CaseView:
        with self.acting("olga") as tx:
            return self.engine.open(
                tx,
                "trial.loan",
                data={"amount": amount},
                subject=self.people["sam"],
                participants={"reviewer": (self.people["rita"], self.people["rolf"])},
                about="A loan",
                **more,
            )

    def fire(self, name: str | None, ref: str, transition: str, **form: object):
        with self.acting(name) as tx:
            return self.engine.fire(tx, ref, transition, form)

    def case(self, ref: str, name: str = "olga") -> CaseView:
        with self.acting(name) as tx:
            return self.engine.case(tx, ref)

    def later(self, days_on: int) -> None:
        self.now += timedelta(days=days_on)

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Yield a list that fills with the statements sent; a batch is one."""
        sent: list[str] = []

        def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
            sent.append(statement)

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)


def engine_with(workflows, **more) -> Engine:
    """Return an engine that runs these workflows, as the plugin `trial`."""
    return Engine(Catalogue(Loaded(each, "trial") for each in workflows), evidence=EvidenceSettings(), **more)


def make_house(
    database: Database,
    *,
    handoffs: tuple[HandoffRule, ...] = (),
    handlers: tuple[Handler, ...] = (),
    workflows=(LOAN, REVIEW),
) -> House:
    engine = engine_with(workflows, handoffs=handoffs, handlers=handlers)
    house = House(database, engine)
    with house.acting() as tx:
        for name in ("olga", "hedda", "sam", "rita", "rolf", "nora"):
            house.people[name] = add_person(tx, name.title(), kind="employee", handle=name).id
        since = date(2025, 1, 1)
        give(tx, house.people["olga"], "hr_officer", since=since)
        give(tx, house.people["rita"], "hr_officer", since=since)
        give(tx, house.people["hedda"], "hr_head", since=since)
    return house


@pytest.fixture
def house(database: Database) -> House:
    return make_house(database)


@pytest.fixture
def build(database: Database):
    """Return a maker of houses: with handoffs, handlers or other workflows."""
    return lambda **more: make_house(database, **more)


@pytest.fixture
def loan() -> Workflow:
    return LOAN


@pytest.fixture
def review() -> Workflow:
    return REVIEW


@pytest.fixture
def reload():
    """Return a maker of engines, as after a restart with other plugins."""
    return engine_with


@pytest.fixture
def open_tasks():
    """Return what reads a case's open tasks: their pools, by title."""

    def read(house: House, case: int) -> dict[str, list[str]]:
        with house.acting() as tx:
            rows = tx.rows(
                text(
                    "SELECT t.title, p.pool FROM case_task t JOIN task_pool p ON p.task_id = t.id"
                    " WHERE t.case_id = :case AND t.status = 'open' AND p.is_open ORDER BY p.pool"
                ),
                {"case": case},
            )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.title, []).append(row.pool)
        return found

    return read
