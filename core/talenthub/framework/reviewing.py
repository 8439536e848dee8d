"""Reviewing: somebody looked whether a published version still holds."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from talenthub.access.rules import Decision
from talenthub.errors import IntegrityError, Problem
from talenthub.framework.content import Content, content_hash
from talenthub.framework.library import FrameworkVersion, Status, content, version
from talenthub.framework.rights import require, right_verdict
from talenthub.framework.tables import framework_version
from talenthub.storage.hub import HubEvent, announce
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict

_note = (
    update(framework_version)
    .where(framework_version.c.id == bindparam("of_id"))
    .values(reviewed_on=bindparam("of_day"))
)


def note_review(tx: Transaction, version_id: int, *, right: Decision | None = None) -> FrameworkVersion:
    """Note that a published version was reviewed today and holds; return it."""
    found = version(tx, version_id)
    is_published = found.status is Status.PUBLISHED
    state = Verdict(is_published, f"it is {found.status}", name="published", kind="state")
    require(
        (right_verdict(tx, right), state), f"{found.name} cannot be noted as reviewed", "framework.review"
    )
    tx.write(_note, {"of_id": version_id, "of_day": tx.today})
    facts = {"framework": found.code, "version": found.number, "on": tx.today.isoformat()}
    announce(tx, HubEvent("framework.reviewed", "framework_version", version_id, facts))
    return version(tx, version_id)


def whole_content(tx: Transaction, found: FrameworkVersion, kept: Content) -> Content:
    """Return a version's content; IntegrityError if it lost its hash."""
    if not is_whole(tx, found):
        text = f"the content of {found.name} is not what its hash was made of"
        raise IntegrityError(Problem(text=text, mend="restore a backup", code="framework.hash"))
    return kept


def is_whole(tx: Transaction, found: FrameworkVersion) -> bool:
    """Return whether a version's content still has the hash it was kept with."""
    return content_hash(content(tx, found.id)) == found.content_hash
