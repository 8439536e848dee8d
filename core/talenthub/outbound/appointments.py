"""Appointments: calendar invitations by mail, each from the outbox.

The outbox keeps what was told last, so that a change goes out with the next
number and a cancellation reaches whoever was invited. A mail names its own
reader only, and leaves only while that one belongs to the case.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from talenthub.errors import Problem, Refused
from talenthub.outbound.claims import MAIL
from talenthub.people.persons import Person
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.context import CaseView
from talenthub.workflow.outbox import post
from talenthub.workflow.tables import outbox

APPOINTMENT = "appointment/"
"""What the origin of an invitation begins with: the case and a number follow."""

REQUEST, CANCEL = "REQUEST", "CANCEL"

_told = (
    select(outbox.c.id, outbox.c.origin, outbox.c.message)
    .where(outbox.c.origin.like(bindparam("origin")))
    .order_by(outbox.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """When and where some people meet about a case."""

    ref: str
    title: str
    """For the calendar of everybody invited."""
    start: datetime
    minutes: int
    place: str
    people: tuple[int, ...]
    sequence: int = 0
    """How often it was changed since it was first sent."""

    @property
    def uid(self) -> str:
        """Return what calendars know it by: the same after each change."""
        return f"{self.ref.lower()}-interview@talenthub"


def invite_people(tx: Transaction, wanted: Appointment) -> Appointment:
    """Put invitations into the outbox; return the appointment as it is told.

    Who was invited before and is not any more is told that it is called off.
    The same again tells nobody anything.
    """
    before = last_told(tx, wanted.ref)
    if before is None:
        _put(tx, wanted, REQUEST, wanted.people)
        return wanted
    if before == replace(wanted, sequence=before.sequence):
        return before
    told = replace(wanted, sequence=before.sequence + 1)
    _put(tx, told, REQUEST, told.people)
    _put(tx, told, CANCEL, set(before.people) - set(told.people))
    return told


def call_off(tx: Transaction, ref: str) -> Appointment:
    """Tell all who are invited that it is called off; Refused if nobody is."""
    before = last_told(tx, ref)
    if before is None or not before.people:
        raise Refused(
            Problem(text="nobody is invited", place=ref, mend=f"talent show {ref}", code="appointment")
        )
    told = replace(before, sequence=before.sequence + 1, people=())
    _put(tx, told, CANCEL, before.people)
    return told


def last_told(tx: Transaction, ref: str) -> Appointment | None:
    """Return the appointment of a case as it was told last, if ever."""
    row = tx.row(_told, {"origin": f"{APPOINTMENT}{ref}/%"})
    return None if row is None else read_appointment(json.loads(row.message))


def _put(tx: Transaction, told: Appointment, method: str, people: Collection[int]) -> None:
    kept = {
        "title": told.title,
        "start": told.start.isoformat(),
        "minutes": told.minutes,
        "place": told.place,
        "people": list(told.people),
        "sequence": told.sequence,
        "method": method,
    }
    message = canonical({"ref": told.ref, "appointment": kept})
    post(
        tx,
        [
            {
                "origin": f"{APPOINTMENT}{told.ref}/{told.sequence}",
                "handler": f"{MAIL}:{each}",
                "message": message,
                "due_at": tx.now,
                "attempts": 0,
            }
            for each in sorted(people)
        ],
    )


def read_appointment(message: Mapping[str, Any]) -> Appointment:
    """Return the appointment that a message of the outbox tells."""
    kept = dict(message["appointment"])
    del kept["method"]
    start, people = datetime.fromisoformat(kept.pop("start")), tuple(kept.pop("people"))
    return Appointment(ref=message["ref"], start=start, people=people, **kept)


def belongs(case: CaseView, person: int) -> bool:
    """Return whether somebody still has to do with a case."""
    return person == case.subject or any(person in people for people in case.participants.values())


def calendar_file(
    told: Appointment, people: Collection[Person], at: datetime, *, method: str = REQUEST, sender: str = ""
) -> bytes:
    """Return an iCalendar file that invites these people, or calls it off."""
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", told.uid)
    event.add("sequence", told.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", told.start)
    event.add("dtend", told.start + timedelta(minutes=told.minutes))
    event.add("summary", told.title)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if told.place:
        event.add("location", told.place)
    if sender:
        event.add("organizer", f"mailto:{sender}")
    for each in sorted(people, key=lambda each: each.handle):
        _attend(event, each)
    calendar = Calendar()
    calendar.add("prodid", "-//talenthub//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _attend(event: Any, person: Person) -> None:
    from icalendar import vCalAddress, vText

    if person.email:
        address = vCalAddress(f"mailto:{person.email}")
        address.params["CN"] = vText(person.name)
        address.params["ROLE"] = vText("REQ-PARTICIPANT")
        address.params["RSVP"] = vText("TRUE")
        event.add("attendee", address)
