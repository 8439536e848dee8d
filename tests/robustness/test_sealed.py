"""Sealed answers: from a whole database dump nobody tells whose is whose."""

from __future__ import annotations

import json
import random
import shutil
from contextlib import closing

import pytest
from sqlalchemy import text
from trial_ground import MARKERS, OFFICER, SUBJECTS, open_ground, people, settle

from talenthub.errors import Refused, UsageError
from talenthub.storage.transaction import SYSTEM, Actor
from talenthub.testing import stored_tables
from talenthub.workflow.opening import Opening
from talenthub.workflow.sealing import open_sealed, shown_groups

RATERS = MARKERS[:4]
SURVEYS = 24


@pytest.fixture
def ground(tmp_path, database_url):
    with closing(open_ground(tmp_path, database_url)) as opened:
        settle(opened)
        yield opened


class Survey:
    """One survey: its raters answer in a known order, each with a number of its own."""

    def __init__(self, ground, number: int, raters=RATERS, groups=None) -> None:
        self.ground, self.engine = ground, ground.engine
        self.known = ground.run(SYSTEM, people)
        self.officer = Actor(self.known[OFFICER])
        self.case = self._open(Opening(workflow="trial.survey"))
        self.asked = {
            name: self._open(
                Opening(
                    workflow="trial.answer",
                    parent=self.case,
                    participants={"rater": (self.known[name],)},
                )
            )
            for name in raters
        }
        self.groups = groups or dict.fromkeys(raters, "peers")
        self.given = {name: 710_000 + number * 100 + place for place, name in enumerate(raters)}

    def _open(self, opening):
        return self.ground.run(self.officer, lambda tx: self.engine.open_many(tx, [opening]))[0]

    def answer(self, name: str) -> None:
        form = {"rating": self.given[name], "group": self.groups[name]}
        self.ground.run(
            Actor(self.known[name]),
            lambda tx: self.engine.fire(
                tx, self.asked[name].ref, "answer", form, request_id=f"{self.case.ref}/{name}"
            ),
        )

    def close(self) -> None:
        self.ground.run(self.officer, lambda tx: self.engine.fire(tx, self.case.ref, "end"))

    def look(self, **more):
        return self.ground.run(SYSTEM, lambda tx: open_sealed(tx, self.case.id, minimum=3, **more))


def in_stored_order(tx, case: int) -> list[int]:
    """Return the answers of a case in the order in which they lie in storage."""
    order = "a.id" if tx.is_sqlite else "a.ctid"
    rows = tx.connection.execute(
        text(
            "SELECT a.payload FROM sealed_answer a JOIN sealed_box b ON b.token = a.box"
            f" WHERE b.case_id = :case ORDER BY {order}"
        ),
        {"case": case},
    )
    return [json.loads(row[0])["rating"] for row in rows]


def test_the_stored_order_tells_nothing_of_the_order_of_answering(ground):
    """Guessing each answer's rater by its place hits one in n, not more.

    Of 24 boxes with 4 answers each, 96 guesses hit 24 times on average with a
    spread of 4.9: 45 hits and more happen once in 100,000 runs. The order in
    storage is drawn from the system's randomness, so a seed cannot fix it.
    """
    chance = random.Random(4)
    hits = 0
    for number in range(SURVEYS):
        survey = Survey(ground, number)
        order = chance.sample(RATERS, len(RATERS))
        for name in order:
            survey.answer(name)
        with ground.transaction(SYSTEM, read_only=True) as tx:
            stored = in_stored_order(tx, survey.case.id)
        assert sorted(stored) == sorted(survey.given.values())
        hits += sum(survey.given[name] == rating for name, rating in zip(order, stored, strict=True))
    assert hits < 45, "the place of an answer betrays who gave it"


SIZES = ((4, 2), (3, 1, 5), (2, 2))
"""Groups of answers; who is alone in a group is known by it, so only others are guessed."""


