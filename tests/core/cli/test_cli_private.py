"""What holds people's data is for its owner alone to read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub.cli.base import Common, Desk
from talenthub.cli.files import Made, deliver
from talenthub.cli.output import Column
from talenthub.config.private import for_its_owner
from talenthub.config.settings import Mail
from talenthub.outbound.mail import letter, mailer_of


@pytest.fixture(autouse=True)
def _open_handed() -> Iterator[None]:
    """Begin as nearly every machine does: all may read what is made."""
    before = os.umask(0o022)
    yield
    assert os.umask(before) == 0o022, "a command has changed how others write"


def _others_may(file: Path) -> int:
    return file.stat().st_mode & 0o077


def test_database_copies_and_exports_are_for_nobody_else(run, tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert run("init", str(home)).code == 0
    here = ("--workspace", str(home))
    copy, people, gaps = (tmp_path / name for name in ("copy.db", "people.csv", "plan.json"))
    assert run("db", "backup", str(copy), *here).code == 0
    assert run("people", "export", "-O", str(people), *here).code == 0
    deliver(Desk(Common(), ExitStack()), Made("Plan", [{"name": "Amara"}], [Column("name")]), gaps)
    database = home / "talenthub.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE person SET name = name")
        log = home / "talenthub.db-wal"
        assert log.exists()
        made = (database, log, copy, people, gaps)
        assert [each.name for each in made if _others_may(each)] == []
    connection.close()


def test_settings_stay_readable_for_all_who_work_there(run, tmp_path: Path) -> None:
    home = tmp_path / "new"
    assert run("init", str(home)).code == 0
    (home / ".talenthub" / "plugins.json").unlink()
    (home / ".talenthub").rmdir()
    assert run("plugin", "list", "--workspace", str(home)).code == 0
    assert run("config", "set", "organisation.name", "A", "--workspace", str(home)).code == 0
    read = [home, home / "talenthub.toml", home / ".talenthub", home / ".talenthub" / "plugins.json"]
    assert [each.name for each in read if not each.stat().st_mode & 0o004] == []


def test_a_file_that_is_written_again_keeps_what_its_owner_allowed(run, folder: Path) -> None:
    people = folder / "people.csv"
    people.touch()
    people.chmod(0o640)
    assert run("people", "export", "-O", str(people), "--force").code == 0
    assert people.stat().st_mode & 0o777 == 0o640


def test_letters_in_a_folder_are_for_nobody_else(run, folder: Path) -> None:
    settings = Mail(backend="file", sender="hr@example.org", folder="mail")
    made = letter(
        settings, 1, "a@example.org", "s", "t", at=datetime(2026, 1, 5, tzinfo=UTC), organisation="o"
    )
    with for_its_owner():  # as the worker does
        mailer_of(settings, folder)(made)
    assert [_others_may(each) for each in (folder / "mail", *(folder / "mail").iterdir())] == [0, 0]


@pytest.mark.parametrize("laid", [".people.csv.part", ".copy.db.half"])
def test_a_link_laid_in_the_way_is_not_followed(run, folder: Path, tmp_path: Path, laid: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / laid).symlink_to(victim)
    assert run("people", "export", "-O", str(tmp_path / "people.csv")).code == 0
    assert run("db", "backup", str(tmp_path / "copy.db")).code == 0
    assert victim.read_text() == "mine"


def test_what_is_no_file_is_written_as_it_is(run, folder: Path) -> None:
    shared, link = folder / "shared.csv", folder / "link.csv"
    link.symlink_to(shared)
    assert run("people", "export", "-O", str(link)).code == 0
    assert link.is_symlink()
    assert shared.read_text().startswith("handle")
    assert run("people", "export", "-O", str(folder), "--force").code == 9
