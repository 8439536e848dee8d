"""Performance on the engine: bulk, blind statements, sealed answers, bars."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from talenthub.errors import NotFound, Refused, TalentError
from talenthub.people.persons import add_person
from talenthub.sdk import Request

SAID = {"ratings": {"CIT": 3, "COM": 4}, "text": "SECRET-M"}


# --- blind statements ----------------------------------------------------------------------------


def seen(house: Any, ref: str, who: str) -> Any:
    """Return what somebody sees in a case; None for nothing or its state only."""
    try:
        return house.case(ref, who).data
    except NotFound:
        return None


@pytest.mark.parametrize("first", ["self", "manager"])
def test_texts_are_hidden_from_each_other_until_both_are_in(house: Any, first: str) -> None:
    house.cycle_with("ada")
    own, manager = house.begun()
    order = [("ada", own, {"text": "SECRET-S"}), ("kim", manager, SAID)]
    for who, ref, said in order if first == "self" else reversed(order):
        for peeping, other in (("ada", manager), ("kim", own)):
            assert seen(house, other, peeping) is None
        house.fire(who, ref, "write", said)
        house.fire(who, ref, "submit")
    assert house.case(own, "kim").data.text == "SECRET-S"
    with pytest.raises(NotFound):
        house.case(manager, "ada")  # until the release
    assert house.case("REV-1").state == "submitted"
    assert house.case("REV-1", "ada").data is None


def test_nobody_writes_the_statement_of_the_other(house: Any) -> None:
    house.cycle_with("ada")
    own, manager = house.begun()
    assert house.refused("ada", manager, "write", SAID)
    assert house.refused("kim", own, "write", SAID)
    assert house.refused("hr", manager, "write", SAID)
    assert house.refused("kim", manager, "write", {"ratings": {"CIT": 6}})
    assert house.refused("kim", manager, "write", {"ratings": {"COMM": 3}})
    house.fire("kim", manager, "write", {"ratings": {"CIT": 2}})
    assert house.refused("kim", manager, "submit")  # a 2 needs a note
    house.fire("kim", manager, "write", {"notes": {"CIT": "late twice"}})
    house.fire("kim", manager, "submit")
    assert house.refused("kim", manager, "write", SAID)


# --- sign-off, release, appeal -------------------------------------------------------------------


def test_the_subject_reads_it_at_the_release_and_not_before(house: Any) -> None:
    house.cycle_with("ada", rated=False)
    house.submitted(said={"text": "SECRET-M"})
    assert house.refused("kim", "REV-1", "sign_off")
    house.fire("hr", "REV-1", "sign_off")
    assert house.refused("ada", "REV-1", "acknowledge")
    assert house.case("REV-1", "ada").data is None
    house.fire("kim", "REV-1", "release")
    assert house.case("REV-1", "ada").data.texts == {"self": "SECRET-S", "manager": "SECRET-M"}
    house.fire("ada", "REV-1", "acknowledge", {"statement": "not agreed"})
    assert house.refused("hr", "REV-1", "close")
    house.now += timedelta(days=15)
    assert house.refused("ada", "REV-1", "appeal", {"reason": "too late now"})
    house.fire("hr", "REV-1", "close")


def test_an_appeal_goes_to_people_who_did_not_decide(house: Any) -> None:
    house.cycle_with("ada", rated=False)
    house.submitted(said={"text": "SECRET-M"})
    house.fire("hr", "REV-1", "sign_off")
    house.fire("kim", "REV-1", "release")
    house.fire("ada", "REV-1", "appeal", {"reason": "COM was seen by nobody"})
    for barred in ("hr", "kim", "ada"):
        assert house.refused(barred, "OBJ-1", "admit")
    house.fire("head", "OBJ-1", "admit")
    house.fire("head", "OBJ-1", "dismiss", {"reason": "it was seen by three"})
    assert house.case("REV-1").state == "acknowledged"
    assert house.case("OBJ-1").data.finding == "it was seen by three"


def test_a_review_given_back_is_rated_anew_and_signed_then(house: Any) -> None:
    house.cycle_with("ada")
    house.submitted()
    house.fire("hr", "REV-1", "return", {"reason": "no word on COM"})
    manager = house.refs("statement", state="reopened")[0]
    assert house.case("REV-1").state == "writing"
    house.fire("kim", manager, "write", {"ratings": {"COM": 3}})
    house.fire("kim", manager, "submit")
    assert house.case("REV-1").data.ratings == {"CIT": 3, "COM": 3}
    house.fire("hr", "REV-1", "sign_off")


def test_without_ratings_nothing_is_asked_and_nothing_recorded(house: Any) -> None:
    house.cycle_with("ada", rated=False)
    own, manager = house.begun()
    assert house.refused("kim", manager, "write", SAID)
    for who, ref in (("kim", manager), ("ada", own)):
        house.fire(who, ref, "write", {"text": "we talked"})
        house.fire(who, ref, "submit")
    assert house.refused("hr", "REV-1", "nominate", {"raters": {"peers": [1, 2, 3]}})
    house.fire("hr", "REV-1", "sign_off")
    house.fire("kim", "REV-1", "release")
    with house.tx() as tx:
        assert tx.value(text("SELECT count(*) FROM evidence")) == 0


def test_a_surprise_is_explained(house: Any) -> None:
    house.cycle_with("ada")
    with house.tx("ada") as tx:
        objective = {"key": "a", "title": "one thing", "weight": "1"}
        house.engine.fire(tx, "REV-1", "set_objectives", {"objectives": [objective]})
    for rating in ("2.7", "2.9"):
        ref = house.fire("kim", "REV-1", "schedule", {"on": "2027-02-26"}).opened[0]
        house.fire("kim", ref, "hold", {"rating": rating})
    house.submitted(said={"ratings": {"CIT": 4, "COM": 4}, "results": {"a": 4}})
    house.fire("hr", "REV-1", "sign_off")
    with pytest.raises(Refused) as refusal:
        house.fire("kim", "REV-1", "release")
    told = [each.text for verdict in refusal.value.verdicts for each in verdict.details]
    assert "no-surprise index 1.200 from 2.7, 2.9" in told


# --- calibration ---------------------------------------------------------------------------------


def session(house: Any, *people: str, facilitator: str = "hr") -> str:
    numbers = [house.case(each).id for each in house.refs("review")]
    with house.tx("hr") as tx:
        parent = house.engine.case(tx, "CYC-1").id
        opened = house.engine.open(
            tx,
            "performance.calibration",
            data={"title": "all", "reviews": numbers},
            participants={
                "facilitator": (house.people[facilitator],),
                "member": tuple(house.people[each] for each in people),
            },
            parent=parent,
        )
    return str(opened.ref)


CHANGE = {
    "review": "REV-1",
    "competency": "COM",
    "rating": 3,
    "code": "evidence",
    "reason": "three letters came back",
    "evidence": "the letters of May",
}


def test_a_change_has_reasons_keeps_both_and_is_approved_by_another(house: Any) -> None:
    house.cycle_with("ada")
    house.submitted()
    ref = session(house, "lee")
    house.fire("hr", ref, "start")
    for missing in ("reason", "evidence", "code"):
        form = {key: value for key, value in CHANGE.items() if key != missing}
        assert house.refused("hr", ref, "change", form)
    assert house.refused("hr", ref, "change", {**CHANGE, "rating": 4})  # changes nothing
    assert house.refused("hr", ref, "propose_close")
    house.fire("hr", ref, "change", CHANGE)
    house.fire("hr", ref, "propose_close")
    assert house.refused("hr", ref, "approve")
    assert house.case("REV-1").data.ratings["COM"] == 4
    house.fire("head", ref, "approve")
    data = house.case("REV-1").data
    assert data.ratings["COM"] == 3
    assert [(each.before, each.after, each.ref) for each in data.changes] == [(4, 3, ref)]
    assert house.refused("hr", "REV-1", "sign_off")  # who calibrated does not sign
    house.fire("head", "REV-1", "sign_off")


def test_nobody_sits_over_the_own_row(house: Any) -> None:
    house.cycle_with("ada")
    house.submitted()
    assert house.refused("hr", session(house, "ada"), "start")
    assert house.refused("ada", session(house, facilitator="ada"), "start")


# --- rounds --------------------------------------------------------------------------------------


def collect(house: Any, groups: dict[str, list[str]], answers: dict[str, dict[str, int]]) -> Any:
    house.fire("kim", "REV-1", "begin")
    raters = {group: [house.people[each] for each in names] for group, names in groups.items()}
    house.fire("ada", "REV-1", "nominate", {"raters": raters})
    house.fire("kim", "RND-1", "approve")
    for group, names in groups.items():
        for name in names:
            if name in answers:
                own = house.refs("answer", name)
                assert len(own) == 1
                house.fire(name, own[0], "answer", {"group": group, "ratings": answers[name]})
    house.fire("kim", "RND-1", "close")
    return house.case("REV-1").data.groups


PEERS = {"p1": {"COM": 2}, "p2": {"COM": 2}, "p3": {"COM": 2}, "p4": {"COM": 1}}


def test_answers_are_sealed_and_shown_in_groups(house: Any) -> None:
    house.cycle_with("ada")
    groups = {"peers": ["p1", "p2", "p3", "p4"], "reports": ["r1", "r2"]}
    both = {**PEERS, "r1": {"COM": 5}, "r2": {"COM": 5}}
    found = collect(house, groups, both)
    assert [(each.name, each.answered, each.asked) for each in found] == [("others", 6, 6)]
    assert found[0].means == {"COM": "17/6"}
    with house.tx() as tx:
        for table in ("case_payload", "workflow_case", "event_payload", "case_event"):
            if tx.connection.dialect.has_table(tx.connection, table):
                for row in tx.connection.execute(text(f"SELECT * FROM {table}")):
                    assert '"COM":1' not in "".join(str(each) for each in row).replace(" ", "")
    for peeping in ("hr", "head", "kim", "ada"):
        assert house.refs("answer", peeping) == []


def test_too_few_answers_show_nothing(house: Any) -> None:
    house.cycle_with("ada")
    found = collect(house, {"peers": ["p1", "p2", "p3", "p4"]}, {"p1": {"COM": 2}, "p2": {"COM": 5}})
    assert found == ()


def test_an_answer_stays_in_its_group_and_is_given_once(house: Any) -> None:
    house.cycle_with("ada")
    house.fire("kim", "REV-1", "begin")
    raters = {"peers": [house.people[each] for each in ("p1", "p2", "p3")]}
    assert house.refused("ada", "REV-1", "nominate", {"raters": {"peers": raters["peers"][:2]}})
    assert house.refused("ada", "REV-1", "nominate", {"raters": {"friends": raters["peers"]}})
    own_manager = {"peers": [*raters["peers"], house.people["kim"]]}
    assert house.refused("ada", "REV-1", "nominate", {"raters": own_manager})
    house.fire("ada", "REV-1", "nominate", {"raters": raters})
    house.fire("kim", "RND-1", "approve")
    ref = house.refs("answer", "p1")[0]
    assert house.refused("p1", ref, "answer", {"group": "reports", "ratings": {"COM": 2}})
    assert house.refused("p2", ref, "answer", {"group": "peers", "ratings": {"COM": 2}})
    house.fire("p1", ref, "answer", {"group": "peers", "ratings": {"COM": 2}})
    assert house.refused("p1", ref, "answer", {"group": "peers", "ratings": {"COM": 5}})


# --- bulk ----------------------------------------------------------------------------------------


@contextmanager
def counted(house: Any) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(house.database.engine, "before_cursor_execute", note)


MOST = 19
"""Statements for opening a chunk of 500, tasks and timers among them."""
MOST_WITH_CHILDREN = 30
"""For a chunk of 500 that opens two child cases each."""


def test_reviews_open_and_begin_in_a_bounded_number_of_statements(house: Any) -> None:
    house.cycle_with()
    with house.tx() as tx:
        many = [add_person(tx, f"Person {n}", handle=f"n{n}", kind="employee").id for n in range(1200)]
        cycle = house.engine.case(tx, "CYC-1")
    for start in range(0, 1200, 500):
        chunk = many[start : start + 500]
        with counted(house) as sent, house.tx("hr") as tx:
            opened = house.engine.open_many(tx, [house.opening(cycle, each) for each in chunk])
        assert len(opened) == len(chunk)
        assert len([each for each in sent if each.strip() not in ("BEGIN IMMEDIATE", "COMMIT")]) <= MOST
    chunk_refs = house.refs("review")[:500]
    locked = []
    with counted(house) as sent, house.tx("hr") as tx:
        answers = house.engine.fire_many(tx, [Request(each, "begin") for each in chunk_refs])
        locked = [each for each in sent if "FOR UPDATE" in each]
    assert not [each for each in answers if isinstance(each, TalentError)]
    assert len(sent) <= MOST_WITH_CHILDREN
    assert len(locked) <= MOST
    assert house.case("CYC-1").version == 1, "a review never changes the cycle"
