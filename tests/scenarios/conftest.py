"""The world of the scenarios: a demo workspace, driven by real commands."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from talenthub.config.writing import changed
from talenthub.testing import Servers, World
from talenthub.workspace.making import make


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demo workspace on SQLite that nobody changes."""
    return make(tmp_path_factory.mktemp("scenario") / "demo", {}, demo=True)


@pytest.fixture(scope="session")
def demo_on(demo: Path, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a maker of demo workspaces that nobody changes, one for each kind."""

    @cache
    def made(kind: str) -> Path:
        if kind == "sqlite":
            return demo
        folder = tmp_path_factory.mktemp("scenario") / "demo"
        return make(folder, {("database", "url"): servers.empty(kind, folder)}, demo=True)

    return made


Maker = Callable[..., World]


@pytest.fixture
def make_world(demo_on: Callable[[str], Path], servers: Servers, tmp_path: Path) -> Maker:
    """Return a maker of worlds: of a kind of database, with settings."""
    made: list[World] = []

    def world(kind: str = "sqlite", settings: Mapping[tuple[str, ...], Any] | None = None) -> World:
        folder = tmp_path / f"world{len(made)}"
        copy(demo_on(kind), folder, servers, settings or {})
        made.append(World(folder))
        # Loading the plugins once makes their commands known, as `talent init` does.
        made[-1].talent("plugin", "list", who="maria.costa")
        return made[-1]

    return world


def copy(source: Path, folder: Path, servers: Servers, settings: Mapping[tuple[str, ...], Any]) -> None:
    """Copy a workspace that nobody has open, with its database; change settings."""
    shutil.copytree(source, folder)
    file = folder / "talenthub.toml"
    text = file.read_text(encoding="utf-8")
    url = tomllib.loads(text)["database"]["url"]
    own = {("database", "url"): servers.copy_of(url)} if url.startswith("postgresql") else {}
    for path, value in {**own, **settings}.items():
        text = changed(text, path, value)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def twin(servers: Servers, tmp_path: Path) -> Callable[[World], World]:
    """Return a maker of second worlds, equal to a first that nobody has open."""
    made: list[World] = []

    def copied(world: World) -> World:
        folder = tmp_path / f"twin{len(made)}"
        copy(world.folder, folder, servers, {})
        made.append(World(folder))
        return made[-1]

    return copied


PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")


@pytest.fixture
def until_assessing() -> Callable[..., None]:
    """Return a function that takes a world to its interviews."""

    def prepare(
        world: World,
        candidates: Sequence[str],
        day: date,
        *,
        number: int = 1,
        positions: int = 1,
        panel: Sequence[str] = PANEL,
        chair: str = "dario.conti",
        plan: Mapping[str, Any] | None = None,
    ) -> None:
        named = [word for each in panel for word in ("--panel", each)]
        where = ("--unit", "harbour", "--positions", str(positions), "--chair", chair, "--reason", "needed")
        world.talent("recruitment", "open", "case-officer", *where, *named, who="maria.costa")
        requisition, selection = f"REQ-{number}", f"SEL-{number}"
        world.steps(("tomas.lind", requisition, "approve"), ("maria.costa", requisition, "open"))
        if plan:
            world.steps(("maria.costa", selection, "design", plan))
        world.steps(("grace.lindqvist", selection, "approve_plan"), ("maria.costa", selection, "advertise"))
        for each in candidates:
            known = ("--person", each) if each.islower() else (each,)
            world.talent("recruitment", "candidate", "add", selection, *known, who="maria.costa")
        world.talent("recruitment", "shortlist", selection, who="maria.costa")
        world.steps(("maria.costa", selection, "close"))
        world.tick(day)
        world.steps(("maria.costa", selection, "start_assessing"))

    return prepare
