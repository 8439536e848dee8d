"""Finding consultations and ballots: by reference, by framework, by voter."""

from __future__ import annotations

import re
from collections.abc import Collection

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    Transaction,
    cases_by_id,
    person,
    settings_of,
)
from talenthub_consultation.facts import BALLOTS
from talenthub_consultation.settings import ConsultationSettings

REVIEW = "consultation.review"
BALLOT = "consultation.ballot"
_REFERENCE = re.compile(r"cns-\d+", re.IGNORECASE | re.ASCII)


def review_case(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return a consultation with its content, by reference or framework."""
    found = _found(engine, tx, word)
    if found is not None and found.workflow == REVIEW and found.data is not None:
        return found
    raise NotFound(
        Problem(
            text="there is no such consultation, or it is not yours to see",
            found=word,
            mend="talent consultation list",
            code="consultation.none",
        )
    )


def _found(engine: Engine, tx: Transaction, word: str) -> CaseView | None:
    if _REFERENCE.fullmatch(word):
        return engine.case(tx, word.upper())
    known = [each for each in engine.of_workflow(tx, REVIEW) if each.data and each.data.framework == word]
    return next((each for each in reversed(known) if each.is_open), known[-1] if known else None)


def ballots_of(tx: Transaction, review: CaseView) -> list[CaseView]:
    """Return every ballot of a consultation: for sums, never for names."""
    return list(BALLOTS.load(tx, [review])[review.id])


def ballots_by_voter(
    engine: Engine, tx: Transaction, review: str, voters: Collection[str]
) -> dict[str, CaseView]:
    """Return the ballots of these voters by handle, as the actor sees them.

    The consultation itself need not be the actor's to see: voters know their
    ballots. NotFound names all who have none.
    """
    own = _own_ballots(engine, tx, review)
    numbers = {handle: person(tx, handle).id for handle in dict.fromkeys(voters)}
    found = {handle: own[number] for handle, number in numbers.items() if number in own}
    if missing := [handle for handle in numbers if handle not in found]:
        raise NotFound(
            Problem(
                text="no ballot of theirs is yours to fill in",
                found=", ".join(missing[:10]),
                mend=f"talent consultation groups {review}",
                code="consultation.no-ballot",
            )
        )
    return found


def _own_ballots(engine: Engine, tx: Transaction, review: str) -> dict[int, CaseView]:
    found = engine.of_workflow(tx, BALLOT, open_only=True)
    parent = review_number(engine, tx, review, found)
    return {who: each for each in found if each.parent == parent for who in each.people("voter")}


def review_number(engine: Engine, tx: Transaction, review: str, ballots: Collection[CaseView]) -> int:
    """Return which consultation a voter means, by those they have ballots of."""
    parents = cases_by_id(tx, {each.parent for each in ballots if each.parent is not None})
    for number, parent in sorted(parents.items(), reverse=True):
        if review.upper() == parent.ref or review == parent.data.framework:
            return number
    return review_case(engine, tx, review).id


def settings_for(engine: Engine, tx: Transaction, case: CaseView) -> ConsultationSettings:
    """Return the settings that a case pinned."""
    owner = engine.catalogue.running(case.workflow, case.workflow_version)
    found: ConsultationSettings = settings_of(tx, owner, case)
    return found
