"""Invitations by mail: one number of a meeting, changed and called off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from typing import Any

import pytest
from icalendar import Calendar

from talenthub.errors import Refused
from talenthub.outbound.appointments import Appointment, call_off, invite_people

START = datetime(2026, 2, 10, 10, tzinfo=UTC)


@pytest.fixture
def made(firm: Any, mailbox: Any) -> Any:
    return firm(mail={"backend": "smtp", "sender": "talent@firm.example", "host": "127.0.0.1",
                      "port": mailbox.port, "security": "none"})  # fmt: skip


def plan(made: Any, ref: str, *names: str, at: datetime = START) -> Appointment:
    people = tuple(sorted(made.people[each] for each in names))
    wanted = Appointment(ref, f"Interview ({ref})", at, 45, "Room 3", people)
    return made.run(lambda tx: invite_people(tx, wanted))


def calendars(made: Any, mailbox: Any) -> list[tuple[str, str, str, int, str]]:
    """Return of each mail: reader, method, UID, sequence and subject."""
    made.executor().round()
    told = []
    for to, text in mailbox.letters:
        letter = message_from_string(text, policy=policy.default)
        part = next(each for each in letter.walk() if each.get_content_type() == "text/calendar")
        calendar = Calendar.from_ical(part.get_content())
        [event] = calendar.walk("VEVENT")
        assert part.get_param("method") == calendar["method"]
        told.append((to[0], calendar["method"], event["uid"], int(event["sequence"]), letter["subject"]))
    mailbox.letters.clear()
    return told


def test_a_meeting_is_sent_changed_and_called_off_under_one_number(made: Any, mailbox: Any) -> None:
    ref = made.open()
    uid, sam = f"{ref.lower()}-interview@talenthub", "sam@firm.example"
    assert plan(made, ref, "sam").sequence == 0
    assert plan(made, ref, "sam").sequence == 0, "the same again tells nobody anything"
    assert calendars(made, mailbox) == [(sam, "REQUEST", uid, 0, "My organisation: an invitation")]
    assert plan(made, ref, "sam", at=START + timedelta(hours=1)).sequence == 1
    assert calendars(made, mailbox) == [(sam, "REQUEST", uid, 1, "My organisation: an invitation")]
    assert made.run(lambda tx: call_off(tx, ref)).sequence == 2
    subject = "My organisation: an appointment is called off"
    assert calendars(made, mailbox) == [(sam, "CANCEL", uid, 2, subject)]
    with pytest.raises(Refused):
        made.run(lambda tx: call_off(tx, ref))
    assert plan(made, ref, "sam").sequence == 3, "later than the cancellation"


def test_who_has_nothing_to_do_with_the_case_gets_no_invitation(made: Any, mailbox: Any) -> None:
    ref = made.open()
    plan(made, ref, "sam", "otto")
    assert [to for to, *_ in calendars(made, mailbox)] == ["sam@firm.example"]
    errors = {row.error for row in made.rows() if row.origin.startswith("appointment/")}
    assert errors == {None, "the reader has nothing to do with it any more"}
    plan(made, ref, "sam")
    assert sorted((to, method) for to, method, *_ in calendars(made, mailbox)) == [
        ("otto@firm.example", "CANCEL"),
        ("sam@firm.example", "REQUEST"),
    ]
