"""More people than one statement can name: 32,766 on SQLite, 65,535 on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from talenthub.evidence.gap import gaps_of_team
from talenthub.evidence.settings import EvidenceSettings
from talenthub.people.grants import grants_of
from talenthub.people.persons import persons
from talenthub.people.posts import incumbents_of, posts, posts_of
from talenthub.people.relations import chains_of, managers_of
from talenthub.people.units import unit_of
from talenthub.storage import portions

SMALLEST_BOUND = 32_766
"""Parameters of one statement, in SQLite as its makers build it."""
PEOPLE = range(1, 51)


def test_two_lists_of_ids_fit_into_one_statement() -> None:
    assert 2 * portions.AT_ONCE < SMALLEST_BOUND - 100


@pytest.mark.parametrize(
    "ask",
    [
        persons,
        posts,
        posts_of,
        incumbents_of,
        unit_of,
        grants_of,
        managers_of,
        chains_of,
        lambda tx, people: gaps_of_team(tx, people, "development", EvidenceSettings()),
    ],
)
def test_no_statement_names_more_ids_than_fit(world, monkeypatch: pytest.MonkeyPatch, ask) -> None:
    sizes: list[int] = []
    with world.begin() as tx:
        whole = ask(tx, PEOPLE)
    monkeypatch.setattr(portions, "AT_ONCE", 10)
    with world.begin() as tx:
        event.listen(
            tx.connection, "before_cursor_execute", lambda _, __, ___, asked, *_more: sizes.append(len(asked))
        )
        assert ask(tx, PEOPLE) == whole
    assert len(sizes) == 5
    assert max(sizes) < 2 * 10 + 20
