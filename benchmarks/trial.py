"""What is measured: one workflow with a guard, a task and a timer in each state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pydantic import BaseModel

from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.sdk import (
    Context,
    State,
    Timer,
    Transition,
    Verdict,
    Workflow,
    allow,
    days,
    guard,
    holds,
    refuse,
    subject,
)
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.opening import Opening

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NAME = "trial.loan"


class Loan(BaseModel, extra="forbid", frozen=True):
    amount: int = 0
    purpose: str = ""


@guard()
def large_enough(context: Context) -> Verdict:
    loan: Loan = context.data
    sentence = "The amount is at least 10"
    return allow(sentence) if loan.amount >= 10 else refuse(sentence, f"it is {loan.amount}")


LOAN = Workflow(
    name=NAME,
    ref="LOAN",
    version=1,
    data=Loan,
    initial="asked",
    open_by=holds("hr_officer"),
    viewers=holds("hr_officer") | subject,
    states=[
        State("asked", due=days(5), timers=(Timer("late", days(7)),)),
        State("checking", due=days(5), timers=(Timer("late", days(7)),)),
        State("granted", outcome="success"),
    ],
    transitions=[
        Transition("check", "asked", "checking", by=holds("hr_officer"), guards=[large_enough]),
        Transition("ask_again", "checking", "asked", by=holds("hr_officer"), guards=[large_enough]),
        Transition("grant", "checking", "granted", by=holds("hr_officer")),
    ],
)


@dataclass
class House:
    """The engine on one database, with one officer and one subject."""

    database: Database
    engine: Engine
    officer: int = 0
    subject: int = 0
    memory: dict[object, object] = field(default_factory=dict)

    @contextmanager
    def transaction(self, *, system: bool = False, read_only: bool = False) -> Iterator[Transaction]:
        """Yield a transaction as the workspace makes it."""
        actor = SYSTEM if system else Actor(self.officer)
        with self.database.begin(read_only=read_only) as connection:
            tx = Transaction(connection, actor, NOW, memory=dict(self.memory))
            yield self.engine.enter(tx)
        self.memory.update(tx.memory)

    def opening(self) -> Opening:
        """Return one more case to open."""
        return Opening(NAME, self.subject, {"amount": 50, "purpose": "a bicycle"}, about="A loan")


def build(url: str) -> House:
    """Return a house on a migrated database."""
    house = House(Database(url), Engine(Catalogue([Loaded(LOAN, "trial")])))
    with house.transaction(system=True) as tx:
        house.officer = add_person(tx, "Olga Brandt", kind="employee", handle="olga").id
        house.subject = add_person(tx, "Sam Silva", kind="employee", handle="sam").id
        give(tx, house.officer, "hr_officer", since=date(2025, 1, 1))
        house.engine.store_versions(tx)
    return house
