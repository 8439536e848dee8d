"""Who may do what: the table of the docs, walked through why and in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import NotFound, NotPermitted, Refused
from talenthub.sdk import Engine, Request, Transaction
from talenthub.storage.transaction import SYSTEM

PAGE = Path(__file__).parents[2] / "docs" / "onboarding.md"
WHO = {
    "newcomer": "kofi.mensah",
    "manager": "dario.conti",
    "above": "tomas.lind",
    "buddy": "jonas.weber",
    "HR partner": "grace.lindqvist",
    "HR officer": "maria.costa",
    "head of HR": "noor.haddad",
    "stranger": "lin.zhao",
    "system": None,
}
FORMS = {step: {"reason": "because"} for step in ("block", "waive")}
"""Where a guard asks whose it is, the form must be right to be asked at all."""

CODES = ("CIT", "TRU", "COM", "INI", "COL", "JDG", "DEL", "DEV")
MARIA, DARIO, KOFI, SAMI = "maria.costa", "dario.conti", "kofi.mensah", "sami.okafor"


def table(first: str) -> dict[str, set[str]]:
    """Return row to the columns that have a mark, of the table that begins so."""
    text = PAGE.read_text(encoding="utf-8")
    start = text.index(f"| {first} |")
    head, _, *lines = text[start : text.index("\n\n", start)].splitlines()
    names = [each.strip() for each in head.strip("|").split("|")][1:]
    assert names == list(WHO)
    found = {}
    for line in lines:
        row, *cells = [each.strip() for each in line.strip("|").split("|")]
        found[row] = {name for name, cell in zip(names, cells, strict=True) if cell == "✔"}
    return found


def may(engine: Engine, tx: Transaction, ref: str, step: str) -> bool:
    """Return whether rights alone let the actor, asked in bulk."""
    (answer,) = engine.fire_many(tx, [Request(ref, step, FORMS.get(step, {}))])
    if isinstance(answer, NotFound):
        return False
    if isinstance(answer, Refused | NotPermitted):
        assert answer.verdicts, (ref, step, answer)
        return all(each.ok for each in answer.verdicts if each.kind == "rights")
    return True


def may_by_why(engine: Engine, tx: Transaction, ref: str, step: str) -> bool:
    """Return the same, as `talent why` tells it."""
    try:
        answers = engine.why(tx, ref, step)
    except NotFound:
        return False
    rights = [[each.ok for each in answer.verdicts if each.kind == "rights"] for answer in answers]
    return any(all(each) for each in rights)


def walk(world: Any, ref: str, steps: Sequence[str]) -> Iterator[tuple[str, str, bool, bool]]:
    """Yield step, column, and both answers, on the case as it stands."""
    with world.open() as workspace:
        engine = workspace.engine
        for name, handle in WHO.items():
            actor = SYSTEM if handle is None else workspace.actor(as_handle=handle)
            for step in steps:
                bulk = workspace.run(
                    actor, lambda tx, step=step: may(engine, engine.enter(tx), ref, step), dry_run=True
                )
                why = workspace.run(
                    actor,
                    lambda tx, step=step: may_by_why(engine, engine.enter(tx), ref, step),
                    read_only=True,
                )
                yield step, name, bulk, why


def compare(world: Any, ref: str, rows: dict[str, set[str]]) -> None:
    for step, name, bulk, why in walk(world, ref, list(rows)):
        assert bulk is (name in rows[step]), (ref, step, name)
        if name != "system":
            assert why is bulk, (ref, step, name)


def plan_rows(world: Any) -> dict[str, set[str]]:
    """Return the rows of the plan's table whose step leaves its state."""
    with world.open() as workspace:
        case = workspace.run(SYSTEM, lambda tx: workspace.engine.case(tx, "ONB-1"), read_only=True)
        workflow = workspace.engine.catalogue.newest("onboarding.plan").workflow
    here = {each.name for each in workflow.edges(case.state)}
    return {step: who for step, who in table("plan").items() if step in here}


def compare_plan(world: Any, seen: set[str]) -> None:
    rows = plan_rows(world)
    compare(world, "ONB-1", rows)
    seen |= set(rows)


@pytest.mark.timeout(300)
def test_the_table_of_the_plan_holds_in_every_state(make_world: Any) -> None:
    world = make_world()
    world.talent("plugin", "enable", "onboarding", who=SAMI)
    world.talent("onboarding", "start", KOFI, "--move", who=MARIA)
    seen: set[str] = set()
    compare_plan(world, seen)
    world.talent("onboarding", "release", KOFI, "--buddy", "jonas.weber", who=DARIO)
    compare_plan(world, seen)
    compare_tasks(world)
    world.steps((MARIA, required(world), "done"))
    compare_plan(world, seen)
    world.talent("tick", "--to", "2026-04-05", who=SAMI)
    note = ("--note", "Applicants call again", "--outcome", "at-risk")
    world.talent("onboarding", "talk", KOFI, *note, who=DARIO)
    world.tick(date(2026, 4, 25))
    given = {"ratings": dict.fromkeys(CODES, 3)}
    world.steps((DARIO, "ONB-1", "check", given))
    compare_plan(world, seen)
    end = {"reason": "unclear letters", "talk_on": "2026-04-20", "appeal": "to the head of HR"}
    world.steps((DARIO, "ONB-1", "propose_end", end))
    compare_plan(world, seen)
    assert seen == set(table("plan"))


def required(world: Any) -> str:
    rows = world.figures("onboarding", "plan", KOFI, who=MARIA)["items"]
    return next(str(each["task"]) for each in rows if each["required"])


def compare_tasks(world: Any) -> None:
    """Compare one task of each kind of owner with its two rows."""
    listed = world.figures("onboarding", "plan", KOFI, who=MARIA)["items"]
    refs = {each["owner"]: each["task"] for each in listed if each["state"] == "open"}
    rows = table("task, by its owner")
    assert {each.partition(":")[0] for each in rows} == set(refs)
    for row, who in rows.items():
        owner, _, steps = row.partition(": ")
        compare(world, refs[owner], dict.fromkeys(steps.split(", "), who))
