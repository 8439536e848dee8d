"""The one environment of every owner's migration history."""

from __future__ import annotations

from alembic import context

from talenthub.storage.types import metadata

configuration = context.config
connection = configuration.attributes["connection"]
owner = configuration.attributes["owner"]


def _is_mine(name: str | None, kind: str, _parents: object) -> bool:
    if kind != "table" or name is None:
        return True
    mine: bool = configuration.attributes["owns"](name)
    return mine


def _object_is_mine(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return _is_mine(name, kind, None)


context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=f"alembic_version_{owner}",
    transactional_ddl=True,
    transaction_per_migration=True,
    render_as_batch=True,
    compare_type=False,
    include_name=_is_mine,
    include_object=_object_is_mine,
)
with context.begin_transaction():
    context.run_migrations()
