"""Gaps against Harbourline's roles, of one, of a team and of everyone."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace

import pytest
from sqlalchemy import event

from talenthub.access.rules import Decision
from talenthub.evidence.counting import count_gaps
from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.figures import counted, figures, shown_groups, unit_figures
from talenthub.evidence.fit import fit, is_strength
from talenthub.evidence.gap import compare, gaps_of_organisation, gaps_of_person, gaps_of_team
from talenthub.evidence.ledger import record
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import Standing, standings
from talenthub.framework import library
from talenthub.framework.content import Document
from talenthub.framework.publishing import import_framework, publish
from talenthub.framework.rating import ladder
from talenthub.people.persons import add_person
from talenthub.people.posts import add_post, assign
from talenthub.people.units import add_unit, unit_paths
from talenthub.storage.transaction import Actor, Transaction
from talenthub.workflow.subject_facts import EVIDENCE, gap_closings

SETTINGS = EvidenceSettings()
START = datetime(2026, 1, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)
INTERVIEW = date(2026, 2, 10)
CODE = "hpsa-core"
PANEL = {"CIT": "11/3", "TRU": "3", "COM": "7/3", "JDG": "11/3", "DEL": "3"}
"""Consensus of the story: means of three raters after discussion."""


class House:
    """Harbourline's framework in force, with posts and people by name."""

    def __init__(self, tx: Transaction, framework: Document) -> None:
        self.tx = tx
        drafted = import_framework(tx.by(Actor(None)), framework).version
        self.version = publish(tx, drafted.id, right=Decision(True, "a test"))
        self.units: dict[str, int] = {}
        self.people: dict[str, int] = {}

    def unit(self, code: str, parent: str | None = None) -> int:
        above = None if parent is None else self.units[parent]
        self.units[code] = add_unit(self.tx, code, code, parent_id=above).id
        return self.units[code]

    def person(self, handle: str, role: str, unit: str, framework: str = CODE) -> int:
        made = add_person(self.tx, handle, handle=handle, kind="employee")
        post = add_post(
            self.tx,
            f"post-{handle}",
            role,
            framework_code=framework,
            role_code=role,
            unit_id=self.units[unit],
            since=START.date(),
        )
        assign(self.tx, made.id, post.id, START.date())
        self.people[handle] = made.id
        return made.id

    def rated(self, person: int, competency: str, value: Fraction | str, **more) -> NewEvidence:
        given = {"purpose": "selection", "rating": "3", "source": "interview", "observed_on": INTERVIEW}
        return NewEvidence(
            person=person, framework_version=self.version.id, framework_code=CODE, competency=competency,
            ladder=Fraction(value), descriptor_hash="d" * 64, case=None, event=None, **{**given, **more},
        )  # fmt: skip


@pytest.fixture
def house(database, harbourline):
    with database.begin() as connection:
        made = House(Transaction(connection, Actor(None), START), harbourline)
        made.unit("root")
        made.unit("harbour", "root")
        made.database = database
        yield made


def hire(house, handle="amara.okoye"):
    person = house.person(handle, "case-officer", "harbour")
    profile = library.role_profile(house.tx, house.version.id, "case-officer")
    tx = house.tx.at(LATER)
    record(
        tx,
        [
            house.rated(person, code, ladder(profile.requirement(code).level, Fraction(rating), 5))
            for code, rating in PANEL.items()
        ],
        SETTINGS,
    )
    return person, tx, profile


def test_the_story_leaves_one_gap(house):
    person, tx, profile = hire(house)
    found = gaps_of_person(tx, person, "development", SETTINGS)
    assert {each.competency: each.current for each in found.gaps} == {
        "CIT": 2.333333333,
        "TRU": 2.0,
        "COM": 1.666666667,
        "JDG": 2.333333333,
        "DEL": 2.0,
    }
    (only,) = [each for each in found.gaps if each.is_open]
    assert (only.competency, only.size, only.band) == ("COM", 0.333333333, "minor")
    asked = [each.competency for each in profile.requirements]
    assert [each.competency for each in found.unknown] == [code for code in asked if code not in PANEL]
    assert found.seats[person].role == "case-officer"
    assert {each.competency for each in (*found.gaps, *found.unknown) if each.critical} == set(
        profile.critical
    )
    assert not any(is_strength(each.current, each.required, SETTINGS) for each in found.gaps)


