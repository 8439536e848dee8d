"""Invitations to an interview: as a calendar file, or by mail."""

from __future__ import annotations

from datetime import datetime

from talenthub.sdk import (
    Appointment,
    CaseView,
    Engine,
    NotPermitted,
    Problem,
    Refused,
    Transaction,
    UsageError,
    calendar_file,
    call_off,
    grants_of,
    invite_people,
    persons,
)
from talenthub_recruitment.opening import expect

PLANNERS = ("recruiter", "hr_partner", "hr_officer", "hr_head")
"""Grants whose holders plan interviews, beside the chair."""


def appointment(
    engine: Engine, tx: Transaction, ref: str, at: datetime, minutes: int, place: str
) -> Appointment:
    """Return the interview of REF: of a selection, or of one application.

    Of a selection the panel is invited, of an application the candidate too.
    """
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
    title = f"Interview: {case.about} ({case.ref})"
    return Appointment(case.ref, title, start, minutes, place, tuple(sorted(invited)))


def invitation(engine: Engine, tx: Transaction, ref: str, at: datetime, minutes: int, place: str) -> bytes:
    """Return an iCalendar file for the interview of REF."""
    told = appointment(engine, tx, ref, at, minutes, place)
    return calendar_file(told, list(persons(tx, told.people).values()), tx.now)


def send(engine: Engine, tx: Transaction, ref: str, at: datetime, minutes: int, place: str) -> Appointment:
    """Mail everybody an invitation, or what has changed since the last one."""
    told = appointment(engine, tx, ref, at, minutes, place)
    _require_planner(tx, engine.case(tx, told.ref))
    return invite_people(tx, told)


def cancel(engine: Engine, tx: Transaction, ref: str) -> Appointment:
    """Mail everybody who was invited that it does not take place."""
    case = expect(engine.case(tx, ref), "recruitment.selection", "recruitment.application")
    _require_planner(tx, case)
    return call_off(tx, case.ref)


def _require_planner(tx: Transaction, case: CaseView) -> None:
    person = tx.actor.person
    if person is None or person in case.people("chair"):
        return
    if not any(each.name in PLANNERS for each in grants_of(tx, [person])[person]):
        allowed = f"the chair, or who holds {', '.join(PLANNERS[:-1])} or {PLANNERS[-1]}"
        raise NotPermitted(Problem(text="inviting is not yours to do", place=case.ref, allowed=allowed))
