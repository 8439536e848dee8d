"""Imports: which files a version came from, and what deviated in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from talenthub.errors import Problem
from talenthub.framework.content import Document
from talenthub.framework.tables import framework_import, import_deviation
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical

_FIELDS = ("place", "path", "text", "found", "allowed", "nearest", "mend", "code")

_insert = insert(framework_import)
_insert_deviations = insert(import_deviation)
_last = (
    select(framework_import)
    .where(framework_import.c.version_id == bindparam("of_version"))
    .order_by(framework_import.c.id.desc())
    .limit(1)
)
_deviations = (
    select(import_deviation)
    .where(import_deviation.c.import_id == bindparam("of_import"))
    .order_by(import_deviation.c.position)
)


@dataclass(frozen=True, slots=True)
class Import:
    """The import that made a version what it is."""

    imported_at: datetime
    format: str
    files: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each file."""
    deviations: tuple[Problem, ...]


def record_import(tx: Transaction, version_id: int, content_hash: str, document: Document) -> None:
    """Keep where a version's content came from and what deviated."""
    if document.origin is None:
        return
    row = {
        "version_id": version_id,
        "content_hash": content_hash,
        "imported_at": tx.now,
        "format": document.origin.format,
        "files": canonical([list(each) for each in document.origin.files]),
    }
    made = tx.connection.execute(_insert, row).inserted_primary_key
    assert made is not None
    rows = [
        {"import_id": made[0], "position": position, **{name: getattr(each, name) for name in _FIELDS}}
        for position, each in enumerate(document.deviations)
    ]
    tx.write(_insert_deviations, rows)


def last_import(tx: Transaction, version_id: int) -> Import | None:
    """Return the import that made a version what it is; None: not by file."""
    row = tx.row(_last, {"of_version": version_id})
    if row is None:
        return None
    deviations = tx.rows(_deviations, {"of_import": row.id})
    return Import(
        imported_at=row.imported_at,
        format=row.format,
        files=tuple((name, digest) for name, digest in json.loads(row.files)),
        deviations=tuple(Problem(**{name: getattr(each, name) for name in _FIELDS}) for each in deviations),
    )
