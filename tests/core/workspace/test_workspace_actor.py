"""Who acts: the login's person, or somebody else by right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub.errors import NotFound, NotPermitted
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workspace import Workspace
from talenthub.workspace.clock import set_demo_clock


def _fill(tx: Transaction) -> dict[str, int]:
    found = {}
    for handle in ("ann.one", "bob.two", "cal.three"):
        found[handle] = add_person(tx, handle, kind="employee", handle=handle, login=handle[:3]).id
    found["dee.four"] = add_person(tx, "dee", kind="candidate", handle="dee.four").id
    give(tx, found["ann.one"], "act_for")
    return found


@pytest.fixture
def people(workspace: Workspace) -> dict[str, int]:
    return workspace.run(SYSTEM, _fill)


def test_the_login_decides_who_acts(workspace: Workspace, people: dict[str, int]) -> None:
    actor = workspace.actor("bob")
    assert (actor.person, actor.login) == (people["bob.two"], None)


def test_a_login_of_nobody_is_told_what_to_do(workspace: Workspace, people: dict[str, int]) -> None:
    with pytest.raises(NotFound, match=r"nobody in this workspace signs in.*found 'zoe'.*people import"):
        workspace.actor("zoe")


def test_acting_for_another_keeps_both(workspace: Workspace, people: dict[str, int]) -> None:
    actor = workspace.actor("ann", "cal.three")
    assert (actor.person, actor.login) == (people["cal.three"], people["ann.one"])
    assert actor.identities == {people["ann.one"], people["cal.three"]}


def test_acting_for_oneself_is_just_acting(workspace: Workspace, people: dict[str, int]) -> None:
    assert workspace.actor("ann", "ann.one").login is None


def test_acting_for_another_needs_the_grant(workspace: Workspace, people: dict[str, int]) -> None:
    with pytest.raises(NotPermitted, match="act_for"):
        workspace.actor("bob", "cal.three")


def test_without_the_grant_it_does_not_show_who_exists(workspace: Workspace, people: dict[str, int]) -> None:
    said = set()
    for handle in ("cal.three", "nobody.at.all", "dee.four"):
        with pytest.raises(NotPermitted) as caught:
            workspace.actor("bob", handle)
        said.add(str(caught.value))
    assert len(said) == 1


def test_an_unknown_person_is_answered_with_the_nearest(workspace: Workspace, people: dict[str, int]) -> None:
    with pytest.raises(NotFound, match=r"did you mean 'cal\.three'"):
        workspace.actor("ann", "cal.thre")


@pytest.fixture
def demo(folder: Path) -> Iterator[Workspace]:
    opened = Workspace.open(folder, overrides={"demo": {"enabled": True}})
    opened.run(SYSTEM, lambda tx: set_demo_clock(tx, datetime(2026, 1, 5, tzinfo=UTC)))
    yield opened
    opened.close()


def test_in_a_demo_anybody_is_anybody(demo: Workspace) -> None:
    people = demo.run(SYSTEM, _fill)
    actor = demo.actor("zoe", "bob.two")
    assert (actor.person, actor.login) == (people["bob.two"], None)


def test_a_demo_without_a_name_says_how(demo: Workspace) -> None:
    with pytest.raises(NotFound, match="--as PERSON"):
        demo.actor("zoe")
