"""Opening consultations and inviting people to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.sdk import (
    CaseView,
    Engine,
    NotPermitted,
    Opening,
    Problem,
    Refused,
    Transaction,
    chains_of,
    chosen_code,
    framework_content,
    members_of,
    published,
    right_by_grant,
    version_of,
)
from talenthub_consultation.finding import BALLOT, REVIEW, ballots_of, settings_for
from talenthub_consultation.grouping import faults, groups_of, invited, level_of
from talenthub_consultation.items import items_of

OPENERS = ("hr_officer", "hr_head", "framework_editor", "framework_owner")
"""Grants that open a consultation; nobody else learns which drafts there are."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who is to vote, in a group that somebody leads."""

    group: str
    voter: int
    facilitator: int


def open_review(
    engine: Engine,
    tx: Transaction,
    code: str | None,
    number: str | None = None,
    *,
    roles: bool = False,
    changed: bool = False,
) -> CaseView:
    """Open the consultation of a draft; Refused if there is one already.

    `changed`: only what differs from the version in force is voted on.
    """
    may = right_by_grant(tx, *OPENERS)
    if not may.ok:
        raise NotPermitted(Problem(text=may.reason, code="consultation.open"))
    version = version_of(tx, chosen_code(tx, code), number)
    if version.status != "draft":
        raise _refused(f"{version.name} is {version.status}: a draft is voted on", "not-draft")
    running = [
        each.ref
        for each in engine.of_workflow(tx, REVIEW, open_only=True)
        if each.framework_version == version.id
    ]
    if running:
        raise _refused(f"{version.name} is in consultation already", "twice", running[0])
    before = framework_content(tx, published(tx, version.code).id) if changed else None
    items = items_of(framework_content(tx, version.id), roles=roles, before=before)
    if not items:
        raise _refused(f"{version.name} has no words to vote on", "no-items")
    data = {"framework": version.code, "number": version.number, "items": items}
    return engine.open(tx, REVIEW, data=data, framework_version=version.id, about=version.name)


def invite(engine: Engine, tx: Transaction, review: CaseView, wanted: Sequence[Invitation]) -> list[CaseView]:
    """Open a ballot for each, all or none; Refused tells what is unfit.

    The groups are judged together with those that were invited before.
    """
    before = ballots_of(tx, review)
    _nobody_twice(wanted, before)
    assert review.framework_version is not None, "a consultation is about a version"
    content = framework_content(tx, review.framework_version)
    members = {each.person: each for each in members_of(tx)}
    openings = [
        Opening(
            BALLOT,
            data={"group": each.group, "level": level_of(content, members.get(each.voter))},
            participants={"voter": (each.voter,), "facilitator": (each.facilitator,)},
            parent=review,
        )
        for each in wanted
    ]
    opened = engine.open_many(tx, openings)
    _judged(engine, tx, review, [*before, *opened])
    return opened


def _nobody_twice(wanted: Sequence[Invitation], before: Sequence[CaseView]) -> None:
    known = {who for each in invited(before) for who in each.people("voter")}
    twice = []
    for each in wanted:
        if each.voter in known:
            twice.append(each.voter)
        known.add(each.voter)
    if twice:
        raise _refused(f"{len(twice)} are invited already, or stand there twice", "twice")


def _judged(engine: Engine, tx: Transaction, review: CaseView, ballots: Sequence[CaseView]) -> None:
    groups = groups_of(ballots)
    above = chains_of(tx, {who for each in groups for who in each.members})
    found = list(faults(groups, above, settings_for(engine, tx, review)))
    if found:
        raise Refused(Problem(text="; ".join(found), code="consultation.group"))


def _refused(text: str, code: str, found: str | None = None) -> Refused:
    return Refused(Problem(text=text, found=found, code=f"consultation.{code}"))
