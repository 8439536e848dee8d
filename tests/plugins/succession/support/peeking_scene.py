"""Two worlds that differ in a nomination, and everybody who may not see it.

One nomination is in force, another of the same person waits for HR.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from talenthub.people.deputies import set_deputy
from talenthub.people.grants import CORE_GRANTS, give
from talenthub.people.persons import add_person, person
from talenthub.people.units import unit
from talenthub.sdk import Engine, Opening, Transaction, published
from talenthub.storage.transaction import SYSTEM
from talenthub.testing.asking import Asked, Heard, Questions, commands, hear_all, keeping_open, told
from talenthub.testing.worlds import copied
from talenthub.workflow.tables import case_timer, outbox

POST, NOMINEE = "harbour-branch-manager", "noor.haddad"
HR, HOLDER = "grace.lindqvist", "tomas.lind"
BOARD = ("kofi.mensah", "ruth.adeyemi", "jonas.weber")
PLACES = {"everywhere": None, "inside": "harbour", "outside": "quay"}

FOUND = {
    "nominee": NOMINEE,
    "manager": "johan.ramos",
    "manager's manager": "helena.marsh",
    "peer of the manager": "diego.fofana",
    "report": "aiko.molina",
    "officer of HR": "maria.costa",
    "nominator": HR,
    "board": BOARD[0],
    "holder of the post": HOLDER,
    "report of the holder": "dario.conti",
}
"""Who stands there already, by what they are to the nomination."""
ADDED = {
    each: f"peek.{number}"
    for number, each in enumerate(
        (
            "owner",
            "deputy of the owner",
            "deputy of the nominee",
            "deputy of the manager",
            "who is named as reference",
            "owner of another post",
            "nominator of another",
            "board of another",
            "nominee for another",
            "assessor",
            "chair",
            "stranger",
        )
    )
}
OUTSIDE = {each: f"peek.{each}" for each in ("candidate", "external", "leaver")}
GRANTED = {
    f"{name}, {where}": f"peek.{name.replace('_', '-')}.{where}" for name in CORE_GRANTS for where in PLACES
}
"""One person for each grant and each place."""
UNKNOWN = {"nobody": "no.such.person"}
CAST = FOUND | ADDED | OUTSIDE | GRANTED | UNKNOWN

ENTITLED = {
    "owner",
    "deputy of the owner",
    "nominator",
    "board",
    *(
        f"{name}, {where}"
        for name in ("hr_head", "hr_partner", "auditor")
        for where in ("everywhere", "inside")
    ),
}
"""Who may see the nomination, as its workflow declares; all others ask here."""
BARRED = [each for each in CAST if each not in ENTITLED]
VALUES = {
    "framework": "hpsa-core",
    "version": "1.0.0",
    "competency": "COM",
    "value, competency, cell, case or rating": "COM",
    "integer": "1",
    "integer range": "1",
    "workflow": "succession.nomination",
    "unit": "harbour",
    "role": "branch-manager",
    "person": "kofi.mensah",
    "day": "2027-11-15",
}
REPORTS = ("bench", "coverage", "placements", "targets", "inbox", "adverse-impact")
GROUND = ("config", "framework", "plugin")
"""Groups that know of no case: only who holds every grant asks them."""
OTHERS = ("career", "consultation", "onboarding", "performance", "recruitment", "workflow")
"""Groups about other cases: asked about the nominee, each command once."""
DRAWN = re.compile(r"ASP-\d+")
"""The number an aspiration would get: another one each time that it is tried."""
ONLY_FOR_REAL = (("notify", "digest"),)
"""What takes seconds: asked below."""
FOR_REAL = (
    ("init", "."),
    ("init", "another"),
    ("db", "backup", "copy.db"),
    ("notify", "digest", "--dry-run", "-o", "json"),
    ("notify", "digest", "-o", "json"),
    ("worker", "--once"),
    ("tick", "--to", "2027-12-20"),
    ("worker", "--once"),
    ("tick", "--to", "2028-12-20"),
    ("worker", "--once"),
    ("jobs", "list", "--all"),
    ("doctor",),
)
"""What is done and not only tried, in this order, in copies of both worlds.

