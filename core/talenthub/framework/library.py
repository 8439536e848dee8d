"""The library: what stages read of a framework, and never as rows.

A version that is no longer a draft can't change, so its content is kept in
the workspace's memory once it is loaded.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, select

from talenthub.errors import NotFound, Problem, UsageError, unknown
from talenthub.framework import lookup
from talenthub.framework.content import Content
from talenthub.framework.lookup import Anchors, RoleProfile, Wording
from talenthub.framework.model import CheckProfile, RatingMode
from talenthub.framework.store import read_content
from talenthub.framework.tables import framework, framework_version
from talenthub.framework.text import Text
from talenthub.storage.transaction import Transaction

__all__ = [
    "Anchors",
    "FrameworkVersion",
    "RoleProfile",
    "Status",
    "Wording",
    "chosen_code",
    "content",
    "current",
    "framework_codes",
    "published",
    "role_profile",
    "version",
    "version_of",
    "versions",
]


UNREVIEWED = timedelta(days=365)
"""So long a published version may go without a review."""


class Status(StrEnum):
    """Where a version stands in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkVersion:
    """One version without its content."""

    id: int
    code: str
    number: str
    status: Status
    locked: bool
    title: Text
    language: str
    rating_mode: RatingMode
    check_profile: CheckProfile
    content_hash: str
    last_edited_by: int | None
    last_edited_login: int | None
    effective_from: date | None
    published_at: datetime | None
    published_by: int | None
    reviewed_on: date | None = None
    """The last day somebody looked whether it still holds."""

    @property
    def editors(self) -> frozenset[int]:
        """Return the persons whom four eyes bars from publishing it."""
        ids = (self.last_edited_by, self.last_edited_login)
        return frozenset(each for each in ids if each is not None)

    @property
    def name(self) -> str:
        """Return `code number`, as people name a version."""
        return f"{self.code} {self.number}"

    def is_stale(self, on: date) -> bool:
        """Return whether it is published and long without a review."""
        days = [each for each in (self.effective_from, self.reviewed_on) if each is not None]
        return self.status is Status.PUBLISHED and on - max(days, default=on) > UNREVIEWED


_of_framework = framework_version.join(framework, framework.c.id == framework_version.c.framework_id)
_heads = select(framework_version, framework.c.code).select_from(_of_framework)
_by_id = _heads.where(framework_version.c.id == bindparam("of_id"))
_by_code = _heads.where(framework.c.code == bindparam("of_code")).order_by(framework_version.c.id)
_by_number = _by_code.where(framework_version.c.number == bindparam("of_number"))
_all = _heads.order_by(framework.c.code, framework_version.c.id)
_in_force = (
    _heads.where(
        framework.c.code == bindparam("of_code"),
        framework_version.c.status.in_([Status.PUBLISHED.value, Status.SUPERSEDED.value]),
        framework_version.c.effective_from <= bindparam("of_day"),
    )
    .order_by(
        framework_version.c.effective_from.desc(),
        framework_version.c.published_at.desc(),
        framework_version.c.id.desc(),
    )
    .limit(1)
)
_code_of = (
    select(framework_version.c.id, framework.c.code)
    .select_from(_of_framework)
    .where(framework_version.c.id.in_(bindparam("of_ids", expanding=True)))
)
_codes = select(framework.c.code).order_by(framework.c.code)


def published(tx: Transaction, code: str, on: date | None = None) -> FrameworkVersion:
    """Return the version in force on a day (today); NotFound if none is."""
    row = tx.row(_in_force, {"of_code": code, "of_day": on or tx.today})
    if row is not None:
        return _handle(row)
    _require_framework(tx, code)
    raise NotFound(
        Problem(
            text=f"no version of {code} is in force on {on or tx.today}",
            mend=f"talent framework publish {code}",
            code="framework.none-in-force",
        )
    )


def version(tx: Transaction, version_id: int) -> FrameworkVersion:
    """Return a version by its key; NotFound if there is none."""
    return _handle(_head(tx, version_id))


def version_of(tx: Transaction, code: str, number: str | None = None) -> FrameworkVersion:
    """Return a version by its number; without one the newest."""
    if number is not None and (row := tx.row(_by_number, {"of_code": code, "of_number": number})):
        return _handle(row)
    found = [_handle(each) for each in tx.rows(_by_code, {"of_code": code})]
    if not found:
        _require_framework(tx, code)
    if number is not None or not found:
        raise NotFound(unknown(f"version of {code}", number or "any", [each.number for each in found]))
    return found[-1]


