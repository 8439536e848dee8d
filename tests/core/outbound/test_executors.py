"""Which engine has the work run: asked for where it cannot, or brought by a plugin."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from talenthub.cli import talent
from talenthub.errors import ConfigurationError, StorageError
from talenthub.storage.database import Database
from talenthub.storage.migrate import Owner, downgrade, status, upgrade
from talenthub.storage.sql_history import SqlHistory
from talenthub.workspace.making import make
from talenthub.workspace.opening import configure

WITHOUT = """
import sys
sys.modules |= dict.fromkeys(["procrastinate", "psycopg", "psycopg_pool"])
from talenthub.cli import main
sys.argv = ["talent", *sys.argv[1:]]
main()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("executors") / "here", {})


def said(folder: Path, **database: str) -> list[str]:
    """Return what is wrong with asking for Procrastinate."""
    asked = {"jobs": {"executor": "procrastinate"}} | ({"database": database} if database else {})
    with pytest.raises(ConfigurationError) as told:
        configure(folder, overrides=asked)
    return [str(each) for each in told.value.problems]


def test_on_sqlite_one_line_says_which_url_it_needs(folder: Path) -> None:
    [line] = said(folder)
    assert "works on PostgreSQL only" in line
    assert "postgresql://USER@HOST/NAME" in line


def test_without_the_extra_one_line_says_what_to_install(folder: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    [line] = said(folder, url="postgresql://nobody@localhost/none")
    assert "pip install 'talenthub[postgres]'" in line


def test_without_the_driver_one_line_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StorageError) as told:
        Database("postgresql://nobody@localhost/none")
    [line] = [str(each) for each in told.value.problems]
    assert line == "the driver for postgresql is not installed; pip install 'talenthub[postgres]'"


def test_a_name_that_nobody_brings_is_told_with_the_nearest(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'embedded'"):
        configure(folder, overrides={"jobs": {"executor": "embeded"}})


def test_it_is_set_and_shown_with_its_origin(folder: Path) -> None:
    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(talent, [*words, "--workspace", str(folder)])
        assert result.exit_code == code, result.output
        return result.output

    assert "works on PostgreSQL only" in run("config", "set", "jobs.executor", "procrastinate", code=7)
    run("config", "set", "jobs.dead_after", "20")
    shown = run("config", "show", "jobs", "--origin")
    assert "jobs.executor\tembedded\tdefault" in shown
    assert "jobs.dead_after\t20\ttalenthub.toml:" in shown


def test_all_else_works_without_the_extra(folder: Path) -> None:
    """A process in which nothing of the extra can be imported works off what is due."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "worker", "--once", "--workspace", str(folder)],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, "What was due is done, 0 failed\n")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_history_in_sql_begins_whole_goes_on_in_order_and_leaves(database: Database, tmp_path) -> None:
    (tmp_path / "schema.sql").write_text("CREATE TABLE lib_one (a int); CREATE TABLE lib_two (b int);")
    (tmp_path / "01.00.00_01_one.sql").write_text("CREATE TABLE lib_one (a int)")
    (tmp_path / "01.01.00_01_two.sql").write_text("CREATE TABLE lib_two (b int)")
    owner = Owner("lib", tmp_path, "lib_", SqlHistory(tmp_path / "schema.sql", tmp_path))

    def state() -> tuple[str | None, str | None]:
        return next((each.current, each.head) for each in status(database, [owner]) if each.name == "lib")

    assert state() == (None, "01.01.00_01")
    upgrade(database, [owner])
    upgrade(database, [owner])
    assert state() == ("01.01.00_01", "01.01.00_01")
    (tmp_path / "01.02.00_01_pre.sql").write_text("CREATE TYPE lib_mood AS ENUM ('50% well')")
    (tmp_path / "01.02.00_50_post.sql").write_text("ALTER TABLE lib_one ADD m lib_mood DEFAULT '50% well'")
    upgrade(database, [owner])
    assert state() == ("01.02.00_50", "01.02.00_50")
    downgrade(database, owner)
    assert state() == (None, "01.02.00_50")
    with database.begin(read_only=True) as connection:
        left = text("SELECT count(*) FROM pg_class WHERE relname LIKE 'lib%'")
        assert connection.execute(left).scalar() == 0
