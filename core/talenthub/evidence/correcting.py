"""Corrections by hand: with the right to them, and with words."""

from __future__ import annotations

from fractions import Fraction

from talenthub.errors import NotFound, Problem, UsageError
from talenthub.evidence.access import correct_rows, readable_purposes
from talenthub.evidence.exact import exact
from talenthub.evidence.ledger import EvidenceKey, correct, row_at
from talenthub.evidence.settings import EvidenceSettings
from talenthub.framework import library
from talenthub.people.access import VIEW
from talenthub.people.persons import person, unknown_person
from talenthub.storage.transaction import Transaction


def correct_by_hand(
    tx: Transaction,
    handle: str,
    sequence: int,
    *,
    reason: str,
    settings: EvidenceSettings,
    ladder: str | None = None,
    rating: str | None = None,
    withdraw: bool = False,
) -> EvidenceKey:
    """Supersede a row as the actor; return the new row.

    NotPermitted without the right to correct the person's evidence, and for
    one's own. The ladder value must lie on the competency's scale.
    """
    about = person(tx, handle)
    VIEW.require(tx, about.id, unknown_person(tx, handle))
    correct_rows().require_right(tx, about.id, "this person's evidence is not yours to correct")
    row = row_at(tx, about.id, sequence)
    if row is None or row.purpose not in readable_purposes(tx, about.id, settings):
        raise NotFound(
            Problem(
                text="there is no such row",
                found=str(sequence),
                mend=f"talent evidence show {about.handle} --rows",
                code="evidence.unknown",
            )
        )
    _check_words(reason, ladder, rating, withdraw)
    value = None if ladder is None else _ladder(tx, ladder, row.framework_version_id, row.competency)
    return correct(
        tx,
        about.id,
        sequence,
        reason=reason,
        settings=settings,
        ladder=value,
        rating=rating,
        withdraw=withdraw,
    )


def _check_words(reason: str, ladder: str | None, rating: str | None, withdraw: bool) -> None:
    problems = []
    if not reason.strip():
        problems.append(Problem(text="a correction needs a reason", place="--reason", code="evidence.reason"))
    if (ladder is None) != withdraw:
        problems.append(
            Problem(
                text="say either the right ladder value or that the row is withdrawn",
                allowed="--ladder VALUE or --withdraw",
                code="evidence.ladder",
            )
        )
    if rating is not None and _number(rating) is None:
        dotted = rating.replace(",", ".")
        problems.append(
            Problem(
                text="the rating is no number",
                place="--rating",
                found=rating,
                allowed="a number such as 3, 3.5 or 7/2",
                nearest=dotted if _number(dotted) is not None else None,
                code="evidence.rating",
            )
        )
    if problems:
        raise UsageError.of(problems)


def _ladder(tx: Transaction, word: str, version: int, competency: str) -> Fraction:
    highest = library.content(tx, version).scale_of(competency).highest
    value = _number(word)
    if value is None or value > highest:
        raise UsageError(
            Problem(
                text="this is no place on the competency's ladder",
                place="--ladder",
                found=word,
                allowed=f"0 to {highest}, as 2, 1.5 or 5/3",
                code="evidence.ladder",
            )
        )
    return value


def _number(word: str) -> Fraction | None:
    try:
        value = exact(word.strip())
    except (ValueError, ZeroDivisionError):
        return None
    return value if value >= 0 else None
