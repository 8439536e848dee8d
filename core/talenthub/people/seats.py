"""Seats while assignments are planned: who leaves which, and who may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from talenthub.errors import Problem, Refused
from talenthub.storage.hub import HubEvent


@dataclass(frozen=True, slots=True)
class Post:
    """One seat in one unit, for one role of a framework."""

    id: int
    code: str
    title: str
    framework_code: str
    role_code: str
    level: str | None
    unit_id: int
    critical: bool
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Seating:
    """A person who is to be put on a post from a day on."""

    person_id: int
    post_id: int
    since: date


@dataclass(slots=True)
class Sitting:
    """A seat while assignments are planned: stored, or about to be."""

    id: int | None
    person_id: int
    post_id: int
    code: str
    since: date
    until: date | None
    is_ended: bool = False
    """Whether the plan ends it."""

    def lasts(self, day: date) -> bool:
        """Return what the condition `lasting` says of it."""
        return self.until is None or (self.until > day and self.until > self.since)


def plan_leaving(seats: Sequence[Sitting], seating: Seating, target: Post) -> list[Sitting]:
    """End the person's seats and return them; Refused if it may not be."""
    _refuse_closed(target, seating.since)
    lasting_then = [seat for seat in seats if seat.lasts(seating.since)]
    _refuse_taken(
        target,
        [seat for seat in lasting_then if seat.post_id == target.id and seat.person_id != seating.person_id],
    )
    own = [seat for seat in lasting_then if seat.person_id == seating.person_id]
    for seat in own:
        _refuse_former(seat, target, seating.since)
    for seat in own:
        seat.until, seat.is_ended = seating.since, True
    return own


def vacated(post_id: int, code: str, since: date) -> HubEvent:
    """Return the fact that a post fell vacant."""
    return HubEvent("post.vacated", "post", post_id, {"post": code, "since": since.isoformat()})


def seated(seating: Seating, target: Post, kind: str) -> HubEvent:
    """Return the fact that a person of this kind was put on a post."""
    facts = {"post": target.code, "role": target.role_code, "since": seating.since.isoformat()}
    what = "person.moved" if kind == "employee" else "person.hired"
    return HubEvent(what, "person", seating.person_id, facts)


def _refuse_former(seat: Sitting, target: Post, since: date) -> None:
    if seat.since > since:
        raise Refused(
            Problem(
                text="a later assignment of this person is already entered",
                found=f"{seat.code} from {seat.since}",
                mend="choose a day after it began",
                code="people.later-assignment",
            )
        )
    if seat.post_id == target.id:
        raise Refused(
            Problem(text="the person holds this post already", found=target.code, code="people.same-post")
        )


def _refuse_closed(target: Post, since: date) -> None:
    if since < target.since or (target.until is not None and since >= target.until):
        raise Refused(
            Problem(
                text="the post does not exist on that day",
                found=f"{target.code} on {since}",
                allowed=f"from {target.since}" + (f" to before {target.until}" if target.until else ""),
                code="people.post-closed",
            )
        )


def _refuse_taken(target: Post, held: Sequence[Sitting]) -> None:
    if not held:
        return
    first = min(held, key=lambda seat: seat.since)
    ends = f"until {first.until}" if first.until else "with no end entered"
    raise Refused(
        Problem(
            text="the post is filled",
            found=target.code,
            allowed="a vacant post",
            mend=f"it is held from {first.since} {ends}; talent people org shows vacant posts",
            code="people.post-filled",
        )
    )
