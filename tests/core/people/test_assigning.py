"""Assigning many at once: the same as one after another, in few statements."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from talenthub.errors import Refused
from talenthub.people import tables
from talenthub.people.posts import assign, assign_many, posts_by_code
from talenthub.people.seats import Seating
from talenthub.storage.hub import hub_event
from talenthub.storage.transaction import Transaction

DAY = date(2026, 3, 2)


class _TakeBackError(Exception):
    pass


def outcome(tx: Transaction, act: Callable[[], Any]) -> tuple[Any, ...]:
    """Return what `act` leaves behind, and take it back."""
    said: Any = None
    left: list[Any] = []
    try:
        with tx.savepoint():
            try:
                with tx.savepoint():
                    act()
            except Refused as error:
                said = error.problems[0].code
            seats, told = tables.assignment.c, hub_event.c
            left.append(tx.rows(select(seats.person_id, seats.post_id, seats.since, seats.until)))
            left.append(tx.rows(select(tables.person.c.id, tables.person.c.kind)))
            events = select(told.kind, told.subject_id, told.facts).order_by(told.id)
            left.append([tuple(row) for row in tx.rows(events)])
            raise _TakeBackError
    except _TakeBackError:
        rows = [sorted(map(str, each)) for each in left[:2]]
        return said, rows, left[2]


def plans(world: Any, count: int) -> Sequence[list[Seating]]:
    chance = random.Random(7)
    people = [world.id("jonas"), world.id("dario"), *(world.person(f"new{n}").id for n in range(3))]
    posts = [world.posts[code].id for code in ("officer-1", "officer-2", "officer-3", "leader")]
    return [
        [
            Seating(chance.choice(people), chance.choice(posts), DAY + timedelta(days=chance.randrange(4)))
            for _ in range(chance.randrange(1, 5))
        ]
        for _ in range(count)
    ]


def test_a_batch_leaves_what_one_after_another_leaves(world) -> None:
    """Chains too: who leaves a post makes room for the next in the same batch."""
    done = set()
    for plan in plans(world, 60):

        def singly(plan: list[Seating] = plan) -> None:
            for each in plan:
                assign(world.tx, each.person_id, each.post_id, each.since)

        expected = outcome(world.tx, singly)
        assert outcome(world.tx, lambda plan=plan: assign_many(world.tx, plan)) == expected
        done.add(expected[0])
    assert {None, "people.post-filled", "people.same-post"} <= done, "the plans try too little"


def test_five_hundred_hires_cost_what_three_cost(world) -> None:
    def cost(many: int) -> int:
        made = [world.post(f"seat-{many}-{n}", "harbour").id for n in range(many)]
        hired = [world.person(f"hire-{many}-{n}").id for n in range(many)]
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        event.listen(world.tx.connection, "before_cursor_execute", note)
        assign_many(world.tx, [Seating(who, post, DAY) for who, post in zip(hired, made, strict=True)])
        event.remove(world.tx.connection, "before_cursor_execute", note)
        return len(sent)

    assert cost(3) == cost(500) <= 7


def test_posts_are_found_by_code_in_one_look_and_an_unknown_one_by_name(world) -> None:
    found = posts_by_code(world.tx, {"leader", "officer-3"})
    assert {code: each.id for code, each in found.items()} == {
        code: world.posts[code].id for code in ("leader", "officer-3")
    }
    with pytest.raises(Exception, match="officer-4"):
        posts_by_code(world.tx, {"leader", "officer-4"})
