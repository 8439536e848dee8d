"""No major change, split, merge or new code is published unconfirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from talenthub.access.rules import Decision
from talenthub.errors import FileError, Refused
from talenthub.evidence.carrying import carry, carry_all
from talenthub.evidence.carrying_back import carry_back
from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import correct, record
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import explain, standings
from talenthub.evidence.verify import verify
from talenthub.framework.changes import ChangeClass, Link
from talenthub.framework.content import Document
from talenthub.framework.deriving import derive
from talenthub.framework.formats.yaml import read
from talenthub.framework.library import Status, version, version_of
from talenthub.framework.mapping import Pair, compare, keep_mapping, mapping_of
from talenthub.framework.mapping_files import read_mapping, write_mapping
from talenthub.framework.model import CheckProfile
from talenthub.framework.publishing import import_framework, publish, withdraw
from talenthub.framework.reviewing import is_whole, note_review
from talenthub.framework.tables import descriptor, framework_mapping, framework_version
from talenthub.people.tables import person

MAY = Decision(True, "you hold framework_owner")
SETTINGS = EvidenceSettings()
TODAY = date(2026, 1, 2)

SPLIT = (
    Link(old="WRI", new="NOT", kind=ChangeClass.SPLIT, strength=Fraction(1, 2), confirmed=True),
    Link(old="WRI", new="LET", kind=ChangeClass.SPLIT, strength=Fraction(1, 4), confirmed=True),
)


@pytest.fixture(scope="module")
def split_text(small_text: str) -> str:
    """Return the small framework with its writing in two competencies."""
    text = small_text.replace("version: 0.1.0", "version: 0.2.0").replace("checks: strict", "")
    head, rest = text.split("  - id: WRI\n", 1)
    first = """  - id: NOT
    name: Writing notes
    values: [care]
    levels:
      1:
        descriptor: "Writes short notes."
        indicators: ["Spells names right.", "Uses full sentences.", "Says who and when."]
        watch_for: "Copies without reading."
  - id: LET
    name: Writing letters
    values: [care]
    levels:
      2:
        descriptor: "Drafts letters alone."
        indicators: ["Opens with the outcome.", "Gives reasons.", "Checks figures."]
