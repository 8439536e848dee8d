"""Deciding: consensus, rank and the merit list, one candidate or all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, Fired, Refused, Request, TalentError, Transaction
from talenthub_recruitment.opening import applications_of


@dataclass(frozen=True, slots=True)
class Decision:
    """How far one application came, and what stopped it."""

    application: str
    state: str
    overall: str | None
    error: TalentError | None = None


CHUNK = 500
"""So many cases are fired at once; the engine holds them all in memory."""


def fire_all(
    engine: Engine, tx: Transaction, requests: Sequence[Request], *, request_id: str | None = None
) -> list[Fired | TalentError]:
    """Fire any number of requests, in chunks; return the answers in order."""
    answers: list[Fired | TalentError] = []
    for start in range(0, len(requests), CHUNK):
        answers += engine.fire_many(tx, requests[start : start + CHUNK], request_id=request_id)
    return answers


def decide(engine: Engine, tx: Transaction, ref: str, *, note: str = "") -> list[Decision]:
    """Record the consensus and rank, for one application or a selection.

    What is refused stays where it is, and stops no other.
    """
    applications = applications_of(engine, tx, ref)
    first = [each for each in applications if each.state == "awaiting_consensus"]
    errors = _fire(engine, tx, first, "record_consensus", {"note": note})
    assessed = [each for each in applications if each.state == "assessed" or each in first]
    errors |= _fire(engine, tx, [each for each in assessed if each.ref not in errors], "rank", {})
    alone = applications[0].workflow == "recruitment.application" and len(applications) == 1
    if alone and not assessed:
        # Nothing to decide here: asking for it says what is in the way.
        engine.fire(tx, applications[0].ref, "record_consensus", {"note": note})
    refs = [each.ref for each in assessed]
    after = engine.cases(tx, refs) if refs else {}
    return [Decision(each, after[each].state, _overall(after[each]), errors.get(each)) for each in refs]


def _fire(
    engine: Engine, tx: Transaction, cases: list[CaseView], transition: str, form: dict[str, Any]
) -> dict[str, TalentError]:
    if not cases:
        return {}
    answers = fire_all(engine, tx, [Request(each.ref, transition, form) for each in cases])
    return {
        each.ref: answer
        for each, answer in zip(cases, answers, strict=True)
        if isinstance(answer, TalentError)
    }


def _overall(case: CaseView) -> str | None:
    if case.data is None or case.data.consensus is None:
        return None
    overall: str = case.data.consensus.overall
    return overall


def decision_row(found: Decision) -> dict[str, Any]:
    """Return a decision as a row of output."""
    return {
        "application": found.application,
        "state": found.state.replace("_", " "),
        "overall": None if found.overall is None else Fraction(found.overall),
        "overall_exact": found.overall,
        "why_not": [] if found.error is None else why_not(found.error),
    }


def why_not(error: TalentError) -> list[str]:
    """Return what stands in the way, as short lines."""
    if isinstance(error, Refused):
        unmet = [each for each in error.verdicts if not each.ok]
        lines = [detail.text for each in unmet for detail in each.details] or [each.text for each in unmet]
        return lines or [str(each) for each in error.problems]
    return [str(each) for each in error.problems]


def fired_row(fired: Fired) -> dict[str, Any]:
    """Return a firing as a row of output."""
    return {
        "ref": fired.ref,
        "step": fired.transition.replace("_", " "),
        "before": fired.source.replace("_", " "),
        "now": fired.target.replace("_", " "),
        "opened": list(fired.opened),
    }
