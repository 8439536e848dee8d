"""A world of vacancies that are over, written straight into the tables."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

import talenthub_recruitment
from talenthub.people.grants import give
from talenthub.people.tables import person
from talenthub.people.units import add_unit
from talenthub.sdk import Actor, Transaction, add_person
from talenthub.storage.database import Database
from talenthub.storage.migrate import Owner, upgrade
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.pinning import pin_settings, version_id
from talenthub.workflow.tables import case_event, case_participant, workflow_case
from talenthub_recruitment import workflows
from talenthub_recruitment.settings import RecruitmentSettings

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
MIGRATIONS = Path(talenthub_recruitment.__file__).parent / "migrations"
PATHS = {
    "rejected at screening": ("received", "rejected"),
    "rejected": ("received", "shortlisted", "in_assessment", "assessed", "rejected"),
    "withdrawn": ("received", "shortlisted", "withdrawn"),
    "ranked": ("received", "shortlisted", "ranked", "rejected"),
    "declined": ("received", "shortlisted", "ranked", "offered", "declined"),
    "hired": ("received", "shortlisted", "ranked", "offered", "accepted", "hired"),
}
OUTCOMES = {"rejected": "failure", "withdrawn": "neutral", "declined": "neutral", "hired": "success"}


@dataclass
class World:
    """People, vacancies and what became of the candidates."""

    database: Database
    engine: Engine
    people: dict[str, int] = field(default_factory=dict)
    refs: dict[int, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def acting(self, who: str | None = None, login: str | None = None) -> Iterator[Transaction]:
        """Yield a transaction in somebody's name; None: the system."""
        with self.database.begin() as connection:
            acts = Actor(self.people[who] if who else None, self.people[login] if login else None)
            yield self.engine.enter(Transaction(connection, acts, NOW))

    def add(self, handle: str, *grants: str, unit: int | None = None, kind: str = "employee") -> int:
        """Add a person with grants."""
        with self.acting() as tx:
            self.people[handle] = add_person(tx, handle, handle=handle, kind=kind).id
            for each in grants:
                give(tx, self.people[handle], each, unit, known=(each,))
        return self.people[handle]

    def unit(self, code: str) -> int:
        with self.acting() as tx:
            return add_unit(tx, code, code).id

    def candidates(self, tx: Transaction, count: int) -> list[int]:
        """Add candidates; return their numbers."""
        new = [next(self.numbers) for _ in range(count)]
        rows = [_person(f"c{number}") for number in new]
        tx.write(insert(person), rows)
        found = tx.rows(
            select(person.c.id, person.c.handle).where(person.c.handle.in_([r["handle"] for r in rows]))
        )
        self.people |= {row.handle: row.id for row in found}
        return sorted(row.id for row in found)

    def vacancy(
        self,
        outcomes: Sequence[str],
        *,
        day: int = 1,
        closed: bool = True,
        unit: int | None = None,
        chair: str | None = None,
        assessor: str | None = None,
        recruiter: str | None = None,
        people: Sequence[int] | None = None,
        parent: int | None = None,
    ) -> tuple[int, list[int]]:
        """Write a vacancy; return its number and its candidates."""
        with self.acting() as tx:
            number = parent or self._case(tx, "requisition", "REQ", None, day, closed, unit=unit)
            selection = self._case(tx, "selection", "SEL", number, day, closed, unit=unit)
            subjects = list(people) if people is not None else self.candidates(tx, len(outcomes))
            cases = [
                self._application(tx, selection, subject, outcome, day, unit)
                for subject, outcome in zip(subjects, outcomes, strict=True)
            ]
            if chair:
                self._takes_part(tx, selection, "chair", chair)
            if assessor:
                self._takes_part(tx, cases[0], "assessor", assessor)
            if recruiter:
                self._event(tx, cases[0], 99, "received", recruiter)
        return number, subjects

    def declare(self, groups: dict[int, str], attribute: str = "sex") -> None:
        """Write what people declared, as an import would."""
        from talenthub_recruitment.tables import demographics

        rows = [
            {
                "person_id": number,
                "attribute": attribute,
                "value": value,
                "declared_on": date(2026, 1, 1),
                "recorded_at": NOW,
            }
            for number, value in groups.items()
        ]
        with self.acting() as tx:
            tx.write(insert(demographics), rows)

    def _case(
        self,
        tx: Transaction,
        name: str,
        ref: str,
        parent: int | None,
        day: int,
        closed: bool,
        *,
        subject: int | None = None,
        state: str = "completed",
        outcome: str = "success",
        unit: int | None = None,
    ) -> int:
        at = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
        loaded = self.engine.catalogue.newest(f"recruitment.{name}")
        row = {
            "ref": f"{ref}-{next(self.numbers)}",
            "workflow": f"recruitment.{name}",
            "workflow_version_id": version_id(tx, loaded),
            "settings_id": pin_settings(tx, loaded),
            "subject_id": subject,
            "parent_id": parent,
            "unit_id": unit,
            "about": "",
            "state": state if closed else "open",
            "version": 1,
            "data": '{"role":"clerk"}',
            "head_hash": "0" * 64,
            "opened_at": at,
            "entered_at": at,
            "closed_at": at if closed else None,
            "outcome": outcome if closed else None,
        }
        made: int = tx.value(insert(workflow_case).values(**row).returning(workflow_case.c.id))
        self.refs[made] = str(row["ref"])
        return made

    def _application(
        self, tx: Transaction, selection: int, subject: int, outcome: str, day: int, unit: int | None
    ) -> int:
        path = PATHS[outcome]
        number = self._case(
            tx,
            "application",
            "APP",
            selection,
            day,
            True,
            subject=subject,
            state=path[-1],
            outcome=OUTCOMES[path[-1]],
            unit=unit,
        )
        for version, state in enumerate(path, 1):
            self._event(tx, number, version, state, None)
        return number

    def _event(self, tx: Transaction, case: int, version: int, target: str, actor: str | None) -> None:
        tx.write(
            insert(case_event).values(
                case_id=case,
                version=version,
                kind="fired",
                transition="step",
                target=target,
                actor_id=self.people[actor] if actor else None,
                at=NOW,
                payload_hash="",
                previous_hash="",
                hash="",
            )
        )

    def _takes_part(self, tx: Transaction, case: int, role: str, who: str) -> None:
        tx.write(insert(case_participant).values(case_id=case, role=role, person_id=self.people[who]))

    def ref(self, number: int) -> str:
        """Return the reference of a case."""
        return self.refs[number]


