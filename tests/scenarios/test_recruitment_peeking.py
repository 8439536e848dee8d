"""Peeking fails: before the own lock, nothing tells what others have rated.

Every command of `talent` that can be asked with a case or a person is asked
by each assessor who has not locked, in worlds that differ in nothing but
what the others have entered. The answers must be equal byte for byte.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from talenthub.people.deputies import set_deputy
from talenthub.people.grants import give, grants_of
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing.asking import Asked, Heard, Kept, Questions, commands, hear, hear_all, told

DAY = date(2026, 2, 10)
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
ACTORS = ("jonas.weber", "maria.costa", "dario.conti")
"""A plain assessor; one with HR's grants who stands in for another; the chair, who rates as well."""

OTHERS = ("kofi.mensah", "ana.ribeiro")
ENTERED = ((5, True), (1, False))
"""What each of the others has rated in the other world, and whether locked."""

ASKED = {"sqlite": ACTORS, "postgresql": (*ACTORS, "amara.okoye")}
"""Who asks everything; on PostgreSQL the candidate too."""

GRANTS = ("recruiter", "hr_partner", "hr_officer", "hr_head", "sponsor", "auditor", "admin")
REFERENCES = ("APP-1", "SEL-1", *(f"SCO-{number}" for number in range(1, 6)))
HANDLES = ("amara.okoye", "kofi.mensah")
GROUND = ("completion", "config", "db", "framework", "people", "plugin", "workflow")
"""Groups that know of no case: asked once each, and not with each flag."""
SCORE = ("APP-1", "--competency", "CIT=3")
QUESTIONS = Questions(
    words=(*REFERENCES, *HANDLES),
    values={"person": "kofi.mensah", "competency": "CIT", "integer": "1", "day": "2026-03-01"},
    about={
        **{(each,): ("kofi.mensah",) for each in GROUND},
        ("jobs",): [f"{kind}-{number}" for kind in ("timer", "delivery") for number in (1, 5, 9)],
        ("report",): ("funnel", "inbox", "adverse-impact"),
        ("init",): (".",),
        ("db", "backup"): ("copy.db",),
        ("recruitment", "score"): ("APP-1",),
    },
    after={
        ("why",): [(), ("record_consensus",), ("collect",), ("lock",), ("reject",)],
        ("do",): [("record_consensus",), ("lock",), ("excuse", "--set", "reason=because"), ("reveal",)],
        ("recruitment", "score"): [SCORE[1:], *((*SCORE[1:], "--for", each) for each in OTHERS)],
        ("tick",): [(), ("--to", "2026-03-10")],
    },
    briefly=GROUND,
)
FOR_REAL = (
    ("init", "another"),
    ("db", "backup", "copy.db"),
    ("worker", "--once"),
    ("tick", "--to", "2026-02-20"),
    ("worker", "--once"),
    ("jobs", "list", "--all"),
    ("doctor",),
)
"""What is done at last and not only tried, in this order."""


def answers(world: Any, who: str) -> dict[Asked, Heard]:
    """Return what each command answers to `who`; nothing is written."""
    return hear_all(world, who, QUESTIONS.of_all(commands(world.folder)))


def rate(world: Any, who: str, value: int, *, lock: bool) -> None:
    words = [word for code in CODES for word in ("--competency", f"{code}={value}")]
    words += [word for code in CODES for word in ("--note", f"{code}=seen {value}")]
    world.talent("recruitment", "score", "APP-1", *words, *(["--lock"] if lock else []), who=who)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_command_tells_an_assessor_what_others_have_rated(
    kind: str,
    make_world: Any,
    twin: Any,
    until_assessing: Any,
    kept_open: Kept,
) -> None:
    untouched = make_world(kind)
    _give_everything(untouched, "maria.costa")
    until_assessing(untouched, ["Amara Okoye"], DAY, panel=(*ACTORS, *OTHERS))
    # Each has typed something into the own scorecard, and locked nothing.
    for who in ACTORS:
        rate(untouched, who, 3, lock=False)
    kept_open.close()
    changed = twin(untouched)
    for who, (value, lock) in zip(OTHERS, ENTERED, strict=True):
        rate(changed, who, value, lock=lock)
    for who in ASKED[kind]:
        before = answers(untouched, who)
        assert told(before, answers(changed, who)) == []
        assert sum(each.code == 0 for each in before.values()) > 50
        failed = [(words, each.err) for words, each in before.items() if each.code == 1]
        assert not failed, failed[0]
    kept_open.close()
    written = [[hear(each, "maria.costa", *asked) for asked in FOR_REAL] for each in (untouched, changed)]
    assert written[0] == written[1]
    # The same comparison does see a difference where one may be seen.
    cards = [words for words in REFERENCES if words.startswith("SCO")]
    outsider = "grace.lindqvist"
    assert any(
        untouched.ask("show", each, who=outsider) != changed.ask("show", each, who=outsider) for each in cards
    )


def _give_everything(world: Any, handle: str) -> None:
    with world.open() as workspace:

        def run(tx: Transaction) -> None:
            found = person(tx, handle).id
            held = {grant.name for grant in grants_of(tx, [found])[found]}
            for each in GRANTS:
                if each not in held:
                    give(tx, found, each)
            today = tx.now.date()
            set_deputy(tx, person(tx, OTHERS[0]).id, found, today, today + timedelta(days=80))

        workspace.run(SYSTEM, run)
