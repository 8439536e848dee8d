"""Upkeep: how far the tables are, whether all agrees, and copies of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url, text

from talenthub.config.private import OWN
from talenthub.errors import FileError, IntegrityError, Problem, Refused
from talenthub.evidence.verify import verify as verify_ledgers
from talenthub.storage import migrate
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM
from talenthub.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TableState:
    """How far the tables of one owner are."""

    owner: str
    current: str | None
    newest: str | None
    state: str
    """current, pending, newer or left over."""

    def row(self) -> dict[str, str | None]:
        """Return it as a row to print."""
        return {"owner": self.owner, "current": self.current, "newest": self.newest, "state": self.state}


def table_states(workspace: Workspace) -> list[TableState]:
    """Return how far the tables of each owner are."""
    owners = {owner.name for owner in workspace.owners}
    return [
        TableState(each.name, each.current, each.head, _state(each, each.name in owners))
        for each in migrate.status(workspace.database, workspace.owners)
    ]


def _state(status: migrate.OwnerStatus, is_known: bool) -> str:
    if not is_known:
        return "left over"  # its plugin is off: the tables stay
    if status.is_current:
        return "current"
    return "newer" if status.is_newer else "pending"


def check_database(workspace: Workspace) -> Iterator[str]:
    """Return a line a check that passed; IntegrityError if one did not."""
    yield _check_storage(workspace)
    workspace.run(SYSTEM, lambda tx: workspace.engine.verify(tx), read_only=True)
    # No number: it would tell everybody of cases that not even HR may know of.
    yield "every case agrees with its history"
    found = workspace.run(SYSTEM, lambda tx: verify_ledgers(tx, workspace.evidence), read_only=True)
    if not found.ok:
        raise IntegrityError(
            Problem(
                text=f"the ledgers do not verify: {len(found.faults)} faults",
                mend="talent evidence verify",
                code="evidence.chain",
            )
        )
    yield f"{found.rows} rows of {found.ledgers} ledgers verify, with {found.sums} sums"


def check_copy(workspace: Workspace, file: Path) -> Iterator[str]:
    """Return the lines of `check_database` for `file`, a copy of its database."""
    if not file.is_file():
        raise FileError(Problem(text="there is no such file", place=str(file), code="file.missing"))
    url = make_url("sqlite://").set(database=str(file.resolve())).render_as_string()
    copy = Workspace(workspace.configuration, Database(url))
    try:
        copy.check_tables()
        yield from check_database(copy)
    finally:
        copy.close()


def _check_storage(workspace: Workspace) -> str:
    if not workspace.database.is_sqlite:
        return "PostgreSQL keeps its own pages and keys"
    with workspace.database.begin(read_only=True) as connection:
        pages = connection.execute(text("PRAGMA integrity_check(10)")).scalars().all()
        dangling = connection.execute(text("PRAGMA foreign_key_check")).all()
    faults = [each for each in pages if each != "ok"]
    faults += [f"a row of {row[0]} points to a row of {row[2]} that is gone" for row in dangling[:10]]
    if faults:
        raise IntegrityError.of([Problem(text=each, code="storage.damaged") for each in faults])
    return "the pages and keys of the file are whole"


def backup(workspace: Workspace, target: Path) -> None:
    """Copy a SQLite database to `target` while others read and write it.

    Refused for PostgreSQL, and where `target` exists.
    """
    source = workspace.database.file
    if source is None:
        raise Refused(
            Problem(
                text="PostgreSQL is copied by its own tools",
                mend="pg_dump --format=custom --file=TARGET DATABASE",
                code="storage.backup",
            )
        )
    if target.exists():
        raise FileError(
            Problem(text="the file exists, and nothing is overwritten", place=str(target), code="file.exists")
        )
    half = target.with_name(f".{target.name}.half")
    try:
        half.unlink(missing_ok=True)
        half.touch(OWN, exist_ok=False)  # a link laid in its way would be followed
        _copy(source, half)
        half.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise FileError(
            Problem(
                text="the copy cannot be written", place=str(target), found=str(error), code="file.backup"
            )
        ) from None
    finally:
        half.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    read = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        written = sqlite3.connect(target)
        try:
            read.backup(written)
        finally:
            written.close()
    finally:
        read.close()
