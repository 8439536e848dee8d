"""Transactions of a workspace: whole or not at all, repeated after lost races."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from talenthub.clock import fixed_clock
from talenthub.errors import ConfigurationError, Refused, StorageError
from talenthub.storage.hub import read_setting, write_setting
from talenthub.storage.races import TRIES
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workspace import Workspace, find
from talenthub.workspace.clock import demo_now, move_demo_clock, set_demo_clock

MOMENT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _read(workspace: Workspace, key: str) -> str | None:
    return workspace.run(SYSTEM, lambda tx: read_setting(tx, key), read_only=True)


def test_what_a_transaction_wrote_stands(workspace: Workspace) -> None:
    workspace.run(SYSTEM, lambda tx: write_setting(tx, "a", "1"))
    assert _read(workspace, "a") == "1"


def test_a_failure_takes_everything_back(workspace: Workspace) -> None:
    def fail(tx: Transaction) -> None:
        write_setting(tx, "a", "1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        workspace.run(SYSTEM, fail)
    assert _read(workspace, "a") is None


def test_a_bold_transaction_starts_over_with_savepoints_where_it_misses_one(workspace: Workspace) -> None:
    bold: list[bool] = []

    def write(tx: Transaction) -> None:
        bold.append(tx.bold)
        write_setting(tx, "a", str(len(bold)))
        with contextlib.suppress(Refused), tx.savepoint():
            write_setting(tx, "b", "1")
            raise Refused("no")

    workspace.run(SYSTEM, write, bold=True)
    assert bold == [True, False]
    assert (_read(workspace, "a"), _read(workspace, "b")) == ("2", None)


def test_a_dry_run_answers_and_writes_nothing(workspace: Workspace) -> None:
    def write(tx: Transaction) -> str | None:
        assert tx.dry_run
        write_setting(tx, "a", "1")
        return read_setting(tx, "a")

    assert workspace.run(SYSTEM, write, dry_run=True) == "1"
    assert _read(workspace, "a") is None


def test_a_read_only_transaction_cannot_write(workspace: Workspace) -> None:
    with pytest.raises((StorageError, DBAPIError)):
        workspace.run(SYSTEM, lambda tx: write_setting(tx, "a", "1"), read_only=True)
    assert _read(workspace, "a") is None
    workspace.run(SYSTEM, lambda tx: write_setting(tx, "a", "2"))
    assert _read(workspace, "a") == "2"


def test_a_process_waits_until_the_disk_has_what_it_commits(
    disk_awaited: Callable[..., None], tmp_path: Path
) -> None:
    connection = sqlite3.connect(tmp_path / "any.db")
    disk_awaited(connection, None)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
    connection.close()


@pytest.mark.parametrize("ends", ["commits", "fails", "dry"])
def test_what_is_remembered_outlives_a_commit_only(workspace: Workspace, ends: str) -> None:
    def load(tx: Transaction) -> str:
        kept = tx.remember("version 1", lambda: ends)
        if ends == "fails":
            raise ZeroDivisionError
        return kept

    try:
        workspace.run(SYSTEM, load, dry_run=ends == "dry")
    except ZeroDivisionError:
        assert ends == "fails"
    again = workspace.run(SYSTEM, lambda tx: tx.remember("version 1", lambda: "anew"))
    assert again == ("commits" if ends == "commits" else "anew")


def test_named_points_reach_the_fault(folder: Path) -> None:
    seen: list[str] = []
    opened = Workspace.open(folder, fault=seen.append)
    opened.run(SYSTEM, lambda tx: tx.point("written"))
    opened.close()
    assert seen == ["written"]


def _loses(times: int, workspace: Workspace) -> tuple[list[int], Transaction | None]:
    tries: list[int] = []

    def attempt(tx: Transaction) -> None:
        tries.append(1)
        write_setting(tx, "a", str(len(tries)))
        if len(tries) <= times:
            raise DBAPIError("SELECT", {}, LostRaceError())

    workspace.run(SYSTEM, attempt)
    return tries, None


class LostRaceError(Exception):
    sqlstate = "40P01"


def test_a_lost_race_is_repeated(workspace: Workspace) -> None:
    tries, _ = _loses(TRIES - 1, workspace)
    assert len(tries) == TRIES
    assert _read(workspace, "a") == str(TRIES)


def test_a_race_lost_too_often_is_told(workspace: Workspace) -> None:
    with pytest.raises(DBAPIError):
        _loses(TRIES, workspace)
    assert _read(workspace, "a") is None


def test_a_real_deadlock_ends_with_both_writes(workspace: Workspace) -> None:
    """On PostgreSQL two transactions lock two rows crosswise; one is repeated."""
    for key in ("a", "b"):
        workspace.run(SYSTEM, lambda tx, key=key: write_setting(tx, key, "0"))
    barrier = threading.Barrier(2)
    tries: list[str] = []

    def cross(first: str, second: str) -> None:
        def write(tx: Transaction) -> None:
            tries.append(first)
            write_setting(tx, first, first)
            if not workspace.database.is_sqlite and tries.count(first) == 1:
                barrier.wait(60)
            write_setting(tx, second, first)

        workspace.run(SYSTEM, write)

    threads = [threading.Thread(target=cross, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    assert _read(workspace, "a") == _read(workspace, "b")
    assert len(tries) == (2 if workspace.database.is_sqlite else 3)


def test_the_clock_can_be_replaced(folder: Path) -> None:
    opened = Workspace.open(folder, clock=fixed_clock(MOMENT))
    assert opened.run(SYSTEM, lambda tx: tx.now) == MOMENT
    opened.close()


def test_days_are_those_of_the_organisation(folder: Path) -> None:
    late = datetime(2026, 1, 5, 23, tzinfo=UTC)
    opened = Workspace.open(
        folder, clock=fixed_clock(late), overrides={"organisation": {"timezone": "Asia/Tokyo"}}
    )
    assert opened.run(SYSTEM, lambda tx: tx.today).isoformat() == "2026-01-06"
    opened.close()


def test_the_clock_of_a_demo_stands_and_only_moves_on(folder: Path) -> None:
    opened = Workspace.open(folder, overrides={"demo": {"enabled": True}})
    assert not opened.is_demo
    opened.run(SYSTEM, lambda tx: set_demo_clock(tx, MOMENT))
    assert opened.run(SYSTEM, lambda tx: tx.now) == MOMENT
    later = datetime(2026, 2, 10, 9, tzinfo=UTC)
    opened.run(SYSTEM, lambda tx: move_demo_clock(tx, later))
    assert opened.run(SYSTEM, demo_now) == later
    with pytest.raises(Refused, match="never goes back"):
        opened.run(SYSTEM, lambda tx: move_demo_clock(tx, MOMENT))
    opened.close()


def test_elsewhere_the_clock_cannot_be_moved(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="time moves by itself"):
        workspace.run(SYSTEM, lambda tx: move_demo_clock(tx, MOMENT))


def test_a_demo_must_be_said_in_the_file_and_in_the_database(folder: Path) -> None:
    plain = Workspace.open(folder)
    plain.run(SYSTEM, lambda tx: set_demo_clock(tx, MOMENT))
    assert not plain.is_demo
    assert plain.run(SYSTEM, lambda tx: tx.now) != MOMENT
    plain.close()


def test_older_tables_are_told(folder: Path) -> None:
    from talenthub.storage import migrate

    opened = Workspace.bare(folder)
    migrate.downgrade(opened.database, migrate.core_owner(), to="0001")
    with pytest.raises(StorageError, match="talent db upgrade"):
        opened.check_tables()
    opened.close()


def test_a_database_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "talenthub.toml").write_text("")
    with pytest.raises(StorageError, match="not there"):
        Workspace.open(tmp_path)
    assert not (tmp_path / "talenthub.db").exists()


def test_the_nearest_folder_upward_is_the_workspace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    monkeypatch.delenv("TALENTHUB_WORKSPACE", raising=False)
    assert find() == folder
    monkeypatch.setenv("TALENTHUB_WORKSPACE", str(inner))
    with pytest.raises(ConfigurationError, match="talent init"):
        find()
    assert find(folder) == folder


def test_all_rights_of_the_rooms_are_composed(workspace: Workspace) -> None:
    assert {"person.view", "person.edit", "person.listed", "case.view"} <= {
        each.action for each in workspace.rules
    }


def test_the_settings_of_evidence_reach_the_room(folder: Path) -> None:
    overrides = {"evidence": {"half_life_days": 90, "weights": {"coach": 0.7}}, "gap": {"minor": 0.2}}
    opened = Workspace.open(folder, overrides=overrides)
    assert opened.engine.evidence.half_life_days == 90
    assert opened.evidence.weight_of("coach") * 10 == 7
    assert opened.evidence.band_of(0.2) == "minor"
    opened.close()


def test_the_calendar_reaches_the_engine(folder: Path) -> None:
    from datetime import date

    (folder / "free.txt").write_text("# our days\n2026-01-06  # a feast\n")
    opened = Workspace.open(folder, overrides={"organisation": {"calendar": "free.txt"}})
    assert not opened.engine.calendar.is_working(date(2026, 1, 6))
    opened.close()


@pytest.mark.parametrize(("text", "says"), [("2026-02-30\n", "free.txt:1"), (None, "free.txt")])
def test_a_bad_calendar_is_told(folder: Path, text: str | None, says: str) -> None:
    if text is not None:
        (folder / "free.txt").write_text(text)
    opened = Workspace.open(folder, overrides={"organisation": {"calendar": "free.txt"}})
    with pytest.raises(ConfigurationError, match=says):
        _ = opened.engine
    opened.close()
