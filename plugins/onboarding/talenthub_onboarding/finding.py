"""Finding plans: by reference or by person, with their tasks."""

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
from talenthub_onboarding.settings import OnboardingSettings

PLAN = "onboarding.plan"
TASK = "onboarding.task"


def plan_of(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return the plan named by its reference, or a person's newest one."""
    if is_reference(word):
        return expect(engine.case(tx, word.upper()), PLAN)
    who = person(tx, word)
    found = engine.of_workflow(tx, PLAN, subject=who.id)
    if not found:
        raise NotFound(
            Problem(
                text="there is no onboarding plan of this person, or it is not yours to see",
                found=word,
                mend=f"talent onboarding start {word}",
                code="onboarding.no-plan",
            )
        )
    return found[-1]


def plans_of(engine: Engine, tx: Transaction, words: Sequence[str]) -> list[CaseView]:
    """Return the plans that words name, each once; without a word all open."""
    if not words:
        return engine.of_workflow(tx, PLAN, open_only=True)
    return list({case.id: case for case in (plan_of(engine, tx, word) for word in words)}.values())


def expect(case: CaseView, workflow: str) -> CaseView:
    """Return the case; UsageError if it is of another workflow."""
    if case.workflow == workflow:
        return case
    words = "an onboarding plan" if workflow == PLAN else "a task of onboarding"
    raise UsageError(
        Problem(text=f"this is not the reference of {words}", found=case.ref, code="onboarding.wrong-case")
    )


def pinned(engine: Engine, tx: Transaction, case: CaseView) -> OnboardingSettings:
    """Return the settings that a plan pinned when it was opened."""
    running = engine.catalogue.running(case.workflow, case.workflow_version)
    kept: OnboardingSettings = settings_of(tx, running, case)
    return kept
