"""Migrations: one history and one version table per owner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection, inspect, text

from talenthub.blame import OURS, broken
from talenthub.errors import Problem, StorageError
from talenthub.storage.database import Database, explained
from talenthub.storage.sql_history import SqlHistory

CORE = "core"

VERSIONS = "alembic_version_"
"""What the table is called that remembers how far an owner's tables are."""

_REVISION = re.compile(r"^(\d{4})_\w+\.py$")


class NewerTablesError(StorageError):
    """The tables are of a version that this code does not know."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a history: the core, a plugin with tables, or a library."""

    name: str
    folder: Path
    """Holds the revisions `0001_name.py`, `0002_name.py` …"""
    prefix: str = ""
    """What the names of its tables begin with; empty for the core."""
    sql: SqlHistory | None = None
    """Where a library brings its tables in SQL, in place of revisions."""


@dataclass(frozen=True, slots=True)
class OwnerStatus:
    """How far one owner's tables are."""

    name: str
    current: str | None
    head: str | None

    @property
    def is_current(self) -> bool:
        """Return whether nothing is pending."""
        return self.current == self.head

    @property
    def is_newer(self) -> bool:
        """Return whether the database knows a revision this code does not."""
        return self.current is not None and (self.head is None or self.current > self.head)


def core_owner() -> Owner:
    """Return the owner of the core's own tables."""
    return Owner(CORE, Path(__file__).parent / "migrations" / "versions")


def head_of(owner: Owner) -> str | None:
    """Return the newest revision in the owner's folder, or None."""
    if owner.sql is not None:
        return owner.sql.head
    revisions = sorted(each.name[:4] for each in owner.folder.glob("*.py") if _REVISION.match(each.name))
    return revisions[-1] if revisions else None


def status(database: Database, owners: Sequence[Owner]) -> list[OwnerStatus]:
    """Return the state of each owner, and of owners whose code is gone."""
    with database.begin(read_only=True) as connection:
        stored = _stored_revisions(connection)
    known = [OwnerStatus(owner.name, stored.get(owner.name), head_of(owner)) for owner in owners]
    names = {owner.name for owner in owners}
    return known + [
        OwnerStatus(name, revision, None) for name, revision in sorted(stored.items()) if name not in names
    ]


def check(database: Database, owners: Sequence[Owner]) -> None:
    """Raise StorageError unless every owner's tables are as the code expects."""
    names = {owner.name for owner in owners}
    for each in status(database, owners):
        if each.name not in names or each.is_current:
            continue
        if each.is_newer:
            raise _newer(each)
        raise StorageError(
            Problem(
                text=f"the tables of {each.name} are not up to date",
                found=each.current or "no tables",
                allowed=each.head,
                mend="talent db upgrade",
                code="storage.older",
            )
        )


def _newer(found: OwnerStatus) -> NewerTablesError:
    return NewerTablesError(
        Problem(
            text=f"the database is newer than this talenthub: tables of {found.name}",
            found=found.current,
            allowed=found.head,
            mend="install the newer version; nothing is downgraded by itself",
            code="storage.newer",
        )
    )


def watch_tables(owners: Sequence[Owner]) -> Callable[[Connection], None]:
    """Return what raises NewerTablesError once an owner's tables are newer.

    It asks by one statement, so that it can be called before each piece of work.
    """
    heads = {owner.name: head for owner in owners if (head := head_of(owner)) is not None}
    asked = text(
        " UNION ALL ".join(f"SELECT '{name}', version_num FROM \"{VERSIONS}{name}\"" for name in heads)
    )

    def look(connection: Connection) -> None:
        for name, stored in connection.execute(asked):
            found = OwnerStatus(name, stored, heads[name])
            if found.is_newer:
                raise _newer(found)

    return look


def upgrade(database: Database, owners: Sequence[Owner], *, to: str = "head") -> list[OwnerStatus]:
    """Bring each owner's tables to `to`, the core first; return the states."""
    for owner in owners:
        if owner.sql is not None:
            _upgrade_sql(database, owner, owner.sql)
        else:
            _run(database, owner, lambda config, target: _command().upgrade(config, target), to)
    return status(database, owners)


def _upgrade_sql(database: Database, owner: Owner, history: SqlHistory) -> None:
    with explained(database.url), database.engine.connect() as connection:
        current = _stored_revisions(connection).get(owner.name)
        history.upgrade(connection, f"{VERSIONS}{owner.name}", current)


def downgrade(database: Database, owner: Owner, *, to: str = "base") -> None:
    """Take one owner's tables back to `to`; its rows there are lost."""
    if owner.sql is not None:
        with explained(database.url), database.engine.connect() as connection:
            owner.sql.downgrade(connection, f"{VERSIONS}{owner.name}", owner.prefix)
        return
    _run(database, owner, lambda config, target: _command().downgrade(config, target), to)


def _run(database: Database, owner: Owner, step: Callable[..., None], target: str) -> None:
    from alembic.config import Config

    with _blamed(owner), explained(database.url), database.engine.connect() as connection:
        _foreign_keys(connection, on=False)
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("version_locations", str(owner.folder))
        config.set_main_option("path_separator", "newline")
        config.attributes.update(connection=connection, owner=owner.name, owns=_owns(owner))
        try:
            step(config, target)
        finally:
            _foreign_keys(connection, on=True)


@contextmanager
def _blamed(owner: Owner) -> Iterator[None]:
    """Name the plugin whose migration raised; what ours raise is our own fault."""
    try:
        yield
    except OURS:
        raise
    except BaseException as error:
        if owner.name == CORE:
            raise
        raise broken(owner.name, "a migration of its tables", error) from error


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    # SQLite rebuilds a table to alter it; with foreign keys on, that deletes
    # the rows of its children. The pragma has no effect inside a transaction.
    if connection.dialect.name != "sqlite":
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    if on and (broken := raw.execute("PRAGMA foreign_key_check").fetchall()):
        raise StorageError(
            Problem(
                text=f"a migration left {len(broken)} dangling rows in {broken[0][0]}", code="storage.keys"
            )
        )


def _command() -> ModuleType:
    from alembic import command  # alembic takes a third of a second to import

    return command


def _owns(owner: Owner) -> Callable[[str], bool]:
    if owner.name == CORE:
        return lambda name: not name.startswith(VERSIONS)
    return lambda name: name.startswith(owner.prefix)


def _stored_revisions(connection: Connection) -> dict[str, str]:
    names = [name for name in inspect(connection).get_table_names() if name.startswith(VERSIONS)]
    stored: dict[str, str] = {}
    for name in names:
        revision = connection.execute(text(f'SELECT version_num FROM "{name}"')).scalar()
        if revision is not None:
            stored[name.removeprefix(VERSIONS)] = revision
    return stored
