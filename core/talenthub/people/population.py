"""Harbourline's invented people: units, one post per seat, lines, names.

The same seed makes the same organisation. The roles come as a parameter, so
that the numbers have one home: the framework's file.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from talenthub.people.organisation import NewPerson, NewPost, NewUnit, Organisation
from talenthub.people.persons import handle_for
from talenthub.people.population_names import FAMILY, GIVEN

TOP = "authority"
BRANCHES = (
    "harbour",
    "northgate",
    "quay",
    "east",
    "westfield",
    "hillside",
    "lakeside",
    "old-town",
    "airport",
)
HEAD_OFFICE = ("operations", "people", "contact-centre", "records", "digital-service", "finance")
"""Each is led by a director; the branches lie beneath operations."""

FOUNDED = date(2005, 1, 1)
NEWEST = date(2025, 11, 3)
"""Nobody of the invented staff came later."""

_MANAGED = (
    *BRANCHES,
    *("contact-centre",) * 6,
    *("records",) * 3,
    *("finance",) * 2,
    *("operations",) * 2,
    *("digital-service",) * 4,
)
"""The units of the managers, in order: one to a branch, more where more teams are."""

_PLACES: Mapping[str, Sequence[str]] = {
    "chief-executive": (TOP,),
    "director": HEAD_OFFICE,
    "head-of-people": ("people",),
    "hr-officer": ("people",),
    "branch-manager": _MANAGED,
    "systems-analyst": ("digital-service",),
    "inspection-team-leader": (*BRANCHES, "operations"),
    "service-team-leader": (*BRANCHES, "contact-centre", "records", "finance", "operations"),
    "records-assistant": ("records",),
}


@dataclass(frozen=True, slots=True)
class RoleSeat:
    """A role as the generator needs it: how many seats, beneath which role."""

    code: str
    level: str | None
    headcount: int
    reports_to: str | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of the demo's story, with a fixed name and place."""

    name: str
    role: str
    unit: str
    grants: tuple[str, ...] = ()


STORY = (
    Named("Helena Marsh", "chief-executive", TOP),
    Named("Eva Sand", "director", "operations", ("sponsor",)),
    Named("Ruth Adeyemi", "director", "finance", ("sponsor",)),
    Named("Noor Haddad", "head-of-people", "people", ("hr_head", "framework_owner")),
    Named("Maria Costa", "hr-officer", "people", ("recruiter", "hr_officer")),
    Named("Grace Lindqvist", "hr-officer", "people", ("hr_partner",)),
    Named("Sami Okafor", "systems-analyst", "digital-service", ("admin",)),
    Named("Tomas Lind", "branch-manager", "harbour"),
    Named("Dario Conti", "service-team-leader", "harbour"),
    Named("Ana Ribeiro", "service-team-leader", "harbour"),
    Named("Lin Zhao", "service-team-leader", "quay"),
    Named("Jonas Weber", "case-officer", "harbour"),
    Named("Kofi Mensah", "case-officer", "harbour"),
)
"""The people the demo speaks of by name."""

VACANT: Mapping[tuple[str, str], int] = {("case-officer", "harbour"): 1}
"""Seats beyond the headcount that nobody holds, by role and unit."""


@dataclass(slots=True)
class _Seat:
    role: RoleSeat
    unit: str
    above: _Seat | None
    vacant: bool = False
    code: str = ""
    below: list[_Seat] = field(default_factory=list)


def harbourline(
    roles: Sequence[RoleSeat],
    *,
    framework: str,
    seed: int = 1,
    vacant: Mapping[tuple[str, str], int] = VACANT,
    story: Sequence[Named] = STORY,
) -> Organisation:
    """Return the organisation: every headcount filled, and the vacant seats.

    A role reports to a role of the list or to nobody; ValueError otherwise.
    """
    seats = _seats(roles, vacant)
    posts = tuple(_post(each, framework) for each in seats)
    return Organisation(tuple(_units()), posts, tuple(_people(seats, story, random.Random(seed))))


def _units() -> Iterator[NewUnit]:
    yield NewUnit(TOP, "Harbourline Public Services Authority")
    for code in HEAD_OFFICE:
        yield NewUnit(code, code.replace("-", " ").capitalize(), TOP, "head office", "head-office")
    for code in BRANCHES:
        name = code.replace("-", " ").title() if code == "old-town" else code.capitalize()
        yield NewUnit(code, f"{name} branch", "operations", "branch", code)


def _seats(roles: Sequence[RoleSeat], vacant: Mapping[tuple[str, str], int]) -> list[_Seat]:
    made: dict[str, list[_Seat]] = {}
    waiting = list(roles)
    while waiting:
        ready = [each for each in waiting if each.reports_to is None or each.reports_to in made]
        if not ready:
            raise ValueError(f"no way to the top from roles {[each.code for each in waiting]}")
        for each in ready:
            made[each.code] = _seats_of(each, roles, made)
        waiting = [each for each in waiting if each not in ready]
    for (code, unit), count in vacant.items():
        made[code] += _vacant_seats(made.get(code, []), unit, count)
    ordered = [seat for each in roles for seat in made[each.code]]
    _number(ordered)
    return ordered


