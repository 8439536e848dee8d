"""An organisation on the engine alone, for the tests of performance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

import talenthub_performance.workflows as declared
from talenthub.errors import TalentError
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.opening import Opening
from talenthub_performance.settings import PerformanceSettings

SAID = {"ratings": {"CIT": 3, "COM": 4}, "text": "SECRET-M"}
START = datetime(2027, 2, 26, 9, tzinfo=UTC)
CODES = ("CIT", "COM")
MEASURES = [
    {"competency": code, "required": 2, "lowest": 1, "highest": 5, "descriptor": "0" * 64} for code in CODES
]


@dataclass
class House:
    """HR, managers and their people, and what the tests do with them."""

    database: Database
    engine: Engine
    now: datetime = START
    people: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def tx(self, who: str | None = None) -> Iterator[Transaction]:
        with self.database.begin() as connection:
            actor = SYSTEM if who is None else Actor(self.people[who])
            yield self.engine.enter(Transaction(connection, actor, self.now))

    def fire(self, who: str | None, ref: str, step: str, form: Any = None) -> Any:
        with self.tx(who) as tx:
            return self.engine.fire(tx, ref, step, form or {})

    def case(self, ref: str, who: str | None = None) -> Any:
        with self.tx(who) as tx:
            return self.engine.case(tx, ref)

    def refs(self, workflow: str, who: str | None = None, state: str | None = None) -> list[str]:
        with self.tx(who) as tx:
            found = self.engine.of_workflow(tx, f"performance.{workflow}")
        return [each.ref for each in found if state in (None, each.state)]

    def cycle_with(self, *people: str, rated: bool = True) -> None:
        """Open CYC-1 with a review for each, rated by kim."""
        with self.tx("hr") as tx:
            cycle = self.engine.open(
                tx,
                "performance.cycle",
                data={"title": "2026", "first": "2026-03-01", "last": "2027-02-26", "rated": rated},
            )
            self.engine.open_many(tx, [self.opening(cycle, each, rated) for each in people])

    def opening(self, cycle: Any, who: str | int, rated: bool = True) -> Opening:
        subject = self.people[who] if isinstance(who, str) else who
        return Opening(
            "performance.review",
            subject=subject,
            data={
                "role": "clerk",
                "rated": rated,
                "first": "2026-03-01",
                "last": "2027-02-26",
                "measures": MEASURES,
            },
            participants={"manager": (self.people["kim"],)},
            parent=cycle,
            about="2026",
        )

    def begun(self, ref: str = "REV-1") -> tuple[str, str]:
        """Ask for the statements; return those of self and manager."""
        before = set(self.refs("statement"))
        self.fire("kim", ref, "begin")
        new = [each for each in self.refs("statement") if each not in before]
        kinds = {self.case(each).data.kind: each for each in new}
        return kinds["self"], kinds["manager"]

    def submitted(self, ref: str = "REV-1", who: str = "ada", said: Any = None) -> None:
        own, manager = self.begun(ref)
        self.fire("kim", manager, "write", said or SAID)
        self.fire("kim", manager, "submit")
        self.fire(who, own, "write", {"text": "SECRET-S"})
        self.fire(who, own, "submit")

    def refused(self, *asked: Any) -> bool:
        with pytest.raises(TalentError):
            self.fire(*asked)
        return True


def make(database: Database, **settings: Any) -> House:
    chosen = PerformanceSettings(**settings)
    loaded = [
        Loaded(getattr(declared, name), "performance", PerformanceSettings, chosen)
        for name in declared.__all__
    ]
    house = House(database, Engine(Catalogue(loaded)))
    names = ("hr", "head", "boss", "kim", "lee", "ada", "p1", "p2", "p3", "p4", "r1", "r2")
    with house.tx() as tx:
        house.engine.store_versions(tx)
        for name in names:
            house.people[name] = add_person(tx, f"{name.title()} X", handle=name, kind="employee").id
        give(tx, house.people["hr"], "hr_partner")
        give(tx, house.people["head"], "hr_head")
    return house


@pytest.fixture
def house(database: Database) -> House:
    return make(database)
