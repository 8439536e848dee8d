"""A round shows groups and nothing else, whatever is asked and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

import talenthub_performance.workflows as declared
from talenthub.errors import Refused, TalentError
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub_performance.settings import PerformanceSettings

NOW = datetime(2027, 2, 26, 9, tzinfo=UTC)
MEASURES = [
    {"competency": code, "required": 2, "lowest": 1, "highest": 5, "descriptor": "0" * 64}
    for code in ("CIT", "COM")
]
READERS = ("hr", "head", "kim", "ada", "eve")
"""Head of HR, HR partner, the manager, the person, an auditor."""
RATERS = tuple(f"r{number}" for number in range(1, 13))
SIZES = {
    "4 and 2": {"peers": 4, "reports": 2},
    "3, 1 and 5": {"peers": 3, "reports": 1, "customers": 5},
    "2 and 2": {"peers": 2, "reports": 2},
}
SHOWN = {
    ("4 and 2", "merge"): {"others": 6},
    ("4 and 2", "omit"): {"peers": 4},
    ("3, 1 and 5", "merge"): {"others": 4, "customers": 5},
    ("3, 1 and 5", "omit"): {"peers": 3, "customers": 5},
    ("2 and 2", "merge"): {"others": 4},
    ("2 and 2", "omit"): {},
}


class Office:
    """HR, a manager, one person, many raters, on the engine alone."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.engine = self.with_policy("merge")
        with self.tx() as tx:
            self.engine.store_versions(tx)
            names = (*READERS, *RATERS)
            self.people = {each: add_person(tx, each, handle=each, kind="employee").id for each in names}
            for who, grant in (("hr", "hr_partner"), ("head", "hr_head"), ("eve", "auditor")):
                give(tx, self.people[who], grant)

    def with_policy(self, policy: Any) -> Engine:
        settings = PerformanceSettings(small_groups=policy)
        made = (getattr(declared, name) for name in declared.__all__)
        return Engine(
            Catalogue([Loaded(each, "performance", PerformanceSettings, settings) for each in made])
        )

    @contextmanager
    def tx(self, who: str | None = None) -> Iterator[Transaction]:
        with self.database.begin() as connection:
            actor = SYSTEM if who is None else Actor(self.people[who])
            yield self.engine.enter(Transaction(connection, actor, NOW))

    def fire(self, who: str, ref: str, step: str, form: Any = None) -> Any:
        with self.tx(who) as tx:
            return self.engine.fire(tx, ref, step, form or {})

    def review(self) -> str:
        """Open a cycle with one review, in which raters may be named."""
        period = {"first": "2026-03-01", "last": "2027-02-26"}
        with self.tx("hr") as tx:
            cycle = self.engine.open(tx, "performance.cycle", data={"title": "2026", **period})
            case = self.engine.open(
                tx,
                "performance.review",
                subject=self.people["ada"],
                data={"role": "clerk", "measures": MEASURES, **period},
                participants={"manager": (self.people["kim"],)},
                parent=cycle.id,
            )
        self.fire("kim", case.ref, "begin")
        return str(case.ref)

    def round(self, review: str, raters: dict[str, list[str]]) -> str:
        """Name raters and ask them; return the round."""
        named = {group: [self.people[each] for each in names] for group, names in raters.items()}
        found = self.fire("ada", review, "nominate", {"raters": named}).opened[0]
        self.fire("kim", found, "approve")
        return str(found)

    def answer(self, who: str, group: str, rating: int) -> None:
        with self.tx(who) as tx:
            own = [each for each in self.engine.of_workflow(tx, "performance.answer") if each.is_open]
        self.fire(who, own[0].ref, "answer", {"group": group, "ratings": {"COM": rating, "CIT": 3}})

    def seen(self, *refs: str) -> dict[str, list[str]]:
        """Return everything that each reader is told of these cases."""
        return {who: [self._told(who, ref) for ref in refs] for who in READERS}

    def _told(self, who: str, ref: str) -> str:
        with self.tx(who) as tx:
            try:
                case, events = self.engine.case(tx, ref), self.engine.log(tx, ref)
                answers = self.engine.of_workflow(tx, "performance.answer")
            except TalentError as error:
                return str(error)
            return repr((case.state, case.data, [(each.transition, each.form) for each in events], answers))

    def groups(self, review: str) -> Any:
        with self.tx("hr") as tx:
            return self.engine.case(tx, review).data.groups


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def named(sizes: dict[str, int]) -> dict[str, list[str]]:
    free = iter(RATERS)
    return {group: [next(free) for _ in range(many)] for group, many in sizes.items()}


