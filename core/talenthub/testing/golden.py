"""Golden histories: what a released workflow did, and does under any later code.

A history is a few openings and steps in a small house of its own, and what
came of them. `recorded` takes steps at random and writes them down; `replayed`
takes the same steps again and says what differs now.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update

from talenthub.errors import TalentError
from talenthub.evidence.tables import evidence
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.testing.golden_house import furnish, people_of_house
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.engine import Engine
from talenthub.workflow.history import histories
from talenthub.workflow.opening import Opening, open_cases
from talenthub.workflow.tables import case_task, case_timer, workflow_case
from talenthub.workspace import Workspace

_stand = (
    update(workflow_case).where(workflow_case.c.id == bindparam("which")).values(state=bindparam("there"))
)

Golden = dict[str, Any]
"""A history as JSON: what it runs on, its openings, its steps, what they did."""

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEP = timedelta(hours=1)
THE_SYSTEM = "system"


@dataclass(slots=True)
class Scene:
    """A history that is being played, in a transaction that is taken back."""

    engine: Engine
    tx: Transaction
    people: Mapping[str, int]
    framework: int
    cases: list[CaseView] = field(default_factory=list)

    def open(self, opening: Mapping[str, Any]) -> CaseView:
        """Open a case as the system, below the one before if it says so.

        One that says where it stands begins there, as a case does that was
        moved from another version.
        """
        made = Opening(
            opening["workflow"],
            subject=self.people[opening["subject"]] if opening["subject"] else None,
            data=opening["data"],
            participants={
                role: tuple(self.people[each] for each in who) for role, who in opening["roles"].items()
            },
            parent=self.cases[-1] if opening["below"] else None,
            framework_version=self.framework,
        )
        (case,) = open_cases(self.engine, self.engine.enter(self._now()), [made])
        self.cases.append(case)
        if "stands" in opening:
            self.tx.connection.execute(_stand, {"which": case.id, "there": opening["stands"]})
        return case

    def fire(self, step: Mapping[str, Any], number: int) -> None:
        """Take a step on the last case that was opened, so many days later."""
        actor = SYSTEM if step["who"] == THE_SYSTEM else Actor(self.people[step["who"]])
        tx = self._now(number, step.get("days", 0)).by(actor)
        self.engine.fire(tx, self.cases[-1].id, step["step"], step["form"])

    def _now(self, number: int = 0, days: int = 0) -> Transaction:
        return self.tx.at(START + number * STEP + timedelta(days))

    def told(self) -> dict[str, Any]:
        """Return all that can be seen of the last case and of what it led to."""
        number = self.cases[-1].id
        events = histories(self.tx, [number])[number]
        after = next(row for row in self._rows(workflow_case) if row["id"] == number)
        told = {
            "events": [_event(each, self.people) for each in events],
            "carries": json.loads(after["data"]),
            "tasks": _shown(self._rows(case_task), number, ("name", "title", "relation", "due_at", "status")),
            "timers": _shown(
                self._rows(case_timer), number, ("name", "fires", "escalates", "due_at", "status")
            ),
            "evidence": _shown(
                self._rows(evidence), number, ("person_id", "competency", "purpose", "source", "ladder")
            ),
            "opened": [
                f"{each['workflow']}: {each['state']}"
                for each in self._rows(workflow_case)
                if each["parent_id"] == number
            ],
        }
        return self._without_refs(told)

    def _rows(self, table: Any) -> list[dict[str, Any]]:
        found = self.tx.rows(select(table).order_by(*table.primary_key))
        return [dict(row._mapping) for row in found]

    def _without_refs(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return it with numbers for references: those of some workflows are drawn."""
        text = json.dumps(told, default=str, sort_keys=True)
        for row in self._rows(workflow_case):
            text = text.replace(f'"{row["ref"]}', f'"#{row["id"]}')
        plain: dict[str, Any] = json.loads(text)
        return plain


def _event(event: Any, people: Mapping[str, int]) -> dict[str, Any]:
    names = {number: name for name, number in people.items()}
    return {
        "kind": event.kind,
        "transition": event.transition,
        "source": event.source,
        "target": event.target,
        "who": names.get(event.actor.person, THE_SYSTEM),
        "payload": event.payload,
    }


def _shown(rows: Sequence[Mapping[str, Any]], case: int, names: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in names} for row in rows if row["case_id"] == case]


class GoldenHouse:
    """A workspace with a few people, in which histories are played."""

    def __init__(self, folder: Path, plugins: Sequence[str]) -> None:
        furnish(folder, plugins)
        self.workspace = Workspace.open(folder)

    def close(self) -> None:
        """Close the workspace."""
        self.workspace.close()

    def loaded(self) -> Iterator[Loaded]:
        """Return every version of every workflow that the plugins bring."""
        return self.workspace.catalogue.versions()

    def played(self, golden: Golden) -> dict[str, Any]:
        """Return what the steps of a history do now; nothing of it is kept."""
        with self.scene(golden["runs_on"]) as scene:
            for each in golden["open"]:
                scene.open(each)
            for number, step in enumerate(golden["steps"], 1):
                scene.fire(step, number)
            return scene.told()

    def scene(self, runs_on: Mapping[str, int]) -> _Playing:
        """Return a context that yields a Scene on these versions."""
        return _Playing(self.workspace, runs_on)


class _Playing:
    """One transaction that is taken back, with an engine on chosen versions."""

    def __init__(self, workspace: Workspace, runs_on: Mapping[str, int]) -> None:
        chosen = [
            each
            for each in workspace.catalogue.versions()
            if each.workflow.version == runs_on.get(each.workflow.name, each.workflow.version)
        ]
        self._engine = replace(workspace.engine, catalogue=Catalogue(chosen), handlers=())
        self._transaction = workspace.transaction(SYSTEM, dry_run=True)

    def __enter__(self) -> Scene:
        tx = self._transaction.__enter__()
        people, framework = people_of_house(tx.at(START))
        return Scene(self._engine, tx, people, framework)

    def __exit__(self, *raised: Any) -> None:
        self._transaction.__exit__(*raised)


def replayed(house: GoldenHouse, golden: Golden) -> list[str]:
    """Return what a history does otherwise than it did; empty if nothing.

    A changed declaration is told before anything is played.
    """
    name, version = golden["workflow"], golden["version"]
    found = next(
        (each for each in house.loaded() if (each.workflow.name, each.workflow.version) == (name, version)),
        None,
    )
    if found is None:
        return [f"{name} version {version} is gone: keep a released version, or move its cases first"]
    if found.hash != golden["hash"]:
        return [f"{name} version {version} is declared otherwise than it was released: give it a new version"]
    try:
        now = house.played(golden)
    except TalentError as error:
        return [f"{name} version {version} refuses what it did before: {error}"]
    return [
        f"{name} version {version}, {part}: it was {golden['told'][part]!r}, and is {now.get(part)!r}"
        for part in golden["told"]
        if golden["told"][part] != now.get(part)
    ]
