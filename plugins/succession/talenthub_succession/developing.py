"""Development as a suggestion: worded as any other gap.

Nothing in it names a post, a list or a plan: what leaves this room with it
says no more than `talent gap` says of everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from talenthub.sdk import (
    CaseView,
    Gap,
    LearningItem,
    RoleGaps,
    Transaction,
    framework_content,
    learning_items,
    text_in,
)
from talenthub_succession.facts import GAPS

Row = dict[str, Any]


def suggestion_rows(tx: Transaction, case: CaseView) -> list[Row]:
    """Return what could be worked on, the largest first, and with what."""
    gaps = GAPS.load(tx, [case])[case.id]
    if gaps is None or case.framework_version is None:
        return []
    framework = framework_content(tx, case.framework_version).framework
    catalogue = learning_items(tx, framework.code)
    open_ones = sorted(
        (each for each in gaps.gaps if each.is_open and each.essential),
        key=lambda each: (not each.critical, -each.size, each.competency),
    )
    return [_row(each, gaps, catalogue, framework.language) for each in open_ones]


def _row(gap: Gap, gaps: RoleGaps, catalogue: Sequence[LearningItem], language: str) -> Row:
    words = gaps.profile.anchors[gap.competency].at
    fitting = [
        each
        for each in catalogue
        if each.competency == gap.competency
        and (each.lowest_level is None or each.lowest_level <= gap.required)
        and (each.highest_level is None or each.highest_level >= gap.required)
    ]
    return {
        "competency": gap.competency,
        "now": gap.current,
        "next": gap.required,
        "gap": gap.size,
        "band": gap.band,
        "looks_like": text_in(words.text, language),
        "with": [f"{each.code} {text_in(each.title, language).rstrip('.')}" for each in fitting],
    }