def test_a_day_before_the_interview_everything_is_unknown(house):
    person, tx, profile = hire(house)
    before = gaps_of_person(tx, person, "development", SETTINGS, on=date(2026, 2, 9))
    assert before.gaps == ()
    assert len(before.unknown) == len(profile.requirements)
    that_day = gaps_of_person(tx, person, "development", SETTINGS, on=INTERVIEW)
    assert len(that_day.gaps) == 5


def test_gaps_for_another_purpose_do_not_use_the_row(house):
    person, tx, _ = hire(house)
    settings = EvidenceSettings(purposes={"succession": ("succession",)})
    assert gaps_of_person(tx, person, "succession", settings).gaps == ()


def test_who_has_no_role_is_told_apart(house):
    person = house.person("lost.soul", "no-such-role", "harbour")
    other = house.person("far.away", "case-officer", "harbour", framework="no-such-framework")
    outside = add_person(house.tx, "No Post", handle="no.post", kind="external").id
    found = gaps_of_team(house.tx, [person, other, outside], "development", SETTINGS)
    assert (found.gaps, found.unknown) == ((), ())
    assert found.without_role == tuple(sorted([person, other, outside]))
    assert gaps_of_organisation(house.tx, "development", SETTINGS).without_role == (person, other)


def test_the_organisation_is_the_sum_of_its_people_by_one_statement(house):
    chance = random.Random(3)
    roles = ["case-officer", "service-clerk", "service-team-leader", "branch-manager"]
    people = [house.person(f"p{number}", chance.choice(roles), "harbour") for number in range(30)]
    tx = house.tx.at(LATER)
    codes = [each.code for each in library.content(tx, house.version.id).rateable]
    rows = [
        house.rated(
            chance.choice(people[:-3]),
            chance.choice(codes),
            Fraction(chance.randint(0, 30), 6),
            purpose=chance.choice(["selection", "development", "appraisal"]),
            source=chance.choice(["manager", "interview", "self"]),
            observed_on=date(2026, chance.randint(1, 5), chance.randint(1, 28)),
        )
        for _ in range(200)
    ]
    record(tx, rows, SETTINGS)
    seen = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    everyone = gaps_of_organisation(tx, "development", SETTINGS)
    one = gaps_of_person(tx, people[0], "development", SETTINGS)
    assert len(seen) == 2
    past = gaps_of_organisation(tx, "development", SETTINGS, on=date(2026, 3, 15))
    assert len(seen) == 4
    assert everyone.of([people[0]]).gaps == one.gaps
    # What the database counts is what the gaps in hand add up to.
    at_hand, stored = counted(everyone), count_gaps(tx, "development", SETTINGS)
    assert len(seen) == 9
    assert stored.seats == at_hand.seats
    for fewest in (1, 5, 40):
        assert figures(stored, fewest, SETTINGS) == figures(at_hand, fewest, SETTINGS)
    assert count_gaps(tx, "development", SETTINGS, on=date(2026, 3, 15)) is None
    for found, day in ((everyone, LATER.date()), (past, date(2026, 3, 15))):
        known = standings(tx, people, CODE, "development", SETTINGS, on=day)
        for person in people:
            role = found.seats[person].role
            profile = library.role_profile(tx, house.version.id, role)
            mine = {code: each for (who, code), each in known.items() if who == person}
            expected = compare(person, profile.requirements, mine, SETTINGS)
            assert (found.of([person]).gaps, found.of([person]).unknown) == expected


def test_the_version_in_force_on_the_day_counts(house):
    person, tx, _ = hire(house)
    assert gaps_of_person(tx, person, "development", SETTINGS).seats[person].framework_version == (
        house.version.id
    )


class Asked:
    def __init__(self, competency, level, critical=False):
        self.competency, self.level, self.critical, self.essential = competency, level, critical, True


def at(value):
    return Standing(value, 1.0, False, 1, INTERVIEW)


@pytest.mark.parametrize(
    ("current", "size", "band"),
    [
        (1.750000001, 0.249999999, "none"),
        (1.75, 0.25, "minor"),
        (1.500000001, 0.499999999, "minor"),
        (1.5, 0.5, "material"),
        (1.000000001, 0.999999999, "material"),
        (1.0, 1.0, "large"),
        (2.0, 0.0, "none"),
        (3.5, 0.0, "none"),
    ],
)
def test_bands_on_their_edges(current, size, band):
    ((found,), unknown) = compare(1, [Asked("COM", 2)], {"COM": at(current)}, SETTINGS)
    assert (found.size, found.band, unknown) == (size, band, ())


def test_a_strength_begins_at_half_a_level():
    assert is_strength(2.5, 2, SETTINGS)
    assert not is_strength(2.499999999, 2, SETTINGS)


