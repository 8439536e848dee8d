"""Facts about the framework of a case: its words, and what teaches them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talenthub.framework.catalogue import learning_items
from talenthub.framework.content import Content
from talenthub.framework.library import content
from talenthub.framework.model import LearningItem
from talenthub.storage.transaction import Transaction
from talenthub.workflow.context import CaseView, Fact


def _contents(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Content | None]:
    return {
        case.id: None if case.framework_version is None else content(tx, case.framework_version)
        for case in cases
    }


FRAMEWORK: Fact[Content | None] = Fact("framework", _contents)
"""The content of the framework version that the case pinned, or None."""


def _learning(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[LearningItem, ...]]:
    contents = _contents(tx, cases)
    codes = {each.framework.code for each in contents.values() if each is not None}
    items = {code: learning_items(tx, code) for code in codes}
    return {number: () if each is None else items[each.framework.code] for number, each in contents.items()}


LEARNING: Fact[tuple[LearningItem, ...]] = Fact("learning", _learning)
"""The learning catalogue of the case's framework, as it stands today."""
