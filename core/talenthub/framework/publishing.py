"""Publishing: from a file to a draft, from a draft to what is in force.

Draft (open or locked) → published → superseded; any of them → withdrawn.
A published version never changes and is never deleted; the database refuses
it too. Whoever edited a version last can't publish it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.access.rules import Decision
from talenthub.errors import Conflict, FileError, Problem, Refused
from talenthub.framework.catalogue import CatalogueChange, record_catalogue
from talenthub.framework.checks import CheckReport, check
from talenthub.framework.content import Content, Document, content_hash
from talenthub.framework.imports import record_import
from talenthub.framework.library import (
    FrameworkVersion,
    Status,
    content,
    mark_fresh,
    version,
    versions,
)
from talenthub.framework.locking import held_version, hold, is_draft
from talenthub.framework.mapping import mapped
from talenthub.framework.rights import require, right_verdict
from talenthub.framework.store import delete_content, head_values, write_content
from talenthub.framework.tables import framework, framework_version
from talenthub.storage.hub import HubEvent, announce
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict, allow, refuse

MOST_LISTED = 10
"""Findings named in one refusal; the rest are counted."""

_insert = insert(framework_version)
_add_sqlite = sqlite.insert(framework).on_conflict_do_nothing()
_add_postgresql = postgresql.insert(framework).on_conflict_do_nothing()
_set = update(framework_version).where(framework_version.c.id == bindparam("of_id"))
_set_if = _set.where(framework_version.c.status == bindparam("of_status"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    version: FrameworkVersion
    outcome: str
    """created, replaced or unchanged."""
    report: CheckReport
    catalogue: CatalogueChange
    deviations: tuple[Problem, ...] = ()
    """What the reader mended or left out; kept with the version."""


def import_framework(
    tx: Transaction,
    document: Document,
    *,
    catalogue_from: date | None = None,
    right: Decision | None = None,
) -> Imported:
    """Make or replace the draft of the document's version.

    The learning catalogue and the strategy weights hold from
    `catalogue_from` (today) on. FileError if the content contradicts itself,
    Refused if the version is no draft any more and differs, NotPermitted
    without the right (None: only the system has it).
    """
    require((right_verdict(tx, right),), "the framework cannot be imported", "framework.import")
    report = check(document.content)
    if report.errors:
        raise FileError.of([each.problem for each in report.errors])
    framework_id = _framework(tx, document.content.framework.code)
    found, outcome = _store(tx, framework_id, document.content)
    if outcome != "unchanged":
        record_import(tx, found.id, found.content_hash, document)
    change = CatalogueChange()
    if document.catalogue is not None:
        day = _not_past(tx, catalogue_from or tx.today, "the catalogue's day")
        change = record_catalogue(tx, framework_id, document.catalogue, day)
    return Imported(
        version=found,
        outcome=outcome,
        report=report,
        catalogue=change,
        deviations=document.deviations,
    )


def publish(
    tx: Transaction, version_id: int, effective_from: date | None = None, *, right: Decision | None = None
) -> FrameworkVersion:
    """Put a draft in force from a day (today) on; return it.

    `right` says whether the actor holds `framework_owner`: the people room
    knows (None: only the system does). NotPermitted if only that is in the way, else Refused with every
    verdict. The version before is superseded in the same transaction.
    """
    draft = held_version(tx, version_id)
    day = effective_from or tx.today
    verdicts = publishing_verdicts(tx, draft, day, right)
    require(verdicts, f"{draft.name} cannot be published", "framework.publish")
    earlier = _in_status(tx, draft.code, Status.PUBLISHED)
    for each in earlier:
        _move(tx, each, Status.SUPERSEDED)
    _move(
        tx,
        draft,
        Status.PUBLISHED,
        effective_from=day,
        published_at=tx.now,
        published_by=tx.actor.person,
        published_login=tx.actor.login,
    )
    facts = {
        "framework": draft.code,
        "version": draft.number,
        "effective_from": day.isoformat(),
        "content_hash": draft.content_hash,
        "supersedes": [each.number for each in earlier],
    }
    announce(tx, HubEvent("framework.published", "framework_version", version_id, facts))
    return version(tx, version_id)


def publishing_verdicts(
    tx: Transaction, draft: FrameworkVersion, day: date, right: Decision | None
) -> tuple[Verdict, ...]:
    """Return every condition of publishing, met or not."""
    held = content(tx, draft.id)
    report = check(held)
    return (
        right_verdict(tx, right),
        _four_eyes(tx, draft),
        is_draft(draft),
        _not_under_review(draft),
        _checked(report),
        _later_than_before(tx, draft, day),
        mapped(tx, draft, held),
    )


def withdraw(tx: Transaction, version_id: int, *, right: Decision | None = None) -> FrameworkVersion:
    """Take a version out of use; return it.

    Where the published one goes, the one it had superseded is published again.
    """
    found = held_version(tx, version_id)
    verdicts = (right_verdict(tx, right), _not_withdrawn(found), _not_under_review(found))
    require(verdicts, f"{found.name} cannot be withdrawn", "framework.withdraw")
    _move(tx, found, Status.WITHDRAWN, withdrawn_at=tx.now)
    restored: list[FrameworkVersion] = []
    if found.status is Status.PUBLISHED:
        restored = sorted(_in_status(tx, found.code, Status.SUPERSEDED), key=_came_into_force)[-1:]
        for each in restored:
            _move(tx, each, Status.PUBLISHED)
    facts = {
        "framework": found.code,
        "version": found.number,
        "restores": [each.number for each in restored],
    }
    announce(tx, HubEvent("framework.withdrawn", "framework_version", version_id, facts))
    return version(tx, version_id)


def _framework(tx: Transaction, code: str) -> int:
    """Return the framework's key, locked: imports of one queue up."""
    known = hold(tx, code)
    if known is None:
        tx.write(_add_sqlite if tx.is_sqlite else _add_postgresql, {"code": code})
        known = hold(tx, code)
    assert known is not None
    return known


