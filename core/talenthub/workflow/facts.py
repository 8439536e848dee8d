"""Facts that guards and effects may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from talenthub.framework.library import RoleProfile, role_profile
from talenthub.people.persons import Person, persons
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_about, cases_by_id, children_of
from talenthub.workflow.context import CaseView, Fact
from talenthub.workflow.history import StoredEvent, histories


def children(workflow: str) -> Fact[tuple[CaseView, ...]]:
    """Return the fact: the case's child cases of one workflow, in order."""

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[CaseView, ...]]:
        return children_of(tx, [case.id for case in cases], workflow)

    return Fact(f"children:{workflow}", load)


def about_subject(workflow: str) -> Fact[tuple[CaseView, ...]]:
    """Return the fact: a workflow's cases about the case's subject, in order.

    Itself among them where it is one of these; without a subject there are none.
    """

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[CaseView, ...]]:
        found = cases_about(tx, {case.subject for case in cases if case.subject is not None}, workflow)
        return {case.id: found.get(case.subject, ()) if case.subject is not None else () for case in cases}

    return Fact(f"about:{workflow}", load)


def _parents(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, CaseView | None]:
    found = cases_by_id(tx, [case.parent for case in cases if case.parent is not None])
    return {case.id: found.get(case.parent) if case.parent is not None else None for case in cases}


def siblings(workflow: str) -> Fact[tuple[CaseView, ...]]:
    """Return the fact: the children of the case's parent, itself among them."""

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[CaseView, ...]]:
        found = children_of(tx, [case.parent for case in cases if case.parent is not None], workflow)
        return {case.id: found.get(case.parent, ()) if case.parent is not None else () for case in cases}

    return Fact(f"siblings:{workflow}", load)


def _histories(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[StoredEvent, ...]]:
    return histories(tx, [case.id for case in cases])


def _people(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, Person]]:
    wanted = {case.id: _people_in(case) for case in cases}
    found = persons(tx, set().union(*wanted.values()))
    return {
        case: {person: found[person] for person in ids if person in found} for case, ids in wanted.items()
    }


def _people_in(case: CaseView) -> set[int]:
    taking_part = {person for role in case.participants.values() for person in role}
    return taking_part | ({case.subject} if case.subject is not None else set())


PARENT: Fact[CaseView | None] = Fact("parent", _parents)
"""The case's parent, or None."""

HISTORY: Fact[tuple[StoredEvent, ...]] = Fact("history", _histories)
"""The case's events with their forms, oldest first."""

PEOPLE: Fact[Mapping[int, Person]] = Fact("people", _people)
"""The persons of the case (subject and participants) by id."""


def role(field: str, *, level: str | None = None) -> Fact[RoleProfile | None]:
    """Return the fact: the profile of the role whose code is in data.`field`.

    Read from the framework version that the case pinned; None where the
    case names no role. `level` names the data field with the role level.
    """

    def load(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, RoleProfile | None]:
        return {case.id: _profile(tx, case, field, level) for case in cases}

    return Fact(f"role:{field}:{level}", load)


def _profile(tx: Transaction, case: CaseView, field: str, level: str | None) -> RoleProfile | None:
    code = getattr(case.data, field, None)
    if code is None or case.framework_version is None:
        return None
    return role_profile(tx, case.framework_version, code, getattr(case.data, level) if level else None)
