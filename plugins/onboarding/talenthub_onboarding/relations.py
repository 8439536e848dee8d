"""Who does what in onboarding."""

from __future__ import annotations

from collections.abc import Mapping

from talenthub.sdk import Relation, holds, manager_of, participant, subject

manager = manager_of(subject)
upper = manager_of(manager)
hr_partner = holds("hr_partner") | holds("hr_head")
hr_desk = holds("hr_partner") | holds("hr_officer") | holds("hr_head")
buddy = participant("buddy")
buddys_manager = manager_of(buddy)
"""Sees the tasks that are the buddy's, and lets them go; nothing else of the plan."""
onlookers = manager | upper | hr_desk | holds("auditor")

OWNERS: Mapping[str, Relation] = {
    "newcomer": subject,
    "manager": manager,
    "buddy": buddy,
    "hr": hr_desk,
    "upper": upper,
}
"""Who a task may belong to; a template names one of these words."""

WAIVERS: Mapping[str, Relation] = {
    "newcomer": manager | holds("hr_head"),
    "manager": upper | holds("hr_head"),
    "buddy": buddys_manager | holds("hr_head"),
    "hr": hr_partner,
    "upper": manager_of(upper) | holds("hr_head"),
}
"""Who may let a task go: the owner's manager, or the head of HR for a vacancy."""

OWNER_WORDS: Mapping[str, str] = {
    "newcomer": "the newcomer",
    "manager": "the newcomer's manager",
    "buddy": "the buddy",
    "hr": "HR",
    "upper": "the manager's manager",
}


def any_of(relations: Mapping[str, Relation]) -> Relation:
    """Return the relation that any of `relations` fulfils."""
    found = Relation()
    for each in relations.values():
        found = found | each
    return found
