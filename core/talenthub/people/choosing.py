"""Whom a bulk command means: handles, a file of them, or a condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from talenthub.errors import NotFound, Problem, UsageError, unknown
from talenthub.people.clauses import PLACE, read_clauses
from talenthub.people.filerows import Problems, Sheet
from talenthub.people.filetables import read_rows
from talenthub.people.listing import staff_list
from talenthub.people.tables import KINDS
from talenthub.storage.transaction import Transaction

CONDITIONS = ("unit", "role", "kind", "manager")
"""What `--where` knows; a unit means those beneath it too."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One person of a run, and what the person's row in a file says."""

    handle: str
    place: str
    """`file:line`, or the handle as typed."""
    values: Mapping[str, str]


def read_condition(text: str) -> dict[str, str]:
    """Return `unit=harbour kind=employee` as a mapping; UsageError explains."""
    found = read_clauses(text, CONDITIONS)
    if found.get("kind", "employee") not in KINDS:
        raise UsageError(unknown("kind", found["kind"], KINDS, place=PLACE))
    return found


def persons_where(tx: Transaction, condition: Mapping[str, str]) -> list[Chosen]:
    """Return whom the actor may know of and the condition fits, by handle."""
    rows = staff_list(
        tx, unit_code=condition.get("unit"), kind=condition.get("kind"), role=condition.get("role")
    )
    manager = condition.get("manager")
    found = [each.handle for each in rows if manager in (None, each.manager)]
    if not found:
        said = " ".join(f"{name}={value}" for name, value in condition.items())
        text = "nobody fits this condition"
        raise NotFound(Problem(text=text, place="--where", found=said, code="people.nobody"))
    return [Chosen(each, each, {}) for each in found]


def persons_of_file(path: Path, columns: Sequence[str], required: Sequence[str]) -> list[Chosen]:
    """Return the persons that a CSV file or workbook names, in its order."""
    problems = Problems()
    rows = read_rows(path, Sheet(columns, required, days=("on",)), problems)
    seen: dict[str, str] = {}
    for row in rows:
        handle = row.text("handle")
        if handle is None:
            problems.add(row.problem("handle", "the cell is empty", "missing"))
        elif handle in seen:
            problems.add(row.problem("handle", "the same person twice", "twice", mend=f"see {seen[handle]}"))
        else:
            seen[handle] = row.place
        for name in required:
            if name != "handle" and row.text(name) is None:
                problems.add(row.problem(name, "the cell is empty", "missing"))
    problems.raise_any()
    return [
        Chosen(row.cells["handle"], row.place, {key: text for key, text in row.cells.items() if text})
        for row in rows
    ]