def _store(tx: Transaction, framework_id: int, new: Content) -> tuple[FrameworkVersion, str]:
    own_hash = content_hash(new)
    known = {each.number: each for each in versions(tx, new.framework.code)}
    found = known.get(new.framework.version)
    if found is not None and found.content_hash == own_hash:
        return found, "unchanged"
    values = {
        **head_values(new.framework),
        "content_hash": own_hash,
        "edited_at": tx.now,
        "last_edited_by": tx.actor.person,
        "last_edited_login": tx.actor.login,
    }
    if found is None:
        fresh = {"framework_id": framework_id, "status": "draft", "locked": False, "created_at": tx.now}
        made = tx.connection.execute(_insert.values(**values, **fresh)).inserted_primary_key
        assert made is not None
        version_id, outcome = int(made[0]), "created"
    else:
        _require_open(found)
        delete_content(tx, found.id)
        tx.write(_set.values(**values), {"of_id": found.id})
        version_id, outcome = found.id, "replaced"
    write_content(tx, version_id, new)
    return version(tx, version_id), outcome


def _require_open(found: FrameworkVersion) -> None:
    if found.status is not Status.DRAFT:
        raise Refused(
            Problem(
                text=f"{found.name} is {found.status} and never changes; the file holds other content",
                mend="give the file a new version number",
                code="framework.frozen",
            )
        )
    if found.locked:
        raise Refused(Problem(text=f"the draft {found.name} is locked for review", code="framework.locked"))


def _not_past(tx: Transaction, day: date, what: str) -> date:
    if day < tx.today:
        raise Refused(
            Problem(
                text=f"{what} is past", found=str(day), allowed=f"{tx.today} or later", code="framework.past"
            )
        )
    return day


def _four_eyes(tx: Transaction, draft: FrameworkVersion) -> Verdict:
    ok = not (draft.editors & tx.actor.identities)
    text = "somebody else edited it last" if ok else "who edited it last cannot publish it"
    mend = None if ok else "another holder of framework_owner publishes"
    return Verdict(ok, text, mend=mend, name="four_eyes", kind="four_eyes")


def _not_withdrawn(found: FrameworkVersion) -> Verdict:
    ok = found.status is not Status.WITHDRAWN
    return Verdict(ok, "it is in use" if ok else "it is withdrawn already", name="in_use", kind="state")


def _not_under_review(found: FrameworkVersion) -> Verdict:
    """Return whether nobody is asked about it now: the review ends first."""
    ok = found.status is not Status.DRAFT or not found.locked
    text = "it is not under review" if ok else "it is locked: people are asked about it"
    mend = None if ok else f"what asks them ends first: talent search {found.code}"
    return Verdict(ok, text, mend=mend, name="under_review", kind="state")


def _checked(report: CheckReport) -> Verdict:
    count = len(report.blocking)
    if not count:
        return allow(f"the checks pass ({report.profile})")
    listed = [str(each.problem) for each in report.blocking[:MOST_LISTED]]
    more = [f"and {count - MOST_LISTED} more"] if count > MOST_LISTED else []
    word = "finding" if count == 1 else "findings"
    return refuse(
        f"the checks have {count} {word} that block",
        *listed,
        *more,
        mend="mend the file and import it again; talent framework check FILE lists all",
    )


def _later_than_before(tx: Transaction, draft: FrameworkVersion, day: date) -> Verdict:
    if day < tx.today:
        return refuse(f"a version comes into force today or later, not on {day}")
    starts = [each.effective_from for each in _in_status(tx, draft.code, Status.PUBLISHED)]
    latest = max((each for each in starts if each is not None), default=None)
    if latest is not None and day < latest:
        return refuse(f"the version before comes into force on {latest}, later than {day}")
    return allow(f"it comes into force on {day}")


def _in_status(tx: Transaction, code: str, status: Status) -> list[FrameworkVersion]:
    return [each for each in versions(tx, code) if each.status is status]


def _came_into_force(found: FrameworkVersion) -> tuple[date, int]:
    return found.effective_from or date.min, found.id


def _move(tx: Transaction, found: FrameworkVersion, status: Status, **more: Any) -> None:
    """Change the status; another change meanwhile is a Conflict."""
    moved = tx.write(
        _set_if.values(status=status.value, **more), {"of_id": found.id, "of_status": found.status.value}
    )
    if not moved:
        raise Conflict(Problem(text=f"{found.name} was changed meanwhile", code="framework.conflict"))
    mark_fresh(tx, found.id)
