"""The demo's story and the tutorial: the same commands, really run."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from talenthub.cli import talent

HERE = Path(__file__).parents[2]
STORY = HERE / "config" / "harbourline" / "story.sh"
TUTORIAL = HERE / "docs" / "tutorial.md"
STEP = re.compile(r"^(?:run|refused (\d+)) '(talent [^']*)'$", re.MULTILINE)
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PART = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)
REWRITE = "TALENTHUB_REWRITE_TUTORIAL"
"""Set, the test writes what the commands answer now into the tutorial."""

FIGURES = {
    "talent recruitment decide APP-1 --as dario.conti": ["DEL 2, 4, 3 (range 2, r_wg 0.500)"],
    "talent recruitment decide APP-1 -o table --as dario.conti": ["ranked", "3.133"],
    "talent why APP-2 rank --as dario.conti": ["overall 3.400", "TRU 2.333 is below 2.5"],
    "talent recruitment decide APP-3 -o table --as dario.conti": [
        "overall 2.933 is below 3.0",
        "sponsor",
        "second",
    ],
    "talent doctor --as sami.okafor": ["onboarding.plan", "APP-1 waits"],
}
LADDER = {"CIT": "2.333", "TRU": "2", "COM": "1.667", "JDG": "2.333", "DEL": "2"}


def steps() -> list[tuple[int, str]]:
    """Return the expected exit code and the words of each step."""
    return [(int(code or 0), words) for code, words in STEP.findall(STORY.read_text(encoding="utf-8"))]


def spoken(text: str) -> list[str]:
    """Return lines as they are compared: no blanks at their ends, no empty ones."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def kept(words: str, lines: list[str]) -> list[str]:
    """Return the lines that the tutorial shows."""
    if not words.startswith("talent doctor"):
        return lines
    # The rest of its answer changes with every table the product gains.
    return ["…", *(line for line in lines if "handoff" in line), "…"]


def play(words: str) -> tuple[int, str]:
    """Run one command in this process; return its code and all it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            talent.main(shlex.split(words)[1:])
        except SystemExit as left:
            code = left.code
    assert isinstance(code, int)
    return code, printed.getvalue()


@pytest.fixture
def stage(make_world: Any, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """Return the folder of a demo workspace, entered."""
    folder: Path = make_world(request.param).folder
    shutil.copy(STORY.parent / "interviews.csv", folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return folder


@pytest.mark.timeout(300)
@pytest.mark.parametrize("stage", ["sqlite", "postgresql"], indirect=True)
def test_the_story_plays_and_the_tutorial_tells_it(stage: Path) -> None:
    told: dict[str, list[str]] = {}
    for expected, words in steps():
        code, printed = play(words)
        assert code == expected, (words, code, printed)
        assert "Traceback" not in printed
        told[words] = kept(words, spoken(printed))
    for words, figures in FIGURES.items():
        shown = "\n".join(told[words])
        assert all(each in shown for each in figures), (words, shown)
    ledger = next(lines for words, lines in told.items() if words.startswith("talent evidence show"))
    for code_of, rung in LADDER.items():
        assert any(re.match(rf"{code_of}\s+{re.escape(rung)}\s", line) for line in ledger)
    gaps = next(lines for words, lines in told.items() if words.startswith("talent gap person"))
    assert [line.split()[0] for line in gaps if " minor" in line] == ["COM"]
    assert not any(band in line for line in gaps for band in (" material", " large"))
    if stage.joinpath("talenthub.db").exists():  # the folder's own database: all as in the text
        _compare_tutorial(told)


def _compare_tutorial(told: dict[str, list[str]]) -> None:
    if os.environ.get(REWRITE):
        TUTORIAL.write_text(BLOCK.sub(lambda found: _retold(found, told), _text()), encoding="utf-8")
    parts = [each for block in BLOCK.findall(_text()) for each in PART.findall(block)]
    assert [words for words, _ in parts if words in told] == list(told), "a step of the story is missing"
    for words, output in parts:
        if words in told:
            assert spoken(output) == told[words], f"the tutorial is out of date: {REWRITE}=1 rewrites it"


def _text() -> str:
    return TUTORIAL.read_text(encoding="utf-8")


def _retold(block: re.Match[str], told: dict[str, list[str]]) -> str:
    retold = []
    for words, output in PART.findall(block[1]):
        lines = told.get(words, spoken(output))
        retold.append("\n".join([f"$ {words}", *lines]))
    return "```console\n" + "\n\n".join(retold) + "\n```"
