"""Letters from templates, invitations as files, and the line that comes next."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

DAY = date(2026, 2, 10)
MARIA = "maria.costa"
PANEL = {"jonas.weber", "kofi.mensah", "ana.ribeiro"}


@pytest.fixture
def rejected(make_world: Any, until_assessing: Any) -> Any:
    """Return a world with one candidate assessed and one rejected."""
    world = make_world()
    until_assessing(world, ["Amara Okoye"], DAY)
    add = ("recruitment", "candidate", "add", "SEL-1", "Bram Visser", "--email", "bram@mail.example")
    world.talent(*add, who=MARIA)
    world.talent("recruitment", "reject", "APP-2", "--reason", "No experience of {casework}", who=MARIA)
    return world


def test_a_letter_says_the_reasons_and_fits_the_state(rejected: Any, tmp_path: Any) -> None:
    file = tmp_path / "letter.txt"
    rejected.talent("recruitment", "letter", "APP-2", "rejection", "-O", str(file), who=MARIA)
    text = file.read_text()
    # A field within what somebody wrote stays as it was written: nothing is filled in twice.
    for part in ("Dear Bram Visser,", "- No experience of {casework}", "until 2026-03-12", "Maria Costa"):
        assert part in text
    answer = rejected.talent("recruitment", "letter", "APP-1", "rejection", who=MARIA, code=3)
    assert "nothing to say for reasons, appeal_until" in answer.err
    rejected.talent("recruitment", "letter", "APP-1", "offer", who=MARIA, code=3)
    assert "Amara" in rejected.talent("recruitment", "letter", "APP-1", "invitation", who=MARIA).out
    near = rejected.talent("recruitment", "letter", "APP-1", "invitatoin", who=MARIA, code=4)
    assert "did you mean 'invitation'" in near.err
    rejected.talent("recruitment", "letter", "APP-2", "rejection", who="bram.visser", code=5)


def test_own_templates_name_fields_and_compute_nothing(rejected: Any) -> None:
    place = rejected.folder / "letters"
    place.mkdir()
    (place / "thanks.txt").write_text("Dear {candidate}, thank you.\n")
    assert (
        "Dear Bram Visser, thank you."
        in rejected.talent("recruitment", "letter", "APP-2", "thanks", who=MARIA).out
    )
    (place / "thanks.txt").write_text("Dear {candidat},\n{candidate.__class__} {0} {}\n")
    answer = rejected.talent("recruitment", "letter", "APP-2", "thanks", who=MARIA, code=9)
    assert "thanks.txt:1:6" in answer.err
    assert "did you mean 'candidate'" in answer.err
    assert answer.err.count("unknown field") == 4
    (place / "thanks.txt").write_bytes(b"\xff\xfe\x00")
    rejected.talent("recruitment", "letter", "APP-2", "thanks", who=MARIA, code=9)


def test_an_invitation_is_a_calendar_file(rejected: Any, tmp_path: Any) -> None:
    file = tmp_path / "interview.ics"
    words = ("recruitment", "invite", "SEL-1", "--at", "2026-07-12 10:00", "--minutes", "45", "-O", str(file))
    rejected.talent(*words, "--place", "Room 3; upstairs", who=MARIA)
    (event,) = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2026, 7, 12, 9, tzinfo=UTC)
    assert (event.decoded("dtend") - event.decoded("dtstart")).seconds == 45 * 60
    assert str(event["location"]) == "Room 3; upstairs"
    assert "Okoye" not in file.read_text()
    invited = event["attendee"]
    assert len(invited) == len(PANEL) + 1
    for wrong in ("tomorrow-ish", "2026-01-01 10:00"):
        again = ("recruitment", "invite", "SEL-1", "--at", wrong, "-O", str(file))
        rejected.talent(*again, who=MARIA, code=2)
    closed = ("recruitment", "invite", "APP-2", "--at", "2026-07-12 10:00", "-O", str(file))
    rejected.talent(*closed, who=MARIA, code=3)


def test_an_interview_is_sent_changed_and_called_off_by_who_plans_it(rejected: Any) -> None:
    def invite(*words: str, who: str = MARIA, code: int = 0) -> str:
        return rejected.talent("recruitment", "invite", "SEL-1", *words, who=who, code=code).err

    invite("--at", "2026-07-12 10:00", code=2)
    invite("--cancel", code=3)
    invite("--at", "2026-07-12 10:00", "--send", who=next(iter(PANEL)), code=5)
    invite("--at", "2026-07-12 10:00", "--send", "--dry-run")
    assert f"SEL-1: {len(PANEL) + 1} invited by mail, change 0" in invite(
        "--at", "2026-07-12 10:00", "--send"
    )
    assert "change 0" in invite("--at", "2026-07-12 10:00", "--send"), "the same is told once"
    assert "change 1" in invite("--at", "2026-07-12 11:00", "--send")
    assert "called off" in invite("--cancel")
    invite("--cancel", code=3)


def test_what_comes_next_never_ends_a_case_badly(rejected: Any) -> None:
    from talenthub.cli.do.told import following
    from talenthub.cli.why_rows import steps_of

    with rejected.open() as workspace:
        for who, ref in ((MARIA, "APP-1"), (MARIA, "REQ-1"), (MARIA, "SEL-1"), ("noor.haddad", "SEL-1")):
            steps = workspace.run(
                workspace.actor(as_handle=who),
                lambda tx, ref=ref: steps_of(workspace.engine, tx, ref),
                read_only=True,
            )
            told = following(steps)
            assert not told.endswith(("cancel", "reject", "withdraw")), (who, ref, steps.possible)
