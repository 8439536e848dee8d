"""Reports: how placements spread, and what the plans aim at.

Figures of fewer people than the organisation allows are left out, and no
box is shown that could be found by subtraction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction, unit, unit_paths
from talenthub_career.exact import figure
from talenthub_career.finding import PLACEMENT, PLAN, settings_now
from talenthub_career.settings import CareerSettings
from talenthub_career.strategies import BANDS, Band

Row = dict[str, Any]
CLOSED_WELL = ("closed_achieved", "closed_partly")


def placed_of(engine: Engine, tx: Transaction, where: str | None = None) -> list[CaseView]:
    """Return the newest placement of each person, as the actor may see it."""
    found: dict[int, CaseView] = {}
    for case in inside(tx, engine.of_workflow(tx, PLACEMENT), where):
        if case.state == "placed" and case.data is not None and case.subject is not None:
            found[case.subject] = case
    return list(found.values())


def inside(tx: Transaction, cases: Sequence[CaseView], where: str | None) -> list[CaseView]:
    """Return the cases of a unit and what lies beneath it; all without one."""
    if where is None:
        return list(cases)
    part, paths = unit(tx, where).id, unit_paths(tx)
    return [each for each in cases if each.unit is not None and part in paths.get(each.unit, ())]


def box_of(case: CaseView, settings: CareerSettings) -> tuple[Band, Band] | None:
    """Return the two bands of a placement; None where they are not known."""
    performance, potential = figure(case.data.performance), figure(case.data.potential)
    if performance is None or potential is None:
        return None
    return settings.band(performance), settings.band(potential)


def spread_rows(engine: Engine, tx: Transaction, where: str | None = None) -> list[Row]:
    """Return how many were placed in each box; nothing of too few."""
    settings = settings_now(engine)
    placed = placed_of(engine, tx, where)
    boxes: dict[tuple[Band, Band], list[str]] = {}
    for case in placed:
        if (box := box_of(case, settings)) is not None:
            boxes.setdefault(box, []).append(case.ref)
    is_shown = sum(map(len, boxes.values())) >= settings.minimum_unit
    return [
        {
            "performance": each.performance,
            "potential": each.potential,
            "strategy": each.title,
            "people": len(boxes.get(box, ())) if is_shown else None,
            "rows": boxes.get(box, []) if is_shown else [],
        }
        for box in product(reversed(BANDS), reversed(BANDS))
        for each in settings.strategies
        if each.box == box
    ]


def placements(engine: Engine, tx: Transaction) -> list[Row]:
    """Return the rows of the report `placements`."""
    return spread_rows(engine, tx)


def targets(engine: Engine, tx: Transaction) -> list[Row]:
    """Return what plans aim at: few targets of many show an intention.

    Plans that were abandoned do not count.
    """
    settings = settings_now(engine)
    plans = [each for each in engine.of_workflow(tx, PLAN) if each.data is not None and _counts(each)]
    aimed: dict[str, list[str]] = {}
    for case in plans:
        for target in case.data.targets:
            aimed.setdefault(target.competency, []).append(case.ref)
    if len(plans) < settings.minimum_unit:
        return []
    counts = Counter({code: len(refs) for code, refs in aimed.items()})
    total, so_far, rows = sum(counts.values()), 0, []
    for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        so_far += count
        rows.append(
            {
                "competency": code,
                "targets": count,
                "share": count / total,
                "so_far": so_far / total,
                "rows": aimed[code],
            }
        )
    return rows


def _counts(case: CaseView) -> bool:
    return bool(case.data.targets) and (case.is_open or case.state in CLOSED_WELL)
