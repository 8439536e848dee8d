"""Making a workspace: wholly or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import ConfigurationError, FileError, Refused, TalentError, UsageError
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers
from talenthub.workspace import Workspace, making
from talenthub.workspace.identity import login_name
from talenthub.workspace.making import make


def _tree(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))


def test_a_workspace_has_its_first_person(tmp_path: Path) -> None:
    make(tmp_path / "a" / "b", {("organisation", "name"): "City Library"})
    opened = Workspace.open(tmp_path / "a" / "b")
    assert opened.settings.organisation.name == "City Library"
    assert opened.actor(login_name()).person is not None
    assert not opened.is_demo
    opened.close()
    assert _tree(tmp_path / "a" / "b") == ["talenthub.db", "talenthub.toml"]


def test_the_files_around_it_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    make(tmp_path, {})
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["talenthub.toml", "talenthub.db"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(Refused, match="nothing is overwritten"):
        make(tmp_path, {})
    assert _tree(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(FileError):
            make(target, {})
    assert _tree(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({("organisation", "timezone"): "Europe/Lissabon"}, ConfigurationError),
        ({("database", "url"): "mysql://x/y"}, ConfigurationError),
        ({("database", "url"): "postgresql://me:geheim@host/name"}, UsageError),
        ({("database", "url"): {"env": "TALENT_NO_SUCH"}}, ConfigurationError),
    ],
)
def test_bad_settings_leave_nothing(tmp_path: Path, settings: Any, kind: type[TalentError]) -> None:
    with pytest.raises(kind):
        make(tmp_path / "new" / "inner", settings)
    assert _tree(tmp_path) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_failure_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def fail(*_given: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(making, "_fill", fail)
    (tmp_path / "mine").mkdir()
    for target in (tmp_path / "new", tmp_path / "mine"):
        with pytest.raises(error):
            make(target, {})
    assert _tree(tmp_path) == ["mine"]


def test_a_database_elsewhere_is_made_or_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    url = {("database", "url"): f"sqlite:///{elsewhere}"}
    with monkeypatch.context() as patch:
        patch.setattr(making, "_fill", lambda *_given, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make(tmp_path / "one", url)
    assert _tree(tmp_path) == []
    make(tmp_path / "one", url)
    with pytest.raises(Refused, match="holds something already"):
        make(tmp_path / "two", url)
    assert not (tmp_path / "two").exists()


def _empty_postgres(servers: Servers, name: str) -> str:
    servers.fresh("postgresql")
    servers._create_database(name, None)
    return servers._postgres_url(name)


def test_a_failure_leaves_postgres_as_empty_as_it_was(
    tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = _empty_postgres(servers, f"making_{os.getpid()}")
    settings = {("database", "url"): url}
    with monkeypatch.context() as patch:
        patch.setattr(making, "_fill", lambda *_given, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            make(tmp_path / "one", settings)
    make(tmp_path / "one", settings)
    with pytest.raises(Refused, match="holds something already"):
        make(tmp_path / "two", settings)
    assert _tree(tmp_path) == ["one", "one/talenthub.toml"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_demo_is_harbourline(tmp_path: Path, servers: Servers, kind: str) -> None:
    settings: dict[tuple[str, ...], Any] = {}
    if kind == "postgresql":
        settings["database", "url"] = _empty_postgres(servers, f"demo_{os.getpid()}")
    make(tmp_path, settings, demo=True)
    opened = Workspace.open(tmp_path)
    assert opened.is_demo
    assert opened.run(SYSTEM, lambda tx: tx.now).date().isoformat() == "2026-01-05"
    assert opened.actor(as_handle="maria.costa").login is None
    counts = {name: _count(opened.database, name) for name in ("person", "post", "hub_event")}
    assert counts == {"person": 1200, "post": 1201, "hub_event": 1}
    assert "recruitment.application" in opened.catalogue.names()
    assert _count(opened.database, "workflow_version") == len(list(opened.catalogue.versions()))
    opened.close()


def _count(database: Database, table: str) -> int:
    with database.begin(read_only=True) as connection:
        found: int = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
    return found
