"""What a large organisation costs: no scan where an index leads."""

from __future__ import annotations

import re

from sqlalchemy import text

from talenthub.people.access import VIEW
from talenthub.people.grants import give


def test_who_is_visible_is_found_over_indexes(world) -> None:
    if not world.tx.is_sqlite:
        return  # PostgreSQL scans tables as small as these whatever their indexes
    give(world.tx, world.id("maria"), "hr_officer", world.units["operations"].id)
    visible = VIEW.visible(world.as_("maria")).compile(
        world.tx.connection, compile_kwargs={"literal_binds": True}
    )
    statement = text("EXPLAIN QUERY PLAN " + str(visible).replace(":", r"\:"))
    plan = [row.detail for row in world.tx.rows(statement)]
    scanned = [found[1] for each in plan if (found := re.match(r"SCAN (\w+)(?! USING)", each))]
    # Persons and seats are gone through once each; nothing is gone through for each of them.
    assert set(scanned).isdisjoint({"post", "unit", "grant_held", "reporting_line", "deputy"}), plan
    assert scanned.count("assignment") <= 1, plan
    assert scanned.count("person") == 1, plan
