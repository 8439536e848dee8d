"""A workbook that HR fills: headers, comments, lists, one example row."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from talenthub.people import tables
from talenthub.people.directory import listed_select
from talenthub.people.grants import CORE_GRANTS
from talenthub.people.import_persons import EXAMPLE, KINDS, PEOPLE
from talenthub.sheets.reading import Value
from talenthub.sheets.writing import Page, write_workbook
from talenthub.storage.transaction import Transaction

_NOTES = {
    "handle": "How commands name the person: small letters and digits, joined by dots or hyphens. "
    "The only column that must be filled; for somebody new also name.",
    "name": "The full name, as the person writes it.",
    "email": "Where notices go.",
    "kind": "candidate, employee or external; employee where nothing is said.",
    "unit": "The code of a unit.",
    "unit_parent": "Makes a unit that is not there yet, beneath this one.",
    "post": "The code of a seat. Without it: a vacant seat of that role in that unit, or a new one.",
    "role": "The code of a role of the competency framework.",
    "manager": "The handle of the manager; - for nobody.",
    "since": "The first day on the post, as a date; today where nothing is said.",
    "login": "What the person signs in with; belongs to one person.",
    "grants": "recruiter hr_officer@harbour, with blanks between; only added, never taken.",
    "language": "The language of texts for this person: en, fr, de …",
    "site": "Chooses calendar and time zone.",
    "left_on": "The first day without the person. Ends post, login, grants and deputies.",
}

_EXAMPLE = {
    "handle": EXAMPLE,
    "name": "Example Person (an import passes over this row)",
    "email": "example.person@example.org",
    "kind": "employee",
    "language": "en",
}


def template(tx: Transaction, roles: Collection[str]) -> bytes:
    """Return an XLSX file to fill, with the units, roles and people known."""
    choices = choices_of(tx, roles)
    chosen = {name: choices[name][0] for name in ("unit", "role") if choices[name]}
    example: dict[str, Value] = {**_EXAMPLE, **chosen, "since": tx.today}
    row = [example.get(name) for name in PEOPLE.columns]
    page = Page(PEOPLE.page, PEOPLE.columns, [row], notes_of(PEOPLE.columns), choices)
    return write_workbook([page])


def notes_of(columns: Collection[str]) -> dict[str, str]:
    """Return what each column is for."""
    return {name: _NOTES[name] for name in columns if name in _NOTES}


def choices_of(tx: Transaction, roles: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Return what a cell of a column may be chosen from."""
    units = [row.code for row in tx.rows(select(tables.unit.c.code).order_by(tables.unit.c.code))]
    known = select(tables.person.c.handle).where(
        tables.person.c.kind == "employee", tables.person.c.id.in_(listed_select(tx))
    )
    handles = [row.handle for row in tx.rows(known.order_by(tables.person.c.handle))]
    return {
        "kind": KINDS,
        "unit": units,
        "unit_parent": units,
        "role": sorted(roles),
        "manager": handles,
        "grants": tuple(CORE_GRANTS),
    }
