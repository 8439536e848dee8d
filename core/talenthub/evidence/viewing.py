"""Gaps as a reader may see them: individuals by right, groups by size."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from talenthub.evidence.access import FIGURES, see_standings, visible_among
from talenthub.evidence.closing import Closing, closings
from talenthub.evidence.counting import count_gaps
from talenthub.evidence.figures import Counted, Figure, counted, figures, unit_figures, unit_map
from talenthub.evidence.fit import Fit, fit
from talenthub.evidence.gap import (
    Gap,
    Gaps,
    Seat,
    compare,
    gaps_of_organisation,
    gaps_of_person,
    gaps_of_team,
)
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import standings
from talenthub.evidence.subject import framework_for, seen_person
from talenthub.framework import library
from talenthub.people.access import LISTED, require_grant
from talenthub.people.persons import Person, person, persons, unknown_person
from talenthub.people.relations import reports_of
from talenthub.people.units import Unit, unit, unit_paths, units
from talenthub.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person's gaps against a role, and the fit to it."""

    person: Person
    role: str | None
    gaps: Gaps
    fit: Fit | None
    """None where no role is known."""
    closings: Mapping[Gap, Closing]
    """Whether each known gap is open, closing or closed."""


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group's figures, and the gaps of those whom the reader may see."""

    title: str
    people: int
    figures: tuple[Figure, ...]
    seen: Gaps
    handles: dict[int, str]


def view_person(
    tx: Transaction,
    handle: str | None,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
    role: str | None = None,
    role_level: str | None = None,
    framework: str | None = None,
) -> PersonView:
    """Return a person's gaps against the role of their post, or another one.

    `framework` says where another role stands; default: where the post does.
    """
    who = seen_person(tx, handle, see_standings(settings, purpose))
    if role is not None:
        code = framework_for(tx, who.id, framework)
        return _against(tx, who, code, role, role_level, purpose, settings, on)
    found = gaps_of_person(tx, who.id, purpose, settings, on)
    seat = found.seats.get(who.id)
    if seat is None:
        return PersonView(who, None, found, None, {})
    return _against(tx, who, seat.framework_code, seat.role, seat.role_level, purpose, settings, on, found)


def view_team(
    tx: Transaction,
    handle: str | None,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
    deep: bool = False,
) -> GroupView:
    """Return the gaps of those who report to a person (None: the actor).

    The figures are about those whom the reader may not see one by one, so
    that nobody's can be worked out; about all where all may be seen.
    """
    manager = seen_person(tx, handle, LISTED) if handle is None else _known(tx, handle)
    team = reports_of(tx, manager.id, deep, on)
    gaps = gaps_of_team(tx, team, purpose, settings, on)
    seen = visible_among(tx, see_standings(settings, purpose), team)
    unseen = gaps if seen >= set(team) else gaps.of(set(team) - seen)
    group_figures = figures(counted(unseen), settings.minimum_people, settings)
    return GroupView(
        f"Team of {manager.handle}", len(team), group_figures, gaps.of(seen), _handles(tx, gaps, seen)
    )


def view_organisation(
    tx: Transaction,
    unit_code: str | None,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
    *,
    listed: bool = True,
) -> GroupView:
    """Return the gaps of everybody, or of a unit and what lies beneath it.

    Without `listed` only the figures, which the database counts.
    NotPermitted without a grant that reaches the figures there.
    """
    paths = unit_paths(tx)
    top = None if unit_code is None else unit(tx, unit_code)
    require_grant(tx, FIGURES, None if top is None else top.id, "these group figures are not yours to see")
    gaps = gaps_of_organisation(tx, purpose, settings, on) if listed else None
    counts = _counted(tx, purpose, settings, on) if gaps is None else counted(gaps)
    inside = {each for each, path in paths.items() if top is None or top.id in path}
    view = GroupView(
        title="Organisation" if top is None else f"Unit {top.code}",
        people=sum(many for each, many in counts.seats.items() if each in inside),
        figures=figures(counts, settings.minimum_unit, settings)
        if top is None
        else unit_figures(counts, top.id, paths, settings),
        seen=Gaps(on or tx.today, purpose, {}, (), (), ()),
        handles={},
    )
    if gaps is None:
        return view
    own = gaps if top is None else gaps.of({who for who, seat in gaps.seats.items() if seat.unit in inside})
    seen = visible_among(tx, see_standings(settings, purpose), own.seats)
    return replace(view, seen=own.of(seen), handles=_handles(tx, own, seen))


def _counted(tx: Transaction, purpose: str, settings: EvidenceSettings, on: date | None) -> Counted:
    counts = count_gaps(tx, purpose, settings, on)
    return counted(gaps_of_organisation(tx, purpose, settings, on)) if counts is None else counts


def view_units(
    tx: Transaction,
    above: str | None,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None = None,
) -> list[tuple[Unit, tuple[Figure, ...]]]:
    """Return the figures of the units directly beneath one, by code.

    Without `above` those beneath the only root, or the roots themselves.
    NotPermitted without a grant that reaches the figures there.
    """
    top = None if above is None else unit(tx, above)
    require_grant(tx, FIGURES, None if top is None else top.id, "these group figures are not yours to see")
    every = units(tx)
    roots = [each for each in every if each.parent_id is None]
    if top is None and len(roots) == 1:
        top = roots[0]
    chosen = roots if top is None else [each for each in every if each.parent_id == top.id]
    counts = _counted(tx, purpose, settings, on)
    by_unit = unit_map(counts, [each.id for each in chosen], unit_paths(tx), settings)
    return [(each, by_unit[each.id]) for each in chosen]


def closings_seen(tx: Transaction, seen: Gaps, settings: EvidenceSettings) -> dict[Gap, Closing]:
    """Return how far the gaps of people on posts are closed, read once."""
    by_framework: dict[str, list[Gap]] = {}
    for gap in seen.gaps:
        by_framework.setdefault(seen.seats[gap.person].framework_code, []).append(gap)
    closed: dict[Gap, Closing] = {}
    for code, gaps in by_framework.items():
        closed.update(closings(tx, gaps, code, seen.purpose, settings, seen.on))
    return closed


def _against(
    tx: Transaction,
    who: Person,
    code: str,
    role: str,
    role_level: str | None,
    purpose: str,
    settings: EvidenceSettings,
    on: date | None,
    own_gaps: Gaps | None = None,
) -> PersonView:
    seat: Seat | None = None if own_gaps is None else own_gaps.seats.get(who.id)
    version = library.published(tx, code, on).id if seat is None else seat.framework_version
    profile = library.role_profile(tx, version, role, role_level)
    known = standings(tx, [who.id], code, purpose, settings, on)
    mine = {competency: each for (_, competency), each in known.items()}
    if own_gaps is None:
        gaps, unknown = compare(who.id, profile.requirements, mine, settings)
        own_gaps = Gaps(on or tx.today, purpose, {}, gaps, unknown, ())
    closed = closings(tx, own_gaps.gaps, code, purpose, settings, on)
    return PersonView(who, profile.role.code, own_gaps, fit(profile.requirements, mine), closed)


def _known(tx: Transaction, handle: str) -> Person:
    found = person(tx, handle)
    LISTED.require(tx, found.id, unknown_person(tx, handle))
    return found


def _handles(tx: Transaction, gaps: Gaps, seen: Collection[int]) -> dict[int, str]:
    ids = {each.person for each in gaps.gaps} | {each.person for each in gaps.unknown}
    ids &= set(seen)
    return {each.id: each.handle for each in persons(tx, ids).values()}
