"""Facts of recruitment: what its guards and effects ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import bindparam, select

from talenthub.sdk import (
    HISTORY,
    CaseView,
    Fact,
    Transaction,
    cases_by_id,
    children,
    siblings,
    workflow_case,
)

SCORECARDS = children("recruitment.scorecard")
"""The scorecards of an application, in the order of the panel."""

OTHER_SCORECARDS = siblings("recruitment.scorecard")
"""The scorecards of a scorecard's application, its own among them."""

APPLICATIONS = children("recruitment.application")
"""The applications of a selection."""

OTHER_APPLICATIONS = siblings("recruitment.application")
"""The applications of an application's selection, its own among them."""

SELECTIONS = children("recruitment.selection")
"""The selections of a requisition."""


def _sharing(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, CaseView | None]:
    pointers = {case.id: case.data.shares for case in cases}
    found = cases_by_id(tx, [each.case for each in pointers.values() if each is not None])
    return {number: None if each is None else found.get(each.case) for number, each in pointers.items()}


SHARED_SELECTION: Fact[CaseView | None] = Fact("recruitment.shared-selection", _sharing)
"""The selection of another requisition that fills this one too."""


def _vacancies(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[CaseView, ...]]:
    selections = cases_by_id(tx, [case.parent for case in cases if case.parent is not None])
    asked = {number: requisitions_of(each) for number, each in selections.items()}
    found = cases_by_id(tx, sorted({number for listed in asked.values() for number in listed}))
    return {
        case.id: tuple(found[number] for number in asked.get(case.parent or 0, ()) if number in found)
        for case in cases
    }


def requisitions_of(selection: CaseView) -> tuple[int, ...]:
    """Return the numbers of what a selection fills, its own one first."""
    own = () if selection.parent is None else (selection.parent,)
    shared = () if selection.data is None else tuple(each.case for each in selection.data.shared)
    return (*own, *shared)


VACANCIES: Fact[tuple[CaseView, ...]] = Fact("recruitment.vacancies", _vacancies)
"""The requisitions that the selection of an application fills."""

_approved = select(workflow_case.c.id).where(
    workflow_case.c.workflow == "recruitment.requisition",
    workflow_case.c.state.in_(["approved", "open"]),
    workflow_case.c.closed_at.is_(None),
)


def _unfilled(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, CaseView]]:
    waiting = cases_by_id(tx, tx.connection.execute(_approved).scalars().all())
    return {case.id: {each.id: each for each in waiting.values() if _alike(each, case)} for case in cases}


def _alike(one: CaseView, other: CaseView) -> bool:
    words = [(each.data.role, each.data.level, each.framework_version) for each in (one, other)]
    return words[0] == words[1]


UNFILLED: Fact[Mapping[int, CaseView]] = Fact("recruitment.unfilled", _unfilled)
"""The approved requisitions that ask for the same role by the same words."""


_waiting = select(workflow_case.c.id).where(
    workflow_case.c.workflow == "recruitment.reserve",
    workflow_case.c.closed_at.is_(None),
)


def still_agreed(tx: Transaction, places: Collection[CaseView]) -> list[CaseView]:
    """Return the places on the reserve list whose candidate has not withdrawn."""
    applications = cases_by_id(tx, {each.data.application for each in places if each.data is not None})
    gone = {each.id for each in applications.values() if each.state == "withdrawn"}
    return [each for each in places if each.data is not None and each.data.application not in gone]


def _reserves(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, tuple[CaseView, ...]]:
    waiting = still_agreed(tx, cases_by_id(tx, tx.connection.execute(_waiting).scalars().all()).values())
    return {
        case.id: tuple(
            each for each in waiting if (each.data.role, each.data.level) == (case.data.role, case.data.level)
        )
        for case in cases
    }


RESERVE: Fact[tuple[CaseView, ...]] = Fact("recruitment.reserve", _reserves)
"""Everybody on the reserve list for a selection's role."""


def _left_from(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, str]]:
    found = APPLICATIONS.load(tx, cases)
    closed = [each for listed in found.values() for each in listed if each.state == "rejected"]
    histories = HISTORY.load(tx, closed)
    return {
        case.id: {
            each.id: next(
                (event.source or "" for event in reversed(histories[each.id]) if event.target == "rejected"),
                "",
            )
            for each in found[case.id]
            if each.state == "rejected"
        }
        for case in cases
    }


REJECTED_FROM: Fact[Mapping[int, str]] = Fact("recruitment.rejected-from", _left_from)
"""The rejected applications of a selection, and the state each stood in."""

_cards = select(workflow_case.c.id).where(
    workflow_case.c.workflow == "recruitment.scorecard",
    workflow_case.c.parent_id.in_(bindparam("ids", expanding=True)),
)


def _hands(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, frozenset[int] | None]:
    ids = [case.data.application for case in cases]
    applications = cases_by_id(tx, ids)
    cards = cases_by_id(tx, tx.connection.execute(_cards, {"ids": ids}).scalars().all())
    histories = HISTORY.load(tx, [*applications.values(), *cards.values()])
    found: dict[int, frozenset[int] | None] = {}
    for case in cases:
        if case.data.application not in applications:
            found[case.id] = None
            continue
        own = [each for each in cards.values() if each.parent == case.data.application]
        told = [applications[case.data.application], *own]
        hands = {who for each in told for event in histories[each.id] for who in event.actor.identities}
        hands |= {who for each in told for people in each.participants.values() for who in people}
        found[case.id] = frozenset(hands - {case.subject})
    return found


HANDS: Fact[frozenset[int] | None] = Fact("recruitment.hands", _hands)
"""Everybody who had a hand in the application that an appeal is about.

None where there is no such application, so that nobody can say.
"""
