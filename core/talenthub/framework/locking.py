"""Locking: one changes a framework at a time, and nobody a draft under review."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from talenthub.framework.library import FrameworkVersion, Status, version
from talenthub.framework.rights import require
from talenthub.framework.tables import framework, framework_version
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict

_hold = select(framework.c.id).where(framework.c.code == bindparam("of_code")).with_for_update()
_lock = (
    update(framework_version)
    .where(framework_version.c.id == bindparam("of_id"))
    .values(locked=bindparam("is_locked"))
)


def hold(tx: Transaction, code: str) -> int | None:
    """Return a framework's key, held by this transaction; None if unknown."""
    known: int | None = tx.value(_hold, {"of_code": code})
    return known


def held_version(tx: Transaction, version_id: int) -> FrameworkVersion:
    """Return a version as it is once nobody else can change its framework."""
    hold(tx, version(tx, version_id).code)
    return version(tx, version_id)


def lock(tx: Transaction, version_id: int, *, locked: bool = True) -> FrameworkVersion:
    """Lock a draft against imports while it is under review, or open it."""
    found = held_version(tx, version_id)
    require((is_draft(found),), f"{found.name} cannot be locked", "framework.lock")
    tx.write(_lock, {"of_id": version_id, "is_locked": locked})
    return version(tx, version_id)


def is_draft(found: FrameworkVersion) -> Verdict:
    """Return whether it is a draft, so that it can be changed."""
    ok = found.status is Status.DRAFT
    text = "it is a draft" if ok else f"it is {found.status}, not a draft"
    return Verdict(ok, text, name="draft", kind="state")
