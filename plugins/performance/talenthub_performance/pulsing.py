"""Reading pulses: whose answer is asked for, and what enough people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    Transaction,
    is_reference,
    open_many_sealed,
    person,
    persons,
)
from talenthub_performance.finding import PULSE, PULSE_ANSWER, case_of

QUESTIONS = ("useful", "heard", "clear")


def pulse_asked_of(engine: Engine, tx: Transaction, word: str | None) -> CaseView:
    """Return what the actor is asked: by reference, by manager, or the first."""
    if word is not None and is_reference(word):
        return case_of(engine, tx, word, PULSE_ANSWER)
    about = None if word is None else person(tx, word).id
    for each in engine.of_workflow(tx, PULSE_ANSWER, subject=about, open_only=True):
        return each
    raise NotFound(
        Problem(
            text="you are not asked about conversations just now",
            found=word,
            mend="talent inbox",
            code="performance.not-asked",
        )
    )


def pulse_rows(engine: Engine, tx: Transaction, words: Sequence[str]) -> list[dict[str, Any]]:
    """Return the pulses that the actor may see, with their means.

    `words` are managers; without any, all. A mean is over the answers of
    three or more; None where fewer answered, and while a pulse is running.
    """
    about = {person(tx, each).id for each in words}
    found = [each for each in engine.of_workflow(tx, PULSE) if not about or each.subject in about]
    read = [each for each in found if each.state == "closed" and each.data is not None]
    opened = open_many_sealed(tx, {each.id: (each.data.minimum, "omit") for each in read})
    names = persons(tx, {each.subject for each in found if each.subject is not None})
    return [
        {
            "pulse": each.ref,
            "manager": names[each.subject or 0].handle,
            "state": each.state,
            "asked": None if each.data is None else len(each.data.people),
            **_said([payload for group in opened.get(each.id, ()) for payload in group.payloads]),
        }
        for each in found
    ]


def _said(payloads: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how many answered and the mean of each question; None of none."""
    if not payloads:
        return {"answered": None, **dict.fromkeys(QUESTIONS)}
    means = {
        question: float(Fraction(sum(each[question] for each in payloads), len(payloads)))
        for question in QUESTIONS
    }
    return {"answered": len(payloads), **means}
