"""The demo: Harbourline's framework, its 1,200 people and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from talenthub.access.rules import Decision
from talenthub.errors import IntegrityError, Problem
from talenthub.framework.formats.yaml import read_file
from talenthub.framework.model import Role
from talenthub.framework.publishing import import_framework, publish
from talenthub.framework.text import say
from talenthub.people.grants import holders
from talenthub.people.organisation import write_organisation
from talenthub.people.population import RoleSeat, harbourline
from talenthub.storage.transaction import Actor, Transaction
from talenthub.workspace.clock import set_demo_clock

CALENDAR = "calendar.txt"
PUBLISHED = date(2026, 1, 2)
"""The day from which the framework is in force."""

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""Where the demo clock stands at first: a Monday."""


def fill_demo(tx: Transaction, folder: Path, seed: int) -> None:
    """Write the framework, the people and the clock of the demo."""
    document = read_file(folder / "framework.yaml")
    before = tx.at(datetime(PUBLISHED.year, PUBLISHED.month, PUBLISHED.day, 9, tzinfo=UTC))
    imported = import_framework(before, document, catalogue_from=PUBLISHED)
    seats = list(_seats(document.content.roles, document.content.framework.language))
    write_organisation(before, harbourline(seats, framework=document.content.framework.code, seed=seed))
    owner = before.by(Actor(_owner(before)))
    right = Decision(True, "you hold framework_owner")
    publish(owner, imported.version.id, PUBLISHED, right=right)
    set_demo_clock(tx, START)


def _seats(roles: tuple[Role, ...], language: str) -> Iterator[RoleSeat]:
    for role in roles:
        level = role.levels[0].code if role.levels else None
        yield RoleSeat(role.code, level, role.headcount or 0, role.reports_to, say(role.title, language))


def _owner(tx: Transaction) -> int:
    found = holders(tx, "framework_owner", None)
    if not found:
        raise IntegrityError(Problem(text="nobody of the demo holds framework_owner", code="demo.owner"))
    return found[0]