def in_every_order(tx, case: int) -> list[list[tuple[str, int]]]:
    """Return group and rating of a case's answers, in each order a dump has."""
    rows = tx.connection.execute(
        text(
            "SELECT a.id, a.grouping, a.payload FROM sealed_answer a JOIN sealed_box b ON b.token = a.box"
            f" WHERE b.case_id = :case ORDER BY {'a.id' if tx.is_sqlite else 'a.ctid'}"
        ),
        {"case": case},
    ).all()
    orders = (rows, sorted(rows), sorted(rows, key=lambda row: row[2]))
    return [[(row[1], json.loads(row[2])["rating"]) for row in each] for each in orders]


def test_within_its_group_an_answer_is_assigned_by_chance_only(ground):
    """Every order of a dump against every order of raters, group by group.

    A guess by order hits once a group on average, with a spread of one: 18
    groups give 18 hits, and 40 and more hardly ever. All would be 54.
    """
    chance = random.Random(12)
    hits: dict[tuple[int, int], int] = {}
    for number, sizes in enumerate(SIZES * 3):
        raters = (*MARKERS, *SUBJECTS)[: sum(sizes)]
        groups = dict(
            zip(raters, (f"g{at}" for at, size in enumerate(sizes) for _ in range(size)), strict=True)
        )
        survey = Survey(ground, number, raters, groups)
        # The number says nothing of the rater: it is drawn for each survey anew.
        numbers = chance.sample(range(710_000, 790_000), len(raters))
        survey.given = dict(zip(raters, numbers, strict=True))
        answered = chance.sample(raters, len(raters))
        for name in answered:
            survey.answer(name)
        with ground.transaction(SYSTEM, read_only=True) as tx:
            dumped = in_every_order(tx, survey.case.id)
        known = (
            answered,
            sorted(raters, key=survey.known.__getitem__),
            sorted(raters, key=lambda each: survey.asked[each].ref),
        )
        for here, order in enumerate(dumped):
            for there, people_in_order in enumerate(known):
                for group in {name for name in groups.values() if list(groups.values()).count(name) > 1}:
                    lying = [rating for name, rating in order if name == group]
                    guessed = [survey.given[name] for name in people_in_order if groups[name] == group]
                    same = sum(one == two for one, two in zip(lying, guessed, strict=True))
                    hits[here, there] = hits.get((here, there), 0) + same
    assert len(hits) == 9
    assert max(hits.values()) < 40, hits


def test_all_answers_of_a_box_were_written_by_one_transaction(ground):
    survey = Survey(ground, 0)
    for name in RATERS:
        survey.answer(name)
    with ground.transaction(SYSTEM, read_only=True) as tx:
        if tx.is_sqlite:
            columns = tx.connection.exec_driver_sql("PRAGMA table_info(sealed_answer)").all()
            assert {row[1] for row in columns} == {"id", "box", "grouping", "payload"}
            with pytest.raises(Exception, match="no such column"):
                tx.connection.exec_driver_sql("SELECT rowid FROM sealed_answer").all()
            return
        marks = tx.connection.exec_driver_sql(
            "SELECT DISTINCT xmin::text, xmax::text FROM sealed_answer"
        ).all()
        assert len(marks) == 1


def test_nothing_else_in_the_database_holds_an_answer_or_its_hash(ground):
    """Every table is dumped; the number a rater gave stands in one place only.

    The request id's hash is checked too: with few possible answers a hash of
    the form would give the answer away.
    """
    survey = Survey(ground, 0)
    for name in RATERS:
        survey.answer(name)
    with ground.transaction(SYSTEM, read_only=True) as tx:
        for table in stored_tables(tx.connection):
            dump = repr(tx.rows(table.select()))
            for rating in survey.given.values():
                assert (str(rating) in dump) == (table.name == "sealed_answer"), table.name
        bodies = {row.body_hash for row in tx.connection.exec_driver_sql("SELECT * FROM request_answer")}
        assert len(bodies) == 1, "what was answered does not change the hash of the request"


