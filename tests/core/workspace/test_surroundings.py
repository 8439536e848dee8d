"""What is around a workspace: doctor tells of it, and is not red for a hint."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from talenthub.outbound.counters import Counter
from talenthub.workspace import Workspace, surroundings
from talenthub.workspace.doctor import examine


def test_all_is_well_and_the_disk_was_looked_at(workspace: Workspace) -> None:
    found = [each for each in examine(workspace.folder) if each.what in ("room", "line", "clock")]
    assert [(each.what, each.ok, each.mend) for each in found] == [("room", True, "")]
    assert ("only its machine can tell" in found[0].text) is not workspace.database.is_sqlite


def test_little_room_is_told_with_the_place(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workspace.database.file
    size = 0 if file is None else file.stat().st_size
    for free, told in ((surroundings.ROOM + size, False), (surroundings.ROOM + size - 1, True)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _place, free=free: SimpleNamespace(free=free))
        [found] = surroundings.room(workspace)
        assert (found.ok, "256 MB are free" in found.text, bool(found.mend)) == (True, told, told)


def test_a_clock_that_is_apart_from_the_servers_is_wrong(workspace: Workspace) -> None:
    for minutes in (-10, 10):
        found = list(surroundings.server(workspace, lambda: datetime.now(UTC) + timedelta(minutes=minutes)))  # noqa: B023
        assert [(each.what, each.exit_code) for each in found] == (
            [] if workspace.database.is_sqlite else [("clock", 10)]
        )
        assert all(" minutes apart" in each.text for each in found)


def test_a_line_in_clear_to_another_machine_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "LINK", text("SELECT false AS safe, CURRENT_TIMESTAMP AS clock"))
    found = list(surroundings.server(workspace))
    assert ["sslmode=verify-full" in each.mend for each in found] == [True] * (
        not workspace.database.is_sqlite
    )


def test_work_that_waits_for_a_worker_is_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(**seconds: int) -> list[Any]:
        found = [Counter("late_seconds", {"kind": kind}, value) for kind, value in seconds.items()]
        monkeypatch.setattr(surroundings, "counters", lambda *_: [Counter("handoffs", {}, 9), *found])
        return [(each.ok, each.text, each.mend) for each in surroundings.lateness(workspace)]

    assert late() == late(timer=900) == late(call=90_000, mail=90_000) == []
    told = "work has been due for 3 hours: no worker runs, or too few"
    assert late(timer=60, chunk=3 * 3600) == [(True, told, "talent worker")]


@pytest.fixture
def seen_by_all() -> Iterator[Path]:
    """Return a folder that others on this machine can reach."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if not all(each.stat().st_mode & 0o001 for each in folder.resolve().parents):
            pytest.skip("nobody else reaches what is in the folder for passing files")
        yield folder


def test_a_file_that_others_can_read_is_told(seen_by_all: Path) -> None:
    (seen_by_all / "talenthub.toml").touch()
    file = seen_by_all / "talenthub.db"
    file.touch(0o600)
    with closing(Workspace.bare(seen_by_all)) as workspace:
        assert list(surroundings.rights(workspace)) == []
        file.chmod(0o644)
        seen_by_all.chmod(0o777)
        assert [each.mend for each in surroundings.rights(workspace)] == [
            f"chmod o= {file}",
            f"chmod o-w {seen_by_all}",
        ]
        seen_by_all.chmod(0o700)
        assert list(surroundings.rights(workspace)) == [], "no other gets as far as the file"
