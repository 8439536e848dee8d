"""An autumn of 2027 in which Amara has been rated, made once for each database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from talenthub.config.writing import changed
from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import record
from talenthub.framework.library import published, role_profile
from talenthub.people.grants import give
from talenthub.people.persons import add_person, person
from talenthub.people.posts import assign, vacant_posts
from talenthub.people.units import unit
from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers, World
from talenthub.testing.asking import Kept
from talenthub.testing.worlds import WorldTemplates

sys.path.insert(0, str(Path(__file__).parent / "support"))
HR, AUDITOR = "grace.lindqvist", "eva.sand"
BOARD = ("kofi.mensah", "maria.costa", "ruth.adeyemi")
TODAY = date(2027, 11, 15)
Row = tuple[str, date, str, Fraction, Fraction]
"""Source, day, competency, rating and where it stands on the ladder."""


@dataclass
class Autumn:
    """A demo on a day of November 2027, and short ways to drive it."""

    world: World

    def rate(self, handle: str, role: str, rows: Sequence[Row]) -> None:
        """Put ratings against a role into somebody's ledger."""
        with self.world.open() as workspace:

            def run(tx: Any) -> None:
                who = person(tx, handle).id
                version = published(tx, "hpsa-core")
                profile = role_profile(tx, version.id, role)
                made = [
                    NewEvidence(
                        person=who,
                        framework_version=version.id,
                        framework_code="hpsa-core",
                        competency=code,
                        purpose="appraisal",
                        ladder=at,
                        rating=rating,
                        source=source,
                        observed_on=on,
                        descriptor_hash=profile.anchors[code].at.hash,
                        case=None,
                        event=None,
                    )
                    for source, on, code, rating, at in rows
                ]
                record(tx, made, workspace.engine.evidence)

            workspace.run(SYSTEM, run)

    def make_ready(self, handle: str, role: str, short: Mapping[str, str] | None = None) -> None:
        """Let the ledger say that somebody meets a role, but for what is short."""
        rows = [
            ("manager", date(2027, 10, 1), code, Fraction(3), level - Fraction((short or {}).get(code, 0)))
            for code, (level, _) in self.asked(role).items()
        ]
        self.rate(handle, role, rows)

    def asked(self, role: str) -> dict[str, tuple[int, bool]]:
        """Return what a role asks for: level, and whether it is critical."""
        with self.world.open() as workspace:
            profile = workspace.run(
                SYSTEM, lambda tx: role_profile(tx, published(tx, "hpsa-core").id, role), read_only=True
            )
        return {each.competency: (each.level, each.critical) for each in profile.requirements}

    def talent(self, *words: str, who: str = HR, code: int = 0) -> Any:
        """Run a command of succession."""
        return self.world.talent("succession", *words, who=who, code=code)

    def items(self, *words: str, who: str = AUDITOR) -> list[dict[str, Any]]:
        """Return the rows of a command of succession."""
        found: list[dict[str, Any]] = self.world.figures("succession", *words, who=who)["items"]
        return found

    def draft(self, handle: str, post: str, *more: str, who: str = HR) -> str:
        """Nominate and submit; return the reference."""
        because = ("--because", "known for it", "--competency", "CIT")
        [made] = self.items("nominate", handle, "--post", post, *because, *more, who=who)
        ref: str = made["ref"]
        return ref

    def put_in_force(self, *refs: str, said: Sequence[str], board: Sequence[str] = BOARD) -> None:
        """Take nominations from the check to being in force."""
        self.talent("check", *refs)
        self.talent("assess", *refs, *said)
        self.talent("board", "call", *refs, *(word for each in board for word in ("--member", each)))
        for each in board:
            self.talent("board", "vote", *refs, "--decision", "yes", who=each)
        self.talent("board", "approve", *refs, who=board[0])
        self.talent("activate", *refs)


def _fill(tx: Any) -> None:
    who = add_person(tx, "Amara Okoye").id
    assign(tx, who, vacant_posts(tx, "case-officer", unit(tx, "harbour").id)[0].id, date(2026, 3, 2))
    give(tx, person(tx, AUDITOR).id, "auditor")


class Templates(WorldTemplates):
    """Makes autumns by copying a world that was made before."""

    def autumn(self, kind: str, folder: Path, settings: Mapping[tuple[str, ...], Any]) -> Autumn:
        """Return an autumn of its own."""
        made = self.copy(kind, folder)
        file = folder / "talenthub.toml"
        for keys, value in settings.items():
            file.write_text(changed(file.read_text("utf-8"), keys, value), "utf-8")
        made.tick(TODAY)
        with made.open() as workspace:
            workspace.run(SYSTEM, _fill)
        return Autumn(made)


@pytest.fixture(scope="session")
def autumns(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Return the maker of autumns of this test run."""
    return Templates(servers, tmp_path_factory.mktemp("autumns"), ["succession"], {})


@pytest.fixture(scope="session")
def full_autumns(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Return the maker of autumns with every plugin there is."""
    plugins = ["career", "consultation", "onboarding", "performance", "recruitment", "succession"]
    return Templates(servers, tmp_path_factory.mktemp("full"), plugins, {})


Maker = Callable[..., Autumn]


@pytest.fixture
def make_autumn(autumns: Templates, tmp_path: Path, kept_open: Kept) -> Maker:
    """Return a maker of autumns, by the kind of database and with settings."""
    made: list[Autumn] = []

    def make(kind: str = "sqlite", settings: Mapping[tuple[str, ...], Any] | None = None) -> Autumn:
        made.append(autumns.autumn(kind, tmp_path / f"autumn{len(made)}", settings or {}))
        return made[-1]

    return make
