"""Calendar invitations as files: an interview with its panel."""

from __future__ import annotations

from datetime import datetime, timedelta

from talenthub.sdk import Engine, Person, Problem, Refused, Transaction, UsageError, persons
from talenthub_recruitment.opening import expect


def invitation(engine: Engine, tx: Transaction, ref: str, at: datetime, minutes: int, place: str) -> bytes:
    """Return an iCalendar file for the interview of REF.

    Of a selection the panel is invited, of an application the candidate too.
    """
    from icalendar import Calendar, Event

    case = expect(engine.case(tx, ref), "recruitment.selection", "recruitment.application")
    if not case.is_open:
        raise Refused(Problem(text=f"{case.ref} is closed: nobody is invited", place=case.ref))
    start = at if at.tzinfo is not None else at.replace(tzinfo=tx.zone)
    if start <= tx.now:
        problem = Problem(text="an interview is on a day to come", place="--at", found=at.isoformat(" "))
        raise UsageError(problem)
    invited = {*case.people("chair"), *case.people("assessor")}
    if case.workflow == "recruitment.application" and case.subject is not None:
        invited.add(case.subject)
    event = Event()
    event.add("uid", f"{case.ref.lower()}-{start:%Y%m%dT%H%M}@talenthub")
    event.add("dtstamp", tx.now)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=minutes))
    event.add("summary", f"Interview: {case.about} ({case.ref})")
    if place:
        event.add("location", place)
    _invite(event, list(persons(tx, invited).values()))
    calendar = Calendar()
    calendar.add("prodid", "-//talenthub//recruitment//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(event)
    if start.tzinfo is not None:
        calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def _invite(event: object, people: list[Person]) -> None:
    from icalendar import vCalAddress, vText

    for each in sorted(people, key=lambda each: each.handle):
        if each.email:
            address = vCalAddress(f"mailto:{each.email}")
            address.params["CN"] = vText(each.name)
            address.params["ROLE"] = vText("REQ-PARTICIPANT")
            address.params["RSVP"] = vText("TRUE")
            event.add("attendee", address)  # type: ignore[attr-defined]
