"""A strategy more, or another one for a box, is a few lines of configuration."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import ConfigurationError
from talenthub.workspace.opening import configure
from talenthub_career.reports import placements

RETURN = """
[[plugin.career.strategies]]
name = "come-back"
title = "Come back"
meaning = "after a long absence: the present role anew, step by step"
mix = [50, 30, 20]
heat = 2
targets = 1
every = 14
sponsor = "manager"
"""
BOX = 'performance = "middle"\npotential = "middle"\n'


def settings(folder: Path, text: str) -> Any:
    (folder / "talenthub.toml").write_text(f'[plugins]\nenabled = ["career"]\n{text}', encoding="utf-8")
    return configure(folder).plugins["career"]


def test_one_without_a_box_is_chosen_by_people(tmp_path: Path) -> None:
    found = settings(tmp_path, RETURN)
    assert len(found.strategies) == 10
    assert found.strategy("come-back").shares["people"] == Fraction(3, 10)
    assert found.strategy_of(Fraction(3), Fraction(3)).title == "Broaden in place"


def test_one_with_a_box_takes_its_place(tmp_path: Path) -> None:
    first = '[plugin.career]\nwithout_placement = "come-back"\n'
    found = settings(tmp_path, first + RETURN + BOX)
    assert len(found.strategies) == 9
    assert found.strategy_of(Fraction(3), Fraction(3)).name == "come-back"
    assert found.strategy_of(Fraction(4), Fraction(4)).name == "accelerate"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RETURN + 'performance = "middle"\n', "performance and potential, or neither"),
        (RETURN + BOX + RETURN.replace("come-back", "again") + BOX, "exactly one"),
        (RETURN + RETURN, "a name of its own"),
        (RETURN.replace("20]", "30]"), "makes 110 percent"),
        ('[plugin.career]\nwithout_placement = "nothing"\n', "no strategy is called 'nothing'"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        settings(tmp_path, text)


def test_the_boxes_are_told_from_the_top(quick_house: Any) -> None:
    rows = quick_house.run(lambda tx: placements(quick_house.workspace.engine, tx), "noor.haddad")
    assert len(rows) == 9
    assert rows[0]["strategy"] == "Accelerate"
    assert rows[-1]["strategy"] == "Stabilise"
