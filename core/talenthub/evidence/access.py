"""Who may see a person's evidence and what is computed from it.

A row is seen by its purpose: the settings say which purposes the person
themself, the managers above and HR may look at. A standing may be seen by
who may see every row that could go into it.
"""

from __future__ import annotations

from collections.abc import Collection

from talenthub.access import Rule
from talenthub.evidence.settings import EvidenceSettings
from talenthub.people.access import Reach
from talenthub.storage.transaction import Transaction

HR = ("hr_officer", "hr_partner", "hr_head", "auditor")
"""Grants that reach the evidence of a unit's people."""

FIGURES = (*HR, "framework_owner")
"""Grants that reach group figures, of a unit or of everybody."""

KEEPERS = ("hr_head", "auditor", "admin")
"""Grants that reach the state of the ledgers, and keep it."""

CORRECTORS = ("hr_partner", "hr_head")
"""Grants that supersede a row."""


def see_rows(settings: EvidenceSettings, purpose: str) -> Rule:
    """Return the right to see a person's rows of one purpose."""
    return _rule(f"evidence.view.{purpose}", settings, [purpose])


def see_standings(settings: EvidenceSettings, purpose: str) -> Rule:
    """Return the right to see standings as a reader with this purpose."""
    return _rule(f"standing.view.{purpose}", settings, settings.usable(purpose))


def correct_rows() -> Rule:
    """Return the right to correct a person's rows; never one's own."""
    return Reach("evidence.correct", own=False, line=False, unit=CORRECTORS, candidate=()).rule()


def rules(settings: EvidenceSettings) -> tuple[Rule, ...]:
    """Return every pair of this room."""
    return (
        *(see_rows(settings, purpose) for purpose in settings.row_purposes),
        *(see_standings(settings, purpose) for purpose in settings.purposes),
        correct_rows(),
    )


def readable_purposes(tx: Transaction, person: int, settings: EvidenceSettings) -> tuple[str, ...]:
    """Return the purposes of the person's rows that the actor may see."""
    return tuple(each for each in settings.row_purposes if see_rows(settings, each).can(tx, person).ok)


def visible_among(tx: Transaction, rule: Rule, people: Collection[int]) -> frozenset[int]:
    """Return those of `people` on whom the actor has the right; one statement."""
    if tx.actor.is_system:
        return frozenset(people)
    return frozenset(people) & {row[0] for row in tx.rows(rule.visible(tx))}


def _rule(action: str, settings: EvidenceSettings, purposes: Collection[str]) -> Rule:
    def may(reader: str) -> bool:
        return set(purposes) <= set(settings.readers.get(reader, ()))

    # Without the right on oneself no grant gives it either: nobody in HR
    # reads what the house thinks of them as a successor.
    unit = HR if may("hr") else ()
    return Reach(action, own=may("self"), line=may("line"), unit=unit, candidate=()).rule()
