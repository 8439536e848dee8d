"""A workspace with the trial plugin on, and the people who work in it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert

from talenthub.framework import tables as framework_tables
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.storage.transaction import SYSTEM, Actor, no_fault
from talenthub.workspace import Workspace

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
OFFICER = "olga"
MARKERS = tuple(f"marker{number}" for number in range(1, 9))
SUBJECTS = tuple(f"subject{number}" for number in range(1, 5))
OPENED_BY_HANDOFF = "trial.follow"


def open_ground(folder: Path, url: str, *, fault=no_fault, now: datetime = START, **settings) -> Workspace:
    """Return the workspace on this database, with the trial plugin on."""
    (folder / "talenthub.toml").touch()
    opened = Workspace.open(
        folder,
        fault=fault,
        clock=lambda: now,
        overrides={
            "database": {"url": url},
            "plugins": {"enabled": ["trial"]},
            "handoff": [{"on": "trial.circle.done", "open": OPENED_BY_HANDOFF}],
            **settings,
        },
    )
    assert opened.catalogue.names(), opened.warnings
    return opened


def settle(workspace: Workspace) -> None:
    """Bring in the people and a framework version to rate against."""

    def fill(tx):
        for name in (OFFICER, *MARKERS, *SUBJECTS):
            add_person(tx, name.title(), kind="employee", handle=name)
        give(tx, people(tx)[OFFICER], "hr_officer", since=date(2025, 1, 1))
        tx.write(insert(framework_tables.framework).values(id=1, code="core"))
        tx.write(
            insert(framework_tables.framework_version).values(
                id=1,
                framework_id=1,
                number="1.0.0",
                status="draft",
                locked=False,
                title="Core",
                language="en",
                rating_mode="relative",
                check_profile="lenient",
                content_hash="0" * 64,
                created_at=START,
                edited_at=START,
            )
        )

    workspace.run(SYSTEM, fill)


def people(tx) -> dict[str, int]:
    """Return the ids of the people by handle."""
    rows = tx.connection.exec_driver_sql("SELECT handle, id FROM person").all()
    return {row[0]: row[1] for row in rows}


def actor(tx_people: dict[str, int], name: str | None) -> Actor:
    """Return who acts; None is the system."""
    return SYSTEM if name is None else Actor(tx_people[name])
