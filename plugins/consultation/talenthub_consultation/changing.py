"""Changing the version under review: revised, decided on, put in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from talenthub.sdk import (
    CaseView,
    Engine,
    Fired,
    FrameworkVersion,
    Problem,
    Refused,
    Transaction,
    lock_framework,
    publish_framework,
    reword_framework,
    right_by_grant,
)
from talenthub_consultation.cases import Item

REVISERS = ("framework_editor", "framework_owner", "hr_officer", "hr_head", "sponsor")


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an item, and why."""

    item: str
    reason: str
    text: str | None = None
    """The new words; None: they stay as they are."""


def begin(engine: Engine, tx: Transaction, review: CaseView) -> Fired:
    """Open the next round: the first one, or voters are asked again."""
    return engine.fire(tx, review.ref, "submit" if review.state == "draft" else "ask_again")


def change(engine: Engine, tx: Transaction, review: CaseView, step: str, changes: Sequence[Change]) -> Fired:
    """Reword the draft and note it in the consultation: both, or neither."""
    texts = {
        (item.competency, item.level, item.role, item.role_level): each.text
        for each in changes
        if each.text and (item := review.data.item(each.item)) is not None and _differs(item, each.text)
    }
    if texts and review.state in ("adjusting", "escalated"):
        reword_framework(tx, _version(review), texts, right=right_by_grant(tx, *REVISERS))
    notes = [{"item": each.item, "reason": each.reason} for each in changes]
    return engine.fire(tx, review.ref, step, {"notes": notes})


def _differs(item: Item, text: str) -> bool:
    return item.text != text


def put_in_force(
    engine: Engine, tx: Transaction, review: CaseView, effective: date | None
) -> FrameworkVersion:
    """Publish the version and close its consultation: both, or neither."""
    if review.state != "accepted":
        state = review.state.replace("_", " ")
        raise Refused(
            Problem(
                text=f"{review.ref} is {state}: only what is accepted is published", code="consultation.state"
            )
        )
    day, version = effective or review.data.effective, _version(review)
    lock_framework(tx, version, locked=False)
    made = publish_framework(tx, version, day, right=right_by_grant(tx, "framework_owner"))
    engine.fire(tx, review.ref, "publish")
    return made


def _version(review: CaseView) -> int:
    assert review.framework_version is not None, "a consultation is about a version"
    return review.framework_version
