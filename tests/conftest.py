"""What every test may use, and which tests only `make storm` runs."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import URL, event
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

from talenthub.cli import NEW_OBJECTS
from talenthub.host import discovery
from talenthub.storage import database as storage
from talenthub.workflow import catalogue, checks
from talenthub.workflow.definition import Workflow

if TYPE_CHECKING:
    from talenthub.testing.asking import Kept

pytest_plugins = ["talenthub.testing"]

HERE = Path(__file__).parent
DETAILS = (
    HERE / "plugins",
    HERE / "scenarios",
    HERE / "core" / "cli",
    HERE / "core" / "cli_everyday",
    HERE / "core" / "evidence" / "test_evidence_commands.py",
)
"""Plugins and commands: what they do to a database, the rooms of the core do on both."""
ON_BOTH = {
    "test_first_hire_replay.py",
    "test_handoffs.py",
    "test_recruitment_bulk.py",
    "test_recruitment_races.py",
    "test_story.py",
    "test_year_replay.py",
}
"""Stories that are played on both databases each time all the same."""
DEAR = {
    "test_contract_author.py",
    "test_kill.py",
    "test_races.py",
    "test_recruitment_peeking.py",
    "test_state_machine.py",
    "test_story.py",
    "test_succession_peeking.py",
}
"""Begun first: at the end the others would wait for them."""


def pytest_collection_finish() -> None:
    """Let the collector pass what modules made, as every command does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the details of plugins and commands on PostgreSQL to `make storm`.

    The rooms of the core and the stories above run on both databases each
    time; twice the details would not fit into minutes.
    """
    items.sort(key=lambda item: item.path.name not in DEAR)
    for item in items:
        spared = item.path.name not in ON_BOTH and any(item.path.is_relative_to(each) for each in DETAILS)
        if spared and "postgresql" in item.name:
            item.add_marker(pytest.mark.storm)


@pytest.fixture
def kept_open() -> Iterator[Kept]:
    """Keep workspaces open between the commands of a test that runs many."""
    from talenthub.testing.asking import keeping_open  # pytest itself must import the package first

    with keeping_open() as kept:
        yield kept


@pytest.fixture(scope="session", autouse=True)
def disk_awaited() -> Iterator[Callable[..., None]]:
    """Return how a process prepares SQLite; tests do not wait for the disk.

    They kill processes, never the machine: what was handed to the system is
    there. Processes of their own wait for it as everywhere.
    """
    prepare = storage._prepare_sqlite

    def hurried(connection: sqlite3.Connection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF").close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "_prepare_sqlite", hurried)
        yield prepare


class _Compiled(LRUCache[Any, Any]):
    """What statements are in SQL, whichever engine of a kind asked first."""

    def get(self, key: Any, default: Any = None) -> Any:
        _engines_own, *of_all = key
        return super().get(tuple(of_all), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        _engines_own, *of_all = key
        super().__setitem__(tuple(of_all), value)


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once(disk_awaited: object) -> Iterator[None]:
    """Translate a statement into SQL once for all databases of a kind.

    Every test would do so for its own, and every command of a test: so the
    engines of the last databases are kept too, closed. One in use is nobody
    else's: who is first to close it would take the others' connections out
    of its hands.
    """
    closed: dict[tuple[object, ...], Engine] = {}
    compiled: defaultdict[str, _Compiled] = defaultdict(lambda: _Compiled(2000))

    def engine(url: URL) -> Engine:
        key = (url, os.getpid(), storage.BUSY_SECONDS, storage.SILENCE)
        if (known := closed.pop(key, None)) is not None:
            return known
        made = create(url)
        made._compiled_cache = compiled[url.get_backend_name()]

        @event.listens_for(made, "engine_disposed")
        def keep(disposed: Engine) -> None:
            closed[key] = disposed
            if len(closed) > 8:
                del closed[next(iter(closed))]

        return made

    create = storage._create_engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "_create_engine", engine)
        yield


@pytest.fixture(scope="session", autouse=True)
def _declarations_read_once() -> Iterator[None]:
    """Check and write down each declared workflow once: none changes between commands."""
    with pytest.MonkeyPatch.context() as patch:
        check = _once_each(checks.problems)
        patch.setattr(checks, "problems", lambda workflow, *, plugin: list(check(workflow, plugin=plugin)))
        patch.setattr(catalogue, "declaration_of", _once_each(catalogue.declaration_of))
        yield


def _once_each(function: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[object, ...], tuple[Workflow, Any]] = {}

    def answer(workflow: Workflow, **given: str) -> Any:
        key = id(workflow), *given.values()
        if key not in known:
            if len(known) >= 200:
                known.clear()
            known[key] = workflow, function(workflow, **given)
        return known[key][1]

    return answer


@pytest.fixture(scope="session", autouse=True)
def _entry_points_read_once() -> Iterator[None]:
    """Read what is installed once for each path, as a process does.

    A test runs hundreds of commands in one process; each would read the files
    of every installed distribution again.
    """
    known: dict[tuple[object, ...], importlib.metadata.EntryPoints] = {}
    read = discovery.entry_points

    def entry_points(**wanted: str) -> importlib.metadata.EntryPoints:
        key = (*sys.path, *(_changed(each) for each in sys.path), *sorted(wanted.items()))
        if key not in known:
            known[key] = read(**wanted)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discovery, "entry_points", entry_points)
        yield


def _changed(folder: str) -> int:
    path = Path(folder)
    return path.stat().st_mtime_ns if path.is_dir() else 0
