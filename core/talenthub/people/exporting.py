"""Writing people as a file that an import reads back without a change."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, select

from talenthub.people import tables
from talenthub.people.access import EDIT, VIEW
from talenthub.people.csvrecords import harmless
from talenthub.people.import_persons import PEOPLE
from talenthub.people.import_plan import Picture, load_picture
from talenthub.people.organisation import NewPerson
from talenthub.people.template import choices_of, notes_of
from talenthub.sheets.writing import Page, write_workbook
from talenthub.storage.transaction import Transaction

COLUMNS = tuple(each for each in PEOPLE.columns if each != "unit_parent")

Cells = tuple[str | date | None, ...]


def people_rows(tx: Transaction, handles: Collection[str] | None = None) -> list[Cells]:
    """Return the rows of COLUMNS of whom the actor may see, by handle.

    Logins only of those whose records the actor keeps.
    """
    picture, _held = load_picture(tx)
    seen, kept = _allowed(tx, VIEW.visible), _allowed(tx, EDIT.visible)
    managers = _managers(picture)
    return [
        _cells(person, picture, managers, with_login=handle in kept)
        for handle, person in sorted(picture.people.items())
        if handle in seen and (handles is None or handle in handles)
    ]


def as_csv(rows: Iterable[Cells]) -> bytes:
    """Return rows as CSV in UTF-8; no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(["" if each is None else harmless(str(each)) for each in row])
    return text.getvalue().encode()


def as_workbook(tx: Transaction, rows: Sequence[Cells], roles: Collection[str]) -> bytes:
    """Return rows as XLSX with the lists and comments of the template."""
    page = Page(PEOPLE.page, COLUMNS, rows, notes_of(COLUMNS), choices_of(tx, roles))
    return write_workbook([page])


def _allowed(tx: Transaction, visible: Callable[[Transaction], Select[int]]) -> set[str]:
    every = select(tables.person.c.handle)
    if not tx.actor.is_system:
        every = every.where(tables.person.c.id.in_(visible(tx)))
    return {row.handle for row in tx.rows(every)}


def _managers(picture: Picture) -> dict[str, str]:
    """Return who sits on the post above, by the code of the post below."""
    sitting = {each.post: each.handle for each in picture.people.values() if each.post is not None}
    found = {}
    for code, post in picture.posts.items():
        if (above := sitting.get(post.reports_to or "")) is not None:
            found[code] = above
    return found


def _cells(person: NewPerson, picture: Picture, managers: Mapping[str, str], *, with_login: bool) -> Cells:
    post = picture.posts.get(person.post or "")
    cells: dict[str, str | date | None] = {
        "handle": person.handle,
        "name": person.name,
        "email": person.email,
        "kind": person.kind,
        "unit": post.unit if post else None,
        "post": person.post,
        "role": post.role if post else None,
        "manager": managers.get(person.post or ""),
        "since": person.since,
        "login": person.login if with_login else None,
        "grants": " ".join(f"{name}@{unit}" if unit else name for name, unit in person.grants) or None,
        "language": person.language,
        "site": person.site,
        "left_on": person.left_on,
    }
    return tuple(cells[name] for name in COLUMNS)