def current(tx: Transaction, code: str) -> FrameworkVersion:
    """Return the version in force today, else the newest there is."""
    row = tx.row(_in_force, {"of_code": code, "of_day": tx.today})
    return version_of(tx, code) if row is None else _handle(row)


def versions(tx: Transaction, code: str | None = None) -> tuple[FrameworkVersion, ...]:
    """Return all versions, or those of one framework, oldest first."""
    if code is None:
        return tuple(_handle(each) for each in tx.rows(_all))
    _require_framework(tx, code)
    return tuple(_handle(each) for each in tx.rows(_by_code, {"of_code": code}))


def chosen_code(tx: Transaction, code: str | None) -> str:
    """Return `code`, or the only framework's; UsageError if it isn't clear."""
    if code is not None:
        return code
    codes = [each.code for each in tx.rows(_codes)]
    if len(codes) == 1:
        return str(codes[0])
    if not codes:
        raise NotFound(
            Problem(
                text="there is no framework yet",
                mend="talent framework import FILE",
                code="framework.none",
            )
        )
    text = "there are several frameworks: name one"
    raise UsageError(Problem(text=text, allowed=", ".join(codes), code="framework.which"))


def content(tx: Transaction, version_id: int) -> Content:
    """Return the content of a version, loaded once if it can't change.

    Thirteen statements whatever its size, none when it is in memory.
    """
    key = ("framework", version_id)
    if key in tx.memory:
        kept: Content = tx.memory[key]
        return kept
    head = _head(tx, version_id)
    if head.status == Status.DRAFT or tx.dry_run or is_fresh(tx, version_id):
        return read_content(tx, head)
    return tx.remember(key, lambda: read_content(tx, head))


def role_profile(tx: Transaction, version_id: int, role: str, level: str | None = None) -> RoleProfile:
    """Return what a version asks of a role's level (of its only one).

    NotFound names the nearest role or level.
    """
    return lookup.profile(content(tx, version_id), role, level)


def framework_codes(tx: Transaction, version_ids: Collection[int]) -> dict[int, str]:
    """Return the framework code of each version; read once for all time."""
    known = {each: ("framework code", each) for each in version_ids}
    unknown = sorted(each for each, key in known.items() if key not in tx.memory)
    if unknown:
        tx.memory |= {known[row.id]: row.code for row in tx.rows(_code_of, {"of_ids": unknown})}
    return {each: tx.memory[key] for each, key in known.items() if key in tx.memory}


FRESH = "talenthub.framework.fresh"


def mark_fresh(tx: Transaction, version_id: int) -> None:
    """Note that this transaction itself froze the version.

    Until the commit it can still be rolled back to a draft, so that its
    content must not outlive the transaction in memory.
    """
    transaction = tx.connection.get_transaction()
    if transaction is not None:
        tx.connection.info[FRESH] = (weakref.ref(transaction), version_id)


def is_fresh(tx: Transaction, version_id: int) -> bool:
    """Return whether this very transaction froze the version."""
    marked, frozen = tx.connection.info.get(FRESH, (None, None))
    return frozen == version_id and marked is not None and marked() is tx.connection.get_transaction()


def _head(tx: Transaction, version_id: int) -> Row[Any]:
    row = tx.row(_by_id, {"of_id": version_id})
    if row is None:
        raise NotFound(Problem(text="there is no such framework version", code="framework.no-version"))
    return row


def _require_framework(tx: Transaction, code: str) -> None:
    codes = [each.code for each in tx.rows(_codes)]
    if code not in codes:
        raise NotFound(unknown("framework", code, codes, mend="talent framework import FILE"))


def _handle(row: Row[Any]) -> FrameworkVersion:
    return FrameworkVersion(
        id=row.id,
        code=row.code,
        number=row.number,
        status=Status(row.status),
        locked=row.locked,
        title=row.title,
        language=row.language,
        rating_mode=RatingMode(row.rating_mode),
        check_profile=CheckProfile(row.check_profile),
        content_hash=row.content_hash,
        last_edited_by=row.last_edited_by,
        last_edited_login=row.last_edited_login,
        effective_from=row.effective_from,
        published_at=row.published_at,
        published_by=row.published_by,
        reviewed_on=row.reviewed_on,
    )
