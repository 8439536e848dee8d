"""The migrations make the tables that the code declares, both ways, step by step."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import talenthub
from talenthub.host import Host
from talenthub.storage.database import Database
from talenthub.storage.migrate import core_owner, downgrade, head_of, upgrade
from talenthub.storage.types import metadata

PLUGINS = ("recruitment",)
"""Built-in plugins with tables of their own, declared beside the core's."""


def _declare_all_tables(database: Database) -> None:
    for each in pkgutil.walk_packages(talenthub.__path__, "talenthub."):
        if each.name.endswith((".tables", ".storage.hub", ".workspace.clock")):
            importlib.import_module(each.name)
    for name in PLUGINS:
        importlib.import_module(f"talenthub_{name}.tables")
    upgrade(database, Host(PLUGINS).tables())


def _differences(database: Database) -> list[object]:
    _declare_all_tables(database)
    options = {
        "compare_type": False,
        "include_name": lambda name, kind, _: kind != "table" or not name.startswith("alembic_version_"),
    }
    with database.begin(read_only=True) as connection:
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_the_migrations_make_the_declared_tables(database: Database) -> None:
    assert _differences(database) == []


def test_columns_have_the_declared_types_and_nulls(database: Database) -> None:
    _declare_all_tables(database)
    with database.begin(read_only=True) as connection:
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            stored = {each["name"]: each for each in inspector.get_columns(table.name)}
            for column in table.columns:
                place = f"{table.name}.{column.name}"
                declared = column.type.compile(connection.dialect)
                assert str(stored[column.name]["type"].compile(connection.dialect)) == declared, place
                assert stored[column.name]["nullable"] == bool(column.nullable), place


def test_constraints_and_indexes_carry_the_declared_names(database: Database) -> None:
    _declare_all_tables(database)
    with database.begin(read_only=True) as connection:
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            indexes = {each["name"] for each in inspector.get_indexes(table.name)}
            declared = {index.name for index in table.indexes}
            assert declared <= indexes, table.name
            named = {each["name"] for each in inspector.get_foreign_keys(table.name)}
            assert {each.name for each in table.foreign_key_constraints} == named, table.name


@pytest.fixture
def revisions() -> list[str]:
    """Return every revision of the core's history, oldest first."""
    last = head_of(core_owner())
    assert last is not None
    return [f"{number:04d}" for number in range(1, int(last) + 1)]


def test_every_revision_goes_up_down_and_up_again(database: Database, revisions: list[str]) -> None:
    owner = core_owner()
    for before, revision in reversed(list(zip(["base", *revisions], revisions, strict=False))):
        downgrade(database, owner, to=before)
        upgrade(database, [owner], to=revision)
        downgrade(database, owner, to=before)
    with database.begin(read_only=True) as connection:
        left = [name for name in inspect(connection).get_table_names() if "alembic_version" not in name]
    assert left == []
    upgrade(database, [owner])
    assert _differences(database) == []