A backup asks for no right: it copies the file, or names the tools of
PostgreSQL, for whoever may run them on the machine. What it holds is the whole
database; what is compared is what it says.
"""


def questions(ref: str, numbers: tuple[str, ...]) -> Questions:
    """Return what everybody asks: of the nomination, its person and its post."""
    return Questions(
        words=(ref, NOMINEE, POST),
        values=VALUES,
        about={
            **{(each,): (NOMINEE,) for each in (*GROUND, *OTHERS, "people", "evidence", "gap")},
            ("workflow",): ("succession.nomination",),
            ("report", "run"): REPORTS,
            ("jobs",): (*numbers, "campaign-1"),
            ("init",): (".",),
            ("db", "backup"): ("copy.db",),
            ("plugin", "check"): ("succeeding",),
        },
        after={
            ("do",): [("withdraw",), ("revalidate",)],
            ("why",): [(), ("withdraw",)],
            ("tick",): [(), ("--to", "2029-12-31")],
        },
        briefly=(*GROUND, *OTHERS),
    )


class Pair:
    """Two worlds that differ in what is said of Noor for one post."""

    def __init__(self, kind: str, folder: Path, autumns: Any, servers: Any) -> None:
        with keeping_open() as kept:
            self.without = autumns.autumn(kind, folder / "without", {})
            self.without.make_ready(NOMINEE, "branch-manager")
            _run(self.without, _cast)
            said = ("--criticality", "0.9", "--leaving", "0.35", "--because", "needed")
            for code, owner in ((POST, "owner"), ("quay-branch-manager", "owner of another post")):
                self.without.talent("post", "add", code, *said, "--owner", CAST[owner])
            _run(self.without, _another)
            kept.close()
            self.nominated = type(self.without)(copied(self.without.world, folder / "nominated", servers))
            self.refs = _nominate(self.nominated)
            numbers = self._numbers()
        self.worlds = (self.without.world, self.nominated.world)
        self.known = commands(self.without.world.folder)
        asked = questions(self.refs[0], numbers).of_all(self.known)
        self.everything = [each for each in asked if each[:2] not in ONLY_FOR_REAL]

    def _numbers(self) -> tuple[str, ...]:
        """Return what runs by itself because of the nominations."""
        found: list[str] = []

        def run(_engine: Engine, tx: Transaction) -> None:
            for kind, table in (("timer", case_timer), ("delivery", outbox)):
                found.append(f"{kind}-{tx.value(select(func.max(table.c.id)))}")

        _run(self.nominated, run)
        return tuple(found)

    def asked(self, name: str) -> list[Asked]:
        """Return all that somebody asks where everything is asked."""
        return [each for each in self.everything if name == "nominee" or each[0] not in GROUND]

    def asked_first(self, name: str) -> list[Asked]:
        """Return what the dearest ask each time, of cases and people."""
        about_cases = [each for each in self.asked(name) if each[0] not in (*GROUND, *OTHERS)]
        return about_cases if name == "nominee" else _for_programs(about_cases)

    @property
    def shared(self) -> list[Asked]:
        """Return what the others share among them: each command, as programs ask."""
        return _for_programs(self.everything)

    def heard(self, name: str, asked: Sequence[Asked]) -> list[dict[Asked, Heard]]:
        """Return what both worlds answer, but for numbers drawn at random."""
        return [
            {each: replace(said, out=DRAWN.sub("ASP-", said.out)) for each, said in found.items()}
            for found in (hear_all(world, CAST[name], asked) for world in self.worlds)
        ]

    def differ(self, ask: Callable[[Any], Mapping[Any, Any]]) -> list[str]:
        """Return what both worlds do not answer alike."""
        return told(*map(ask, self.worlds))


def _for_programs(asked: Sequence[Asked]) -> list[Asked]:
    """Return each question as JSON where it can be had, and else as it is."""
    with_json = {each[:2] for each in asked if each[-1] == "json"}
    return [each for each in asked if each[-1] == "json" or each[:2] not in with_json]


def _run(autumn: Any, function: Callable[[Engine, Transaction], Any]) -> None:
    with autumn.world.open() as workspace:
        workspace.run(SYSTEM, lambda tx: function(workspace.engine, tx))


def _cast(_engine: Engine, tx: Transaction) -> None:
    """Add who is not there yet, with grants and deputies."""
    for each in (*ADDED.values(), *GRANTED.values()):
        add_person(tx, each, handle=each, kind="employee")
    for kind, handle in OUTSIDE.items():
        add_person(tx, handle, handle=handle, kind=kind)
    noor = person(tx, NOMINEE).id
    for name in CORE_GRANTS:
        for where, code in PLACES.items():
            at = None if code is None else unit(tx, code).id
            give(tx, person(tx, GRANTED[f"{name}, {where}"]).id, name, at)
        if name not in ("hr_head", "framework_owner"):  # those she has
            give(tx, noor, name)
    today = tx.now.date()
    for each in ("owner", "nominee", "manager"):
        deputy = person(tx, CAST[f"deputy of the {each}"]).id
        set_deputy(tx, person(tx, CAST[each]).id, deputy, today, today + timedelta(days=60))


def _another(engine: Engine, tx: Transaction) -> None:
    """Nominate somebody for another post, and fill a vacancy: in both worlds."""
    who = {name: (person(tx, handle).id,) for name, handle in ADDED.items()}
    parent = next(each for each in engine.of_workflow(tx, "succession.post") if each.data.post != POST)
    version = published(tx, "hpsa-core").id
    taking_part = {each: who[f"{each} of another"] for each in ("nominator", "board")}
    data = {"purpose": "successor", "role": "branch-manager", "post": "quay-branch-manager"}
    panel = {"chair": who["chair"], "assessor": who["assessor"]}
    engine.open_many(
        tx,
        [
            Opening(
                "succession.nomination",
                subject=who["nominee for another"][0],
                data=data,
                participants=taking_part | {"owner": who["owner of another post"]},
                parent=parent,
                framework_version=version,
            )
        ],
    )
    requisition = Opening(
        "recruitment.requisition",
        data={"role": "case-officer"},
        participants=panel,
        framework_version=version,
        unit=unit(tx, "harbour").id,
    )
    engine.open_many(tx, [requisition])


def _nominate(autumn: Any) -> tuple[str, str]:
    """Put a nomination in force, and leave another to be checked by HR."""
    levels = ("--performance", "H", "--potential", "H")
    sources = ("--performance-source", "a", "--potential-source", "b")
    in_force = autumn.draft(NOMINEE, POST)
    autumn.put_in_force(in_force, said=(*levels, *sources), board=BOARD)
    named = ("--purpose", "advancement", "--reference", CAST["who is named as reference"])
    return in_force, autumn.draft(NOMINEE, POST, *named)
