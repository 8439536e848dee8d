"""Worlds: demo organisations with a clock to move and commands to run."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from talenthub.cli import talent
from talenthub.config.writing import changed
from talenthub.people.tables import person as person_table
from talenthub.storage.transaction import SYSTEM
from talenthub.testing.databases import Servers
from talenthub.workflow.firing import Fired
from talenthub.workspace import Workspace
from talenthub.workspace.clock import move_demo_clock
from talenthub.workspace.making import make

Settings = Mapping[tuple[str, ...], Any]
"""Settings by their keys: `{("plugin", "mentoring", "days"): 14}`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class World:
    """One demo organisation: 1,200 people, a framework, its own clock."""

    folder: Path

    def ask(self, *words: str, who: str) -> Answer:
        """Run a command as a person and return what it answered."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                talent.main(["--workspace", str(self.folder), "--as", who, *words])
            except SystemExit as left:
                code = left.code
        assert isinstance(code, int)
        return Answer(code, out.getvalue(), err.getvalue())

    def talent(self, *words: str, who: str, code: int = 0) -> Answer:
        """Run a command that ends with this exit code, or fail the test."""
        answer = self.ask(*words, who=who)
        assert answer.code == code, (words, answer)
        assert "Traceback" not in answer.err
        return answer

    def figures(self, *words: str, who: str) -> Any:
        """Return what a command prints as JSON."""
        return json.loads(self.talent(*words, "-o", "json", who=who).out)

    @contextlib.contextmanager
    def open(self) -> Iterator[Workspace]:
        """Yield the workspace itself."""
        opened = Workspace.open(self.folder)
        try:
            yield opened
        finally:
            opened.close()

    def fire(self, who: str, ref: str, transition: str, form: Mapping[str, Any] | None = None) -> Fired:
        """Fire one transition as a person; raises what refuses it."""
        return self.steps((who, ref, transition, form or {}))[0]

    def steps(
        self, *steps: tuple[str, str, str] | tuple[str, str, str, Mapping[str, Any]]
    ) -> Sequence[Fired]:
        """Fire (who, ref, transition, form) one after another."""
        with self.open() as workspace:
            return [_fire(workspace, *step) for step in steps]

    def state(self, ref: str) -> str:
        """Return the state a case is in."""
        with self.open() as workspace:
            return workspace.run(SYSTEM, lambda tx: workspace.engine.case(tx, ref).state, read_only=True)

    def tick(self, day: date) -> None:
        """Move the clock to the morning of a day; no timer runs yet."""
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        with self.open() as workspace:
            workspace.run(SYSTEM, lambda tx: move_demo_clock(tx, moment))

    def people(self, count: int) -> Sequence[str]:
        """Return the handles of so many employees, in alphabetical order."""
        wanted = (
            select(person_table.c.handle)
            .where(person_table.c.kind == "employee")
            .order_by(person_table.c.handle)
            .limit(count)
        )
        with self.open() as workspace:
            rows = workspace.run(SYSTEM, lambda tx: tx.rows(wanted, {}), read_only=True)
        return [row.handle for row in rows]


def _fire(
    workspace: Workspace, who: str, ref: str, transition: str, form: Mapping[str, Any] | None = None
) -> Fired:
    actor = workspace.actor(as_handle=who)
    return workspace.run(actor, lambda tx: workspace.engine.fire(tx, ref, transition, form or {}))


class WorldTemplates:
    """Makes worlds by copying one that was made before: that is quick."""

    def __init__(self, servers: Servers, folder: Path, enabled: Sequence[str], settings: Settings) -> None:
        self._servers = servers
        self._folder = folder
        self._settings = {("plugins", "enabled"): list(enabled), **settings}
        self._urls: dict[str, str] = {}

    def copy(self, kind: str, folder: Path) -> World:
        """Return a new world in `folder`, on a database of `kind`."""
        template = self._folder / kind
        if kind not in self._urls:
            self._urls[kind] = self._servers.empty(kind, template)
            own = {} if kind == "sqlite" else {("database", "url"): self._urls[kind]}
            make(template, self._settings | own, demo=True)
            # Loading the plugins once makes their commands known.
            World(template).talent("plugin", "list", who="maria.costa")
        return copied(World(template), folder, self._servers)


def copied(world: World, folder: Path, servers: Servers) -> World:
    """Return a second world in `folder`, equal to one nobody has open."""
    shutil.copytree(world.folder, folder)
    file = folder / "talenthub.toml"
    text = file.read_text("utf-8")
    url = tomllib.loads(text)["database"]["url"]
    if url.startswith("postgresql"):
        file.write_text(changed(text, ("database", "url"), servers.copy_of(url)), "utf-8")
    return World(folder)


@pytest.fixture(scope="session")
def enabled_plugins() -> Sequence[str]:
    """Return the plugins a world has; a project's conftest names its own."""
    return ()


@pytest.fixture(scope="session")
def plugin_settings() -> Settings:
    """Return settings that differ from the demo's; a conftest may."""
    return {}


@pytest.fixture(scope="session")
def world_templates(
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
    enabled_plugins: Sequence[str],
    plugin_settings: Settings,
) -> WorldTemplates:
    """Return the maker of worlds of this test run."""
    return WorldTemplates(servers, tmp_path_factory.mktemp("worlds"), enabled_plugins, plugin_settings)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, world_templates: WorldTemplates, tmp_path: Path) -> World:
    """Return a world of its own; the test runs once on each database."""
    return world_templates.copy(request.param, tmp_path / "world")
