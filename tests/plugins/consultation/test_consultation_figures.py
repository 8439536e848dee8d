"""What votes decide, against figures worked out by other means."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
import scipy  # type: ignore[import-untyped]

from talenthub_consultation.cases import Ballot, Count, Item, Sorting, Vote, Votes
from talenthub_consultation.counting import buy_in, outcome, shown_levels
from talenthub_consultation.relevance import (
    gathered,
    least_essential,
    placement,
    ratio,
    relevance_of,
)
from talenthub_consultation.settings import ConsultationSettings

SETTINGS = ConsultationSettings()
CHANCE = Fraction(SETTINGS.chance)


def _votes(*figures: tuple[int, int, int]) -> tuple[Votes, ...]:
    return tuple(Votes(level=level, accept=a, edit=e, reject=r) for level, (a, e, r) in enumerate(figures, 1))


@pytest.mark.parametrize(
    ("votes", "invited", "expected"),
    [
        (_votes((7, 1, 1)), 9, "accepted"),
        (_votes((6, 2, 1)), 9, "adjust"),
        (_votes((5, 1, 3)), 9, "contested"),
        (_votes((4, 1, 0)), 9, "no quorum"),
        # On the limits: .60 of those invited, .75 of the votes, .50 of a level.
        (_votes((6, 0, 0)), 10, "accepted"),
        (_votes((3, 1, 0)), 4, "accepted"),
        (_votes((2, 1, 1)), 4, "adjust"),
        (_votes((20, 0, 0), (2, 2, 0)), 24, "accepted"),
        # A level of three says no by itself, a level of two does not.
        (_votes((20, 0, 0), (1, 2, 0)), 23, "adjust"),
        (_votes((20, 0, 0), (1, 0, 2)), 23, "adjust"),
        (_votes((20, 0, 0), (0, 0, 2)), 22, "accepted"),
        ((), 9, "no quorum"),
        ((), 0, "no quorum"),
    ],
)
def test_an_item_is_decided_by_all_and_by_each_level(
    votes: tuple[Votes, ...], invited: int, expected: str
) -> None:
    assert outcome(votes, invited, SETTINGS) == expected


CRITICAL = {
    **dict.fromkeys((5, 6, 7), "1.0"),
    **{8: ".750", 9: ".778", 10: ".800", 11: ".636", 12: ".667", 13: ".538"},
    **{14: ".571", 15: ".600", 20: ".500", 30: ".333", 40: ".300"},
}


@pytest.mark.parametrize(("judges", "printed"), CRITICAL.items())
def test_the_critical_ratio_is_the_published_one(judges: int, printed: str) -> None:
    least = least_essential(judges, CHANCE)
    assert least is not None
    assert abs(ratio(least, judges) - Fraction(printed)) < Fraction(1, 1000)


def test_the_least_number_is_that_of_the_distribution() -> None:
    for judges in range(1, 200):
        tail = scipy.stats.binom.sf(np.arange(judges + 1) - 1, judges, 0.5)
        expected = next((count for count, each in enumerate(tail) if each <= 0.05), None)
        assert least_essential(judges, CHANCE) == expected, judges


@pytest.mark.parametrize(
    ("essential", "judges", "kept"),
    [(8, 9, True), (7, 9, False), (10, 12, True), (9, 12, False), (4, 4, None)],
)
def test_an_indicator_is_kept_beyond_chance(essential: int, judges: int, kept: bool | None) -> None:
    item = Item(code="COM.L3", competency="COM", level=3, text="words", indicators=("one",))
    ballots = [
        Ballot(
            group="a",
            votes=(Vote(item="COM.L3.1", round=1, need="essential" if n < essential else "useful"),),
        )
        for n in range(judges)
    ]
    found = relevance_of(gathered([item], ballots)["COM.L3"], 1, SETTINGS)
    assert found.is_needed is kept
    assert found.cvr == Fraction(2 * essential - judges, judges)


def test_a_need_of_the_item_counts_for_indicators_that_have_none() -> None:
    item = Item(code="COM.L3", competency="COM", level=3, text="words", indicators=("one", "two"))
    ballots = [
        Ballot(group="a", votes=(Vote(item="COM.L3", round=1, need="essential"),)),
        Ballot(
            group="a",
            votes=(
                Vote(item="COM.L3", round=1, need="essential"),
                Vote(item="COM.L3.2", round=1, need="not_necessary"),
            ),
        ),
    ]
    one, two = gathered([item], ballots)["COM.L3"].needs
    assert (one.essential, one.total) == (2, 2)
    assert (two.essential, two.not_necessary) == (1, 1)


def test_retranslation_asks_for_the_competency_and_a_level() -> None:
    """Eight of ten judges find the competency, on levels 3,3,3,2,3,4,3,3."""
    levels = [3, 3, 3, 2, 3, 4, 3, 3]
    places = [("COM", level, 1) for level in levels] + [("TRU", 3, 1), ("CIT", 1, 1)]
    found = placement("COM", places, SETTINGS)
    assert found is not None
    assert found.share == Fraction(4, 5)
    assert found.variance == Fraction(2, 7)
    assert f"{found.deviation:.3f}" == "0.535"
    assert found.holds
    wide = placement("COM", [("COM", level, 1) for level in (1, 3, 3, 3, 3, 3, 2, 5)], SETTINGS)
    assert wide is not None
    assert not wide.holds
    few = placement("COM", [("COM", 3, 7), ("TRU", 3, 3)], SETTINGS)
    assert few is not None
    assert not few.holds
    assert placement("COM", [], SETTINGS) is None


def test_sortings_are_gathered_without_names() -> None:
    item = Item(code="COM.L3", competency="COM", level=3, text="words", indicators=("one",))
    said = [("COM", 3), ("COM", 3), ("TRU", 2)]
    ballots = [
        Ballot(group="a", sortings=(Sorting(indicator="COM.L3.1", competency=code, level=level),))
        for code, level in said
    ]
    placings = gathered([item], ballots)["COM.L3"].placings
    assert {(each.competency, each.level): each.judges for each in placings} == {("COM", 3): 2, ("TRU", 2): 1}


def _item(*votes: Votes) -> Item:
    count = Count(round=1, invited=100, votes=votes, outcome="accepted")
    return Item(code="COM.L3", competency="COM", level=3, text="words", counts=(count,))


def test_buy_in_is_the_weakest_level() -> None:
    figures = [(84, 16), (88, 12), (91, 9), (95, 5), (100, 0)]
    item = _item(*(Votes(level=n, accept=a, reject=r) for n, (a, r) in enumerate(figures, 1)))
    found = buy_in([item], 3)
    assert found.weakest is not None
    assert (found.weakest.level, found.weakest.share) == (1, Fraction(84, 100))
    assert found.mean == Fraction(916, 1000)


def test_buy_in_counts_the_last_votes_of_levels_that_may_be_told() -> None:
    first = Count(round=1, invited=9, votes=(Votes(level=1, reject=9),), outcome="contested")
    last = Count(round=2, invited=9, votes=(Votes(level=1, accept=9),), outcome="accepted")
    item = _item().model_copy(update={"counts": (first, last)})
    assert [each.share for each in buy_in([item], 3).shares] == [1]
    small = _item(Votes(level=1, accept=9), Votes(level=5, reject=2), Votes(level=None, reject=9))
    assert [each.level for each in buy_in([small], 3).shares] == [1]
    assert buy_in([], 3).weakest is None


def test_what_is_left_out_cannot_be_worked_out_from_the_rest() -> None:
    chance = random.Random(6)
    for _ in range(300):
        votes = tuple(
            Votes(level=level, accept=chance.randint(0, 4), reject=chance.randint(0, 3))
            for level in range(1, 6)
        )
        count = Count(
            round=1, invited=99, votes=tuple(each for each in votes if each.total), outcome="adjust"
        )
        shown = shown_levels(count, 3)
        assert all(each.total >= 3 for each in shown)
        hidden = sum(each.total for each in count.votes) - sum(each.total for each in shown)
        assert hidden == 0 or hidden >= 3
