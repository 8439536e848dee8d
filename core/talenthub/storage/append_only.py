"""Append-only tables: the database itself refuses to change their rows."""

from __future__ import annotations

from sqlalchemy import Connection


def forbid_changes(connection: Connection, table: str, *operations: str) -> None:
    """Make the database refuse these operations (UPDATE, DELETE) on a table."""
    if connection.dialect.name == "sqlite":
        for operation in operations:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {_trigger(table, operation)} BEFORE {operation} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_sentence(table)}'); END"
            )
        return
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_sentence(table)}'; END $$"
    )
    for operation in operations:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {_trigger(table, operation)} BEFORE {operation} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {_trigger(table, 'TRUNCATE')} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def permit_changes(connection: Connection, table: str, *operations: str) -> None:
    """Take the refusal away again, for a downgrade."""
    if connection.dialect.name == "sqlite":
        for operation in operations:
            connection.exec_driver_sql(f"DROP TRIGGER {_trigger(table, operation)}")
        return
    for operation in (*operations, "TRUNCATE"):
        connection.exec_driver_sql(f"DROP TRIGGER {_trigger(table, operation)} ON {table}")
    connection.exec_driver_sql(f"DROP FUNCTION {table}_append_only()")


def _trigger(table: str, operation: str) -> str:
    return f"{table}_no_{operation.lower()}"


def _sentence(table: str) -> str:
    return f"{table} is append-only"
