"""Facts about the people of a case: standings, gaps, managers, claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from talenthub.evidence.closing import Closing, closings
from talenthub.evidence.gap import Gap, Unknown, compare
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.standing import Standing, standings
from talenthub.framework.library import RoleProfile, framework_codes, role_profile
from talenthub.people.relations import managers_of
from talenthub.storage.transaction import Transaction
from talenthub.workflow.calendar import Calendar, Workdays
from talenthub.workflow.context import CaseView, Fact
from talenthub.workflow.relations import Relation
from talenthub.workflow.resolution import authority

EVIDENCE = "workflow.evidence"
"""Where the engine leaves its evidence settings in `tx.memory`."""

CALENDAR = "workflow.calendar"
"""Where the engine leaves the organisation's calendar in `tx.memory`."""

Standings = Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class RoleGaps:
    """What a role asks of the subject, and how far they are from it."""

    profile: RoleProfile
    gaps: tuple[Gap, ...]
    """A gap of 0 is there too: whatever is known, in the role's order."""
    unknown: tuple[Unknown, ...]
    """What nothing is known of; it is never a gap of the whole level."""


def subject_standings(purpose: str) -> Fact[Standings]:
    """Return the fact: the subject's standings, by competency.

    As a reader with `purpose` may use them, in the framework that the case
    pinned; what is unknown is absent.
    """

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Standings]:
        return _standings(tx, cases, purpose)

    return Fact(f"standings:{purpose}", load)


def role_gaps(field: str, purpose: str, *, level: str | None = None) -> Fact[RoleGaps | None]:
    """Return the fact: the subject's gaps against the role in data.`field`.

    None where the case names no role or no person. `level` names the data
    field with the role level; NotFound if the framework knows no such role.
    """

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, RoleGaps | None]:
        known = _standings(tx, cases, purpose)
        return {case.id: _role_gaps(tx, case, known[case.id], field, level) for case in cases}

    return Fact(f"gaps:{field}:{level}:{purpose}", load)


def gap_closings(field: str, purpose: str, *, level: str | None = None) -> Fact[Mapping[str, Closing]]:
    """Return the fact: how far the subject's gaps to a role are closed.

    By competency; the role and its level are named as for `role_gaps`, and
    what is unknown is absent. One read of the ledger a framework.
    """

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[str, Closing]]:
        known = _standings(tx, cases, purpose)
        against = {case.id: _role_gaps(tx, case, known[case.id], field, level) for case in cases}
        return _closings(tx, cases, against, purpose)

    return Fact(f"closings:{field}:{level}:{purpose}", load)


def claims(relations: Mapping[str, Relation]) -> Fact[frozenset[str]]:
    """Return the fact: which of these relations the actor fulfils.

    For cases whose owner differs from one to the next: the transition is
    open to all kinds of owners, and a guard asks for the right one.
    """

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, frozenset[str]]:
        rights = authority(tx, cases, relations.values())
        return {
            case.id: frozenset(
                name for name, who in relations.items() if rights.allows(who, case) is not None
            )
            for case in cases
        }

    named = ";".join(f"{name}={who}" for name, who in relations.items())
    return Fact(f"claims:{named}", load)


def _managers(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, int | None]:
    found = managers_of(tx, {case.subject for case in cases if case.subject is not None})
    return {case.id: found.get(case.subject) if case.subject is not None else None for case in cases}


SUBJECT_MANAGER: Fact[int | None] = Fact("subject manager", _managers)
"""The person who manages the subject today, or None."""


def _workdays(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Workdays]:
    calendar: Calendar = tx.memory.get(CALENDAR) or Calendar()
    return {case.id: Workdays(calendar, tx.zone) for case in cases}


WORKDAYS: Fact[Workdays] = Fact("workdays", _workdays)
"""The organisation's working days, and its moments in its time zone."""


def _role_gaps(
    tx: Transaction, case: CaseView, known: Standings, field: str, level: str | None
) -> RoleGaps | None:
    code = getattr(case.data, field, None)
    if code is None or case.framework_version is None or case.subject is None:
        return None
    profile = role_profile(tx, case.framework_version, code, getattr(case.data, level) if level else None)
    gaps, unknown = compare(case.subject, profile.requirements, known, _settings(tx))
    return RoleGaps(profile, gaps, unknown)


def _closings(
    tx: Transaction, cases: Sequence[CaseView], against: Mapping[int, RoleGaps | None], purpose: str
) -> dict[int, Mapping[str, Closing]]:
    codes = _codes(tx, cases)
    mine = {case: found.gaps if found is not None else () for case, found in against.items()}
    asked: dict[str, list[Gap]] = {}
    for case in cases:
        if mine[case.id] and case.framework_version is not None:
            asked.setdefault(codes[case.framework_version], []).extend(mine[case.id])
    told: dict[Gap, Closing] = {}
    for code, some in asked.items():
        told.update(closings(tx, some, code, purpose, _settings(tx)))
    return {case: {gap.competency: told[gap] for gap in some if gap in told} for case, some in mine.items()}


def _codes(tx: Transaction, cases: Sequence[CaseView]) -> dict[int, str]:
    pinned = {case.framework_version for case in cases if case.framework_version is not None}
    return framework_codes(tx, pinned) if pinned else {}


def _standings(tx: Transaction, cases: Sequence[CaseView], purpose: str) -> dict[int, Standings]:
    """Return the standings of each case's subject: one look-up a framework."""
    codes = _codes(tx, cases)
    people: dict[str, set[int]] = {}
    for case in cases:
        if case.subject is not None and case.framework_version is not None:
            people.setdefault(codes[case.framework_version], set()).add(case.subject)
    found = {code: standings(tx, some, code, purpose, _settings(tx)) for code, some in people.items()}
    return {case.id: _of_subject(case, found, codes) for case in cases}


def _of_subject(
    case: CaseView, found: Mapping[str, Mapping[tuple[int, str], Standing]], codes: Mapping[int, str]
) -> Standings:
    if case.subject is None or case.framework_version is None:
        return {}
    rows = found[codes[case.framework_version]]
    return {competency: each for (person, competency), each in rows.items() if person == case.subject}


def _settings(tx: Transaction) -> EvidenceSettings:
    settings: EvidenceSettings = tx.memory[EVIDENCE]
    return settings
