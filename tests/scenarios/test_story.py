"""The demo's story and the tutorial: the same commands, really run."""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from talenthub.cli import talent

HERE = Path(__file__).parents[2]
DEMO = HERE / "config" / "harbourline"
DOCS = HERE / "docs"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PART = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)
DRAWN = re.compile(r"\b(NOM-|CRP-)\d{8}\b")
"""References of confidential cases: each run draws others."""

REWRITE = "TALENTHUB_REWRITE_TUTORIAL"
"""Set, the test writes what the commands answer now into the tutorial."""

Told = list[tuple[str, list[str]]]
"""The commands of a chapter, and the lines that each printed."""

LAST_FIGURES = 4
"""So many chapters hold all of them."""
FIGURES = [
    ("talent recruitment decide APP-1 --as dario.conti", ["DEL 2, 4, 3 (range 2, r_wg 0.500)"]),
    ("talent recruitment decide APP-1 -o table --as dario.conti", ["ranked", "3.133"]),
    ("talent why APP-2 rank --as dario.conti", ["overall 3.400", "TRU 2.333 is below 2.5"]),
    (
        "talent recruitment decide APP-3 -o table --as dario.conti",
        ["overall 2.933 is below 3.0", "sponsor", "second"],
    ),
    ("talent doctor --as sami.okafor", ["onboarding.plan", "APP-1 waits"]),
    ("talent onboarding plan amara.okoye -o table --as dario.conti", ["2026-04-30", "Communication"]),
    ("talent why ONB-1 confirm --as grace.lindqvist", ["mean 3 of CIT 3", "confirm is possible"]),
    ("talent performance conversation list amara.okoye -o table --as amara.okoye", ["10 of 12 held"]),
    ("talent why REV-6 release --as dario.conti", ["no-surprise index 0.300 from 2.7, 2.9"]),
    (
        "talent performance review show amara.okoye -o table --as amara.okoye",
        ["3.100", "peers COM     1.750"],
    ),
    ("talent career placement amara.okoye --as noor.haddad", ["31/10", "3.4105", "broaden"]),
    (
        "talent career show amara.okoye --part seeing -o table --as amara.okoye",
        [
            "1  COM            0.865    0.930  0.768",
            "2  DEV            0.718    0.530  1.000",
            "3  CIT            0.536    0.570  0.486",
            "4  INI            0.530",
            "5  DEL            0.504    0.540  0.450",
            "6  TRU            0.452",
            "7  JDG            0.375    0.420  0.307",
            "COL                -    0.350  0.000  0.000     0.000          no need",
        ],
    ),
    (
        "talent career learning DEV --level 2 --hours 100 -o table --as amara.okoye",
        ["30 / 12 / 8 hours", "DEV assignments short by 40 h"],
    ),
    ("talent career show amara.okoye --part map -o table --as amara.okoye", ["70 / 20 / 10", "0.860"]),
    ("talent career show amara.okoye --part entries -o table --as dario.conti", ["Kept 0.875"]),
    ("talent career board --unit harbour -o table --as dario.conti", ["0.875       1  1.600"]),
    (
        "talent career show amara.okoye -o table --as amara.okoye",
        ["COM stands at 2.013, gain 0.549, gap closed 100%", "0.800", "closed achieved"],
    ),
    (
        "talent career placement amara.okoye -o table --as noor.haddad",
        ["293/80", "3.663", "3.891", "Accelerate"],
    ),
    (
        "talent career paths amara.okoye --to branch-manager -o table --as amara.okoye",
        ["service-team-leader    22.9     3.847", "Velocity 1.008"],
    ),
]
LAST = [
    (
        "talent succession check --purpose successor -o table --fields person,why_not --as grace.lindqvist",
        ["adil.cabral insufficient evidence"],
    ),
    (
        "talent succession show lin.zhao -o table --as grace.lindqvist",
        ["residual 0.500", "computed ready in 1-2 years, agreed ready now"],
    ),
    (
        "talent succession show amara.okoye -o table --as grace.lindqvist",
        [
            *("residual 3.847", "velocity 1.008", "months 22.9", "fit 67.2"),
            *("3.663: PLC-2 of 2027-10-15", "3.891: PLC-2 of 2027-10-15"),
            "computed ready in 1-2 years, agreed ready in",
        ],
    ),
    (
        "talent succession risk -o table --as thandi.park",
        ["harbour-service-team-leader-02 0.350 0.900 0.875 0.0394"],
    ),
    (
        "talent succession cover -o table --as thandi.park",
        [
            "0.833 one by one, 0.667 all at once",
            "northgate-branch-manager tomas.lind, lin.zhao lin.zhao",
        ],
    ),
    (
        "talent succession what-if --leave tomas.lind -o table --as thandi.park",
        ["Coverage one by one 0.833 → 0.500, all at once 0.667 → 0.500."],
    ),
]
"""Of the chapter on succession, in single blanks; its figures have a test of their own on both databases."""

