"""Figures of monitoring: one row for each step and group, counts only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from talenthub.sdk import (
    SYSTEM,
    CaseView,
    Engine,
    Problem,
    Refused,
    Transaction,
    UsageError,
    cases_by_id,
    unknown,
)
from talenthub_recruitment.monitoring.blocks import Block, Summed, block_of, blocks_of, summed
from talenthub_recruitment.monitoring.cases import Closed, as_tracks, closed_requisitions, who_came
from talenthub_recruitment.monitoring.demographics import attributes_of, groups_by_person
from talenthub_recruitment.monitoring.files import Past
from talenthub_recruitment.monitoring.impact import Impact, impacts
from talenthub_recruitment.monitoring.rights import barred_from, require_monitor, require_no_part
from talenthub_recruitment.opening import expect

RULES = {
    "rate": "selected ÷ number; who withdrew or declined is out of the step they left in",
    "ratio": "rate ÷ highest rate; under 4/5 is flagged (29 CFR 1607.4 D), exactly 4/5 is not",
    "p": "Fisher's exact test, two-sided, against the group with the highest rate; firm: p ≤ .05",
    "flip": "the ratio with one selection moved from the highest group to this one",
    "withheld": "groups under 5 are pooled until no size can be solved for; a step is withheld where a "
    "group comes or goes on with fewer than 5, or fewer than 5 in all go on or do not",
}
"""What each figure is made by."""

WITHHELD = "withheld: too few people"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one question about groups is answered with."""

    rows: list[dict[str, Any]]
    notes: tuple[str, ...] = ()
    """What was left out, and why; for people to read."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days in which requisitions closed; both inclusive, None: open."""

    since: date | None = None
    until: date | None = None

    def holds(self, each: Closed, zone: ZoneInfo) -> bool:
        """Return whether a requisition closed in the period."""
        day = each.at.astimezone(zone).date()
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


@dataclass(slots=True)
class _Answer:
    rows: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def monitor_file(past: Past) -> Figures:
    """Return the figures of past candidates that a file holds."""
    found = _Answer()
    for attribute, tracks in past.by_attribute.items():
        block = block_of([], tracks, with_steps=past.with_steps)
        found.rows += _rows(attribute, summed([block], with_steps=past.with_steps), counted=False)
    return Figures(found.rows)


def monitor_period(tx: Transaction, period: Period, attribute: str | None = None) -> Figures:
    """Return the figures of all vacancies that closed in a period.

    Vacancies in which the actor has a part are left out, and so are those
    that wait for others to be counted with.
    """
    require_monitor(tx)
    closed = closed_requisitions(tx)
    barred = barred_from(tx, {each.id: each.unit for each in closed})
    inside = {each.id for each in closed if period.holds(each, tx.zone)}
    if not inside:
        return Figures([], ("No vacancy closed in this time; open ones are not counted.",))
    found = _Answer()
    for name, blocks in _by_attribute(tx, closed, attribute):
        # Whole blocks only: the difference of two answers is one, too.
        counted = [
            each
            for each in blocks
            if inside.issuperset(each.requisitions) and barred.isdisjoint(each.requisitions)
        ]
        found.rows += _rows(name, summed(counted))
        there = sum(len(each.requisitions) for each in counted)
        if there < len(inside):
            found.notes.append(
                f"{name}: {there} of {len(inside)} vacancies are counted; the others are yours to decide, "
                "or wait for more people to be counted with."
            )
    return Figures(found.rows, tuple(found.notes))


def monitor_vacancy(engine: Engine, tx: Transaction, ref: str, attribute: str | None = None) -> Figures:
    """Return the figures of one vacancy, by its requisition or selection.

    Refused while it is open, and where it has too few people to stand alone.
    """
    require_monitor(tx)
    requisition = _requisition(engine, tx, ref)
    barred = barred_from(tx, {requisition.id: requisition.unit})
    require_no_part(barred, [requisition.id])
    _require_closed(requisition)
    found = _Answer()
    for name, blocks in _by_attribute(tx, closed_requisitions(tx), attribute):
        own = [each for each in blocks if each.requisitions == (requisition.id,)]
        if own:
            found.rows += _rows(name, summed(own))
        else:
            found.notes.append(f"{name}: too few people in a group, or too few (not) selected.")
    if not found.rows:
        raise Refused(
            Problem(
                text="the vacancy has too few people for figures of its own",
                found=requisition.ref,
                mend="it is counted with others: talent recruitment monitor",
                code="recruitment.monitor-small",
            )
        )
    return Figures(found.rows, tuple(found.notes))


def _requisition(engine: Engine, tx: Transaction, ref: str) -> CaseView:
    case = expect(engine.case(tx.by(SYSTEM), ref), "recruitment.requisition", "recruitment.selection")
    if case.workflow == "recruitment.selection" and case.parent is not None:
        return cases_by_id(tx, [case.parent])[case.parent]
    return case


def _require_closed(requisition: CaseView) -> None:
    if requisition.is_open:
        raise Refused(
            Problem(
                text="the vacancy is still open; its groups are counted once it is closed",
                found=requisition.ref,
                mend="asked from day to day, each change would tell whom it was about",
                code="recruitment.monitor-open",
            )
        )


def _by_attribute(
    tx: Transaction, closed: Sequence[Closed], attribute: str | None
) -> Iterator[tuple[str, list[Block]]]:
    came = who_came(tx)
    for name in _attributes(tx, attribute):
        yield name, blocks_of(as_tracks(closed, came, groups_by_person(tx, name)))


def _attributes(tx: Transaction, wanted: str | None) -> tuple[str, ...]:
    known = attributes_of(tx)
    if not known:
        raise Refused(
            Problem(
                text="nobody has declared anything yet",
                mend="talent recruitment demographics import FILE.csv",
                code="recruitment.monitor-nothing",
            )
        )
    if wanted is not None and wanted not in known:
        raise UsageError(unknown("group", wanted, known, place="--group"))
    return (wanted,) if wanted is not None else known


def _rows(by: str, steps: Iterable[Summed], *, counted: bool = True) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for step in steps:
        requisitions = step.requisitions if counted else None
        head = {"by": by, "step": step.step, "requisitions": requisitions}
        found += [{**head, **_figures(each)} for each in impacts(step.groups)]
        if not step.groups:
            found.append({**head, "flag": WITHHELD, "rules": {"withheld": RULES["withheld"]}})
    return found


def _figures(each: Impact) -> dict[str, Any]:
    # What nobody declared is no group: how many they are is all there is.
    group, judged = each.group, each.group.judged
    return {
        "group": group.name,
        "number": group.number,
        "selected": group.selected if judged else None,
        "rate": group.rate if judged else None,
        "compared_with": each.compared_with,
        "ratio": each.ratio,
        "p": each.p,
        "flip": each.flip,
        "flagged": each.flagged,
        "firm": each.firm,
        "flag": each.flag,
        "rules": {name: text for name, text in RULES.items() if _has(each, name)},
    }


def _has(each: Impact, name: str) -> bool:
    value = each.group.rate if name == "rate" and each.group.judged else getattr(each, name, None)
    return value is not None or (name == "withheld" and each.group.name == "others")
