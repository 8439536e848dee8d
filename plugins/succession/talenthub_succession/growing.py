"""What is known beside the nomination: closed targets, and placements.

Read in the view of whoever asks, from the ledger and from other cases: no
plugin is needed beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from talenthub.sdk import (
    CaseView,
    Engine,
    NotFound,
    Problem,
    Transaction,
    framework_content,
    standings,
    unknown,
)
from talenthub_succession.finding import settings_for


@dataclass(frozen=True, slots=True)
class Closed:
    """A development target of a nominee that was closed."""

    competency: str
    since: date
    until: date


def growth_of(engine: Engine, tx: Transaction, case: CaseView, target: Closed) -> dict[str, Any]:
    """Return what a target brought: standing at its end less at its begin.

    NotFound if nothing was known of the competency on one of the days.
    """
    assert case.subject is not None
    assert case.framework_version is not None
    content = framework_content(tx, case.framework_version)
    codes = {each.code.upper(): each.code for each in content.competencies}
    code = codes.get(target.competency.upper())
    if code is None:
        raise NotFound(unknown("competency", target.competency, codes.values()))
    key = (case.subject, code)
    values = []
    for day in (target.since, target.until):
        found = standings(
            tx, [case.subject], content.framework.code, "succession", engine.evidence, on=day
        ).get(key)
        if found is None:
            raise NotFound(
                Problem(
                    text="nothing was known of this competency on that day",
                    found=f"{code} on {day}",
                    mend=f"talent evidence explain PERSON {code} --on {day}",
                    code="succession.no-standing",
                )
            )
        values.append(Fraction(str(found.value)))
    return {
        "competency": code,
        "since": target.since,
        "until": target.until,
        "gain": str(values[1] - values[0]),
    }


def placement_of(engine: Engine, tx: Transaction, case: CaseView) -> dict[str, str]:
    """Return what the newest placement in sight says; a broken off one none.

    Performance, potential or both, each with its source. Empty where no
    plugin brings placements, or none is the actor's to read.
    """
    asked = settings_for(engine, tx, case).placement
    assert case.subject is not None
    for each in reversed(engine.of_workflow(tx, asked.workflow, subject=case.subject)):
        if not each.is_open and each.outcome != "success":
            continue
        known = {
            what: figure
            for what, name in (("performance", asked.performance), ("potential", asked.potential))
            if (figure := _said(each.data, name)) is not None
        }
        if known:
            source = f"{each.ref} of {(each.closed_at or each.entered_at).astimezone(tx.zone).date()}"
            return known | {f"{what}_source": source for what in known}
    return {}


def _said(data: Any, name: str) -> str | None:
    found = data.get(name) if isinstance(data, dict) else getattr(data, name, None)
    return None if found is None else str(found)