"""
    rest = rest[rest.index("  - id: LIS") :].replace("WRI", "LET")
    return (head + first + rest).replace("language: en", "language: en\n  checks: lenient")


@pytest.fixture
def pair(begin: Any, small: Document, split_text: str) -> Pair:
    """Return the small framework in force and a draft that splits writing."""
    lenient = replace(small.content.framework, checks=CheckProfile.LENIENT)
    document = replace(small, content=replace(small.content, framework=lenient))
    with begin() as tx:
        first = import_framework(tx, document, right=MAY).version
    with begin(2) as tx:
        before = publish(tx, first.id, right=MAY)
        after = import_framework(tx, read(split_text.encode(), "a.yaml"), right=MAY).version
        for number in (1, 2):
            values = {"id": number, "handle": f"person.{number}", "name": "P", "kind": "employee"}
            tx.write(insert(person).values(**values, language="en", created_at=tx.now))
    return Pair(before, after)


def rated(pair: Pair, code: str, ladder: int = 2, **more: Any) -> NewEvidence:
    given: dict[str, Any] = {
        "person": 1,
        "framework_version": pair.before.id,
        "framework_code": "tiny",
        "competency": code,
        "purpose": "development",
        "ladder": Fraction(ladder),
        "rating": Fraction(3),
        "source": "manager",
        "observed_on": TODAY,
        "descriptor_hash": "d" * 64,
        "case": None,
        "event": None,
    }
    return NewEvidence(**{**given, **more})


def test_publishing_waits_for_the_mapping_and_says_how(begin: Any, pair: Pair) -> None:
    with begin() as tx:
        found = compare(tx, pair.before, pair.after)
        assert {(each.old, each.new, each.kind) for each in found.unconfirmed} == {
            ("WRI", "NOT", ChangeClass.SPLIT),
            ("WRI", "LET", ChangeClass.SPLIT),
        }
        with pytest.raises(Refused, match=r"2 changes are not confirmed: WRI → .* map tiny --to"):
            publish(tx, pair.after.id, right=MAY)
        said = read_mapping(write_mapping(SPLIT), "mapping.csv")
        assert said == read_mapping(write_mapping(SPLIT, as_yaml=True), "mapping.yaml") == SPLIT
        assert keep_mapping(tx, pair, said, right=MAY).unconfirmed == ()
        done = publish(tx, pair.after.id, right=MAY)
        assert done.status is Status.PUBLISHED
        assert version(tx, pair.before.id).status is Status.SUPERSEDED
        assert mapping_of(tx, pair.after.id) == SPLIT
    with begin() as tx, pytest.raises(DBAPIError):
        tx.write(update(framework_mapping).values(strength="1"))
    with begin() as tx, pytest.raises(Refused, match=r"the mapping of tiny 0\.2\.0 cannot change"):
        keep_mapping(tx, Pair(pair.before, version(tx, pair.after.id)), SPLIT, right=MAY)


def test_all_that_is_wrong_with_a_mapping_is_told_at_once(begin: Any, pair: Pair) -> None:
    def link(old: str, new: str | None, kind: str, strength: int = 1) -> Link:
        return Link(old=old, new=new, kind=ChangeClass(kind), strength=Fraction(strength))

    wrong = [
        link("WRT", "NOT", "major"),
        link("WRI", "LTE", "split"),
        link("LIS", None, "retire"),
        link("LIS", "LIS", "merge", 2),
    ]
    with begin() as tx, pytest.raises(FileError) as caught:
        keep_mapping(tx, pair, wrong, right=MAY)
    told = " ".join(map(str, caught.value.problems))
    for words in (
        "did you mean 'WRI'",
        "did you mean 'LET'",
        "at least two new",
        "not retired",
        "two old",
        "0 to 1",
    ):
        assert words in told, told
    with pytest.raises(FileError) as broken:
        read_mapping(b"old,new,class,strength,confirmed\nA,B,majr,x,perhaps\n", "mapping.csv")
    assert len(broken.value.problems) == 3


def test_a_change_that_alters_the_words_is_not_called_editorial(
    begin: Any, pair: Pair, small_text: str
) -> None:
    text = small_text.replace("0.1.0", "0.3.0").replace("Lets others finish.", "Sings all night to guests.")
    with begin() as tx:
        draft = import_framework(tx, read(text.encode(), "a.yaml"), right=MAY).version
        claimed = Link(old="LIS", new="LIS", kind=ChangeClass.EDITORIAL, strength=Fraction(1), confirmed=True)
        with pytest.raises(FileError, match="LIS is no editorial change"):
            keep_mapping(tx, Pair(pair.before, draft), [claimed], right=MAY)
        milder = replace(claimed, kind=ChangeClass.MINOR)
        assert keep_mapping(tx, Pair(pair.before, draft), [milder], right=MAY).unconfirmed == ()


def test_evidence_is_carried_with_its_strength_and_stays_explainable(begin: Any, pair: Pair) -> None:
    with begin() as tx:
        record(tx, [rated(pair, "WRI"), rated(pair, "LIS"), rated(pair, "WRI", 3, person=2)], SETTINGS)
        keep_mapping(tx, pair, SPLIT, right=MAY)
        publish(tx, pair.after.id, TODAY + timedelta(days=3), right=MAY)
        assert carry_all(tx, SETTINGS) == 0, "it is not in force yet"
    later = begin(now=pair.before.published_at + timedelta(days=3))
    with later as tx:
        assert [carry(tx, SETTINGS, most=3) for _ in range(3)] == [2, 2, 0]
        found = standings(tx, [1, 2], "tiny", "development", SETTINGS, on=TODAY)
        assert {(who, code): (each.value, each.weight) for (who, code), each in found.items()} == {
            (1, "WRI"): (2.0, 1.0),
            (1, "NOT"): (2.0, 0.5),
            (1, "LET"): (2.0, 0.25),
            (1, "LIS"): (2.0, 1.0),
            (2, "WRI"): (3.0, 1.0),
            (2, "NOT"): (3.0, 0.5),
            (2, "LET"): (3.0, 0.25),
        }
        told = explain(tx, 1, "tiny", "NOT", "development", SETTINGS).rows[0].row
        assert told.carried is not None
        assert (told.carried.origin, told.carried.by, told.carried.strength) == (
            1,
            pair.after.id,
            Fraction(1, 2),
        )
        assert (told.framework_version, told.descriptor_hash) == (pair.before.id, "d" * 64)
        assert verify(tx, SETTINGS).ok


def test_late_rows_and_corrections_follow(begin: Any, pair: Pair) -> None:
    with begin() as tx:
        first = record(tx, [rated(pair, "WRI")], SETTINGS)[0]
        keep_mapping(tx, pair, SPLIT, right=MAY)
        publish(tx, pair.after.id, right=MAY)
        assert carry_all(tx, SETTINGS) == 2
        correct(tx, 1, first.sequence, ladder=1, reason="misread", settings=SETTINGS)
        assert carry_all(tx, SETTINGS) == 2
        record(tx, [rated(pair, "WRI", 3)], SETTINGS)  # a case that kept its version
        assert carry_all(tx, SETTINGS) == 2
        found = standings(tx, [1], "tiny", "development", SETTINGS)
        assert {code: (each.value, each.weight) for (_, code), each in found.items()} == {
            "WRI": (2.0, 2.0),
            "NOT": (2.0, 1.0),
            "LET": (2.0, 0.5),
        }
        assert verify(tx, SETTINGS).ok


def test_major_words_under_the_same_code_weigh_less(begin: Any, pair: Pair, small_text: str) -> None:
    text = small_text.replace("0.1.0", "0.3.0").replace("Lets others finish.", "Sings all night to guests.")
    link = Link(old="LIS", new="LIS", kind=ChangeClass.MAJOR, strength=Fraction(1, 2), confirmed=True)
    with begin() as tx:
        lenient = read(text.replace("language: en", "language: en\n  checks: lenient").encode(), "a.yaml")
        draft = import_framework(tx, lenient, right=MAY).version
        record(tx, [rated(pair, "LIS")], SETTINGS)
        keep_mapping(tx, Pair(pair.before, draft), [link], right=MAY)
    with begin(2) as tx:
        publish(tx, draft.id, right=MAY)
        assert (carry_all(tx, SETTINGS), carry_all(tx, SETTINGS)) == (1, 0)
        told = explain(tx, 1, "tiny", "LIS", "development", SETTINGS)
        assert [(each.left_out, each.row.weight) for each in told.rows] == [
            ("superseded by 2", 1),
            ("", Fraction(1, 2)),
        ]
        before = explain(tx, 1, "tiny", "LIS", "development", SETTINGS, known_on=TODAY - timedelta(days=1))
        assert before.rows == ()


def test_a_withdrawn_version_gives_back_what_it_carried(begin: Any, pair: Pair, split_text: str) -> None:
    """Standings are as before it, corrections made meanwhile stay, and the chain verifies."""
    text = split_text.replace("Lets others finish.", "Sings all night to guests.")
    weighed = Link(old="LIS", new="LIS", kind=ChangeClass.MAJOR, strength=Fraction(1, 2), confirmed=True)
    with begin() as tx:
        after = import_framework(tx, read(text.encode(), "a.yaml"), right=MAY).version
        record(tx, [rated(pair, "WRI"), rated(pair, "LIS"), rated(pair, "LIS", 3, person=2)], SETTINGS)
        before = standings(tx, [1, 2], "tiny", "development", SETTINGS, on=TODAY)
        keep_mapping(tx, Pair(pair.before, after), (*SPLIT, weighed), right=MAY)
    with begin(2) as tx:
        publish(tx, after.id, right=MAY)
        assert carry_all(tx, SETTINGS) == 4
        assert standings(tx, [1], "tiny", "development", SETTINGS)[1, "LIS"].weight == 0.5
        corrected = explain(tx, 2, "tiny", "LIS", "development", SETTINGS).rows[-1].row.sequence
        correct(tx, 2, corrected, ladder=1, reason="misread", settings=SETTINGS)
        withdraw(tx, after.id, right=MAY)
        assert (carry_back(tx, after.id, SETTINGS), carry_back(tx, after.id, SETTINGS)) == (4, 0)
        assert carry_all(tx, SETTINGS) == 0
        now = standings(tx, [1, 2], "tiny", "development", SETTINGS, on=TODAY)
        assert {key: (each.value, each.weight) for key, each in now.items()} == {
            **{key: (each.value, each.weight) for key, each in before.items()},
            (2, "LIS"): (1.0, 1.0),
        }
        assert verify(tx, SETTINGS).ok


def test_a_derived_draft_holds_the_same_content(begin: Any, pair: Pair) -> None:
    with begin() as tx:
        draft = derive(tx, pair.before, "0.4.0", right=MAY)
        assert draft.status is Status.DRAFT
        assert compare(tx, pair.before, draft).changes == ()
        with pytest.raises(Refused, match=r"there is a version 0\.4\.0"):
            derive(tx, pair.before, "0.4.0", right=MAY)


def test_a_version_grows_stale_and_a_review_renews_it(begin: Any, pair: Pair) -> None:
    with begin() as tx:
        assert is_whole(tx, pair.before)
        year = TODAY + timedelta(days=365)
        assert not pair.before.is_stale(year)
        assert pair.before.is_stale(year + timedelta(days=1))
        with pytest.raises(Refused, match="it is draft"):
            note_review(tx, pair.after.id, right=MAY)
    with begin(now=pair.before.published_at + timedelta(days=300)) as tx:
        assert not note_review(tx, pair.before.id, right=MAY).is_stale(year + timedelta(days=1))


def test_a_draft_whose_rows_were_changed_is_not_whole(begin: Any, pair: Pair) -> None:
    with begin() as tx:
        tx.write(
            update(descriptor).where(descriptor.c.version_id == pair.after.id).values(text="Other words.")
        )
        assert not is_whole(tx, version_of(tx, "tiny", pair.after.number))
        assert tx.value(select(framework_version.c.reviewed_on).limit(1)) is None
