"""A demo organisation with hundreds of vacancies, built by the bulk commands.

Nothing is put into tables here: files and commands, as HR would use them.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path

from sqlalchemy import select

from talenthub.people.tables import person
from talenthub.testing import World
from talenthub.workflow.tables import workflow_case
from talenthub.workspace.making import make

RECRUITER, CHAIR, BUDGET, APPROVER = "maria.costa", "dario.conti", "tomas.lind", "grace.lindqvist"
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
POOL = 30
"""Employees who sit on panels, three at a time."""
INTERVIEWS = date(2026, 2, 10)

Rows = Sequence[Sequence[object]]


@dataclass
class Volume:
    """A workspace with vacancies, and how long each command took."""

    world: World
    vacancies: int
    candidates: int
    """For each vacancy."""
    seconds: dict[str, float] = field(default_factory=dict)
    assessors: Sequence[str] = ()

    def do(self, *words: str, who: str = RECRUITER) -> None:
        """Run one command, and note how long it took."""
        with self._timed(" ".join(words[:3] if words[0] == "recruitment" else words[:2])):
            self.world.talent(*words, "--yes", "-o", "csv", who=who)

    def file(self, name: str, header: str, rows: Rows) -> str:
        """Write a file into the workspace and return its path."""
        path = self.world.folder / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header.split(), *rows])
        return str(path)

    def panel(self, vacancy: int) -> list[str]:
        """Return the three assessors of a vacancy."""
        return [self.assessors[(3 * vacancy + seat) % POOL] for seat in range(3)]

    @contextmanager
    def _timed(self, title: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[title] = self.seconds.get(title, 0.0) + time.perf_counter() - start


def open_vacancies(folder: Path, url: str, vacancies: int, candidates: int) -> Volume:
    """Return a workspace whose interviews are about to be rated."""
    make(folder, {("database", "url"): url} if url else {}, demo=True)
    volume = Volume(World(folder), vacancies, candidates)
    volume.assessors = _assessors(volume.world)
    asked = [
        ("case-officer", "harbour", "growth", CHAIR, " ".join(volume.panel(each)))
        for each in range(vacancies)
    ]
    volume.do(
        "recruitment", "open", "--file", volume.file("vacancies.csv", "role unit reason chair panel", asked)
    )
    volume.do("do", "approve", "--where", "state=submitted", who=BUDGET)
    volume.do("do", "open", "--where", "state=approved")
    volume.do("do", "approve_plan", "--where", "state=designing", who=APPROVER)
    volume.do("do", "advertise", "--where", "state=plan_approved")
    found = [
        (
            f"SEL-{each + 1}",
            f"Candidate {each + 1}-{number + 1}",
            f"c{each}x{number}@example.org",
            "fair",
        )
        for each, number in product(range(vacancies), range(candidates))
    ]
    volume.do(
        "recruitment",
        "candidate",
        "add",
        "--file",
        volume.file("candidates.csv", "selection name email source", found),
    )
    volume.do("recruitment", "shortlist", "--where", "state=received")
    volume.do("do", "close", "--where", "state=open workflow=recruitment.selection")
    volume.world.tick(INTERVIEWS)
    volume.do("do", "start_assessing", "--where", "state=closed")
    return volume


def rate_and_decide(volume: Volume) -> None:
    """Enter and lock every scorecard from one file, then decide all."""
    panels = {f"SEL-{each + 1}": volume.panel(each) for each in range(volume.vacancies)}
    rated = [
        (ref, assessor, code, 3 + (at + seat) % 2, INTERVIEWS)
        for at, (ref, selection) in enumerate(_applications(volume.world))
        for seat, assessor in enumerate(panels[selection])
        for code in CODES
    ]
    header = "application assessor competency rating interviewed_on"
    volume.do("recruitment", "score", "--lock", "--file", volume.file("scores.csv", header, rated))
    volume.do("recruitment", "decide", "--where", "state=awaiting_consensus", who=CHAIR)


def _assessors(world: World) -> list[str]:
    apart = {RECRUITER, CHAIR, BUDGET, APPROVER}
    return [each for each in world.people(POOL + len(apart)) if each not in apart][:POOL]


def _applications(world: World) -> list[tuple[str, str]]:
    above = workflow_case.alias("above")
    wanted = (
        select(workflow_case.c.ref, above.c.ref.label("selection"))
        .join(above, above.c.id == workflow_case.c.parent_id)
        .join(person, person.c.id == workflow_case.c.subject_id)
        .where(workflow_case.c.workflow == "recruitment.application")
        .order_by(workflow_case.c.id)
    )
    with world.open() as workspace, workspace.database.begin(read_only=True) as connection:
        return [(row.ref, row.selection) for row in connection.execute(wanted)]
