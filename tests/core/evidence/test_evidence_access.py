"""Who may see evidence: can() and visible() agree, and purposes decide."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from talenthub.access import Rules
from talenthub.evidence.access import (
    correct_rows,
    readable_purposes,
    rules,
    see_rows,
    see_standings,
    visible_among,
)
from talenthub.evidence.settings import EvidenceSettings
from talenthub.people import tables
from talenthub.people.changes import set_reporting_line
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.people.posts import add_post, assign
from talenthub.people.units import add_unit
from talenthub.storage.transaction import Actor, Transaction

SETTINGS = EvidenceSettings()
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
START = date(2020, 1, 1)
EVERY = ("appraisal", "development", "selection", "succession")


class Branch:
    """head ← leader ← officer in one unit; hr and outsider in another."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        top = add_unit(tx, "top", "Top").id
        self.units = {code: add_unit(tx, code, code, parent_id=top).id for code in ("harbour", "people")}
        self.people: dict[str, int] = {}
        posts: dict[str, int] = {}
        for handle, unit, above in (
            ("head", "harbour", None),
            ("leader", "harbour", "head"),
            ("officer", "harbour", "leader"),
            ("hr", "people", None),
            ("outsider", "people", "hr"),
        ):
            self.people[handle] = add_person(tx, handle, handle=handle, kind="employee").id
            posts[handle] = add_post(
                tx,
                handle,
                handle,
                framework_code="core",
                role_code="any",
                unit_id=self.units[unit],
                since=START,
            ).id
            if above:
                set_reporting_line(tx, posts[handle], posts[above], START)
            assign(tx, self.people[handle], posts[handle], START)

    def as_(self, handle: str) -> Transaction:
        return self.tx.by(Actor(self.people[handle]))


@pytest.fixture
def branch(database):
    with database.begin() as connection:
        yield Branch(Transaction(connection, Actor(None), NOW))


def readable(branch, reader, about="officer", settings=SETTINGS):
    return readable_purposes(branch.as_(reader), branch.people[about], settings)


def test_each_reader_sees_the_purposes_that_are_theirs(branch):
    give(branch.tx, branch.people["hr"], "hr_partner", branch.units["harbour"])
    assert readable(branch, "officer") == ("appraisal", "development", "selection")
    assert readable(branch, "leader") == readable(branch, "head") == readable(branch, "hr") == EVERY
    assert readable(branch, "outsider") == ()
    assert readable(branch, "officer", about="leader") == ()


def test_nobody_reads_of_their_own_succession_even_in_hr(branch):
    give(branch.tx, branch.people["hr"], "hr_head")
    assert "succession" not in readable(branch, "hr", about="hr")
    assert not see_standings(SETTINGS, "succession").can(branch.as_("hr"), branch.people["hr"]).ok
    assert see_standings(SETTINGS, "development").can(branch.as_("hr"), branch.people["hr"]).ok


def test_a_standing_is_seen_only_by_who_may_see_all_that_goes_into_it(branch):
    settings = EvidenceSettings(
        purposes={"narrow": ("selection",), "wide": ("selection", "appraisal")},
        readers={"self": ("selection",), "line": ("selection", "appraisal"), "hr": ()},
    )
    officer, leader = branch.as_("officer"), branch.as_("leader")
    person = branch.people["officer"]
    assert see_standings(settings, "narrow").can(officer, person).ok
    assert not see_standings(settings, "wide").can(officer, person).ok
    assert see_standings(settings, "wide").can(leader, person).ok
    give(branch.tx, branch.people["hr"], "hr_head")
    assert not see_rows(settings, "selection").can(branch.as_("hr"), person).ok


def test_an_admin_sets_up_and_reads_no_evidence(branch):
    give(branch.tx, branch.people["outsider"], "admin")
    assert readable(branch, "outsider") == ()


def test_nobody_corrects_their_own_evidence(branch):
    give(branch.tx, branch.people["hr"], "hr_partner")
    assert correct_rows().can(branch.as_("hr"), branch.people["officer"]).ok
    assert not correct_rows().can(branch.as_("hr"), branch.people["hr"]).ok
    assert not correct_rows().can(branch.as_("leader"), branch.people["officer"]).ok


def test_the_visible_among_a_team_are_those_below(branch):
    rule = see_standings(SETTINGS, "development")
    everyone = frozenset(branch.people.values())
    below = {branch.people[each] for each in ("leader", "officer")}
    assert visible_among(branch.as_("leader"), rule, everyone) == below
    assert visible_among(branch.as_("outsider"), rule, everyone) == {branch.people["outsider"]}
    assert visible_among(branch.tx, rule, everyone) == everyone


@pytest.mark.parametrize("seed", range(2))
def test_can_and_visible_agree_on_random_worlds(branch, seed):
    chance = random.Random(seed)
    settings = EvidenceSettings(
        readers={who: chance.sample(EVERY, chance.randint(0, 4)) for who in ("self", "line", "hr")}
    )
    ids = list(branch.people.values())
    for _ in range(6):
        branch.tx.write(
            insert(tables.grant_held).values(
                person_id=chance.choice(ids),
                name=chance.choice(["hr_partner", "hr_head", "auditor", "admin", "recruiter"]),
                unit_id=chance.choice([None, *branch.units.values()]),
                since=NOW.date() + timedelta(days=chance.randint(-5, 1)),
            )
        )
    for rule in Rules(rules(settings)):
        for actor in ids:
            tx = branch.tx.by(Actor(actor, chance.choice([None, *ids])))
            visible = {row[0] for row in tx.rows(rule.visible(tx))}
            assert visible == {each for each in ids if rule.can(tx, each).ok}, (rule.action, actor)
            if rule.action.startswith("standing.view."):
                purpose = rule.action.rsplit(".", 1)[1]
                parts = [see_rows(settings, each) for each in settings.usable(purpose)]
                for person in ids:
                    may_all = all(part.can(tx, person).ok for part in parts)
                    assert rule.can(tx, person).ok <= may_all
