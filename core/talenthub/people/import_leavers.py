"""Rows about people who have left: a day in the column `left_on`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from talenthub.people.filerows import FileRow, day_in
from talenthub.people.import_plan import Plan
from talenthub.people.organisation import NewPerson

SEAT = ("unit", "unit_parent", "post", "role", "manager", "since", "login", "grants")
"""Columns that tell of somebody's place; who has left has none."""


def leaving_in(plan: Plan, old: NewPerson | None, row: FileRow) -> date | None:
    """Return the first day without the person; None for whom a row keeps.

    The columns of a place tell where a leaver was, and change nothing.
    """
    day = day_in(row, "left_on", plan.problems)
    if day is None:
        return None
    if day > plan.today:
        text, allowed = "a leaving is entered on the day, not before", f"{plan.today} or earlier"
        plan.problems.add(row.problem("left_on", text, "left-on", allowed=allowed))
        return None
    if old is not None and old.kind == "leaver" and old.left_on not in (None, day):
        text = "this person left on another day"
        plan.problems.add(row.problem("left_on", text, "left-on", allowed=f"{old.left_on}, as entered"))
    if row.text("kind") not in (None, "leaver", "employee") and (old is None or old.kind != row.text("kind")):
        text = "who has left is a leaver"
        plan.problems.add(row.problem("kind", text, "kind", allowed="leaver, or nothing"))
    return day


def without_seat(row: FileRow) -> FileRow:
    """Return the row of a leaver without the columns of a place."""
    return replace(row, cells={name: text for name, text in row.cells.items() if name not in SEAT})