def test_fit_counts_what_is_known_and_says_how_much_that_is():
    role = [Asked("CIT", 2, critical=True), Asked("COM", 4), Asked("DEL", 2)]
    found = fit(role, {"CIT": at(3.0), "COM": at(1.0)})
    # (2·1 + 1·¼) / 3 of three quarters of the weight.
    assert (found.value, found.coverage, found.unknown) == (75.0, 0.75, ("DEL",))
    unknown = fit(role, {"COM": at(1.0)})
    assert (unknown.value, unknown.unknown_critical) == (None, ("CIT",))
    assert fit(role, {}).value is None
    assert fit([], {}).coverage == 0.0
    assert fit([Asked("CIT", 0)], {"CIT": at(0.0)}).value == 100.0


def test_figures_of_fewer_than_three_are_blank(house):
    people = [house.person(f"p{number}", "case-officer", "harbour") for number in range(4)]
    tx = house.tx.at(LATER)
    rows = [house.rated(person, "COM", value) for person, value in zip(people, "1223", strict=True)]
    record(tx, rows[:3] + [house.rated(person, "CIT", 2) for person in people[:2]], SETTINGS)
    team = gaps_of_team(tx, people, "development", SETTINGS)
    shown = {each.competency: each for each in figures(counted(team), 3, SETTINGS)}
    assert (shown["COM"].people, shown["COM"].known, shown["COM"].mean_size) == (4, 3, 0.333333333)
    assert shown["COM"].bands == {"none": 2, "minor": 0, "material": 0, "large": 1}
    assert (shown["CIT"].known, shown["CIT"].mean_size, shown["CIT"].bands) == (None, None, {})
    assert not shown["CIT"].is_shown


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 9, "b": 7}, {"a", "b"}),
        ({"a": 9, "b": 7, "c": 2}, {"a"}),
        ({"a": 9, "b": 3, "c": 2}, {"a"}),
        ({"a": 4}, set()),
        ({"a": 5}, {"a"}),
        ({"a": 5, "b": 1}, set()),
        ({}, set()),
    ],
)
def test_a_small_group_takes_another_into_hiding(sizes, shown):
    assert shown_groups(sizes, 5) == frozenset(shown)


def test_no_small_unit_can_be_worked_out_from_the_shown_ones():
    chance = random.Random(5)
    for _ in range(300):
        sizes = {number: chance.randint(0, 12) for number in range(chance.randint(1, 6))}
        sizes = {key: size for key, size in sizes.items() if size}
        shown = shown_groups(sizes, 5)
        left = sum(sizes.values()) - sum(sizes[key] for key in shown)
        assert left == 0 or left >= 5 or not shown
        assert all(sizes[key] >= 5 for key in shown)


def test_a_unit_beside_a_small_one_is_hidden_with_it(house):
    for code, size in (("quay", 6), ("east", 2), ("north", 8)):
        house.unit(code, "root")
        for number in range(size):
            house.person(f"{code}{number}", "case-officer", code)
    tx = house.tx.at(LATER)
    record(tx, [house.rated(person, "COM", 1) for person in house.people.values()], SETTINGS)
    everyone = gaps_of_organisation(tx, "development", SETTINGS)
    paths = unit_paths(tx)

    def known(code):
        made = unit_figures(counted(everyone), house.units[code], paths, SETTINGS)
        return {each.competency: each.known for each in made}.get("COM")

    assert [known(code) for code in ("root", "quay", "east", "north", "harbour")] == [16, None, None, 8, None]


def test_a_plugin_asks_case_by_case_how_far_gaps_are_closed(house):
    person, tx, _ = hire(house)
    tx.memory[EVIDENCE] = SETTINGS

    def case(number, role, version):
        return SimpleNamespace(
            id=number, subject=person, framework_version=version, data=SimpleNamespace(role=role)
        )

    version = house.version.id
    cases = [
        case(1, "case-officer", version),
        case(2, "service-team-leader", version),
        case(3, None, version),
        case(4, "case-officer", None),
    ]
    seen = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    found = gap_closings("role", "development").load(tx, cases)
    assert sum(" evidence" in each and "observed_on" in each for each in seen) == 1
    assert {code: str(each.phase) for code, each in found[1].items()} == {
        code: "open" if code == "COM" else "met" for code in PANEL
    }
    # The same ledger is further away from what the next role asks for.
    assert found[2]["COM"].phase == found[2]["CIT"].phase == "open"
    assert (found[3], found[4]) == ({}, {})
