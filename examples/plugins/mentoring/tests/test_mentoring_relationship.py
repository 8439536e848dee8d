"""The pair: from the proposal to the end, and who may read it."""

from __future__ import annotations

import pytest

from talenthub.testing import World, findings, play, walk

OFFICER = "noor.haddad"

SCENE = """
jonas.weber: accept MEN-1
jonas.weber: accept MEN-1 refused "Somebody other"
kofi.mensah: accept MEN-1
MEN-1 is accepted
jonas.weber: contract MEN-1 goals="Write letters people read" confidentiality="All of it stays with us"
kofi.mensah: begin MEN-1
kofi.mensah: note MEN-1 note="He fears the phone, not the letters"
MEN-1 is running
"""


@pytest.fixture
def pair(programme: World) -> World:
    """Return the world with a pair that was proposed: MEN-1."""
    programme.talent("mentoring", "propose", "MPR-1", who=OFFICER)
    return programme


def test_both_accept_contract_and_end_it(pair: World) -> None:
    play(pair, SCENE)
    play(
        pair,
        """
        jonas.weber: wind_up MEN-1
        jonas.weber: end MEN-1 learned="To begin with what the reader needs"
        MEN-1 is ended
        """,
    )
    assert findings(pair) == []


def test_the_notes_are_for_the_pair_alone(pair: World) -> None:
    play(pair, SCENE)
    for who in ("jonas.weber", "kofi.mensah"):
        assert "fears the phone" in pair.talent("log", "MEN-1", "-o", "json", who=who).out
    # The officer, the manager, the head of HR and the auditor are not of the pair.
    for who in (OFFICER, "dario.conti", "maria.costa", "lin.zhao"):
        for words in (("show", "MEN-1"), ("log", "MEN-1")):
            assert "fears the phone" not in pair.ask(*words, who=who).out
        assert pair.ask("show", "MEN-1", who=who).code == 4
        assert pair.figures("mentoring", "pairs", who=who)["items"] == []


def test_a_mentee_leaves_without_a_reason_and_a_mentor_with_one(pair: World) -> None:
    play(
        pair,
        """
        kofi.mensah: leave MEN-1 refused "Only the subject"
        kofi.mensah: step_down MEN-1 reason="" refused "The form is complete"
        jonas.weber: leave MEN-1
        MEN-1 is ended_early
        """,
    )


def test_what_nobody_answers_ends_by_itself(pair: World) -> None:
    play(
        pair,
        """
        jonas.weber: accept MEN-1
        day 2026-01-10
        MEN-1 is half_accepted
        day 2026-03-01
        MEN-1 is ended_early
        """,
    )


def test_no_walk_breaks_an_invariant(pair: World) -> None:
    walked = walk(pair, "MEN-1", people=["jonas.weber", "kofi.mensah", OFFICER], seed=4, steps=20)
    assert walked.refused > 0
