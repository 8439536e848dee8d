"""Performance on the engine: bulk, blind statements, sealed answers, bars."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

import talenthub_performance.workflows as declared
from talenthub.errors import NotFound, Refused, TalentError
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.sdk import Request
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.opening import Opening
from talenthub_performance.settings import PerformanceSettings

START = datetime(2027, 2, 26, 9, tzinfo=UTC)
CODES = ("CIT", "COM")
MEASURES = [
    {"competency": code, "required": 2, "lowest": 1, "highest": 5, "descriptor": "0" * 64} for code in CODES
]


@dataclass
class House:
    """An organisation on the engine alone: HR, managers and their people."""

    database: Database
    engine: Engine
    now: datetime = START
    people: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def tx(self, who: str | None = None) -> Iterator[Transaction]:
        with self.database.begin() as connection:
            actor = SYSTEM if who is None else Actor(self.people[who])
            yield self.engine.enter(Transaction(connection, actor, self.now))

    def fire(self, who: str | None, ref: str, step: str, form: Any = None) -> Any:
        with self.tx(who) as tx:
            return self.engine.fire(tx, ref, step, form or {})

    def case(self, ref: str, who: str | None = None) -> Any:
        with self.tx(who) as tx:
            return self.engine.case(tx, ref)

    def refs(self, workflow: str, who: str | None = None, state: str | None = None) -> list[str]:
        with self.tx(who) as tx:
            found = self.engine.of_workflow(tx, f"performance.{workflow}")
        return [each.ref for each in found if state in (None, each.state)]


def make(database: Database, **settings: Any) -> House:
    chosen = PerformanceSettings(**settings)
    loaded = [
        Loaded(getattr(declared, name), "performance", PerformanceSettings, chosen)
        for name in declared.__all__
    ]
    house = House(database, Engine(Catalogue(loaded)))
    names = ("hr", "head", "boss", "kim", "lee", "ada", "p1", "p2", "p3", "p4", "r1", "r2")
    with house.tx() as tx:
        house.engine.store_versions(tx)
        for name in names:
            house.people[name] = add_person(tx, f"{name.title()} X", handle=name, kind="employee").id
        give(tx, house.people["hr"], "hr_partner")
        give(tx, house.people["head"], "hr_head")
    return house


@pytest.fixture
def house(database: Database) -> House:
    return make(database)


def cycle_with(house: House, *people: str, rated: bool = True) -> None:
    """Open CYC-1 with a review for each, rated by kim."""
    with house.tx("hr") as tx:
        cycle = house.engine.open(
            tx,
            "performance.cycle",
            data={"title": "2026", "first": "2026-03-01", "last": "2027-02-26", "rated": rated},
        )
        house.engine.open_many(tx, [opening(house, cycle, each, rated) for each in people])


def opening(house: House, cycle: Any, who: str | int, rated: bool = True) -> Opening:
    subject = house.people[who] if isinstance(who, str) else who
    return Opening(
        "performance.review",
        subject=subject,
        data={
            "role": "clerk",
            "rated": rated,
            "first": "2026-03-01",
            "last": "2027-02-26",
            "measures": MEASURES,
        },
        participants={"manager": (house.people["kim"],)},
        parent=cycle,
        about="2026",
    )


def begun(house: House, ref: str = "REV-1") -> tuple[str, str]:
    """Ask for the statements; return those of self and manager."""
    before = set(house.refs("statement"))
    house.fire("kim", ref, "begin")
    new = [each for each in house.refs("statement") if each not in before]
    kinds = {house.case(each).data.kind: each for each in new}
    return kinds["self"], kinds["manager"]


SAID = {"ratings": {"CIT": 3, "COM": 4}, "text": "SECRET-M"}


def submitted(house: House, ref: str = "REV-1", who: str = "ada", said: Any = None) -> None:
    own, manager = begun(house, ref)
    house.fire("kim", manager, "write", said or SAID)
    house.fire("kim", manager, "submit")
    house.fire(who, own, "write", {"text": "SECRET-S"})
    house.fire(who, own, "submit")


def refused(house: House, *asked: Any) -> bool:
    with pytest.raises(TalentError):
        house.fire(*asked)
    return True


# --- blind statements ----------------------------------------------------------------------------


def seen(house: House, ref: str, who: str) -> Any:
    """Return what somebody sees in a case; None for nothing or its state only."""
    try:
        return house.case(ref, who).data
    except NotFound:
        return None


@pytest.mark.parametrize("first", ["self", "manager"])
def test_texts_are_hidden_from_each_other_until_both_are_in(house: House, first: str) -> None:
    cycle_with(house, "ada")
    own, manager = begun(house)
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


def test_nobody_writes_the_statement_of_the_other(house: House) -> None:
    cycle_with(house, "ada")
    own, manager = begun(house)
    assert refused(house, "ada", manager, "write", SAID)
    assert refused(house, "kim", own, "write", SAID)
    assert refused(house, "hr", manager, "write", SAID)
    assert refused(house, "kim", manager, "write", {"ratings": {"CIT": 6}})
    assert refused(house, "kim", manager, "write", {"ratings": {"COMM": 3}})
    house.fire("kim", manager, "write", {"ratings": {"CIT": 2}})
    assert refused(house, "kim", manager, "submit")  # a 2 needs a note
    house.fire("kim", manager, "write", {"notes": {"CIT": "late twice"}})
    house.fire("kim", manager, "submit")
    assert refused(house, "kim", manager, "write", SAID)


# --- sign-off, release, appeal -------------------------------------------------------------------


def test_the_subject_reads_it_at_the_release_and_not_before(house: House) -> None:
    cycle_with(house, "ada", rated=False)
    submitted(house, said={"text": "SECRET-M"})
    assert refused(house, "kim", "REV-1", "sign_off")
    house.fire("hr", "REV-1", "sign_off")
    assert refused(house, "ada", "REV-1", "acknowledge")
    assert house.case("REV-1", "ada").data is None
    house.fire("kim", "REV-1", "release")
    assert house.case("REV-1", "ada").data.texts == {"self": "SECRET-S", "manager": "SECRET-M"}
    house.fire("ada", "REV-1", "acknowledge", {"statement": "not agreed"})
    assert refused(house, "hr", "REV-1", "close")
    house.now += timedelta(days=15)
    assert refused(house, "ada", "REV-1", "appeal", {"reason": "too late now"})
    house.fire("hr", "REV-1", "close")


def test_an_appeal_goes_to_people_who_did_not_decide(house: House) -> None:
    cycle_with(house, "ada", rated=False)
    submitted(house, said={"text": "SECRET-M"})
    house.fire("hr", "REV-1", "sign_off")
    house.fire("kim", "REV-1", "release")
    house.fire("ada", "REV-1", "appeal", {"reason": "COM was seen by nobody"})
    for barred in ("hr", "kim", "ada"):
        assert refused(house, barred, "OBJ-1", "admit")
    house.fire("head", "OBJ-1", "admit")
    house.fire("head", "OBJ-1", "dismiss", {"reason": "it was seen by three"})
    assert house.case("REV-1").state == "acknowledged"
    assert house.case("OBJ-1").data.finding == "it was seen by three"


def test_a_review_given_back_is_rated_anew_and_signed_then(house: House) -> None:
    cycle_with(house, "ada")
    submitted(house)
    house.fire("hr", "REV-1", "return", {"reason": "no word on COM"})
    manager = house.refs("statement", state="reopened")[0]
    assert house.case("REV-1").state == "writing"
    house.fire("kim", manager, "write", {"ratings": {"COM": 3}})
    house.fire("kim", manager, "submit")
    assert house.case("REV-1").data.ratings == {"CIT": 3, "COM": 3}
    house.fire("hr", "REV-1", "sign_off")


def test_without_ratings_nothing_is_asked_and_nothing_recorded(house: House) -> None:
    cycle_with(house, "ada", rated=False)
    own, manager = begun(house)
    assert refused(house, "kim", manager, "write", SAID)
    for who, ref in (("kim", manager), ("ada", own)):
        house.fire(who, ref, "write", {"text": "we talked"})
        house.fire(who, ref, "submit")
    assert refused(house, "hr", "REV-1", "nominate", {"raters": {"peers": [1, 2, 3]}})
    house.fire("hr", "REV-1", "sign_off")
    house.fire("kim", "REV-1", "release")
    with house.tx() as tx:
        assert tx.value(text("SELECT count(*) FROM evidence")) == 0  # type: ignore[arg-type]


def test_a_surprise_is_explained(house: House) -> None:
    cycle_with(house, "ada")
    with house.tx("ada") as tx:
        objective = {"key": "a", "title": "one thing", "weight": "1"}
        house.engine.fire(tx, "REV-1", "set_objectives", {"objectives": [objective]})
    for rating in ("2.7", "2.9"):
        ref = house.fire("kim", "REV-1", "schedule", {"on": "2027-02-26"}).opened[0]
        house.fire("kim", ref, "hold", {"rating": rating})
    submitted(house, said={"ratings": {"CIT": 4, "COM": 4}, "results": {"a": 4}})
    house.fire("hr", "REV-1", "sign_off")
    with pytest.raises(Refused) as refusal:
        house.fire("kim", "REV-1", "release")
    told = [each.text for verdict in refusal.value.verdicts for each in verdict.details]
    assert "no-surprise index 1.200 from 2.7, 2.9" in told


# --- calibration ---------------------------------------------------------------------------------


def session(house: House, *people: str, facilitator: str = "hr") -> str:
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
    return opened.ref


CHANGE = {
    "review": "REV-1",
    "competency": "COM",
    "rating": 3,
    "code": "evidence",
    "reason": "three letters came back",
    "evidence": "the letters of May",
}


def test_a_change_has_reasons_keeps_both_and_is_approved_by_another(house: House) -> None:
    cycle_with(house, "ada")
    submitted(house)
    ref = session(house, "lee")
    house.fire("hr", ref, "start")
    for missing in ("reason", "evidence", "code"):
        form = {key: value for key, value in CHANGE.items() if key != missing}
        assert refused(house, "hr", ref, "change", form)
    assert refused(house, "hr", ref, "change", {**CHANGE, "rating": 4})  # changes nothing
    assert refused(house, "hr", ref, "propose_close")
    house.fire("hr", ref, "change", CHANGE)
    house.fire("hr", ref, "propose_close")
    assert refused(house, "hr", ref, "approve")
    assert house.case("REV-1").data.ratings["COM"] == 4
    house.fire("head", ref, "approve")
    data = house.case("REV-1").data
    assert data.ratings["COM"] == 3
    assert [(each.before, each.after, each.ref) for each in data.changes] == [(4, 3, ref)]
    assert refused(house, "hr", "REV-1", "sign_off")  # who calibrated does not sign
    house.fire("head", "REV-1", "sign_off")


def test_nobody_sits_over_the_own_row(house: House) -> None:
    cycle_with(house, "ada")
    submitted(house)
    assert refused(house, "hr", session(house, "ada"), "start")
    assert refused(house, "ada", session(house, facilitator="ada"), "start")


# --- rounds --------------------------------------------------------------------------------------


def collect(house: House, groups: dict[str, list[str]], answers: dict[str, dict[str, int]]) -> Any:
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


def test_answers_are_sealed_and_shown_in_groups(house: House) -> None:
    cycle_with(house, "ada")
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


def test_too_few_answers_show_nothing(house: House) -> None:
    cycle_with(house, "ada")
    found = collect(house, {"peers": ["p1", "p2", "p3", "p4"]}, {"p1": {"COM": 2}, "p2": {"COM": 5}})
    assert found == ()


def test_an_answer_stays_in_its_group_and_is_given_once(house: House) -> None:
    cycle_with(house, "ada")
    house.fire("kim", "REV-1", "begin")
    raters = {"peers": [house.people[each] for each in ("p1", "p2", "p3")]}
    assert refused(house, "ada", "REV-1", "nominate", {"raters": {"peers": raters["peers"][:2]}})
    assert refused(house, "ada", "REV-1", "nominate", {"raters": {"friends": raters["peers"]}})
    own_manager = {"peers": [*raters["peers"], house.people["kim"]]}
    assert refused(house, "ada", "REV-1", "nominate", {"raters": own_manager})
    house.fire("ada", "REV-1", "nominate", {"raters": raters})
    house.fire("kim", "RND-1", "approve")
    ref = house.refs("answer", "p1")[0]
    assert refused(house, "p1", ref, "answer", {"group": "reports", "ratings": {"COM": 2}})
    assert refused(house, "p2", ref, "answer", {"group": "peers", "ratings": {"COM": 2}})
    house.fire("p1", ref, "answer", {"group": "peers", "ratings": {"COM": 2}})
    assert refused(house, "p1", ref, "answer", {"group": "peers", "ratings": {"COM": 5}})


# --- conversations -------------------------------------------------------------------------------


def test_actions_are_carried_over_until_done(house: House) -> None:
    cycle_with(house, "ada")
    first = house.fire("kim", "REV-1", "schedule", {"on": "2027-02-26"}).opened[0]
    house.fire("ada", first, "prepare", {"note": "letters"})
    assert house.case(first).state == "scheduled"
    house.fire("kim", first, "prepare", {"note": "files"})
    assert house.case(first).state == "prepared"
    house.fire("kim", first, "hold", {"actions": [{"title": "letters anew"}, {"title": "a guide"}]})
    assert refused(house, "kim", first, "agree")
    house.fire("ada", first, "agree")
    house.now += timedelta(days=30)
    second = house.fire("ada", "REV-1", "schedule", {"on": "2027-03-28"}).opened[0]
    assert refused(house, "ada", second, "hold", {"done": ["CON-9.9"]})
    assert refused(house, "ada", second, "hold", {"rating": "2.75"})
    house.fire("ada", second, "hold", {"done": [f"{first}.1"], "actions": [{"title": "next"}]})
    actions = {each.key: each.done for each in house.case(second).data.actions}
    assert actions == {f"{first}.1": True, f"{first}.2": False, f"{second}.1": False}
    assert refused(house, "hr", second, "agree")


# --- bulk ----------------------------------------------------------------------------------------


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
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


def test_reviews_open_and_begin_in_a_bounded_number_of_statements(house: House) -> None:
    cycle_with(house)
    with house.tx() as tx:
        many = [add_person(tx, f"Person {n}", handle=f"n{n}", kind="employee").id for n in range(1200)]
        cycle = house.engine.case(tx, "CYC-1")
    for start in range(0, 1200, 500):
        chunk = many[start : start + 500]
        with counted(house) as sent, house.tx("hr") as tx:
            opened = house.engine.open_many(tx, [opening(house, cycle, each) for each in chunk])
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
