"""Facts of onboarding: what its guards and effects ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talenthub.sdk import (
    CaseView,
    Content,
    Fact,
    LearningItem,
    Transaction,
    children,
    claims,
    framework_content,
    learning_items,
    role_gaps,
)
from talenthub_onboarding.relations import OWNERS, WAIVERS

PURPOSE = "development"
"""For what the standings are read, and the check is recorded."""

TASKS = children("onboarding.task")
"""The tasks of a plan, the next due first."""

GAPS = role_gaps("role", PURPOSE, level="level")
"""What the role asks, and how far the newcomer is known to be from it."""

OWNS = claims(OWNERS)
"""As which kinds of owner the actor may act."""

LETS_GO = claims(WAIVERS)
"""For which kinds of owner the actor may let a task go."""


def _contents(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Content | None]:
    return {
        case.id: None if case.framework_version is None else framework_content(tx, case.framework_version)
        for case in cases
    }


FRAMEWORK: Fact[Content | None] = Fact("onboarding.framework", _contents)
"""The content of the framework version that the case pinned."""


def _learning(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[LearningItem, ...]]:
    contents = _contents(tx, cases)
    codes = {each.framework.code for each in contents.values() if each is not None}
    items = {code: learning_items(tx, code) for code in codes}
    return {
        number: items[each.framework.code] if each is not None else () for number, each in contents.items()
    }


LEARNING: Fact[tuple[LearningItem, ...]] = Fact("onboarding.learning", _learning)
"""The learning catalogue of the case's framework, as it stands today."""
