"""Paths: from role to role, how long each step takes and what differs.

months = 12·Σ residual/(velocity·at once), residual = max(0, required −
current − tolerance); distance = Σ w·max(0, required − current), w = 2 for
what is critical.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from talenthub.sdk import Content, RoleProfile, profile, text_in
from talenthub_career.settings import CareerSettings

Standings = Mapping[str, Fraction]
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A level of a role: where a post can be."""

    role: str
    level: str

    def __str__(self) -> str:
        """Return it as it is typed: the role, and its level if it has several."""
        return self.role if self.role == self.level else f"{self.role}/{self.level}"


@dataclass(frozen=True, slots=True)
class Difference:
    """A competency that the next role words differently."""

    competency: str
    here: int | None
    there: int
    said_here: str
    said_there: str


@dataclass(frozen=True, slots=True)
class Step:
    """From one place to the next."""

    start: Place
    end: Place
    months: Fraction
    """At least so many, where something is unknown."""
    residual: Fraction
    unknown: tuple[str, ...]
    differs: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a role is from somebody."""

    place: Place
    distance: Fraction
    months: Fraction
    unknown: tuple[str, ...]


class Roles:
    """The roles of a framework as a graph: promotions and moves sideways."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.profiles = {
            Place(role.code, level.code): profile(content, role.code, level.code)
            for role in content.roles
            for level in role.levels
        }

    def next_of(self, place: Place) -> Place | None:
        """Return the next level of the role, else the role it reports to."""
        role = self.content.role(place.role)
        codes = [each.code for each in role.levels]
        later = codes[codes.index(place.level) + 1 :]
        if later:
            return Place(role.code, later[0])
        if role.reports_to is None or not self.content.role(role.reports_to).levels:
            return None
        return Place(role.reports_to, self.content.role(role.reports_to).levels[0].code)

    def neighbours(self, place: Place) -> Iterator[Place]:
        """Yield where one step leads: up, or sideways on the same level."""
        above = self.next_of(place)
        if above is not None:
            yield above
        here = self.profiles[place].level.organisational_level
        for other, found in self.profiles.items():
            if other != place and other != above and here is not None:
                same_family = found.role.family is not None and found.role.family == self.family(place)
                there = found.level.organisational_level
                if there is not None and (there == here or (there == here + 1 and same_family)):
                    yield other

    def family(self, place: Place) -> object:
        """Return the family of the role of a place."""
        return self.profiles[place].role.family

    def difference(self, start: Place, end: Place) -> tuple[Difference, ...]:
        """Return the competencies whose descriptors differ in words."""
        here, there = self.profiles[start], self.profiles[end]
        found = []
        for asked in there.requirements:
            own = here.level.requirement(asked.competency)
            before = "" if own is None else self._words(here, asked.competency)
            after = self._words(there, asked.competency)
            if before != after:
                level = None if own is None else own.level
                found.append(Difference(asked.competency, level, asked.level, before, after))
        return tuple(found)

    def _words(self, role_profile: RoleProfile, competency: str) -> str:
        text = role_profile.anchors[competency].at.text
        return "" if text is None else text_in(text, self.content.framework.language)


def residual(asked: RoleProfile, standings: Standings, settings: CareerSettings) -> Fraction:
    """Return what is known to lack of a role beyond what a step may lack."""
    total = Fraction(0)
    for each in asked.requirements:
        if each.competency in standings:
            tolerance = Fraction(settings.critical_tolerance if each.critical else settings.tolerance)
            total += max(Fraction(0), each.level - standings[each.competency] - tolerance)
    return total


def unknown_of(asked: RoleProfile, standings: Standings) -> tuple[str, ...]:
    """Return what a role asks for and nobody has seen yet."""
    return tuple(each.competency for each in asked.requirements if each.competency not in standings)


def distance(asked: RoleProfile, standings: Standings) -> Fraction:
    """Return Σ w·max(0, required − current) over what is known."""
    return sum(
        (
            (2 if each.critical else 1) * max(Fraction(0), each.level - standings[each.competency])
            for each in asked.requirements
            if each.competency in standings
        ),
        Fraction(0),
    )


def months_for(lack: Fraction, pace: Fraction, settings: CareerSettings) -> Fraction:
    """Return 12·residual/(velocity·at once)."""
    return MONTHS * lack / (pace * settings.at_once)


def reachable(
    roles: Roles, start: Place, standings: Standings, pace: Fraction, settings: CareerSettings
) -> list[Reach]:
    """Return the other roles, the nearest first."""
    found = []
    for place, asked in roles.profiles.items():
        if place != start:
            months = months_for(residual(asked, standings, settings), pace, settings)
            found.append(Reach(place, distance(asked, standings), months, unknown_of(asked, standings)))
    return sorted(found, key=lambda each: (len(each.unknown), each.distance, str(each.place)))


def shortest(
    roles: Roles, start: Place, goal: Place, standings: Standings, pace: Fraction, settings: CareerSettings
) -> list[Step] | None:
    """Return the steps that take the fewest months; None where no way leads.

    After a step one is where its role asks to be: the next step begins there.
    """
    waiting: list[tuple[Fraction, int, str, Place, tuple[Step, ...]]] = [
        (Fraction(0), 0, str(start), start, ())
    ]
    done: set[Place] = set()
    while waiting:
        months, count, _, place, steps = heapq.heappop(waiting)
        if place == goal:
            return list(steps)
        if place in done:
            continue
        done.add(place)
        for other in roles.neighbours(place):
            if other not in done:
                step = _step(roles, place, other, _grown(roles, steps, standings), pace, settings)
                way = (months + step.months, count + 1, str(other), other, (*steps, step))
                heapq.heappush(waiting, way)
    return None


def _grown(roles: Roles, steps: tuple[Step, ...], standings: Standings) -> dict[str, Fraction]:
    grown = dict(standings)
    for step in steps:
        for each in roles.profiles[step.end].requirements:
            grown[each.competency] = max(grown.get(each.competency, Fraction(0)), Fraction(each.level))
    return grown


def _step(
    roles: Roles, start: Place, end: Place, standings: Standings, pace: Fraction, settings: CareerSettings
) -> Step:
    asked = roles.profiles[end]
    lack = residual(asked, standings, settings)
    months, unknown = months_for(lack, pace, settings), unknown_of(asked, standings)
    return Step(start, end, months, lack, unknown, roles.difference(start, end))
