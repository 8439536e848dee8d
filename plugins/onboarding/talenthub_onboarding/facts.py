"""Facts of onboarding: what its guards and effects ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from talenthub.sdk import (
    CaseView,
    Fact,
    Transaction,
    children,
    claims,
    managers_of,
    role_gaps,
)
from talenthub_onboarding.relations import OWNERS, WAIVERS

PURPOSE = "development"
"""For what the standings are read, and the check is recorded."""

TASKS = children("onboarding.task")
"""The tasks of a plan, the next due first."""

GAPS = role_gaps("role", PURPOSE, level="level")
"""What the role asks, and how far the newcomer is known to be from it."""


def _first_managers(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, int | None]:
    by_day: dict[date, list[CaseView]] = defaultdict(list)
    for each in cases:
        by_day[max(tx.today, each.data.first_day)].append(each)
    found: dict[int, int | None] = {}
    for day, those in by_day.items():
        above = managers_of(tx, {each.subject for each in those if each.subject is not None}, day)
        found |= {each.id: None if each.subject is None else above.get(each.subject) for each in those}
    return found


FIRST_MANAGER: Fact[int | None] = Fact("onboarding.first_manager", _first_managers)
"""Who manages the newcomer on the first day, or today if that is past."""

OWNS = claims(OWNERS)
"""As which kinds of owner the actor may act."""

LETS_GO = claims(WAIVERS)
"""For which kinds of owner the actor may let a task go."""
