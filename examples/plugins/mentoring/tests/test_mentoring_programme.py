"""The programme: who joins, who is matched with whom, and why."""

from __future__ import annotations

from talenthub.testing import World, assert_refused_because, findings

OFFICER = "noor.haddad"


def test_the_mentor_is_strong_where_the_mentee_has_a_gap(programme: World) -> None:
    # Jonas needs 2 in each: TRU lacks 1, COM lacks 2. Lin can teach TRU alone
    # (closes 1), Kofi both (closes 3); CIT, where nothing lacks, is no reason.
    rows = programme.figures("mentoring", "suggest", "MPR-1", who=OFFICER)["items"]
    assert [(row["mentor"], row["mentee"], row["focus"], row["closes"]) for row in rows] == [
        ("kofi.mensah", "jonas.weber", ["TRU", "COM"], 3.0)
    ]


def test_the_suggested_pairs_are_proposed_to_both(programme: World) -> None:
    programme.talent("mentoring", "propose", "MPR-1", "--dry-run", who=OFFICER)
    assert programme.figures("mentoring", "pairs", who="jonas.weber")["items"] == []
    programme.talent("mentoring", "propose", "MPR-1", who=OFFICER)
    for who in ("jonas.weber", "kofi.mensah"):
        (row,) = programme.figures("mentoring", "pairs", who=who)["items"]
        assert (row["ref"], row["mentee"], row["state"]) == ("MEN-1", "jonas.weber", "proposed")
    assert programme.figures("mentoring", "suggest", "MPR-1", who=OFFICER)["items"] == []
    assert findings(programme) == []


def test_nobody_joins_twice_and_no_programme_ends_before_its_pairs(programme: World) -> None:
    again = ("mentoring", "join", "MPR-1", "jonas.weber", "--role", "mentor")
    assert "joined already" in programme.talent(*again, who=OFFICER, code=3).err
    assert_refused_because(programme, "MPR-1", "start", "At least one pair", who=OFFICER)
    programme.talent("mentoring", "propose", "MPR-1", who=OFFICER)
    programme.fire(OFFICER, "MPR-1", "start")
    assert_refused_because(programme, "MPR-1", "evaluate", "1 have not", who=OFFICER)