def _seats_of(
    role: RoleSeat, roles: Sequence[RoleSeat], seats_by_role: Mapping[str, list[_Seat]]
) -> list[_Seat]:
    if role.reports_to is None:
        return [_Seat(role, TOP, None) for _ in range(role.headcount)]
    above = _managers(role, roles, seats_by_role[role.reports_to])
    places = _PLACES.get(role.code)
    seats = []
    for number in range(role.headcount):
        # Directors and managers have a list of units; everyone else sits where their manager does.
        unit = (
            places[number % len(places)] if places and role.code in ("director", "branch-manager") else None
        )
        head = _head(above, unit, number)
        seat = _Seat(role, unit or _own_unit(role, head), head)
        head.below.append(seat)
        seats.append(seat)
    # Teams of one manager stand together, so that their kinds are mixed within each place.
    order = {id(each): number for number, each in enumerate(above)}
    return sorted(seats, key=lambda seat: order[id(seat.above)])


def _own_unit(role: RoleSeat, head: _Seat) -> str:
    places = _PLACES.get(role.code, ())
    return head.unit if head.unit in places or not places else places[0]


def _head(above: Sequence[_Seat], unit: str | None, number: int) -> _Seat:
    if unit is not None:
        parent = "operations" if unit in BRANCHES else unit
        same = [each for each in above if each.unit == parent]
        if same:
            return same[number % len(same)]
    return above[number % len(above)]


def _managers(role: RoleSeat, roles: Sequence[RoleSeat], above: Sequence[_Seat]) -> Sequence[_Seat]:
    """Return the seats that lead this role's seats.

    A team at the bottom is of one role: the teams that no role has a place
    for are shared out between the others in proportion to their headcounts.
    """
    places = _PLACES.get(role.code)
    if places:
        return [each for each in above if each.unit in places] or above
    leads = {each.reports_to for each in roles}
    rivals = [each for each in roles if each.reports_to == role.reports_to and each.code not in leads]
    settled = {unit for each in rivals for unit in _PLACES.get(each.code, ())}
    free = [each for each in above if each.unit not in settled] or list(above)
    rivals = [each for each in rivals if each.code not in _PLACES]
    if role not in rivals or len(free) < len(rivals):
        return free
    turns = _turns([each.headcount for each in rivals], len(free))
    return [each for each, turn in zip(free, turns, strict=True) if turn == rivals.index(role)] or free


def _turns(weights: Sequence[int], count: int) -> list[int]:
    """Return `count` indexes of `weights`, each as often as its share, mixed."""
    given = [0] * len(weights)
    turns = []
    for number in range(1, count + 1):
        owed = [
            number * weight / (sum(weights) or 1) - had for weight, had in zip(weights, given, strict=True)
        ]
        turn = owed.index(max(owed))
        given[turn] += 1
        turns.append(turn)
    return turns


def _vacant_seats(seats: Sequence[_Seat], unit: str, count: int) -> list[_Seat]:
    there = [each for each in seats if each.unit == unit]
    if not there:
        raise ValueError(f"no seat of this role in unit {unit!r} to put a vacant one beside")
    first = there[0]
    return [_Seat(first.role, unit, first.above, vacant=True) for _ in range(count)]


def _number(seats: Iterable[_Seat]) -> None:
    groups: dict[str, list[_Seat]] = {}
    for each in seats:
        groups.setdefault(f"{each.unit}-{each.role.code}", []).append(each)
    for name, group in groups.items():
        for number, seat in enumerate(group, 1):
            seat.code = f"{name}-{number:02}" if len(group) > 1 else name


def _post(seat: _Seat, framework: str) -> NewPost:
    role = seat.role
    return NewPost(
        code=seat.code,
        title=role.title or role.code.replace("-", " ").capitalize(),
        framework=framework,
        role=role.code,
        unit=seat.unit,
        since=FOUNDED,
        level=role.level,
        critical=role.code in ("chief-executive", "director", "head-of-people", "branch-manager"),
        reports_to=seat.above.code if seat.above else None,
    )


def _people(seats: Sequence[_Seat], story: Sequence[Named], chance: random.Random) -> Iterator[NewPerson]:
    named = _place_story(seats, story)
    reserved = {each.name for each in story}
    pairs = [f"{given} {family}" for given in GIVEN.split() for family in FAMILY.split()]
    filled = [each for each in seats if not each.vacant]
    names = iter(each for each in chance.sample(pairs, len(filled) + len(story)) if each not in reserved)
    taken: set[str] = {handle_for(each.name, ()) for each in story}
    for seat in filled:
        role = named.get(seat.code)
        name = role.name if role else next(names)
        handle = handle_for(name, () if role else taken)
        taken.add(handle)
        yield NewPerson(
            handle=handle,
            name=name,
            email=f"{handle}@harbourline.example",
            login=handle,
            site=seat.unit if seat.unit in BRANCHES else "head-office",
            post=seat.code,
            since=NEWEST - timedelta(days=chance.randrange(6200)),
            grants=tuple((each, None) for each in role.grants) if role else (),
        )


def _place_story(seats: Sequence[_Seat], story: Sequence[Named]) -> dict[str, Named]:
    """Return who of the story sits on which post; the first free ones.

    Team leaders of a unit lead its case officers, where there are such teams.
    """
    placed: dict[str, Named] = {}
    for each in story:
        fitting = [
            seat
            for seat in seats
            if (seat.role.code, seat.unit, seat.vacant) == (each.role, each.unit, False)
            and seat.code not in placed
        ]
        fitting.sort(key=lambda seat: not any(below.role.code == "case-officer" for below in seat.below))
        if fitting:
            placed[fitting[0].code] = each
    return placed
