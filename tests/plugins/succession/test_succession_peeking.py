"""Nobody learns of a nomination that is not theirs to see.

Two worlds differ in what is said of one person for one post. Every command of
`talent` is asked in both, by everybody who may not know: answers, errors,
files, what the shell completes and what is sent are equal byte for byte.

In `make test` three people ask everything and all others a share of it, each
another one; in `make storm` everybody asks everything, on both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from peeking_scene import BARRED, CAST, ENTITLED, FOR_REAL, GRANTED, HR, PLACES, Pair

from talenthub.people.grants import CORE_GRANTS
from talenthub.testing import Servers
from talenthub.testing.asking import Asked, Kept, complete_all, hear, hear_all, keeping_open, told
from talenthub.testing.worlds import copied
from talenthub.workflow.relations import Kind, Who
from talenthub_succession.workflows import nomination, post

DEAREST = ("nominee", "manager", "officer of HR")
"""They ask everything each time. The nominee holds every grant there is."""

Pairs = Callable[[str], Pair]


@pytest.fixture(scope="module")
def pair_on(full_autumns: Any, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    """Return a maker of pairs, one for each kind of database."""
    made: dict[str, Pair] = {}

    def pair(kind: str) -> Pair:
        if kind not in made:
            made[kind] = Pair(kind, tmp_path_factory.mktemp("pair"), full_autumns, servers)
        return made[kind]

    return pair


def compare(pair: Pair, name: str, asked: Sequence[Asked]) -> int:
    """Fail if a world tells; return how many questions were answered."""
    heard = pair.heard(name, asked)
    assert told(*heard) == []
    broken = [(asked, each.err) for asked, each in heard[0].items() if each.code == 1]
    assert not broken, broken[0]
    return sum(each.code == 0 for each in heard[0].values())


def test_everybody_stands_in_the_cast() -> None:
    """Each relation that the declarations name, each grant in each place."""
    relations = [
        relation
        for workflow in (nomination, post)
        for relation in (
            workflow.viewers,
            workflow.open_by,
            *(each.by for each in workflow.transitions),
            *(task.to for state in workflow.states for task in state.tasks or ()),
        )
    ]
    named = {each for relation in relations for each in relation.alternatives}
    standing = {Who(Kind.SUBJECT): "nominee", Who(Kind.SUBJECT, up=1): "manager"}
    standing |= {Who(Kind.PARTICIPANT, each): each for each in nomination.participants + post.participants}
    grants = {each.name for each in named if each.kind is Kind.HOLDS}
    others = {each for each in named if each.kind not in (Kind.HOLDS, Kind.SYSTEM)}
    assert others <= set(standing)
    assert set(standing.values()) <= set(CAST)
    assert {f"{name}, {where}" for name in grants | set(CORE_GRANTS) for where in PLACES} == set(GRANTED)


def test_who_sees_a_nomination_is_as_declared(pair_on: Pairs, kept_open: Kept) -> None:
    pair = pair_on("sqlite")
    world = pair.nominated.world
    # No board is called yet for the one that waits.
    for ref, entitled in zip(pair.refs, (ENTITLED, ENTITLED - {"board"}), strict=True):
        assert {each for each in CAST if hear(world, CAST[each], "show", ref).code == 0} == entitled
    # The comparison does see a difference where one may be seen.
    asked = [("succession", "bench", "-o", "json"), ("search", pair.refs[0])]
    assert len(pair.differ(lambda world: hear_all(world, HR, asked))) == len(asked)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", DEAREST)
def test_no_command_tells_the_dearest(pair_on: Pairs, kept_open: Kept, name: str) -> None:
    pair = pair_on("sqlite")
    assert pair.differ(lambda world: complete_all(world, CAST[name], pair.known)) == []
    assert compare(pair, name, pair.asked_first(name)) > 50


@pytest.mark.timeout(600)
def test_no_command_tells_the_others_their_share(pair_on: Pairs, kept_open: Kept) -> None:
    pair = pair_on("sqlite")
    others = [each for each in BARRED if each not in DEAREST]
    for number, name in enumerate(others):
        compare(pair, name, pair.shared[number :: len(others)])


@pytest.mark.storm
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", BARRED)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_command_tells_anybody(pair_on: Pairs, kept_open: Kept, kind: str, name: str) -> None:
    pair = pair_on(kind)
    assert pair.differ(lambda world: complete_all(world, CAST[name], pair.known)) == []
    compare(pair, name, pair.asked(name))


def do_for_real(pair: Pair, folder: Path, servers: Servers, name: str) -> list[str]:
    """Return what two copies told differently while they were written to."""
    with keeping_open() as kept:
        worlds = [copied(each, folder / each.folder.name, servers) for each in pair.worlds]
        heard = [[hear(world, CAST[name], *each) for each in FOR_REAL] for world in worlds]
        kept.close()
    return told(*(dict(enumerate(each)) for each in heard))


KEEPERS = ("nominee", "hr_head, outside", "admin, everywhere", "deputy of the nominee")
"""Who may have things run; of everybody else one is asked."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("sqlite", "nominee"),
        *(
            pytest.param(kind, name, marks=pytest.mark.storm)
            for kind in ("sqlite", "postgresql")
            for name in (*KEEPERS, "stranger")
            if (kind, name) != ("sqlite", "nominee")
        ),
    ],
)
def test_what_is_done_for_real_tells_nothing(
    pair_on: Pairs, servers: Servers, tmp_path: Path, kind: str, name: str
) -> None:
    assert do_for_real(pair_on(kind), tmp_path, servers, name) == []


def test_each_command_is_asked(pair_on: Pairs) -> None:
    pair = pair_on("sqlite")
    asked = {each[: len(route)] for route in pair.known for each in (*pair.shared, *FOR_REAL)}
    assert set(pair.known) <= asked