LADDER = {"CIT": "2.333", "TRU": "2", "COM": "1.667", "JDG": "2.333", "DEL": "2"}
DAY_90 = {"COM": "1.548"}
APPRAISAL = {"CIT": "2.028", "TRU": "2", "COM": "1.463", "INI": "2", "COL": "2", "JDG": "2.385"}
APPRAISAL |= {"DEL": "2.101", "DEV": "1"}
GAPS = ["COM 2 1.667 0.333 minor", "COM 2 1.463 0.537 material"]


@pytest.fixture(scope="module")
def story() -> SimpleNamespace:
    """Return the player of the story."""
    return SimpleNamespace(**runpy.run_path(str(DEMO / "story.py"), run_name="story"))


def spoken(text: str) -> list[str]:
    """Return lines as they are compared: no blanks at their ends, no drawn numbers."""
    return [DRAWN.sub(r"\1…", line.rstrip()) for line in text.splitlines() if line.strip()]


def kept(words: str, lines: list[str]) -> list[str]:
    """Return the lines that the tutorial shows."""
    if not words.startswith("talent doctor"):
        return lines
    # The rest of its answer changes with every table the product gains.
    return ["…", *(line for line in lines if "handoff" in line), "…"]


def ask(words: str) -> tuple[int, str]:
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
    for table in DEMO.glob("story/*.csv"):
        shutil.copy(table, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return folder


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("stage", "many"),
    [("sqlite", 5), ("postgresql", 1), pytest.param("postgresql", 4, marks=pytest.mark.storm)],
    indirect=["stage"],
)
def test_the_story_plays_and_the_tutorial_tells_it(stage: Path, many: int, story: SimpleNamespace) -> None:
    own_file = stage.joinpath("talenthub.db").exists()
    chapters = story.chapters()[:many]
    told = {chapter.stem: _play(story, chapter) for chapter in chapters}
    everything = [each for chapter in told.values() for each in chapter]
    said = dict(reversed(everything))  # the first answer to each
    for words, figures in FIGURES:
        if many >= LAST_FIGURES or words in said:
            shown = "\n".join(said[words])
            assert all(each in shown for each in figures), (words, shown)
    _compare_ledger(everything, whole=many >= LAST_FIGURES)
    if own_file:  # the folder's own database: all as in the text
        _compare_last(everything)
        for name, chapter in told.items():
            _compare_tutorial(page_of(name), chapter)


def _play(story: SimpleNamespace, chapter: Path) -> Told:
    found: Told = []
    for step in story.lines_of(chapter):
        if isinstance(step, str):
            continue
        code, printed = ask(step.words)
        assert code == step.code, (step.words, code, printed)
        assert "Traceback" not in printed
        found.append((step.words, kept(step.words, spoken(printed))))
    return found


def _compare_ledger(told: Told, *, whole: bool) -> None:
    tables = [lines for words, lines in told if words.startswith("talent evidence show")]
    for rungs, lines in zip((LADDER, DAY_90, APPRAISAL)[: 3 if whole else 1], tables, strict=True):
        for code, rung in rungs.items():
            assert any(re.match(rf"{code}\s+{re.escape(rung)}\s", line) for line in lines), (code, lines)
    gaps = [lines for words, lines in told if words.startswith("talent gap person")]
    banded = [
        [" ".join(line.split()) for line in lines if re.search("minor|material|large", line)]
        for lines in gaps
    ]
    assert banded == [[each] for each in (GAPS if whole else GAPS[:1])]


def _compare_last(told: Told) -> None:
    said = [(words, " ".join(" ".join(lines).split())) for words, lines in told]
    for words, figures in LAST:
        shown = dict(said)[words]
        assert all(each in shown for each in figures), (words, shown)
    before, after = (shown for words, shown in said if words.startswith("talent succession bench"))
    assert all(each in before for each in ("0.625 0.1181", "ana.ribeiro: ready now"))
    assert all(each in after for each in ("0.875 0.0394", "amara.okoye: ready in 1-2 years"))


def page_of(chapter: str) -> Path:
    """Return the page that tells a chapter such as `2-onboarding`."""
    own = DOCS / f"tutorial-{chapter.partition('-')[2]}.md"
    return own if own.exists() else DOCS / "tutorial.md"


def _compare_tutorial(page: Path, told: Told) -> None:
    text = page.read_text(encoding="utf-8")
    if os.environ.get(REWRITE):
        following = iter(told)
        text = BLOCK.sub(lambda found: _retold(found, following), text)
        page.write_text(text, encoding="utf-8")
    parts = [each for block in BLOCK.findall(text) for each in PART.findall(block) if is_step(each[0])]
    assert [words for words, _ in parts] == [words for words, _ in told], f"{page.name} misses a step"
    for (words, output), (_, lines) in zip(parts, told, strict=True):
        assert spoken(output) == lines, f"{page.name} is out of date at {words}: {REWRITE}=1 rewrites it"


def is_step(words: str) -> bool:
    """Return whether a command of a page is one of the story's."""
    return words.startswith("talent ") and not words.startswith("talent init")


def _retold(block: re.Match[str], told: Any) -> str:
    retold = []
    for words, output in PART.findall(block[1]):
        lines = next(told)[1] if is_step(words) else spoken(output)
        retold.append("\n".join([f"$ {words}", *lines]))
    return "```console\n" + "\n\n".join(retold) + "\n```"
