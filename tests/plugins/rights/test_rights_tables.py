"""The tables of rights: what stands in docs/rights is what the system does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest

PAGES = Path(__file__).parents[3] / "docs" / "rights"
MARK = "✔"
NOT_WHO = "not who did"
FEW = ("subject", "manager", "HR partner, outside", "stranger")
"""Columns that are walked on PostgreSQL too."""
SAMPLE = 5
"""One cell in so many is tried in the default run; all of them in the storm."""

Table = Mapping[tuple[str, str], frozenset[str]]
"""Kind of case and step → the columns with a mark."""


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield kind, step and cells of every row of every page."""
    for page in sorted(PAGES.glob("*.md")):
        kind = ""
        heads: list[str] = []
        for line in page.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                kind, heads = line.removeprefix("## ").lower(), []
            elif line.startswith("|"):
                cells = [each.strip() for each in line.strip("|").split("|")]
                if not heads:
                    heads = cells
                elif not set("".join(cells)) <= {"-", ":"}:
                    yield kind, cells[0].split("`")[1], dict(zip(heads[1:], cells[1:], strict=True))


TABLE: Table = {
    (kind, step): frozenset(name for name, cell in cells.items() if cell == MARK)
    for kind, step, cells in rows()
}


def walked(ground: Any, column: str, trials: Sequence[Any]) -> dict[tuple[str, str], set[bool]]:
    """Return what somebody may do, by row; steps of one name are one row."""
    found: dict[tuple[str, str], set[bool]] = {}
    for trial, may in zip(trials, ground.in_bulk(column, trials), strict=True):
        found.setdefault((trial.kind.lower(), trial.step), set()).add(may)
    return found


def differences(ground: Any, column: str, every: int = 1) -> list[str]:
    """Return the cells in which the page and the system differ.

    One step of `every` so many is tried, others in each column.
    """
    trials = ground.trials[list(ground.actors).index(column) % every :: every]
    return [
        f"{kind}, {step}, {column}: {'may' if True in may else 'may not'}"
        for (kind, step), may in walked(ground, column, trials).items()
        if may != {column in TABLE[kind, step]}
    ]


def test_every_step_of_every_workflow_is_a_row(ground_on: Callable[[str], Any]) -> None:
    ground = ground_on("sqlite")
    assert {(each.kind.lower(), each.step) for each in ground.trials} == set(TABLE)
    declared = {
        each.workflow.name
        for each in ground.engine.catalogue.versions()
        if each.workflow.name.split(".")[0] in {page.stem for page in PAGES.glob("*.md")}
    }
    assert {ground.workflow_of(kind) for kind in ground.kinds} == declared


def test_cells_of_each_column_are_as_the_system_says(ground_on: Callable[[str], Any]) -> None:
    ground = ground_on("sqlite")
    assert [each for column in ground.actors for each in differences(ground, column, SAMPLE)] == []


def test_some_columns_are_the_same_on_postgresql(ground_on: Callable[[str], Any]) -> None:
    ground = ground_on("postgresql")
    assert [each for column in FEW for each in differences(ground, column, SAMPLE)] == []


@pytest.mark.storm
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_cell_is_tried_in_bulk(ground_on: Callable[[str], Any], kind: str) -> None:
    ground = ground_on(kind)
    assert [each for column in ground.actors for each in differences(ground, column)] == []


def told_otherwise(ground: Any, column: str, trial: Any) -> list[str]:
    """Return the steps of a case of which `talent why` says something else."""
    told = ground.by_command(column, trial.ref)
    return [
        f"{trial.kind}, {step}, {column}: {told.get(step)}"
        for step in sorted(ground.steps_from(trial))
        if (told.get(step) == {True}) != (column in TABLE[trial.kind.lower(), step])
    ]


def test_the_command_line_says_the_same(ground_on: Callable[[str], Any], kept_open: Any) -> None:
    """Of each case that steps leave, in turn to somebody of another column."""
    ground = ground_on("sqlite")
    asked = zip(ground.cases, cycle(ground.people), strict=False)
    assert [each for trial, column in asked for each in told_otherwise(ground, column, trial)] == []


@pytest.mark.storm
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_command_line_says_the_same_in_every_cell(
    ground_on: Callable[[str], Any], kept_open: Any, kind: str
) -> None:
    ground = ground_on(kind)
    asked = product(ground.people, ground.cases)
    assert [each for column, trial in asked for each in told_otherwise(ground, column, trial)] == []


def test_who_is_barred_by_an_earlier_step_stands_in_the_table(ground_on: Callable[[str], Any]) -> None:
    told = {(kind, step): cells[NOT_WHO] for kind, step, cells in rows()}
    for each in ground_on("sqlite").trials:
        named = {name.strip(" `") for name in told[each.kind.lower(), each.step].split(",") if name.strip()}
        assert named == set(each.four_eyes), each
