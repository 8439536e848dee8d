"""Persons, posts, grants, deputies: adding, moving, leaving, refusing."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from talenthub.errors import NotFound, NotPermitted, Refused, TalentError, UsageError
from talenthub.people import tables
from talenthub.people.changes import leave, move, name_deputy, set_reporting_line
from talenthub.people.deputies import deputies_of, deputised_by, set_deputy
from talenthub.people.grants import CORE_GRANTS, Grant, give, grants_of, holders, take_back
from talenthub.people.personal import PERSONAL
from talenthub.people.persons import add_person, handle_for, person, person_of_login, persons
from talenthub.people.posts import add_post, assign, post, posts_of
from talenthub.people.relations import managers_of
from talenthub.people.units import add_unit, unit
from talenthub.storage.hub import hub_event
from talenthub.storage.transaction import Actor, Transaction

TODAY = date(2026, 1, 5)


def events(tx: Transaction, after: int = 0) -> list[tuple[str, str, dict]]:
    rows = tx.rows(select(hub_event).where(hub_event.c.id > after).order_by(hub_event.c.id))
    return [(row.kind, row.subject, json.loads(row.facts)) for row in rows]


def last_event(tx: Transaction) -> int:
    return tx.value(select(func.max(hub_event.c.id))) or 0


@pytest.mark.parametrize(
    ("name", "taken", "handle"),
    [
        ("Amara Okoye", (), "amara.okoye"),
        ("Amara Okoye", ("amara.okoye",), "amara.okoye.2"),
        ("Amara Okoye", ("amara.okoye", "amara.okoye.2"), "amara.okoye.3"),
        ("Åsa Ångström Ørsted", (), "asa.orsted"),
        ("Łukasz Groß", (), "lukasz.gross"),
        ("李伟", (), "person"),
        ("O'Neil", (), "o.neil"),
        ("  ", (), "person"),
        ("x" * 300, (), "x" * 60),
    ],
)
def test_handles_are_made_of_names(name: str, taken: tuple[str, ...], handle: str) -> None:
    assert handle_for(name, taken) == handle


def test_persons_are_found_by_handle_id_and_login(world) -> None:
    added = add_person(world.tx, "Amara Okoye", email="a@example.org", login="amara")
    assert added.handle == "amara.okoye"
    assert person(world.tx, " Amara.Okoye ") == added
    assert persons(world.tx, [added.id, 10_000]) == {added.id: added}
    assert person_of_login(world.tx, "amara") == added
    assert person_of_login(world.tx, "nobody") is None
    with pytest.raises(NotFound) as caught:
        person(world.tx, "amara.okoy")
    assert caught.value.problems[0].nearest == "amara.okoye"


@pytest.mark.parametrize(
    ("given", "failure"),
    [
        ({"name": " "}, UsageError),
        ({"name": "X", "kind": "boss"}, UsageError),
        ({"name": "X", "handle": "No Handle"}, UsageError),
        ({"name": "X", "handle": "jonas"}, Refused),
        ({"name": "X", "login": "login-jonas"}, Refused),
    ],
)
def test_what_no_person_can_be_is_refused(world, given, failure) -> None:
    with pytest.raises(failure):
        add_person(world.tx, **given)


def test_a_candidate_hired_becomes_an_employee(world) -> None:
    amara = world.person("amara")
    before = last_event(world.tx)
    made = assign(world.tx, amara.id, world.posts["officer-3"].id, date(2026, 3, 2))
    assert made.former_post_id is None
    assert person(world.tx, "amara").kind == "employee"
    assert posts_of(world.tx, [amara.id])[amara.id] is None
    assert managers_of(world.tx, [amara.id], date(2026, 3, 2))[amara.id] == world.id("dario")
    facts = {"post": "officer-3", "role": "case-officer", "since": "2026-03-02"}
    assert events(world.tx, before) == [("person.hired", "person", facts)]


def test_a_filled_post_is_refused_by_name_also_when_planned(world) -> None:
    amara = world.person("amara")
    with pytest.raises(Refused, match="officer-1"):
        assign(world.tx, amara.id, world.posts["officer-1"].id, TODAY)
    assign(world.tx, world.id("jonas"), world.posts["officer-3"].id, date(2026, 5, 1))
    with pytest.raises(Refused, match="until 2026-05-01"):
        assign(world.tx, amara.id, world.posts["officer-1"].id, date(2026, 4, 30))
    with pytest.raises(Refused, match="from 2026-05-01"):
        assign(world.tx, amara.id, world.posts["officer-3"].id, date(2026, 2, 1))
    assert assign(world.tx, amara.id, world.posts["officer-1"].id, date(2026, 5, 1))


def test_moving_ends_the_former_assignment_and_vacates_the_post(world) -> None:
    before = last_event(world.tx)
    made = move(world.tx, world.id("jonas"), world.posts["officer-3"].id, TODAY)
    assert made.former_post_id == world.posts["officer-1"].id
    kinds = [(kind, facts["post"]) for kind, _, facts in events(world.tx, before)]
    assert kinds == [("post.vacated", "officer-1"), ("person.moved", "officer-3")]
    with pytest.raises(Refused, match="already"):
        move(world.tx, world.id("jonas"), world.posts["officer-3"].id, TODAY)
    with pytest.raises(Refused, match="later assignment"):
        move(world.tx, world.id("jonas"), world.posts["officer-1"].id, TODAY - timedelta(days=3))
    with pytest.raises(Refused, match="does not exist on that day"):
        move(world.tx, world.id("kofi"), world.posts["officer-1"].id, date(2019, 1, 1))
    with pytest.raises(NotFound):
        move(world.tx, world.id("kofi"), 99_999)


def test_leaving_ends_everything_at_once_and_the_line_stays(world) -> None:
    dario = world.id("dario")
    give(world.tx, dario, "recruiter")
    set_deputy(world.tx, dario, world.id("maria"), TODAY, TODAY + timedelta(days=9))
    set_deputy(world.tx, world.id("eva"), dario, TODAY, TODAY + timedelta(days=9))
    before = last_event(world.tx)
    left = leave(world.tx, dario)
    assert (left.posts, left.grants, left.deputies) == ((world.posts["leader"].id,), 1, 2)
    gone = person(world.tx, "dario")
    assert gone.kind == "leaver"
    assert person_of_login(world.tx, "login-dario") is None
    assert grants_of(world.tx, [dario])[dario] == ()
    assert deputised_by(world.tx, dario) == deputies_of(world.tx, dario) == ()
    assert [kind for kind, _, _ in events(world.tx, before)] == ["post.vacated", "person.left"]
    assign(world.tx, world.person("nina").id, world.posts["leader"].id, TODAY)
    assert managers_of(world.tx, [world.id("jonas")])[world.id("jonas")] == world.id("nina")
    with pytest.raises(Refused, match="left already"):
        leave(world.tx, dario)
    with pytest.raises(Refused, match="not before"):
        leave(world.tx, world.id("kofi"), TODAY + timedelta(days=1))
    with pytest.raises(NotFound):
        leave(world.tx, 99_999)
    with pytest.raises(Refused, match="left"):
        set_deputy(world.tx, dario, world.id("kofi"), TODAY, TODAY + timedelta(days=2))


def test_planned_posts_of_a_leaver_never_begin(world) -> None:
    assign(world.tx, world.id("jonas"), world.posts["officer-3"].id, date(2026, 5, 1))
    leave(world.tx, world.id("jonas"))
    assert posts_of(world.tx, [world.id("jonas")], date(2026, 6, 1))[world.id("jonas")] is None
    amara = world.person("amara").id
    assert assign(world.tx, amara, world.posts["officer-3"].id, TODAY)


def test_loops_are_refused_with_every_name(world) -> None:
    posts = world.posts
    with pytest.raises(Refused) as caught:
        set_reporting_line(world.tx, posts["ceo"].id, posts["leader"].id, TODAY)
    found = caught.value.problems[0].found.split(" → ")
    assert set(found) == {"ceo", "leader", "manager", "director"}
    assert found[0] == found[-1]
    with pytest.raises(Refused, match="officer-1 → officer-1"):
        set_reporting_line(world.tx, posts["officer-1"].id, posts["officer-1"].id, TODAY)


def test_lines_are_dated_and_can_be_taken_away(world) -> None:
    officer, jonas = world.posts["officer-1"].id, world.id("jonas")
    set_reporting_line(world.tx, officer, world.posts["manager"].id, TODAY)
    assert managers_of(world.tx, [jonas])[jonas] == world.id("tomas")
    assert managers_of(world.tx, [jonas], date(2026, 1, 4))[jonas] == world.id("dario")
    set_reporting_line(world.tx, officer, None, TODAY + timedelta(days=1))
    assert managers_of(world.tx, [jonas], date(2026, 2, 1))[jonas] is None


def test_unknown_units_and_posts_name_the_nearest(world) -> None:
    with pytest.raises(NotFound, match="harbour"):
        unit(world.tx, "harbor")
    with pytest.raises(NotFound, match="officer-1"):
        post(world.tx, "oficer-1")
    with pytest.raises(Refused):
        add_unit(world.tx, "harbour", "Again")
    with pytest.raises(Refused):
        add_post(world.tx, "ceo", "X", framework_code="x", role_code="y", unit_id=world.units["head"].id)


def test_grants_hold_at_their_unit_beneath_it_and_in_their_days(world) -> None:
    harbour, operations = world.units["harbour"].id, world.units["operations"].id
    give(world.tx, world.id("maria"), "hr_officer", operations, until=date(2026, 2, 1))
    give(world.tx, world.id("kofi"), "hr_officer")
    both = tuple(sorted([world.id("maria"), world.id("kofi")]))
    assert holders(world.tx, "hr_officer", harbour) == both
    assert holders(world.tx, "hr_officer", world.units["people"].id) == (world.id("kofi"),)
    assert holders(world.tx, "hr_officer", None) == (world.id("kofi"),)
    assert holders(world.tx, "hr_officer", harbour, date(2026, 2, 1)) == (world.id("kofi"),)
    assert grants_of(world.tx, [world.id("maria")])[world.id("maria")] == (Grant("hr_officer", operations),)
    with pytest.raises(Refused, match="already"):
        give(world.tx, world.id("kofi"), "hr_officer")
    take_back(world.tx, world.id("kofi"), "hr_officer")
    assert holders(world.tx, "hr_officer", None) == ()
    with pytest.raises(NotFound, match="does not hold"):
        take_back(world.tx, world.id("maria"), "hr_officer")
    with pytest.raises(UsageError, match="before it begins"):
        give(world.tx, world.id("kofi"), "admin", until=TODAY)


def test_an_unknown_grant_names_the_nearest(world) -> None:
    with pytest.raises(UsageError) as caught:
        give(world.tx, world.id("kofi"), "hr_oficer", known=CORE_GRANTS)
    assert caught.value.problems[0].nearest == "hr_officer"
    give(world.tx, world.id("kofi"), "mentor", known=[*CORE_GRANTS, "mentor"])


def test_who_may_give_grants(world) -> None:
    give(world.tx, world.id("maria"), "hr_head")
    give(world.tx, world.id("cleo"), "admin")
    give(world.as_("maria"), world.id("kofi"), "recruiter")
    for actor, target, name in (
        ("maria", "kofi", "admin"),
        ("maria", "maria", "recruiter"),
        ("kofi", "jonas", "recruiter"),
        ("cleo", "cleo", "auditor"),
    ):
        with pytest.raises(NotPermitted):
            give(world.as_(actor), world.id(target), name)
    with pytest.raises(NotPermitted):  # nor in another person's name
        give(world.tx.by(Actor(world.id("cleo"), world.id("kofi"))), world.id("kofi"), "act_for")
    give(world.as_("cleo"), world.id("kofi"), "auditor")
    granted_by = select(tables.grant_held.c.granted_by).where(tables.grant_held.c.name == "auditor")
    assert world.tx.value(granted_by) == world.id("cleo")


def test_deputies_are_dated_and_one_step_far(world) -> None:
    week = TODAY + timedelta(days=7)
    set_deputy(world.tx, world.id("tomas"), world.id("dario"), TODAY, week)
    set_deputy(world.tx, world.id("dario"), world.id("jonas"), TODAY, week)
    assert deputised_by(world.tx, world.id("jonas")) == (world.id("dario"),)
    assert deputies_of(world.tx, world.id("tomas")) == (world.id("dario"),)
    assert deputised_by(world.tx, world.id("jonas"), week) == ()
    for since, until in ((TODAY, TODAY), (week, TODAY), (TODAY, TODAY + timedelta(days=400))):
        with pytest.raises(UsageError):
            set_deputy(world.tx, world.id("eva"), world.id("cleo"), since, until)
    with pytest.raises(UsageError, match="own deputy"):
        set_deputy(world.tx, world.id("eva"), world.id("eva"), TODAY, week)
    name_deputy(world.as_("eva"), world.id("eva"), world.id("tomas"), TODAY, week)
    with pytest.raises(NotPermitted):
        name_deputy(world.as_("kofi"), world.id("eva"), world.id("kofi"), TODAY, week)


def test_every_personal_column_exists_and_every_person_column_is_declared() -> None:
    room = {each.name: each for each in (tables.person, tables.assignment, tables.grant_held, tables.deputy)}
    for name in PERSONAL:
        table, column = name.split(".")
        assert column in room[table].c
    undeclared = {f"person.{each.name}" for each in tables.person.c} - set(PERSONAL)
    assert undeclared == {"person.id"}
    pointing = {
        f"{table.name}.{key.parent.name}"
        for table in room.values()
        for key in table.foreign_keys
        if key.column.table is tables.person
    }
    assert pointing <= set(PERSONAL)


def test_two_hires_into_one_post_have_one_winner(make_world, open_tx) -> None:
    with open_tx() as tx:
        world = make_world(tx)
        rivals = [world.person(f"rival{number}").id for number in range(4)]
        seat = world.posts["officer-3"].id
    barrier, won, lost = threading.Barrier(len(rivals)), [], []

    def hire(rival: int) -> None:
        barrier.wait()
        try:
            with open_tx() as tx:
                won.append(assign(tx, rival, seat, TODAY))
        except TalentError as error:
            lost.append(error)

    threads = [threading.Thread(target=hire, args=(each,)) for each in rivals]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(won) == 1
    assert [type(each) for each in lost] == [Refused] * 3
    with open_tx() as tx:
        held = select(func.count()).select_from(tables.assignment).where(tables.assignment.c.post_id == seat)
        assert tx.value(held) == 1
