"""Finding cases: by reference, or by the person they are about."""

from __future__ import annotations

from collections.abc import Sequence

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    Transaction,
    UsageError,
    is_reference,
    person,
    settings_of,
)
from talenthub_career.settings import CareerSettings

PLAN = "career.plan"
PLACEMENT = "career.placement"
ASPIRATION = "career.aspiration"
MOVE = "career.move"
ASKING = "career.asking"
ANSWER = "career.answer"
RATERS = {"career.assessment": PLACEMENT, "career.rating": PLAN}
"""What raters fill in, and what it belongs to."""

WORDS = {
    PLAN: "a development plan",
    PLACEMENT: "a placement",
    ASPIRATION: "an aspiration",
    MOVE: "an internal move",
    ASKING: "a question to colleagues",
    ANSWER: "an answer",
}
_MENDS = {
    PLAN: "talent career start {0}",
    MOVE: "talent career interest ROLE",
}


def case_of(engine: Engine, tx: Transaction, word: str, workflow: str) -> CaseView:
    """Return a case by its reference, or a person's newest one, open first."""
    if is_reference(word):
        case = engine.case(tx, word.upper())
        if case.workflow == workflow:
            return case
        raise UsageError(
            Problem(
                text=f"this is not the reference of {WORDS[workflow]}",
                found=case.ref,
                code="career.wrong-case",
            )
        )
    found = engine.of_workflow(tx, workflow, subject=person(tx, word).id)
    if found:
        return max(found, key=lambda each: (each.is_open, each.id))
    raise NotFound(
        Problem(
            text=f"there is no such case of this person, or it is not yours to see: {WORDS[workflow]}",
            found=word,
            mend=_MENDS.get(workflow, "talent inbox").format(word),
            code="career.no-case",
        )
    )


def cases_of(engine: Engine, tx: Transaction, words: Sequence[str], workflow: str) -> list[CaseView]:
    """Return the cases that words name, each once; without a word all open."""
    if not words:
        return engine.of_workflow(tx, workflow, open_only=True)
    found = (case_of(engine, tx, each, workflow) for each in words)
    return list({each.id: each for each in found}.values())


def own_part(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return what the actor rates: a rater's own open case of a person."""
    if is_reference(word):
        case = engine.case(tx, word.upper())
        if case.workflow in RATERS:
            return case
        parts = [name for name, parent in RATERS.items() if parent == case.workflow]
        found = [each for name in parts for each in engine.children(tx, case.id, name)]
    else:
        who = person(tx, word).id
        found = [each for name in RATERS for each in engine.of_workflow(tx, name, subject=who)]
    mine = [each for each in found if each.is_open and set(each.people("rater")) & tx.actor.identities]
    if mine:
        return mine[-1]
    raise NotFound(
        Problem(
            text="you are not asked to rate here", found=word, mend="talent inbox", code="career.no-rating"
        )
    )


def own_answer(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return what the actor is asked to say: by reference, or of a person."""
    if is_reference(word):
        return case_of(engine, tx, word, ANSWER)
    found = engine.of_workflow(tx, ANSWER, subject=person(tx, word).id, open_only=True)
    mine = [each for each in found if set(each.people("colleague")) & tx.actor.identities]
    if mine:
        return mine[0]
    raise NotFound(
        Problem(
            text="you are not asked about this person",
            found=word,
            mend="talent inbox",
            code="career.no-answer",
        )
    )


def settings_for(engine: Engine, tx: Transaction, case: CaseView) -> CareerSettings:
    """Return the settings that a case pinned."""
    owner = engine.catalogue.running(case.workflow, case.workflow_version)
    found: CareerSettings = settings_of(tx, owner, case)
    return found


def settings_now(engine: Engine) -> CareerSettings:
    """Return the settings of today."""
    found: CareerSettings = engine.catalogue.newest(PLAN).settings
    return found
