"""The data check: what would go wrong, said before a cycle is launched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from talenthub.sdk import Content, Member, NotFound, RoleProfile, measured, profile
from talenthub_performance.cases import Cycle, Measure
from talenthub_performance.facts import Population
from talenthub_performance.settings import PerformanceSettings


@dataclass(frozen=True, slots=True)
class Fault:
    """Why somebody can't be reviewed, and what would mend it."""

    person: int
    handle: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody whom several managed in the period, and for how many days."""

    handle: str
    days: Mapping[int, int]
    rater: int | None
    """Who rates: the one of most days."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a data check."""

    ready: tuple[Member, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[Member, ...]
    shared: tuple[Shared, ...] = ()


def check(ref: str, cycle: Cycle, found: Population, settings: PerformanceSettings) -> Checked:
    """Return who can be reviewed, and for each other one why not."""
    wanted = [each for each in found.members if each.person not in cycle.left_out]
    profiles = Profiles(found.content)
    faults = [fault for each in wanted for fault in _faults(ref, cycle, each, found, profiles, settings)]
    faulty = {each.person for each in faults}
    return Checked(
        tuple(each for each in wanted if each.person not in faulty),
        tuple(faults),
        tuple(each for each in found.members if each.person in cycle.left_out),
        tuple(
            Shared(each.handle, days, rater_of(each, found))
            for each in wanted
            if len(days := found.days.get(each.person, {})) > 1
        ),
    )


class Profiles:
    """The profiles of a framework version's roles, each looked up once."""

    def __init__(self, content: Content | None) -> None:
        self._content = content
        self._known: dict[tuple[str, str | None], RoleProfile | None] = {}

    def of(self, role: str, level: str | None) -> RoleProfile | None:
        """Return the profile of a role's level; None if there is none."""
        key = (role, level)
        if key not in self._known:
            try:
                self._known[key] = None if self._content is None else profile(self._content, role, level)
            except NotFound:
                self._known[key] = None
        return self._known[key]

    def measures(self, role: str, level: str | None) -> tuple[Measure, ...]:
        """Return how each competency of the role is rated, in its order."""
        found = self.of(role, level)
        if found is None or self._content is None:
            return ()
        return measured(Measure, self._content, found)


def _faults(
    ref: str,
    cycle: Cycle,
    member: Member,
    found: Population,
    profiles: Profiles,
    settings: PerformanceSettings,
) -> Iterator[Fault]:
    def fault(what: str, mend: str) -> Fault:
        return Fault(member.person, member.handle, what, mend)

    leave_out = f'talent performance cycle leave-out {ref} {member.handle} --reason "…"'
    if member.role is None:
        yield fault("holds no post, so no role", f"talent people move {member.handle} POST, or {leave_out}")
        return
    if profiles.of(member.role, member.level) is None:
        yield fault(
            f"the role {member.role} is not in {cycle.framework}",
            f"a role of the framework for the post, or {leave_out}",
        )
    if found.managers.get(member.person) is None:
        yield fault("nobody is above", f"a reporting line for the post, or {leave_out}")
    if member.joined is not None:
        there = (cycle.last - member.joined).days + 1
        if there < settings.minimum_days:
            yield fault(
                f"too new: {max(there, 0)} of {settings.minimum_days} days by {cycle.last}", leave_out
            )


def rater_of(member: Member, found: Population) -> int | None:
    """Return who rates: the manager of most days; of equals today's.

    Somebody who has managed for no day of the period yet counts as today's.
    """
    today = found.managers.get(member.person)
    served = found.days.get(member.person, {})
    if not served:
        return today
    most = max(served.values())
    longest = [each for each, many in served.items() if many == most]
    return today if today in longest else min(longest)


def review_data(
    cycle: Cycle, role: str, level: str | None, days: Mapping[int | str, int], profiles: Profiles
) -> dict[str, Any]:
    """Return what a review carries when it opens; `days` under each manager."""
    return {
        "role": role,
        "level": level,
        "rated": cycle.rated,
        "first": cycle.first,
        "last": cycle.last,
        "measures": [each.model_dump() for each in profiles.measures(role, level)],
        "manager_days": {int(manager): many for manager, many in days.items()},
    }
