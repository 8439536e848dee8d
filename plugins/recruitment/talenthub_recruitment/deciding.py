"""Deciding: consensus, rank and the merit list, one candidate or all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, Request, TalentError, Transaction, why_not
from talenthub_recruitment.opening import each_application


@dataclass(frozen=True, slots=True)
class Decision:
    """How far one application came, and what stopped it."""

    application: str
    state: str
    overall: str | None
    error: TalentError | None = None


WAITING = ("awaiting_consensus", "assessed")


def to_decide(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[CaseView]:
    """Return the applications meant: of a selection those that wait for it."""
    found = each_application(engine, tx, refs)
    return [each for each in found if each.state in WAITING or each.ref in refs]


def decide(
    engine: Engine,
    tx: Transaction,
    applications: Sequence[CaseView],
    *,
    note: str = "",
    request_id: str | None = None,
) -> list[Decision]:
    """Record the consensus and rank a chunk of applications.

    What is refused stays where it is, and stops no other.
    """
    first = [each.ref for each in applications if each.state != "assessed"]
    errors = _fire(engine, tx, first, "record_consensus", {"note": note}, request_id)
    refs = [each.ref for each in applications]
    errors |= _fire(engine, tx, [each for each in refs if each not in errors], "rank", {}, request_id)
    after = engine.cases(tx, refs)
    return [Decision(each, after[each].state, _overall(after[each]), errors.get(each)) for each in refs]


def _fire(
    engine: Engine,
    tx: Transaction,
    refs: Sequence[str],
    transition: str,
    form: dict[str, Any],
    request_id: str | None,
) -> dict[str, TalentError]:
    answers = engine.fire_many(tx, [Request(each, transition, form) for each in refs], request_id=request_id)
    return {ref: answer for ref, answer in zip(refs, answers, strict=True) if isinstance(answer, TalentError)}


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
