"""Every pair of the room: can() and visible() agree on random worlds."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from talenthub.access import Rules
from talenthub.errors import NotFound, NotPermitted
from talenthub.people import tables
from talenthub.people.access import EDIT, LISTED, RULES, VIEW
from talenthub.people.changes import leave, move
from talenthub.people.deputies import set_deputy
from talenthub.people.grants import CORE_GRANTS, give
from talenthub.people.persons import person, persons
from talenthub.storage.transaction import Actor

TODAY = date(2026, 1, 5)


def seen(world, handle: str, rule=VIEW) -> list[str]:
    rows = world.tx.rows(rule.visible(world.as_(handle)))
    return world.handles(tuple(sorted({row[0] for row in rows})))


def test_people_see_themselves_and_those_below(world) -> None:
    assert seen(world, "jonas") == ["jonas"]
    assert seen(world, "tomas") == ["dario", "jonas", "kofi", "tomas"]
    assert VIEW.can(world.as_("tomas"), world.id("jonas")).reason == "in your line"


def test_grants_reach_their_unit_and_beneath(world) -> None:
    give(world.tx, world.id("maria"), "hr_officer", world.units["operations"].id)
    world.person("amara")
    assert seen(world, "maria") == ["amara", "dario", "eva", "jonas", "kofi", "maria", "tomas"]
    assert not VIEW.can(world.as_("maria"), world.id("cleo")).ok


def test_a_candidate_is_known_to_recruiting_and_hr_only(world) -> None:
    amara = world.person("amara").id
    give(world.tx, world.id("kofi"), "recruiter", world.units["people"].id)
    assert seen(world, "kofi") == ["amara", "kofi"]
    assert LISTED.can(world.as_("kofi"), amara).ok
    assert not LISTED.can(world.as_("eva"), amara).ok
    with pytest.raises(NotFound) as caught:
        person(world.as_("eva"), "amar")
    assert caught.value.problems[0].nearest != "amara"
    with pytest.raises(NotFound) as caught:
        person(world.as_("kofi"), "amar")
    assert caught.value.problems[0].nearest == "amara"


def test_a_deputy_sees_the_line_of_whom_they_stand_in_for(world) -> None:
    set_deputy(world.tx, world.id("dario"), world.id("maria"), TODAY, TODAY + timedelta(days=7))
    assert seen(world, "maria") == ["jonas", "kofi", "maria"]


def test_nobody_edits_themselves_even_in_another_name(world) -> None:
    give(world.tx, world.id("maria"), "hr_officer")
    maria = world.as_("maria")
    assert EDIT.can(maria, world.id("kofi")).ok
    assert not EDIT.can(maria, world.id("maria")).ok
    in_marias_name = world.tx.by(Actor(world.id("maria"), world.id("kofi")))
    assert not EDIT.can(in_marias_name, world.id("kofi")).ok
    with pytest.raises(NotPermitted):
        leave(maria, world.id("maria"))
    with pytest.raises(NotPermitted):
        leave(world.as_("tomas"), world.id("kofi"))


def test_moving_needs_the_right_at_both_ends(world) -> None:
    give(world.tx, world.id("maria"), "hr_officer", world.units["harbour"].id)
    desk = world.post("desk", "people")
    with pytest.raises(NotPermitted, match="filling a post of this unit"):
        move(world.as_("maria"), world.id("kofi"), desk.id)
    move(world.as_("maria"), world.id("kofi"), world.posts["officer-3"].id)


def test_who_is_not_there_is_answered_as_who_may_not_be_seen(world) -> None:
    assert not VIEW.can(world.as_("eva"), 999_999).ok
    assert VIEW.can(world.tx, 999_999).ok  # the system may ask for anything


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.storm) for seed in range(2, 20))]
)
def test_can_and_visible_agree_on_random_worlds(world, seed: int) -> None:
    chance = random.Random(seed)
    _shuffle(world, chance)
    ids = [each.id for each in world.people.values()]
    for rule in Rules(RULES):
        for actor in ids:
            tx = world.tx.by(Actor(actor, chance.choice([None, None, *ids])))
            visible = {row[0] for row in tx.rows(rule.visible(tx))}
            allowed = {each for each in ids if rule.can(tx, each).ok}
            assert visible == allowed, (rule.action, actor)


def _shuffle(world, chance: random.Random) -> None:
    """Add people, lines (loops too), grants, deputies and dates at random."""
    for number in range(6):
        world.post(f"extra-{number}", chance.choice(list(world.units)))
        kind = chance.choice(tables.KINDS)
        world.person(f"extra{number}", f"extra-{number}" if kind == "employee" else None, kind)
    posts = [each.id for each in world.posts.values()]
    ids = [each.id for each in world.people.values()]
    for below, above in zip(posts[8:], chance.sample(posts, 6), strict=True):
        line = {"post_id": below, "manager_post_id": above, "since": _day(chance)}
        world.tx.write(insert(tables.reporting_line).values(**line))
    for each in chance.sample(ids, 5):
        if chance.random() < 0.6 and persons(world.tx, [each])[each].kind != "leaver":
            leave(world.tx, each)
    for _ in range(8):
        unit = chance.choice([None, *(each.id for each in world.units.values())])
        row = {"person_id": chance.choice(ids), "name": chance.choice(list(CORE_GRANTS)), "unit_id": unit}
        world.tx.write(insert(tables.grant_held).values(since=_day(chance), until=_later(chance), **row))
    for _ in range(4):
        one, other = chance.sample(ids, 2)
        row = {"person_id": one, "deputy_id": other, "since": _day(chance)}
        world.tx.write(insert(tables.deputy).values(until=_day(chance) + timedelta(days=30), **row))


def _day(chance: random.Random) -> date:
    return TODAY + timedelta(days=chance.randint(-20, 5))


def _later(chance: random.Random) -> date | None:
    return chance.choice([None, TODAY, TODAY + timedelta(days=3)])