def test_the_freed_pages_of_a_file_hold_no_earlier_answers(ground, tmp_path):
    """Once the write-ahead log is taken over, each answer is in the file once."""
    if not ground.database.is_sqlite:
        pytest.skip("a file only SQLite has")
    survey = Survey(ground, 0)
    for name in RATERS:
        survey.answer(name)
    file = ground.database.file
    ground.close()
    with closing(__import__("sqlite3").connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, tmp_path / "stolen.db")
    stolen = (tmp_path / "stolen.db").read_bytes()
    assert [stolen.count(str(rating).encode()) for rating in survey.given.values()] == [1] * len(RATERS)


def test_the_rater_sees_that_it_was_answered_and_nobody_sees_more(ground):
    survey = Survey(ground, 0)
    survey.answer(RATERS[0])
    for actor in (survey.officer, Actor(survey.known[RATERS[0]])):
        events = ground.run(
            actor, lambda tx: survey.engine.log(tx, survey.asked[RATERS[0]].ref), read_only=True
        )
        assert [each.transition for each in events] == ["open", "answer"]
        assert events[-1].form == {}


def test_answers_are_opened_only_once_none_can_follow(ground):
    survey = Survey(ground, 0)
    for name in RATERS[:3]:
        survey.answer(name)
    with pytest.raises(Refused, match="after the case is closed"):
        survey.look()
    survey.close()
    with pytest.raises(Refused, match="it ended on"):
        survey.answer(RATERS[3])
    [answers] = survey.look()
    assert (answers.count, sorted(each["rating"] for each in answers.payloads)) == (
        3,
        sorted(survey.given[name] for name in RATERS[:3]),
    )


@pytest.mark.parametrize("minimum", [0, 1, 2])
def test_no_setting_goes_below_three(ground, minimum):
    survey = Survey(ground, 0)
    survey.close()
    with pytest.raises(UsageError):
        ground.run(SYSTEM, lambda tx: open_sealed(tx, survey.case.id, minimum=minimum))


def test_two_answers_are_never_shown(ground):
    survey = Survey(ground, 0, groups={**dict.fromkeys(RATERS, "peers"), RATERS[1]: "reports"})
    for name in RATERS[:2]:
        survey.answer(name)
    survey.close()
    assert survey.look() == survey.look(policy="omit") == []


def test_the_group_goes_with_the_answer_and_small_ones_are_merged(ground):
    raters = MARKERS[:6]
    groups = dict(zip(raters, ("peers",) * 4 + ("reports",) * 2, strict=True))
    survey = Survey(ground, 0, raters, groups)
    for name in raters:
        survey.answer(name)
    survey.close()
    assert [(each.group, each.count) for each in survey.look()] == [("others", 6)]
    assert [(each.group, each.count) for each in survey.look(policy="omit")] == [("peers", 4)]


@pytest.mark.parametrize(
    ("sizes", "merged", "omitted"),
    [
        ({"peers": 4, "reports": 2}, {"others": 6}, {"peers": 4}),
        (
            {"peers": 3, "reports": 1, "customers": 5},
            {"customers": 5, "others": 4},
            {"peers": 3, "customers": 5},
        ),
        ({"peers": 2, "reports": 2}, {"others": 4}, {}),
        ({"peers": 1, "reports": 1}, {}, {}),
        ({"others": 3, "peers": 1, "reports": 2}, {"others": 6}, {"others": 3}),
    ],
)
def test_small_groups_cannot_be_found_by_subtraction(sizes, merged, omitted):
    """LC4, and a group that is called «others» already."""

    def counts(policy):
        shown = shown_groups(sizes, minimum=3, policy=policy)
        return {name: sum(sizes[each] for each in members) for name, members in shown.items()}

    assert counts("merge") == merged
    assert counts("omit") == omitted


def test_every_split_into_groups_shows_three_or_nothing():
    chance = random.Random(7)
    for _ in range(2_000):
        sizes = {f"g{number}": chance.randint(0, 6) for number in range(chance.randint(1, 6))}
        shown = shown_groups(sizes, minimum=3, policy="merge")
        counts = [sum(sizes[each] for each in members) for members in shown.values()]
        assert all(count >= 3 for count in counts)
        left = sum(sizes.values()) - sum(counts)
        assert left == 0 or not shown, "what is left out could be found by subtraction"