def _person(handle: str) -> dict[str, object]:
    return {
        "handle": handle,
        "name": handle,
        "kind": "candidate",
        "language": "en",
        "created_at": NOW,
    }


@pytest.fixture
def world(database: Database) -> World:
    """Return an empty world with somebody who monitors."""
    upgrade(database, [Owner("recruitment", MIGRATIONS, "recruitment_")])
    kept = [
        Loaded(getattr(workflows, name), "recruitment", RecruitmentSettings, RecruitmentSettings())
        for name in workflows.__all__
    ]
    made = World(database, Engine(Catalogue(kept)))
    made.add("mona", "monitor")
    return made


Split = Callable[..., tuple[list[str], Callable[[list[int]], dict[int, str]]]]


@pytest.fixture
def groups() -> Split:
    """Return a maker of outcomes, and of who is in which group.

    Each group is (number, selected); the others are rejected at the end.
    """

    def made(**sizes: tuple[int, int]) -> tuple[list[str], Callable[[list[int]], dict[int, str]]]:
        outcomes = [
            "hired" if place < selected else "rejected"
            for number, selected in sizes.values()
            for place in range(number)
        ]
        names = [name for name, (number, _) in sizes.items() for _ in range(number)]
        return outcomes, lambda people: dict(zip(people, names, strict=True))

    return made
