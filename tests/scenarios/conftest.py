"""The world of the scenarios: a demo workspace, driven by real commands."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from talenthub.cli import talent
from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers
from talenthub.workspace import Workspace
from talenthub.workspace.clock import move_demo_clock
from talenthub.workspace.making import make

Settings = Mapping[tuple[str, ...], Any]


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@dataclass
class World:
    """One demo workspace; steps by the engine, figures by the commands."""

    folder: Path

    def ask(self, *words: str, who: str) -> Answer:
        """Run a command in this process and return what it answered."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                talent.main(["--workspace", str(self.folder), "--as", who, *words])
            except SystemExit as left:
                code = left.code
        assert isinstance(code, int)
        return Answer(code, out.getvalue(), err.getvalue())

    def talent(self, *words: str, who: str, code: int = 0) -> Answer:
        """Run a command that ends as expected."""
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

    def steps(self, *steps: tuple[str, str, str] | tuple[str, str, str, Mapping[str, Any]]) -> None:
        """Fire (who, ref, transition, form) one after another."""
        with self.open() as workspace:
            for who, ref, transition, *form in steps:
                actor = workspace.actor(as_handle=who)
                workspace.run(
                    actor,
                    lambda tx, ref=ref, transition=transition, form=form: workspace.engine.fire(  # type: ignore[misc]
                        tx, ref, transition, form[0] if form else {}
                    ),
                )

    def tick(self, day: date) -> None:
        """Move the demo's clock to the morning of a day."""
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        with self.open() as workspace:
            workspace.run(SYSTEM, lambda tx: move_demo_clock(tx, moment))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a demo workspace on SQLite that nobody changes."""
    return make(tmp_path_factory.mktemp("scenario") / "demo", {}, demo=True)


def _empty_postgres(servers: Servers) -> str:
    """Return the URL of a PostgreSQL database without any table."""
    servers.fresh("postgresql")
    name = f"scenario_{servers._count}"
    servers._create_database(name, None)
    return servers._postgres_url(name)


Maker = Callable[..., World]


@pytest.fixture
def make_world(demo: Path, servers: Servers, tmp_path: Path) -> Maker:
    """Return a maker of worlds: of a kind of database, with settings."""
    made: list[World] = []

    def world(kind: str = "sqlite", settings: Settings | None = None) -> World:
        folder = tmp_path / f"world{len(made)}"
        if kind == "sqlite" and not settings:
            shutil.copytree(demo, folder)
        else:
            given = dict(settings or {})
            if kind != "sqlite":
                given["database", "url"] = _empty_postgres(servers)
            make(folder, given, demo=True)
        made.append(World(folder))
        # Loading the plugins once makes their commands known, as `talent init` does.
        made[-1].talent("plugin", "list", who="maria.costa")
        return made[-1]

    return world


@pytest.fixture
def twin(servers: Servers, tmp_path: Path) -> Callable[[World], World]:
    """Return a maker of second worlds, equal to a first that nobody has open."""
    made: list[World] = []

    def copied(world: World) -> World:
        folder = tmp_path / f"twin{len(made)}"
        shutil.copytree(world.folder, folder)
        configuration = folder / "talenthub.toml"
        text = configuration.read_text()
        found = re.search(r"scenario_\d+", text)
        if found:
            name = f"{found[0]}_twin{len(made)}"
            servers._create_database(name, found[0])
            configuration.write_text(text.replace(found[0], name))
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
        panel: Sequence[str] = PANEL,
        chair: str = "dario.conti",
        plan: Mapping[str, Any] | None = None,
    ) -> None:
        named = [word for each in panel for word in ("--panel", each)]
        where = ("--unit", "harbour", "--chair", chair, "--reason", "needed")
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
