"""Figures from vacancies in the database: what is counted, and once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from talenthub.sdk import Refused, UsageError
from talenthub_recruitment.monitoring.figures import (
    WITHHELD,
    Figures,
    Period,
    monitor_period,
    monitor_vacancy,
)


def by_group(figures: Figures, step: str = "bottom line") -> dict[str, tuple[Any, Any]]:
    return {
        each["group"]: (each["number"], each["selected"])
        for each in figures.rows
        if each["step"] == step and "group" in each
    }


def ask(world: Any, ref: int, who: str = "mona", **more: Any) -> Figures:
    with world.acting(who) as tx:
        return monitor_vacancy(world.engine, tx, world.ref(ref), **more)


def test_lc3_from_a_vacancy(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(40, 12), F=(50, 9))
    number, people = world.vacancy(outcomes)
    world.declare(split(people))
    found = ask(world, number)
    assert by_group(found) == {"F": (50, 9), "M": (40, 12)}
    (worse,) = [each for each in found.rows if each["step"] == "bottom line" and each["group"] == "F"]
    assert worse["ratio"] == Fraction(3, 5)
    assert round(float(worse["p"]), 3) == 0.215
    assert worse["flag"] == "flagged, not statistically firm"
    assert set(worse["rules"]) == {"rate", "ratio", "p", "flip"}
    # Everybody passed the screening, and whom an offer was made was hired.
    assert by_group(found, "screening") == by_group(found, "assessment") | {"F": (50, 50), "M": (40, 40)}
    assert by_group(found, "hire") == {"F": (9, 9), "M": (12, 12)}
    # Asked by the selection it is the same answer.
    assert ask(world, number + 1) == found


def test_counts_only_and_no_case_stands_in_a_row(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(10, 5), F=(10, 5))
    number, people = world.vacancy(outcomes)
    world.declare(split(people))
    text = str(ask(world, number).rows)
    assert "APP-" not in text
    assert not any(handle in text for handle in world.people)


def test_withdrawn_and_declined_are_not_rejected(world: Any) -> None:
    outcomes = ["hired"] * 5 + ["declined"] * 2 + ["withdrawn"] * 4 + ["rejected"] * 6
    first, ours = world.vacancy(outcomes * 2)
    world.declare({person: "ab"[place >= len(outcomes)] for place, person in enumerate(ours)})
    found = ask(world, first)
    assert by_group(found) == {"a": (13, 7), "b": (13, 7)}
    assert by_group(found, "screening") == {"a": (17, 17), "b": (17, 17)}
    assert by_group(found, "assessment") == {"a": (13, 7), "b": (13, 7)}
    assert by_group(found, "offer") == {"a": (7, 7), "b": (7, 7)}
    assert by_group(found, "hire") == {"a": (5, 5), "b": (5, 5)}


def test_who_applies_twice_to_a_requisition_is_counted_once(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(20, 5), F=(20, 5))
    number, people = world.vacancy(outcomes)
    world.declare(split(people))
    before = by_group(ask(world, number))
    # All that were rejected apply to the second selection of the requisition.
    again = [person for person, outcome in zip(people, outcomes, strict=True) if outcome == "rejected"]
    world.vacancy(["rejected at screening"] * len(again), people=again, parent=number)
    assert by_group(ask(world, number)) == before
    # To another requisition they count anew.
    world.vacancy(["rejected at screening"] * 29 + ["hired"], people=again, day=2)
    with world.acting("mona") as tx:
        everything = monitor_period(tx, Period())
    assert by_group(everything) == before  # one hired: that vacancy waits for others


def test_an_open_vacancy_has_no_figures(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(20, 5), F=(20, 5))
    number, people = world.vacancy(outcomes, closed=False)
    world.declare(split(people))
    with pytest.raises(Refused, match="still open"):
        ask(world, number)
    with world.acting("mona") as tx:
        found = monitor_period(tx, Period())
    assert (found.rows, found.notes[0][:10]) == ([], "No vacancy")
    world.vacancy(["hired", "rejected"])
    with world.acting("mona") as tx:
        found = monitor_period(tx, Period())
    assert [each["flag"] for each in found.rows] == [WITHHELD] * 5
    assert "0 of 1 vacancies" in found.notes[0]


def test_a_small_vacancy_is_counted_with_others_only(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(9, 3), F=(3, 1))
    numbers = []
    for day in range(1, 5):
        number, people = world.vacancy(outcomes, day=day)
        world.declare(split(people))
        numbers.append(number)
    for each in numbers:
        with pytest.raises(Refused, match="too few people"):
            ask(world, each)
    with world.acting("mona") as tx:
        everything = monitor_period(tx, Period())
        first = monitor_period(tx, Period(until=date(2026, 1, 3)))
        between = monitor_period(tx, Period(since=date(2026, 1, 4), until=date(2026, 1, 5)))
    # Two vacancies have three and three: a block of two, in the order they closed.
    assert by_group(everything) == {"F": (12, 4), "M": (36, 12)}
    assert by_group(first) == by_group(between) == {"F": (6, 2), "M": (18, 6)}
    assert everything.notes == ()


def test_periods_are_days_that_include_their_ends(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(10, 5), F=(10, 5))
    for day in (1, 2, 3):
        number, people = world.vacancy(outcomes, day=day)
        world.declare(split(people))
    with world.acting("mona") as tx:
        one = monitor_period(tx, Period(date(2026, 1, 3), date(2026, 1, 3)))
        two = monitor_period(tx, Period(since=date(2026, 1, 3)))
    assert by_group(one) == {"F": (10, 5), "M": (10, 5)}
    assert by_group(two) == {"F": (20, 10), "M": (20, 10)}
    assert {each["requisitions"] for each in two.rows} == {2}
    assert ask(world, number).notes == ()


def test_undeclared_people_are_a_number_and_nothing_else(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(10, 5), F=(10, 5))
    number, people = world.vacancy([*outcomes, *["rejected"] * 3])
    world.declare(split(people[:20]))
    (row,) = [
        each
        for each in ask(world, number).rows
        if each["step"] == "bottom line" and each["group"] == "not declared"
    ]
    assert (row["number"], row["selected"], row["rate"], row["ratio"]) == (3, None, None, None)


def test_each_attribute_is_an_answer_of_its_own(world: Any, groups: Any) -> None:
    outcomes, split = groups(M=(10, 5), F=(10, 5))
    number, people = world.vacancy(outcomes)
    world.declare(split(people))
    world.declare(
        {person: "under 40" if place % 2 else "40 and over" for place, person in enumerate(people)}, "age"
    )
    assert {each["by"] for each in ask(world, number).rows} == {"age", "sex"}
    assert {each["by"] for each in ask(world, number, attribute="sex").rows} == {"sex"}
    with pytest.raises(UsageError, match="did you mean 'sex'"):
        ask(world, number, attribute="sez")


def test_without_declarations_there_is_nothing_to_compare(world: Any) -> None:
    number, _ = world.vacancy(["hired"] * 5 + ["rejected"] * 5)
    with pytest.raises(Refused, match="demographics import"):
        ask(world, number)


def test_the_number_of_statements_does_not_grow(world: Any, groups: Any) -> None:
    from sqlalchemy import event

    outcomes, split = groups(M=(6, 5), F=(6, 5))
    counts = []
    for more in (1, 4):
        for day in range(more):
            _, people = world.vacancy(outcomes, day=day + more)
            world.declare(split(people))
        said: list[str] = []
        with world.acting("mona") as tx:

            def note(*given: Any, said: list[str] = said) -> None:
                said.append(given[2])

            event.listen(tx.connection, "before_cursor_execute", note)
            monitor_period(tx, Period())
            event.remove(tx.connection, "before_cursor_execute", note)
        counts.append(len(said))
    assert counts[0] == counts[1] < 12
