"""A day in HR: fifteen commands, three of them wrong, as the screen shows them."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from talenthub.cli import talent

PAGE = Path(__file__).parents[2] / "docs" / "hr-day.md"
BLOCK = re.compile(r"^```console\n\$ (talent [^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REWRITE = "TALENTHUB_REWRITE_DAY"
"""Set, the test writes what the commands answer now into the page."""

WRONG = {4: 2, 10: 3, 12: 9}
"""Which commands, counted from 1, go wrong, and with which exit code."""

CANDIDATES = """name,email
Amara Okoye,amara@candidates.example
Bram Visser,
Chloe Martin,chloe@candidates.example
Dina Sousa,
Emil Novak,
Farah Aziz,
"""
WITHDRAWN = """ref;reason
APP-2;found another post
APP6;moved away
APP-2;moved away
"""


class Screen(io.StringIO):
    """What a person looks at: a terminal that keeps what it shows."""

    def isatty(self) -> bool:
        return True


def typed(words: str) -> tuple[int, str]:
    """Run one command as at a terminal; return its code and the screen."""
    screen = Screen()
    with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        try:
            talent.main(shlex.split(words)[1:])
        except SystemExit as left:
            code = left.code
    assert isinstance(code, int)
    return code, screen.getvalue()


@pytest.fixture
def desk(make_world: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace with a vacancy and six candidates, and Maria at it."""
    world = make_world()
    panel = [word for each in ("jonas.weber", "kofi.mensah", "ana.ribeiro") for word in ("--panel", each)]
    where = ("--unit", "harbour", "--chair", "dario.conti", "--reason", "Two colleagues leave in March")
    world.talent("recruitment", "open", "case-officer", *where, *panel, who="maria.costa")
    world.steps(("tomas.lind", "REQ-1", "approve"), ("maria.costa", "REQ-1", "open"))
    world.steps(("grace.lindqvist", "SEL-1", "approve_plan"), ("maria.costa", "SEL-1", "advertise"))
    (world.folder / "candidates.csv").write_text(CANDIDATES)
    (world.folder / "withdrawn.csv").write_text(WITHDRAWN)
    file = str(world.folder / "candidates.csv")
    world.talent("recruitment", "candidate", "add", "SEL-1", "--file", file, who="maria.costa")
    world.talent("recruitment", "open", "case-officer", *where, *panel, "--unit", "quay", who="maria.costa")
    world.tick(date(2026, 1, 19))
    monkeypatch.chdir(world.folder)
    for name, value in {
        "COLUMNS": "80",
        "LINES": "200",
        "TERM": "dumb",
        "TALENTHUB_AS": "maria.costa",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("FORCE_COLOR", "TALENTHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    return world.folder


def test_a_day_in_hr_reads_as_the_page_tells(desk: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    day = BLOCK.findall(page)
    answers = [typed(words) for words, _ in day]
    if os.environ.get(REWRITE):
        told = iter(answers)
        page = BLOCK.sub(lambda found: f"```console\n$ {found[1]}\n{next(told)[1]}```", page)
        PAGE.write_text(page, encoding="utf-8")
    assert len(day) == 15
    for number, ((words, _), (code, screen)) in enumerate(zip(day, answers, strict=True), 1):
        assert code == WRONG.get(number, 0), (words, screen)
        assert "Traceback" not in screen
        assert max(map(len, screen.splitlines())) <= 80, (words, screen)
    shown = [text for _, text in BLOCK.findall(page)]
    assert shown == [screen for _, screen in answers], f"the page is out of date: {REWRITE}=1 rewrites it"


def test_grants_of_plugins_are_named_and_given(make_world: Any) -> None:
    world = make_world()
    known = {each["grant"] for each in world.figures("people", "grant", "names", who="sami.okafor")["items"]}
    assert known >= {"recruiter", "budget_holder"}
    given = ("people", "grant", "give", "kofi.mensah", "budget_holder", "--dry-run")
    world.talent(*given, who="sami.okafor")
    wrong = world.talent("people", "grant", "give", "kofi.mensah", "budget_hodler", who="sami.okafor", code=2)
    assert "did you mean 'budget_holder'?" in wrong.err
