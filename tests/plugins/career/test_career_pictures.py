"""The pictures of the pages are those that the commands draw."""

from __future__ import annotations

import runpy
from decimal import Decimal
from pathlib import Path

import pytest

from talenthub_career.drawing import seeing

DOCS = Path(__file__).parents[3] / "docs"


def test_the_pictures_of_the_pages_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert runpy.run_path(str(DOCS / "draw.py"))["main"](["--check"]) == 0, capsys.readouterr().out
    pages = "".join(each.read_text("utf-8") for each in DOCS.glob("*.md"))
    drawn = sorted(each.name for each in (DOCS / "pictures").glob("*.svg"))
    assert [each for each in drawn if f"(pictures/{each})" not in pages] == []


def test_the_bars_of_seeing_it_end_at_the_priority() -> None:
    row = {
        "competency": "COM",
        "chosen": True,
        "says": "",
        "context": 0.93,
        "need": 0.768,
        "priority": 0.8652,
    }
    none = {**row, "competency": "COL", "need": 0.0, "priority": None, "chosen": False, "says": "no need"}
    unknown = {**none, "competency": "TRU", "need": None, "says": "nothing is known"}
    drawn = seeing("Amara", [row, none, unknown], Decimal("0.6")).svg()
    assert "0.865 · chosen" in drawn
    assert "0 · no need" in drawn
    assert "unknown · nothing is known" in drawn
