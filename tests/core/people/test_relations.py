"""Managers, reports, units and posts, on days and past vacant posts."""

from __future__ import annotations

from datetime import date

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, insert

from talenthub.people import tables
from talenthub.people.changes import leave, move
from talenthub.people.posts import incumbents_of, posts_of, vacant_posts
from talenthub.people.relations import chains_of, managers_of, reports_of, reports_on
from talenthub.people.units import unit_of, unit_paths
from talenthub.storage.database import Database
from talenthub.storage.types import metadata

TODAY = date(2026, 1, 5)


def managers(world, *handles, on=None):
    names = {each.id: handle for handle, each in world.people.items()} | {None: None}
    found = managers_of(world.tx, [world.id(each) for each in handles], on)
    return [names[found[world.id(each)]] for each in handles]


def test_tables_and_migration_agree(database: Database) -> None:
    mine = {"person", "unit", "post", "assignment", "reporting_line", "grant_held", "deputy"}
    options = {
        "include_object": lambda each, name, kind, *_: (name if kind == "table" else each.table.name) in mine,
        "compare_type": True,
    }
    with database.begin() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    assert differences == []


def test_each_person_has_the_next_filled_post_above(world) -> None:
    assert managers(world, "jonas", "dario", "tomas", "eva", "cleo") == [
        "dario",
        "tomas",
        "eva",
        "cleo",
        None,
    ]


def test_a_vacant_managing_post_passes_to_the_next_above(world) -> None:
    leave(world.tx, world.id("dario"))
    leave(world.tx, world.id("tomas"))
    assert managers(world, "jonas", "kofi") == ["eva", "eva"]
    assert world.handles(reports_of(world.tx, world.id("eva"))) == ["jonas", "kofi", "maria"]
    assert managers(world, "jonas", on=date(2026, 1, 4)) == ["dario"]


def test_reports_are_direct_or_deep(world) -> None:
    assert world.handles(reports_of(world.tx, world.id("tomas"))) == ["dario"]
    deep = reports_of(world.tx, world.id("eva"), deep=True)
    assert world.handles(deep) == ["dario", "jonas", "kofi", "maria", "tomas"]
    assert reports_of(world.tx, world.id("jonas")) == ()


def test_reports_on_gives_the_same_ids(world) -> None:
    leave(world.tx, world.id("dario"))
    for handle in ("cleo", "eva", "tomas", "jonas"):
        for deep in (False, True):
            selected = reports_on(world.id(handle), world.tx.today, deep=deep)
            ids = sorted(row.id for row in world.tx.rows(selected))
            assert tuple(ids) == reports_of(world.tx, world.id(handle), deep)


def test_chains_name_everyone_above_the_nearest_first(world) -> None:
    above = chains_of(world.tx, [world.id("jonas")])[world.id("jonas")]
    assert above == tuple(world.id(each) for each in ("dario", "tomas", "eva", "cleo"))


def test_a_loop_in_stored_data_neither_hangs_nor_makes_self_managers(world) -> None:
    world.tx.write(
        insert(tables.reporting_line).values(
            post_id=world.posts["ceo"].id, manager_post_id=world.posts["leader"].id, since=date(2020, 1, 1)
        )
    )
    leave(world.tx, world.id("tomas"))
    for handle, manager in zip(
        ("cleo", "eva", "dario"), managers(world, "cleo", "eva", "dario"), strict=True
    ):
        assert manager != handle
    for handle in ("cleo", "eva", "dario", "jonas"):
        assert world.id(handle) not in reports_of(world.tx, world.id(handle), deep=True)
        assert world.id(handle) not in chains_of(world.tx, [world.id(handle)])[world.id(handle)]


def test_units_and_posts_follow_the_day(world) -> None:
    jonas = world.id("jonas")
    move(world.tx, jonas, world.post("clerk", "people").id, date(2026, 3, 1))
    assert posts_of(world.tx, [jonas])[jonas].code == "officer-1"
    assert posts_of(world.tx, [jonas], date(2026, 3, 1))[jonas].code == "clerk"
    assert unit_of(world.tx, [jonas], date(2026, 2, 28)) == {jonas: world.units["harbour"].id}
    assert unit_of(world.tx, [jonas], date(2026, 3, 1)) == {jonas: world.units["people"].id}
    assert posts_of(world.tx, [jonas], date(2019, 1, 1)) == {jonas: None}
    seat = world.posts["officer-1"].id
    assert incumbents_of(world.tx, [seat], date(2026, 3, 1)) == {seat: None}


def test_unit_paths_begin_with_the_unit_itself(world) -> None:
    paths = unit_paths(world.tx)
    ids = {code: each.id for code, each in world.units.items()}
    assert paths[ids["harbour"]] == (ids["harbour"], ids["operations"], ids["head"])


def test_vacant_posts_look_beneath_the_unit(world) -> None:
    found = vacant_posts(world.tx, "case-officer", world.units["operations"].id)
    assert [each.code for each in found] == ["officer-3"]
    assert vacant_posts(world.tx, "case-officer", world.units["people"].id) == ()
    assert vacant_posts(world.tx, "director") == ()


@pytest.mark.parametrize("count", [1, 7])
def test_the_number_of_statements_does_not_grow(world, count: int) -> None:
    ids = [each.id for each in world.people.values()][:count]
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(world.tx.connection, "before_cursor_execute", note)
    managers_of(world.tx, ids)
    unit_of(world.tx, ids)
    posts_of(world.tx, ids)
    chains_of(world.tx, ids)
    unit_paths(world.tx)
    event.remove(world.tx.connection, "before_cursor_execute", note)
    assert len(seen) == 5
