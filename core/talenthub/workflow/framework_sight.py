"""The right to read a version of a framework, and the versions one may read.

What was published is everybody's. A draft, or one that was withdrawn before
anybody rated by it, is for those who write it, for auditors, and for those
who know of a case about it: whoever is asked in its consultation.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, or_, select

from talenthub.access import Decision, Rule
from talenthub.errors import NotFound, Problem, UsageError, unknown
from talenthub.framework.library import FrameworkVersion, current, versions
from talenthub.framework.tables import framework_version
from talenthub.people.grants import holds
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import true_if, visible_cases
from talenthub.workflow.tables import workflow_case

READERS = ("framework_owner", "framework_editor", "auditor")
"""Grants that reach every draft."""

_published = select(framework_version.c.published_at).where(framework_version.c.id == bindparam("of_id"))


def _can_view(tx: Transaction, version: int) -> Decision:
    row = tx.row(_published, {"of_id": version})
    if row is None:
        return Decision(False, "there is no such version")
    if row.published_at is not None:
        return Decision(True, "it was published")
    if _reads_drafts(tx):
        return Decision(True, f"you hold {' or '.join(READERS)}")
    about = tx.row(_pinned_in_sight(tx).where(workflow_case.c.framework_version_id == version).limit(1))
    if about is not None:
        return Decision(True, "you know of a case about it")
    return Decision(False, "it was never published")


def _visible(tx: Transaction) -> Select[int]:
    seen = or_(
        framework_version.c.published_at.is_not(None),
        true_if(_reads_drafts(tx)),
        framework_version.c.id.in_(_pinned_in_sight(tx)),
    )
    return select(framework_version.c.id).where(seen)


FRAMEWORK_VIEW = Rule("framework.view", _can_view, _visible)
"""Read a version of a framework."""


def versions_in_sight(tx: Transaction) -> tuple[FrameworkVersion, ...]:
    """Return the versions that the actor may read, oldest first."""
    every = versions(tx)
    if tx.actor.is_system:
        return every
    seen = {row[0] for row in tx.rows(FRAMEWORK_VIEW.visible(tx))}
    return tuple(each for each in every if each.id in seen)


def version_in_sight(
    tx: Transaction, code: str | None, number: str | None = None, *, newest: bool = False
) -> FrameworkVersion:
    """Return the version meant: by number, else in force, else the newest.

    `newest`: without a number it is the newest. A version that the actor may
    not read is none: NotFound names only what they may.
    """
    seen = versions_in_sight(tx)
    if number is None and _is_number(code, seen):
        code, number = None, code
    of_code = _of_framework(seen, code)
    if number is not None:
        found = next((each for each in of_code if each.number == number), None)
        if found is None:
            numbers = [each.number for each in of_code]
            raise NotFound(unknown(f"version of {of_code[0].code}", number, numbers))
        return found
    in_force = current(tx, of_code[0].code)
    return of_code[-1] if newest or in_force not in of_code else in_force


def _is_number(word: str | None, seen: Sequence[FrameworkVersion]) -> bool:
    """Return whether somebody with a single framework named its version alone."""
    single = len({each.code for each in seen}) == 1
    return word is not None and single and (word[:1].isdigit() or word in {each.number for each in seen})


def _of_framework(seen: Sequence[FrameworkVersion], code: str | None) -> list[FrameworkVersion]:
    """Return the versions of one framework: the one named, or the only one."""
    codes = list(dict.fromkeys(each.code for each in seen))
    if code is None and len(codes) > 1:
        text = "there are several frameworks: name one"
        raise UsageError(Problem(text=text, allowed=", ".join(codes), code="framework.which"))
    if not codes and code is None:
        mend = "talent framework import FILE"
        raise NotFound(Problem(text="there is no framework yet", mend=mend, code="framework.none"))
    found = [each for each in seen if each.code == (code or codes[0])]
    if not found:
        raise NotFound(unknown("framework", code or "", codes, mend="talent framework import FILE"))
    return found


def _reads_drafts(tx: Transaction) -> bool:
    return tx.actor.person is None or holds(tx, tx.actor.person, READERS)


def _pinned_in_sight(tx: Transaction) -> Select[int]:
    return select(workflow_case.c.framework_version_id).where(
        workflow_case.c.id.in_(visible_cases(tx)), workflow_case.c.framework_version_id.is_not(None)
    )
