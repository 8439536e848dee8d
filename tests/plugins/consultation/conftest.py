"""A hall in which a framework is read: people, groups, votes with known sums."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from talenthub.config.writing import changed
from talenthub.framework.library import content as framework_content
from talenthub.framework.library import published
from talenthub.people.grants import give
from talenthub.people.members import members_of
from talenthub.people.persons import person
from talenthub.people.relations import chains_of
from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers, World
from talenthub.testing.asking import Kept
from talenthub.testing.worlds import WorldTemplates
from talenthub.workspace import Workspace

OFFICER, OWNER, SPONSOR, EDITOR = "maria.costa", "noor.haddad", "eva.sand", "grace.lindqvist"
CODE, NUMBER = "hpsa-next", "1.0.0"


@dataclass(frozen=True)
class Voter:
    """Somebody who is invited, and whether they come."""

    handle: str
    level: int
    group: str
    comes: bool


@dataclass
class Hall:
    """A demo with a draft to be read, and short ways to drive it."""

    world: World
    levels: Mapping[str, int] = field(default_factory=dict)
    """The organisational level of everybody, by handle."""
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Everybody who manages somebody."""

    def talent(self, *words: str, who: str = OFFICER, code: int = 0) -> Any:
        return self.world.talent("consultation", *words, who=who, code=code)

    def rows(self, *words: str, who: str = OFFICER) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.figures("consultation", *words, who=who)["items"]
        return found

    def record(self, *words: str, who: str = OFFICER) -> dict[str, Any]:
        found: dict[str, Any] = self.world.figures("consultation", *words, who=who)
        return found

    def file(self, name: str, rows: Sequence[Mapping[str, Any]]) -> str:
        """Write rows as CSV and return the path."""
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path = self.world.folder / name
        path.write_text(out.getvalue(), "utf-8")
        return str(path)

    def open(self, *more: str) -> str:
        [made] = self.rows("open", CODE, *more)
        ref: str = made["ref"]
        return ref

    def invite(self, ref: str, voters: Sequence[Voter]) -> None:
        facilitators = self.facilitators(voters)
        rows = [
            {"group": each.group, "person": each.handle, "facilitator": facilitators[each.group]}
            for each in voters
        ]
        self.talent("groups", ref, "--file", self.file("groups.csv", rows))

    def facilitators(self, voters: Sequence[Voter]) -> dict[str, str]:
        """Return somebody for each group who is no member and manages none."""
        groups: dict[str, set[str]] = {}
        for each in voters:
            groups.setdefault(each.group, set()).add(each.handle)
        invited = {each.handle for each in voters}
        spare = [each for each in self.levels if each not in invited]
        found = {}
        for name, members in groups.items():
            barred = set().union(*(self.above[each] for each in members))
            found[name] = next(each for each in spare if each not in barred)
        return found

    def vote(self, ref: str, rows: Sequence[Mapping[str, Any]]) -> Any:
        return self.talent("vote", ref, "--file", self.file("votes.csv", rows))


def _draw(hall: Hall, sizes: Mapping[int, tuple[int, int]], group_size: int, seed: int) -> list[Voter]:
    """Return voters drawn by seed: level → (come, invited), in groups of a size."""
    chance = random.Random(seed)
    pools: dict[int, list[str]] = {}
    for handle, level in sorted(hall.levels.items()):
        pools.setdefault(level, []).append(handle)
    chosen = [
        (handle, level, index < comes)
        for level, (comes, many) in sorted(sizes.items())
        for index, handle in enumerate(chance.sample(pools[level], many))
    ]
    return [
        Voter(handle, level, f"group-{index // group_size + 1:02d}", comes)
        for index, (handle, level, comes) in enumerate(chosen)
    ]


@pytest.fixture(scope="session")
def draw() -> Callable[..., list[Voter]]:
    """Return the drawing of voters."""
    return _draw


def _prepared(tx: Any, workspace: Workspace) -> tuple[dict[str, int], dict[str, frozenset[str]]]:
    version = published(tx, "hpsa-core")
    members = [each for each in members_of(tx) if each.role is not None]
    roles = framework_content(tx, version.id).role
    levels = {each.handle: roles(each.role or "").levels[0].organisational_level or 0 for each in members}
    handles = {each.person: each.handle for each in members}
    chains = chains_of(tx, list(handles))
    above = {handles[who]: frozenset(handles[each] for each in up) for who, up in chains.items()}
    give(tx, person(tx, EDITOR).id, "framework_editor")
    return levels, above


class Templates(WorldTemplates):
    """Makes halls by copying one that was made before."""

    def hall(self, kind: str, folder: Path, settings: Mapping[tuple[str, ...], Any]) -> Hall:
        made = self.copy(kind, folder)
        file = folder / "talenthub.toml"
        for keys, value in settings.items():
            file.write_text(changed(file.read_text("utf-8"), keys, value), "utf-8")
        hall = Hall(made)
        with made.open() as workspace:
            hall.levels, hall.above = workspace.run(SYSTEM, lambda tx: _prepared(tx, workspace))
        text = (Path(__file__).parents[3] / "config/harbourline/framework.yaml").read_text("utf-8")
        own = re.sub(r"(?m)^  id: hpsa-core$", f"  id: {CODE}", text)
        (folder / "next.yaml").write_text(own, "utf-8")
        made.talent("framework", "import", str(folder / "next.yaml"), who=EDITOR)
        return hall


@pytest.fixture(scope="session")
def halls(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Return the maker of halls of this test run."""
    return Templates(servers, tmp_path_factory.mktemp("halls"), ["consultation"], {})


Maker = Callable[..., Hall]


@pytest.fixture
def make_hall(halls: Templates, tmp_path: Path, kept_open: Kept) -> Maker:
    """Return a maker of halls, by the kind of database."""

    def make(kind: str = "sqlite", settings: Mapping[tuple[str, ...], Any] | None = None) -> Hall:
        return halls.hall(kind, tmp_path / f"hall-{kind}", settings or {})

    return make
