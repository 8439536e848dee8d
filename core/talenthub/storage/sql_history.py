"""Histories in SQL: the tables that a library brings, kept up as it says.

A new database gets the library's whole schema at once; an older one gets,
in order, the files of changes that are newer than what it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

_CHANGE = re.compile(r"^(\d\d\.\d\d\.\d\d_\d\d)_\w+\.sql$")
_REMEMBER = "INSERT INTO {table} (version_num) VALUES ('{revision}')"
_TABLE = "CREATE TABLE IF NOT EXISTS {table} (version_num VARCHAR(32) NOT NULL)"
_DROP = """
DO $$
DECLARE each record;
BEGIN
    FOR each IN SELECT tablename AS name FROM pg_tables
        WHERE schemaname = current_schema() AND starts_with(tablename, '{prefix}')
    LOOP EXECUTE format('DROP TABLE %I CASCADE', each.name); END LOOP;
    FOR each IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, '{prefix}')
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', each.name); END LOOP;
    FOR each IN SELECT typname AS name FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND starts_with(typname, '{prefix}')
    LOOP EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', each.name); END LOOP;
END $$
"""


@dataclass(frozen=True, slots=True)
class SqlHistory:
    """Where a library keeps its schema, and the files that change it."""

    schema: Path
    changes: Path

    @property
    def head(self) -> str | None:
        """Return the revision of the newest change."""
        found = self._changes()
        return max(found) if found else None

    def upgrade(self, connection: Connection, table: str, current: str | None) -> None:
        """Bring the tables to the newest revision; `table` remembers it."""
        if current is None:
            self._run(connection, table, self.schema, self.head)
            return
        for revision, file in sorted(self._changes().items()):
            if revision > current:
                self._run(connection, table, file, revision)

    def downgrade(self, connection: Connection, table: str, prefix: str) -> None:
        """Drop all that begins with `prefix`; what was in it is lost."""
        _run(connection, _DROP.format(prefix=prefix), f"DROP TABLE IF EXISTS {table}")

    def _changes(self) -> dict[str, Path]:
        return {match[1]: each for each in self.changes.glob("*.sql") if (match := _CHANGE.match(each.name))}

    def _run(self, connection: Connection, table: str, file: Path, revision: str | None) -> None:
        _run(
            connection,
            file.read_text(encoding="utf-8"),
            _TABLE.format(table=table),
            f"DELETE FROM {table}",
            _REMEMBER.format(table=table, revision=revision),
        )


def _run(connection: Connection, *statements: str) -> None:
    """Run statements and commit them.

    By the driver itself: a file holds several, and "%" means nothing there.
    What adds a value to a type cannot use it before it is committed.
    """
    raw: Any = connection.connection.driver_connection
    for each in statements:
        raw.execute(each)
    raw.commit()
