"""A small organisation with a small plugin, and `talent` to be run on it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from talenthub.cli import talent as command
from talenthub.people.grants import give
from talenthub.people.organisation import NewPerson, NewPost, NewUnit, Organisation, write_organisation
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.context import CaseView
from talenthub.workspace import Workspace
from talenthub.workspace.clock import set_demo_clock

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NAMES = ("ada", "olga", "hedda", "sam", "rita", "rolf", "nora")
PLUGIN = """
from talenthub.hooks import WorkflowRef, hookimpl

@hookimpl
def talenthub_workflows():
    return [WorkflowRef(f"bank_workflows:{name}") for name in ("loan", "review")]
"""


@dataclass(frozen=True)
class Told:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def items(self) -> list[dict[str, Any]]:
        return json.loads(self.out)["items"]

    @property
    def record(self) -> dict[str, Any]:
        return json.loads(self.out)


@dataclass
class Town:
    """A workspace, its people by name, and the command line."""

    folder: Path
    workspace: Workspace
    people: dict[str, int] = field(default_factory=dict)

    def talent(self, *words: str, as_: str | None = "olga", given: str | bytes | None = None) -> Told:
        told = [*words, "--workspace", str(self.folder)]
        told += ["--as", as_] if as_ is not None else []
        result = CliRunner().invoke(command, told, input=given, env={"COLUMNS": "80"})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Told(result.exit_code, result.stdout, result.stderr)

    def acting(self, name: str | None) -> Actor:
        return SYSTEM if name is None else Actor(self.people[name])

    def open(self, amount: int = 50) -> CaseView:
        engine = self.workspace.engine
        return self.workspace.run(
            self.acting("olga"),
            lambda tx: engine.open(
                tx,
                "bank.loan",
                data={"amount": amount},
                subject=self.people["sam"],
                participants={"reviewer": (self.people["rita"], self.people["rolf"])},
                about="A boat",
            ),
        )

    def contents(self) -> dict[str, list[Any]]:
        """Return every row of every table, to see that nothing changed."""
        with self.workspace.database.begin(read_only=True) as connection:
            names = ("workflow_case", "case_event", "case_payload", "case_task", "task_pool", "case_timer")
            names += ("request_answer", "outbox", "handoff", "person", "setting")
            known = connection.dialect.get_table_names(connection)
            return {
                name: sorted(map(str, connection.execute(select(text("*")).select_from(text(name)))))
                for name in names
                if name in known
            }


@pytest.fixture
def bank_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the plugin `bank` for one test."""
    folder = tmp_path / "site"
    info = folder / "talent_bank-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "bank_plugin.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: talent-bank\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[talenthub.plugins]\nbank = bank_plugin\n")
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "bank_plugin", raising=False)


def found_town(url: str, folder: Path, more: str = "", *, is_demo: bool = True) -> Town:
    """Return a town on a fresh database."""
    folder.mkdir()
    settings = f'[database]\nurl = "{url}"\n[plugins]\nenabled = ["bank"]\n'
    settings += f"[demo]\nenabled = {str(is_demo).lower()}\n{more}"
    (folder / "talenthub.toml").write_text(settings)
    town = Town(folder, Workspace.open(folder))
    town.workspace.run(SYSTEM, _people)
    if is_demo:
        town.workspace.run(SYSTEM, lambda tx: set_demo_clock(tx, START))
    town.people = town.workspace.run(
        SYSTEM, lambda tx: {name: person(tx, name).id for name in NAMES}, read_only=True
    )
    return town


def _people(tx: Transaction) -> None:
    since = date(2025, 1, 1)
    write_organisation(
        tx,
        Organisation(
            units=(NewUnit("quay", "The quay"),),
            posts=(NewPost("quay-clerk", "Clerk", "none", "clerk", "quay", since),),
            people=(
                *(NewPerson(name, name.title()) for name in NAMES),
                NewPerson("carl.hidden", "Carl Hidden", kind="candidate"),
            ),
        ),
    )
    for name, grant in (
        ("ada", "admin"),
        ("olga", "hr_officer"),
        ("rita", "hr_officer"),
        ("hedda", "hr_head"),
    ):
        give(tx, person(tx, name).id, grant, since=since)


@pytest.fixture
def town(database_url: str, tmp_path: Path, bank_plugin: None) -> Iterator[Town]:
    """Return a town; the test runs on each kind of database."""
    made = found_town(database_url, tmp_path / "town")
    yield made
    made.workspace.close()


@pytest.fixture
def small_town(servers: Any, tmp_path: Path, bank_plugin: None) -> Iterator[Town]:
    """Return a town on SQLite, for what no database changes."""
    made = found_town(servers.fresh("sqlite"), tmp_path / "town")
    yield made
    made.workspace.close()


@pytest.fixture
def make_town(servers: Any, tmp_path: Path, bank_plugin: None) -> Callable[..., Town]:
    """Return a function that founds a town on SQLite with other settings."""
    return lambda more="", **how: found_town(servers.fresh("sqlite"), tmp_path / "town", more, **how)
