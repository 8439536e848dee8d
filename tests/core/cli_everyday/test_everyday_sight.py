"""Who still has to rate learns nothing; what waits for a plugin is not lost."""

from __future__ import annotations

import pytest

from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.storage.transaction import SYSTEM


def _looks(ref: str) -> list[tuple[str, ...]]:
    return [
        ("inbox",),
        ("inbox", "--all", "-o", "json"),
        ("show", ref),
        ("show", ref, "-o", "json"),
        ("show", "sam", "-o", "json"),
        ("why", ref),
        ("why", ref, "collect", "-o", "json"),
        ("log", ref, "-o", "json"),
        ("log", "-o", "json"),
        ("log", "--by", "rolf", "-o", "json"),
        ("search", "boat", "-o", "json"),
        ("search", "REV", "-o", "json"),
        ("workflow", "list", "-o", "json"),
        ("list", "--where", "is=any", "-o", "json"),
        ("list", "--where", "assigned=rolf is=any", "-o", "json"),
        ("list", "--where", f"parent={ref} is=closed", "-o", "json"),
        ("show", "REV-2"),
        ("why", "REV-2"),
        ("log", "REV-2"),
        ("do", "REV-2", "mark", "--set", "mark=1"),
        ("do", "REV-2"),
    ]


def test_before_the_own_mark_nothing_tells_whether_others_have_marked(town):
    ref = town.open().ref
    town.talent("do", ref, "review")
    before = [town.talent(*words, as_="rita") for words in _looks(ref)]
    assert town.talent("do", "REV-2", "mark", "--set", "mark=5", as_="rolf").code == 0
    assert [town.talent(*words, as_="rita") for words in _looks(ref)] == before
    town.talent("do", "REV-1", "mark", "--set", "mark=2", as_="rita")
    assert town.talent("show", "REV-2", "-o", "json", as_="rita").record["data"] == {"mark": 5}


@pytest.fixture
def handing_town(make_town):
    made = make_town('[[handoff]]\non = "bank.loan.refused"\nopen = "absent.plan"\n')
    yield made
    made.workspace.close()


def test_a_handoff_that_waits_for_a_plugin_is_shown_to_its_keepers(handing_town):
    ref = handing_town.open().ref
    handing_town.talent("do", ref, "refuse", "--reason", "Too early")
    rows = [
        each
        for each in handing_town.talent("inbox", "-o", "json", as_="hedda").items
        if each["group"] == "plugin"
    ]
    assert [(each["ref"], each["what"], each["error"]) for each in rows] == [
        (ref, "opens absent.plan", "no enabled plugin brings absent.plan")
    ]
    shown = handing_town.talent("inbox", "-o", "table", as_="hedda").out
    assert "Waiting for a plugin · 1" in shown
    # An admin is no reader of cases, and nobody else is told at all.
    assert handing_town.talent("inbox", "-o", "json", as_="ada").items == []
    assert handing_town.talent("inbox", "-o", "json", as_="olga").items == []
    assert handing_town.talent("tick").code == 0


def test_elsewhere_time_cannot_be_moved_and_tick_is_a_right(make_town, monkeypatch):
    town = make_town(is_demo=False)

    def keeper(tx):
        give(tx, add_person(tx, "Kit", kind="employee", handle="kit", login="kit").id, "admin")
        add_person(tx, "Lou", kind="employee", handle="lou", login="lou")

    town.workspace.run(SYSTEM, keeper)
    monkeypatch.setattr("talenthub.workspace.workspace.login_name", lambda: "kit")
    assert town.talent("tick", as_=None).code == 0
    moved = town.talent("tick", "--to", "+1d", as_=None)
    assert (moved.code, "only the clock of a demo" in moved.err) == (3, True)
    monkeypatch.setattr("talenthub.workspace.workspace.login_name", lambda: "lou")
    assert town.talent("tick", as_=None).code == 5
    town.workspace.close()
