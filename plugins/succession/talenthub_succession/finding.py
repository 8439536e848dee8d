"""Finding cases: by reference, or by the post or person they are about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    Transaction,
    UsageError,
    nearest,
    person,
    settings_of,
)
from talenthub_succession.settings import SuccessionSettings

POST = "succession.post"
NOMINATION = "succession.nomination"
WORDS = {POST: "a critical post", NOMINATION: "a nomination"}
_REFERENCE = re.compile(r"(crp|nom)-\d+", re.IGNORECASE | re.ASCII)


def case_of(engine: Engine, tx: Transaction, word: str, workflow: str) -> CaseView:
    """Return the case of this reference; UsageError if it is of another kind."""
    case = engine.case(tx, word.upper())
    if case.workflow == workflow:
        return case
    raise UsageError(
        Problem(
            text=f"this is not the reference of {WORDS[workflow]}",
            found=case.ref,
            code="succession.wrong-case",
        )
    )


def post_case(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return a critical post by its reference or by the post's code."""
    if _REFERENCE.fullmatch(word):
        return case_of(engine, tx, word, POST)
    seen = {
        each.data.post: each for each in engine.of_workflow(tx, POST, open_only=True) if each.data is not None
    }
    if word in seen:
        return seen[word]
    raise NotFound(
        Problem(
            text="this is no critical post, or it is not yours to see",
            found=word,
            nearest=nearest(word, seen),
            mend="talent succession post list",
            code="succession.no-post",
        )
    )


def nominations_of(engine: Engine, tx: Transaction, word: str) -> list[CaseView]:
    """Return a nomination by its reference, or the open ones of a person."""
    if _REFERENCE.fullmatch(word):
        return [case_of(engine, tx, word, NOMINATION)]
    found = engine.of_workflow(tx, NOMINATION, subject=person(tx, word).id, open_only=True)
    if found:
        return found
    raise NotFound(
        Problem(
            text="there is no such nomination, or it is not yours to see",
            found=word,
            mend="talent succession nominations",
            code="succession.no-nomination",
        )
    )


def all_nominations(engine: Engine, tx: Transaction, words: Sequence[str]) -> list[CaseView]:
    """Return the nominations meant by references and handles, each once."""
    found = {each.id: each for word in words for each in nominations_of(engine, tx, word)}
    return list(found.values())


def nomination_of(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return the one nomination meant; UsageError if there are several."""
    found = nominations_of(engine, tx, word)
    if len(found) == 1:
        return found[0]
    raise UsageError(
        Problem(
            text="several nominations are meant",
            found=word,
            allowed=", ".join(each.ref for each in found),
            code="succession.which-nomination",
        )
    )


def settings_for(engine: Engine, tx: Transaction, case: CaseView) -> SuccessionSettings:
    """Return the settings that a case pinned."""
    owner = engine.catalogue.running(case.workflow, case.workflow_version)
    found: SuccessionSettings = settings_of(tx, owner, case)
    return found


def settings_today(engine: Engine) -> SuccessionSettings:
    """Return the settings that hold today."""
    found: SuccessionSettings = engine.catalogue.newest(POST).settings
    return found
