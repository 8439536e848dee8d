"""Whatever a schema allows, a step is taken or refused with a reason."""

from __future__ import annotations

import pytest

from talenthub.testing.golden import GoldenHouse
from talenthub.testing.golden_house import ROLE
from talenthub.testing.wandering import wander

SHARE = slice(None, None, 4)
"""By default some workflows of each plugin are tried; under storm all of them, long."""


@pytest.mark.parametrize(
    ("share", "seeds"),
    [(SHARE, range(1)), pytest.param(slice(None), range(1, 200), marks=pytest.mark.storm)],
)
def test_no_legal_call_ends_without_a_reason(house: GoldenHouse, share: slice, seeds: range) -> None:
    given = {
        each.workflow.name: {"role": ROLE} if "role" in each.workflow.data.model_fields else {}
        for each in house.loaded()
    }
    wrong = {
        f"{loaded.workflow.name}, seed {seed}: {each.text} at {each.place}: {each.found}"
        for loaded in list(house.loaded())[share]
        for seed in seeds
        for each in wander(house, loaded, seed, given)
    }
    assert sorted(wrong) == []
