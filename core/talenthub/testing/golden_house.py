"""The small house in which golden histories are played: the same for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from talenthub.access.rules import Decision
from talenthub.config.shipped import shipped
from talenthub.framework.formats.yaml import read_file
from talenthub.framework.library import published
from talenthub.framework.publishing import import_framework, publish
from talenthub.people.organisation import NewPerson, NewPost, NewUnit, Organisation, write_organisation
from talenthub.people.persons import person
from talenthub.people.tables import person as person_table
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workspace import Workspace
from talenthub.workspace.demo import PUBLISHED
from talenthub.workspace.making import make

SINCE = date(2025, 1, 1)
FRAMEWORK, ROLE = "hpsa-core", "case-officer"

LINE = ("chief", "leader", "manager", "subject")
"""Each reports to the one before."""

GRANTS = {
    "recruiter": "recruiter",
    "officer": "hr_officer",
    "partner": "hr_partner",
    "head": "hr_head",
    "sponsor": "sponsor",
    "owner": "framework_owner",
    "editor": "framework_editor",
    "administrator": "admin",
    "auditor": "auditor",
    "monitor": "monitor",
}
"""Each holds one grant, everywhere."""

OTHERS = ("first", "second", "third", "fourth", "fifth", "sixth")
"""Who takes part in cases."""

HANDLES = (*LINE, *GRANTS, *OTHERS)

WORDS = (
    *("COM", "TRU", "CIT", "INI", "COL", "JDG", "DEL", "DEV", "peers", "manager", ROLE, *LINE[:2]),
    *("some words that say enough", "a word", "letters", "1", "1/2", "0.5"),
)
"""What texts of the house may be: its codes and handles, words and numbers."""


def furnish(folder: Path, plugins: Sequence[str]) -> None:
    """Make the house in a folder, with these plugins."""
    make(folder, {("plugins", "enabled"): list(plugins)})
    workspace = Workspace.open(folder)
    try:
        workspace.run(SYSTEM, _fill)
    finally:
        workspace.close()


def _fill(now: Transaction) -> None:
    tx = now.at(datetime(PUBLISHED.year, PUBLISHED.month, PUBLISHED.day, 9, tzinfo=UTC))
    imported = import_framework(
        tx, read_file(shipped() / "harbourline" / "framework.yaml"), catalogue_from=PUBLISHED
    )
    write_organisation(tx, Organisation((NewUnit("house", "The house"),), tuple(_posts()), tuple(_people())))
    by_owner = tx.by(Actor(person(tx, "owner").id))
    publish(by_owner, imported.version.id, PUBLISHED, right=Decision(True, "you hold framework_owner"))


def _posts() -> list[NewPost]:
    above = (None, *LINE)
    return [
        NewPost(
            name, name.title(), FRAMEWORK, ROLE, "house", SINCE, reports_to=boss, critical=name == "leader"
        )
        for name, boss in zip(LINE, above, strict=False)
    ]


def _people() -> list[NewPerson]:
    return [
        NewPerson(
            handle,
            handle.title(),
            post=handle if handle in LINE else None,
            since=SINCE if handle in LINE else None,
            grants=((GRANTS[handle], None),) if handle in GRANTS else (),
        )
        for handle in HANDLES
    ]


def people_of_house(tx: Transaction) -> tuple[Mapping[str, int], int]:
    """Return the people by handle, and the published framework version."""
    rows = tx.rows(select(person_table.c.handle, person_table.c.id).where(person_table.c.handle.in_(HANDLES)))
    return {row.handle: row.id for row in rows}, published(tx, FRAMEWORK).id