@pytest.mark.parametrize(
    ("sizes", "policy"),
    [
        *((sizes, "merge") for sizes in SIZES),
        *(pytest.param(sizes, "omit", marks=pytest.mark.storm) for sizes in SIZES),
    ],
)
def test_nothing_changes_for_anybody_with_one_more_answer(office: Office, sizes: str, policy: str) -> None:
    office.engine = office.with_policy(policy)
    review = office.review()
    raters = named(SIZES[sizes])
    asked = office.round(review, raters)
    before = office.seen(review, asked)
    ratings: dict[str, list[int]] = {}
    for number, (group, who) in enumerate((group, who) for group, some in raters.items() for who in some):
        ratings.setdefault(group, []).append(1 + number % 5)
        office.answer(who, group, 1 + number % 5)
        assert office.seen(review, asked) == before, "an answer showed before the round was closed"
    office.fire("kim", asked, "close")
    shown = {each.name: each for each in office.groups(review)}
    expected = SHOWN[sizes, policy]
    assert {name: each.answered for name, each in shown.items()} == expected
    for name, each in shown.items():
        members = ratings[name] if name in ratings else [
            rating for group, some in ratings.items() if group not in expected for rating in some
        ]  # fmt: skip
        assert Fraction(each.means["COM"]) == Fraction(sum(members), len(members))
    # No answer is in two figures, and none in fewer than three: nothing can be subtracted.
    assert sum(expected.values()) <= sum(SIZES[sizes].values())
    assert min(expected.values(), default=3) >= 3


def test_another_policy_shows_no_second_view_of_a_closed_round(office: Office) -> None:
    review = office.review()
    raters = named(SIZES["4 and 2"])
    asked = office.round(review, raters)
    for group, some in raters.items():
        for who in some:
            office.answer(who, group, 4)
    office.engine = office.with_policy("omit")
    office.fire("kim", asked, "close")
    assert [(each.name, each.answered) for each in office.groups(review)] == [("others", 6)]
    with pytest.raises(Refused):
        office.fire("kim", asked, "close")


def assert_asked_before(office: Office, review: str, raters: dict[str, list[str]]) -> None:
    with pytest.raises(Refused) as refusal:
        office.round(review, raters)
    unmet = [each.text for each in refusal.value.verdicts if not each.ok]
    assert len(unmet) == 1
    assert unmet[0].startswith("Nobody is asked twice")


Same = Callable[[list[str]], list[str]]


@pytest.mark.parametrize(
    "again", [lambda first: [*first, "r5"], lambda first: first[:3], lambda first: ["r6", "r7", first[0]]]
)
def test_nobody_is_asked_twice_about_a_review(office: Office, again: Same) -> None:
    """The same people and one more: their difference would be that one's answer."""
    review, first = office.review(), list(RATERS[:4])
    asked = office.round(review, {"peers": first})
    second = {"peers": again(first)}
    assert_asked_before(office, review, second)
    for who in first:
        office.answer(who, "peers", 2)
    office.fire("kim", asked, "close")
    assert_asked_before(office, review, second)
    office.round(review, {"customers": ["r8", "r9", "r10"]})


def test_who_was_asked_in_a_cancelled_round_may_be_asked_again(office: Office) -> None:
    review = office.review()
    asked = office.round(review, {"peers": list(RATERS[:4])})
    office.answer("r1", "peers", 1)
    office.fire("kim", asked, "cancel", {"reason": "the wrong people"})
    assert office.groups(review) == ()
    office.round(review, {"peers": list(RATERS[:5])})


def test_the_next_cycle_leaves_the_groups_of_the_last_as_they_were(office: Office) -> None:
    reviews = []
    for many, rating in ((4, 2), (5, 2)):
        reviews.append(office.review())
        asked = office.round(reviews[-1], {"peers": list(RATERS[:many])})
        for who in RATERS[:many]:
            office.answer(who, "peers", rating)
        office.fire("kim", asked, "close")
    first, second = (office.groups(each)[0] for each in reviews)
    assert (first.answered, second.answered) == (4, 5)
    assert (first.means["COM"], second.means["COM"]) == ("2", "2")
