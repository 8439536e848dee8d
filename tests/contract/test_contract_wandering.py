"""Whatever a schema allows, a step is taken or refused with a reason."""

from __future__ import annotations

import pytest

from talenthub.errors import Refused
from talenthub.testing.golden import GoldenHouse
from talenthub.testing.golden_house import ROLE
from talenthub.testing.golden_recording import family_of
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


PLAN = {"role": ROLE, "first_day": "2026-03-02"}
COURSE = {"name": "n", "title": "t", "meaning": "m", "targets": 1, "every": 21, "sponsor": "s"}
APPEAL = {"application": 4711, "ref": "APP-1", "selection": 1, "decided_on": "2026-03-01", "grounds": "g"}
PERIOD = {"first": "2026-03-02", "last": "2026-12-31"}
DATA = {
    "recruitment.requisition": {"role": ROLE},
    "recruitment.selection": {"role": ROLE},
    "recruitment.application": {"role": ROLE},
    "recruitment.appeal": APPEAL,
    "onboarding.plan": PLAN,
    "performance.cycle": {"title": "2026", **PERIOD},
    "performance.review": {"role": ROLE, **PERIOD},
    "career.plan": {"role": ROLE, "course": COURSE},
}
MOVED_HERE = (
    ("recruitment.application", "override_requested", "sponsor", "sign_override", {"reason": "It is right"}),
    ("recruitment.appeal", "under_review", "partner", "uphold", {"reason": "It is right"}),
    ("onboarding.plan", "ending", "partner", "end", {}),
    ("performance.review", "writing", "system", "take_answers", {"case": 4711}),
    ("performance.review", "writing", "system", "reveal", {}),
    ("career.plan", "active", "system", "take_pulse", {"case": 4711}),
    ("career.plan", "active", "system", "halve", {}),
)
"""Steps of cases that came from another version without what the steps before would have kept."""
SAYS = (
    "An exception was asked for, with its reason",
    "the application that it is about is not known",
    "The end was proposed, with its reason",
    "The answers are of a round of this review that has closed",
    "The manager has rated",
    "The answers are of a question of this plan that has closed",
    "the plan has not begun",
)


def test_what_earlier_steps_have_not_kept_is_missed_in_words(house: GoldenHouse) -> None:
    for (name, stands, who, step, form), says in zip(MOVED_HERE, SAYS, strict=True):
        with house.scene({}) as scene:
            for each in family_of(scene, scene.engine.catalogue.newest(name).workflow):
                below = each.parent is not None
                opening = {"workflow": each.name, "subject": "subject", "roles": {}, "data": DATA[each.name]}
                scene.open(opening | {"below": below} | ({"stands": stands} if each.name == name else {}))
            with pytest.raises(Refused) as caught:
                scene.fire({"who": who, "step": step, "form": form}, 1)
        refusals = [each for each in caught.value.verdicts if not each.ok]
        told = [text for each in refusals for text in (each.text, *(one.text for one in each.details))]
        assert says in told, (name, step, told)


def test_a_placement_without_a_role_is_refused_in_words(house: GoldenHouse) -> None:
    placement = {"workflow": "career.placement", "subject": "subject", "roles": {}, "below": False}
    with house.scene({}) as scene, pytest.raises(Refused) as caught:
        scene.open(placement | {"data": {"occasion": "Talent review 2026"}})
    assert "The framework says what the role asks" in [each.text for each in caught.value.verdicts]
