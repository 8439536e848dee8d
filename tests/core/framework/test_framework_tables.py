"""The tables in code and the tables that the migration makes are the same."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from talenthub.framework.tables import (
    CONTENT,
    framework,
    framework_version,
    learning_item,
    strategy_weight,
    usage,
)
from talenthub.storage.database import Database
from talenthub.storage.types import metadata

MINE = {each.name for each in (*CONTENT, framework, framework_version, learning_item, strategy_weight, usage)}


def _is_mine(item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return name in MINE if kind == "table" else True


def test_tables_agree_with_the_migration(database: Database) -> None:
    with database.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": _is_mine, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
