"""Finding cases: by reference, or by the person a review is about."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    TalentError,
    Transaction,
    UsageError,
    is_reference,
    person,
    settings_of,
)
from talenthub_performance.settings import PerformanceSettings

REVIEW = "performance.review"
ANSWER = "performance.answer"
PULSE = "performance.pulse"
PULSE_ANSWER = "performance.pulse_answer"
WORDS = {
    "performance.cycle": "a cycle",
    REVIEW: "a review",
    "performance.conversation": "a conversation",
    "performance.round": "a round",
    ANSWER: "an answer",
    PULSE: "a pulse",
    PULSE_ANSWER: "an answer to a pulse",
    "performance.feedback": "feedback",
    "performance.calibration": "a calibration",
    "performance.appeal": "an appeal",
}


def case_of(engine: Engine, tx: Transaction, word: str, workflow: str) -> CaseView:
    """Return the case of this reference; UsageError if it is of another kind."""
    case = engine.case(tx, word.upper() if is_reference(word) else word)
    if case.workflow == workflow:
        return case
    raise UsageError(
        Problem(
            text=f"this is not the reference of {WORDS[workflow]}",
            found=case.ref,
            code="performance.wrong-case",
        )
    )


def review_of(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return a review by its reference, or a person's newest one."""
    if is_reference(word):
        return case_of(engine, tx, word, REVIEW)
    found = engine.of_workflow(tx, REVIEW, subject=person(tx, word).id)
    if found:
        return found[-1]
    raise _no_review(word)


def _no_review(word: str) -> NotFound:
    return NotFound(
        Problem(
            text="there is no review of this person, or it is not yours to see",
            found=word,
            mend="talent performance cycle status CYC-…",
            code="performance.no-review",
        )
    )


def reviews_named(engine: Engine, tx: Transaction, words: Sequence[str]) -> dict[str, CaseView | TalentError]:
    """Return the review each word names, or why there is none to show."""
    found: dict[str, CaseView | TalentError] = {}
    for word in dict.fromkeys(words):
        try:
            found[word] = review_of(engine, tx, word)
        except TalentError as error:
            found[word] = error
    return found


def answer_of(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return what the actor is asked to answer: by reference or person."""
    if is_reference(word):
        return case_of(engine, tx, word, ANSWER)
    for each in engine.of_workflow(tx, ANSWER, subject=person(tx, word).id, open_only=True):
        return each
    raise NotFound(
        Problem(
            text="you are not asked about this person",
            found=word,
            mend="talent performance round mine",
            code="performance.not-asked",
        )
    )


def statement_of(engine: Engine, tx: Transaction, review: CaseView, kind: str) -> CaseView:
    """Return the actor's own statement on a review; NotFound without one."""
    return statements_of(engine, tx, [review], kind)[review.id]


def statements_of(
    engine: Engine, tx: Transaction, reviews: Sequence[CaseView], kind: str
) -> dict[int, CaseView]:
    """Return the actor's statement on each review; NotFound without one."""
    found = engine.children_of(tx, [each.id for each in reviews], "performance.statement")
    own = {
        review.id: each
        for review in reviews
        for each in found[review.id]
        if each.data is not None and each.data.kind == kind
    }
    for review in reviews:
        if review.id not in own:
            raise NotFound(
                Problem(
                    text="you have no statement to write here",
                    place=review.ref,
                    mend=f"once it is asked for: talent do {review.ref} begin",
                    code="performance.no-statement",
                )
            )
    return own


def settings_for(engine: Engine, tx: Transaction, case: CaseView) -> PerformanceSettings:
    """Return the settings that a case pinned."""
    owner = engine.catalogue.running(case.workflow, case.workflow_version)
    found: PerformanceSettings = settings_of(tx, owner, case)
    return found
