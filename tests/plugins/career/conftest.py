"""A house for career: a demo whose numbers are others than those it comes with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import Refused
from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import record
from talenthub.framework.library import published, role_profile
from talenthub.people.persons import add_person, person, persons
from talenthub.people.posts import assign, vacant_posts
from talenthub.people.relations import managers_of, reports_of
from talenthub.people.units import unit
from talenthub.storage.transaction import SYSTEM
from talenthub.workspace import Workspace
from talenthub.workspace.clock import move_demo_clock
from talenthub_career.starting import start

HALF_LIFE = 90
WEIGHTS = {"manager": 0.9, "peers": 0.7, "coach": 0.6}
BEGIN = date(2027, 2, 26)
SETTINGS: Mapping[str, Any] = {
    "middle": 2.6,
    "high": 3.4,
    "objectives_share": 0.3,
    "agility_weight": 0.5,
    "aspiration_weight": 0.2,
    "fit_weight": 0.3,
    "strategy_share": 0.4,
    "challenge_share": 0.4,
    "near_share": 0.2,
    "near_need": 0.4,
    "context_share": 0.55,
    "expected_velocity": 0.8,
    "velocity_weight": 3,
    "tolerance": 0.4,
    "critical_tolerance": 0.2,
    "at_once": 3,
    "grace_days": 5,
}
RATED = {"CIT": 3, "TRU": 4, "COM": 1, "INI": 3, "COL": 5, "JDG": 2, "DEL": 3, "DEV": 3}


@pytest.fixture(scope="session")
def enabled_plugins() -> Sequence[str]:
    return ("career",)


@pytest.fixture(scope="session")
def plugin_settings() -> Mapping[tuple[str, ...], Any]:
    given: dict[tuple[str, ...], Any] = {("plugin", "career", name): each for name, each in SETTINGS.items()}
    given["evidence", "half_life_days"] = HALF_LIFE
    return given | {("evidence", "weights", name): each for name, each in WEIGHTS.items()}


@dataclass
class House:
    """A workspace that stays open, and Amara in Harbour branch."""

    workspace: Workspace
    who: int = 0
    names: dict[str, str] = field(default_factory=dict)
    """manager, upper: their handles."""
    colleagues: list[str] = field(default_factory=list)

    def run(self, function: Callable[[Any], Any], who: str | None = None) -> Any:
        actor = SYSTEM if who is None else self.workspace.actor(as_handle=self.names.get(who, who))
        return self.workspace.run(actor, lambda tx: function(self.workspace.engine.enter(tx)))

    def fire(self, who: str, ref: str, step: str, form: Mapping[str, Any] | None = None) -> Any:
        return self.run(lambda tx: self.workspace.engine.fire(tx, ref, step, form or {}), who)

    def refused(
        self, words: str, who: str, ref: str, step: str, form: Mapping[str, Any] | None = None
    ) -> None:
        """Fire what must be refused, with these words among its reasons."""
        with pytest.raises(Refused) as caught:
            self.fire(who, ref, step, form)
        unmet = [each for each in caught.value.verdicts if not each.ok]
        said = [each.text for each in unmet] + [each.text for verdict in unmet for each in verdict.details]
        assert words in " | ".join(said)

    def case(self, ref: str) -> Any:
        return self.run(lambda tx: self.workspace.engine.case(tx, ref))

    def of(self, workflow: str) -> list[Any]:
        found: list[Any] = self.run(lambda tx: self.workspace.engine.of_workflow(tx, f"career.{workflow}"))
        return found

    def number(self, handle: str) -> int:
        found: int = self.run(lambda tx: person(tx, self.names.get(handle, handle)).id)
        return found

    def day(self, day: date) -> None:
        """Move the clock on, and let everything happen that is due."""
        engine = self.workspace.engine
        self.run(lambda tx: move_demo_clock(tx, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)))
        self.run(engine.follow_people)
        while self.run(engine.tick) is not None:
            pass
        for number in self.run(engine.due_deliveries):
            assert self.run(partial(_deliver, engine, number)), "a handler failed"

    def tasks(self, who: str) -> list[str]:
        found = self.run(self.workspace.engine.inbox, who)
        return [each.title for each in found]

    def start(self) -> str:
        ref: str = self.run(lambda tx: start(self.workspace.engine, tx, "amara.okoye").ref, "amara.okoye")
        return ref

    def see(self, ref: str, challenge: Mapping[str, str], near: Mapping[str, str]) -> None:
        form = {"challenge": challenge, "near": near, "challenge_why": "letters", "near_why": "a team"}
        self.fire("amara.okoye", ref, "see", form)

    def agree(self, ref: str, *codes: str, reason: str = "") -> None:
        """Choose targets and sign, the person first and then the manager."""
        targets = [
            {"competency": code, "why": "now", "sign": "less asked", "reason": reason} for code in codes
        ]
        self.fire("amara.okoye", ref, "choose", {"targets": targets})
        self.fire("manager", ref, "sign")

    def activate(self, ref: str, **more: Any) -> None:
        """Map the way with the first behaviour of each target, and sign."""
        codes = [each.competency for each in self.case(ref).data.targets]
        impact = {"behaviour": 1, "work_result": "fewer calls", "measure": "calls a week"}
        form = {"impacts": dict.fromkeys(codes, impact), "feedback": "each week", **more}
        self.fire("amara.okoye", ref, "map", form)
        self.fire("manager", ref, "sign")

    def running(self) -> str:
        """Return an active plan for COM."""
        ref = self.start()
        self.see(ref, EVEN, EVEN)
        self.agree(ref, "COM")
        self.activate(ref, level=2)
        return ref


def _deliver(engine: Any, number: int, tx: Any) -> bool:
    done: bool = engine.deliver(tx, number)
    return done


EVEN = dict.fromkeys(("CIT", "TRU", "COM", "INI", "COL", "JDG", "DEL", "DEV"), "1/2")


def furnish(workspace: Workspace) -> House:
    """Return the house with Amara in it, rated once by her manager."""
    house = House(workspace)
    moment = datetime(BEGIN.year, BEGIN.month, BEGIN.day, 9, tzinfo=UTC)
    house.run(lambda tx: move_demo_clock(tx, moment))

    def move_in(tx: Any) -> None:
        house.who = add_person(tx, "Amara Okoye").id
        seat = vacant_posts(tx, "case-officer", unit(tx, "harbour").id)[0]
        assign(tx, house.who, seat.id, date(2026, 3, 2))
        boss = managers_of(tx, [house.who])[house.who]
        assert boss is not None
        upper = managers_of(tx, [boss])[boss]
        assert upper is not None
        beside = [each for each in reports_of(tx, boss) if each != house.who]
        named = persons(tx, [boss, upper, *beside])
        house.names = {"manager": named[boss].handle, "upper": named[upper].handle}
        house.colleagues = [named[each].handle for each in beside]
        _rate(workspace, tx, house.who)

    house.run(move_in)
    return house


def _rate(workspace: Workspace, tx: Any, who: int) -> None:
    version = published(tx, "hpsa-core")
    profile = role_profile(tx, version.id, "case-officer")
    rows = [
        NewEvidence(
            person=who,
            framework_version=version.id,
            framework_code="hpsa-core",
            competency=code,
            purpose="appraisal",
            ladder=profile.requirement(code).level + (Fraction(rating) - 3) / 2,
            rating=Fraction(rating),
            source="manager",
            observed_on=BEGIN,
            descriptor_hash=profile.anchors[code].at.hash,
            case=None,
            event=None,
        )
        for code, rating in RATED.items()
    ]
    record(tx, rows, workspace.engine.evidence)


@pytest.fixture
def house(world: Any) -> Iterator[House]:
    """Return a house of its own; the test runs once on each database."""
    with world.open() as workspace:
        yield furnish(workspace)


@pytest.fixture
def quick_house(world_templates: Any, tmp_path: Path) -> Iterator[House]:
    """Return a house on SQLite only: for what no database decides."""
    with world_templates.copy("sqlite", tmp_path / "world").open() as workspace:
        yield furnish(workspace)
