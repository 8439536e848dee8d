"""Mutated settings and files of candidates: an answer with a place, no traceback."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from bad_mutants import book_mutant, mutant
from bad_rows import CONFIGURATION, Bad
from workbooks import book

from talenthub.errors import ConfigurationError, FileError, Problem, Refused
from talenthub.workspace import Workspace
from talenthub.workspace.opening import configure, database_url
from talenthub_recruitment.candidates import add_candidates, read_candidates

SETTINGS = """
[organisation]
timezone = "Europe/Lisbon"
language = "pt-BR"
calendar = "calendar.txt"
[evidence.weights]
peers = 0.7
[evidence.readers]
self = ["selection", "development"]
[gap]
close_days = 30
[plugin.recruitment]
minimum_panel = 4
[[handoff]]
on = "recruitment.application.hire"
open = "onboarding.plan"
"""
HEADER = ("name", "email", "handle", "person", "language")
CANDIDATES = (
    ("Ada Lund", "ada@example.org", "ada.lund", "", "en"),
    ("", "", "", "tomas", ""),
    ("Bo, Li", "bo@example.org", "", "", "pt-BR"),
    ("Zoë Ö", "", "", "", ""),
)
CSV = "\n".join(
    ",".join(f'"{each}"' if "," in each else each for each in row) for row in (HEADER, *CANDIDATES)
)
BOOK = book(list(HEADER), *(list(row) for row in CANDIDATES))
KINDS = {"csv": (CSV.encode(), mutant), "xlsx": (BOOK, book_mutant)}
DOSES = [
    pytest.param(200, id="200"),
    pytest.param(10_000, id="storm", marks=[pytest.mark.storm, pytest.mark.timeout(7200)]),
]
FIRED = 20
"""So many files that are in order go the whole way; the rest are only read."""


@pytest.mark.parametrize("dose", DOSES)
def test_mutated_settings_are_read_or_refused_in_their_place(tmp_path, dose):
    file = tmp_path / "talenthub.toml"
    sample = (CONFIGURATION.format(url="sqlite:///t.db", plugins='["recruitment"]') + SETTINGS).encode()
    told: Counter[str] = Counter()
    placeless: list[tuple[int, Problem]] = []
    for seed in range(dose):
        file.write_bytes(mutant(f"settings {seed}", sample, most=2))
        try:
            database_url(configure(tmp_path, environment={}))
            told["read"] += 1
        except ConfigurationError as refusal:
            told["refused"] += 1
            placeless += [(seed, each) for each in refusal.problems if not (each.place and each.code)]
    assert placeless == []
    assert min(told.values()) > dose // 100
    assert [each.name for each in tmp_path.iterdir()] == ["talenthub.toml"]


@pytest.mark.parametrize("dose", DOSES)
@pytest.mark.parametrize("form", KINDS)
def test_mutated_candidates_are_added_or_refused_in_their_place(ground, tmp_path, form, dose, as_it_was):
    sample, changed = KINDS[form]
    given = ground("sqlite")
    before = as_it_was(given.database)
    given.folder(tmp_path, Bad(kind="", about="", words="", exit=0))
    file = tmp_path / f"c.{form}"
    told: Counter[str] = Counter()
    opened = Workspace.open(tmp_path)
    try:
        for seed in range(dose):
            file.write_bytes(changed(f"{form} {seed}", sample))
            told[outcome(opened, file, told["added"] < FIRED)] += 1
    finally:
        opened.close()
    assert told["placeless"] == 0
    assert min(told["added"] + told["read"], told["refused"]) > dose // 100
    assert as_it_was(given.database) == before


def outcome(opened: Workspace, file: Path, is_fired: bool) -> str:
    """Return what came of a file; placeless if a problem tells no place or code."""
    try:
        wanted = read_candidates(file, "SEL-1")
        if is_fired:
            maria = opened.actor(as_handle="maria")
            opened.run(maria, lambda tx: add_candidates(opened.engine, tx, wanted), dry_run=True)
            return "added"
    except FileError as refusal:
        return "refused" if all(each.place and each.code for each in refusal.problems) else "placeless"
    except Refused:
        return "a rule said no"
    return "read"
