"""What an actor sees of a case: nothing, its status, or its content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import product

from sqlalchemy import bindparam, select

from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Workflow
from talenthub.workflow.known import Own, known
from talenthub.workflow.resolution import Authority, authority
from talenthub.workflow.tables import OPEN, case_participant, case_task, task_pool, workflow_case


class Sight(IntEnum):
    """How much of a case an actor may know."""

    NOTHING = 0
    """Not even that it exists."""
    STATUS = 1
    """That it exists, its state and its dates."""
    CONTENT = 2
    """What it carries and what was written into it."""


_tasks = (
    select(case_task.c.case_id)
    .distinct()
    .join_from(case_task, task_pool)
    .where(
        case_task.c.case_id.in_(bindparam("ids", expanding=True)),
        task_pool.c.pool.in_(bindparam("pools", expanding=True)),
        task_pool.c.is_open,
        case_task.c.status == OPEN,
    )
)

_own = workflow_case.alias("own")

_own_ratings = (
    select(_own.c.id, _own.c.parent_id, _own.c.workflow, _own.c.state)
    .join_from(_own, case_participant, case_participant.c.case_id == _own.c.id)
    .where(
        _own.c.parent_id.in_(bindparam("parents", expanding=True)),
        case_participant.c.person_id.in_(bindparam("people", expanding=True)),
        _own.c.workflow.in_(bindparam("workflows", expanding=True)),
        _own.c.closed_at.is_(None),
    )
    .add_columns(case_participant.c.role)
)


@dataclass(frozen=True, slots=True)
class Sights:
    """How much the actor sees of some cases."""

    by_case: Mapping[int, Sight]
    blinded: frozenset[tuple[int, str]]
    """(parent, workflow): the actor still has to lock a rating there."""

    def of(self, case: CaseView) -> Sight:
        """Return how much the actor sees of a case that was asked about."""
        return self.by_case[case.id]

    def is_blinded(self, case: CaseView, workflow: str) -> bool:
        """Return whether the actor may not know of this case's ratings yet."""
        return (case.id, workflow) in self.blinded


def sights(
    tx: Transaction, catalogue: Catalogue, cases: Sequence[CaseView], rights: Authority | None = None
) -> Sights:
    """Return how much the actor sees of each of `cases`.

    A constant number of statements, however many cases. `rights` spares
    loading the actor's authority again.
    """
    if tx.actor.is_system:
        return Sights({case.id: Sight.CONTENT for case in cases}, frozenset())
    loaded = {case.id: catalogue.find(case.workflow, case.workflow_version) for case in cases}
    viewers = [each.workflow.viewers for each in loaded.values() if each is not None]
    rights = rights or authority(tx, cases, viewers)
    blinded = blinded_by(tx, catalogue, cases)
    found = {case.id: _sight(rights, loaded[case.id], case, False, blinded) for case in cases}
    # Tasks are asked for only where one would let the actor see more.
    unsure = [case for case in cases if found[case.id] < Sight.CONTENT]
    helped = {case.id: _sight(rights, loaded[case.id], case, True, blinded) for case in unsure}
    asked = [case for case in unsure if found[case.id] < helped[case.id]]
    found |= {each: helped[each] for each in _with_task(tx, rights, asked)}
    return Sights(found, blinded)


def in_sight(case: CaseView, seen: Sights) -> CaseView:
    """Return the case without its content where only its status shows."""
    return case if seen.of(case) is Sight.CONTENT else replace(case, data=None)


def blinded_by(
    tx: Transaction, catalogue: Catalogue, cases: Sequence[CaseView]
) -> frozenset[tuple[int, str]]:
    """Return (parent, workflow) pairs where the actor's rating is not locked.

    Asked for the cases themselves as parents, and for their parents.
    """
    names = {case.workflow for case in cases}
    blind = {
        each.workflow.name: each.workflow
        for each in catalogue.versions()
        if each.workflow.blind and (each.workflow.name in names or each.workflow.parent in names)
    }
    people = tx.actor.identities
    if not blind or not people:
        return frozenset()
    asked = {pair for case in cases for each in blind.values() for pair in _could_hide(case, each)}
    own = _own_in(tx, people, asked)
    return frozenset(pair for pair in asked if any(_is_unlocked(blind[pair[1]], each) for each in own[pair]))


def _could_hide(case: CaseView, workflow: Workflow) -> Iterator[tuple[int, str]]:
    """Yield where a rating of one's own in a blind workflow would hide a case."""
    if workflow.parent in (None, case.workflow):
        yield case.id, workflow.name
    if case.workflow == workflow.name and case.parent is not None:
        yield case.parent, workflow.name


def _is_unlocked(workflow: Workflow, own: Own) -> bool:
    _, state, role = own
    return workflow.blind is not None and role == workflow.blind.role and state in workflow.blind.states


def _own_in(
    tx: Transaction, people: frozenset[int], asked: Collection[tuple[int, str]]
) -> dict[tuple[int, str], list[Own]]:
    """Return the open cases under a parent in which people have a part."""
    found = known(tx).own
    found |= {(people, *pair): [] for pair in asked if pair[0] in known(tx).childless}
    unknown = [pair for pair in asked if (people, *pair) not in found]
    parents, workflows = {parent for parent, _ in unknown}, {workflow for _, workflow in unknown}
    if unknown:
        lists = {"people": sorted(people), "workflows": sorted(workflows)}
        found |= {(people, *pair): [] for pair in product(parents, workflows)}
        for row in tx.rows_among(_own_ratings, "parents", parents, lists):
            found[people, row.parent_id, row.workflow].append((row.id, row.state, row.role))
    return {pair: [*_as_they_are(tx, found[people, *pair])] for pair in asked}


def _as_they_are(tx: Transaction, own: Iterable[Own]) -> Iterator[Own]:
    """Yield those that are open still, in the state they are in by now."""
    cases = known(tx).cases
    for number, state, role in own:
        case = cases[number][0] if number in cases else None
        if case is None or case.is_open:
            yield number, state if case is None else case.state, role


def _with_task(tx: Transaction, rights: Authority, cases: Sequence[CaseView]) -> frozenset[int]:
    by_pools: dict[tuple[str, ...], list[int]] = {}
    everywhere = rights.pools()
    for case in cases:
        # The tasks of whom the actor stands in for tell nothing about that person.
        pools = rights.pools_for(case) if case.subject in rights.acting else everywhere
        by_pools.setdefault(pools, []).append(case.id)
    return frozenset(
        row.case_id
        for pools, ids in by_pools.items()
        if pools
        for row in tx.rows_among(_tasks, "ids", ids, {"pools": pools})
    )


def _sight(
    rights: Authority,
    loaded: Loaded | None,
    case: CaseView,
    has_task: bool,
    blinded: frozenset[tuple[int, str]],
) -> Sight:
    if loaded is None:
        return _parked(rights, case)
    acting = rights.standing_in(case)
    taking_part = any(person in people for person in acting for people in case.participants.values())
    blind = loaded.workflow.blind
    if blind is not None:
        return _blind_sight(rights, loaded, case, has_task or taking_part, blinded)
    if rights.allows(loaded.workflow.viewers, case) is not None:
        return Sight.CONTENT
    if case.subject is not None and case.subject == rights.actor.person:
        if case.state in loaded.workflow.subject_sees_all_in:
            return Sight.CONTENT
        return {"all": Sight.CONTENT, "status": Sight.STATUS, "nothing": Sight.NOTHING}[
            loaded.workflow.subject_sees
        ]
    return Sight.CONTENT if taking_part or has_task else Sight.NOTHING


def _blind_sight(
    rights: Authority, loaded: Loaded, case: CaseView, involved: bool, blinded: frozenset[tuple[int, str]]
) -> Sight:
    blind = loaded.workflow.blind
    assert blind is not None
    if rights.actor.person in case.people(blind.role):
        return Sight.CONTENT
    if case.subject is not None and case.subject == rights.actor.person:
        return Sight.NOTHING
    # An open rating of one's own hides its siblings: no grant goes past that.
    if case.parent is not None and (case.parent, case.workflow) in blinded:
        return Sight.NOTHING
    if not involved and rights.allows(loaded.workflow.viewers, case) is None:
        return Sight.NOTHING
    hidden = case.state in (*blind.states, *blind.until_revealed)
    return Sight.STATUS if hidden else Sight.CONTENT


def _parked(rights: Authority, case: CaseView) -> Sight:
    if case.subject is not None and case.subject in rights.actor.identities:
        return Sight.NOTHING
    names = {grant.name for person in rights.standing_in(case) for grant in rights.grants.get(person, ())}
    return Sight.CONTENT if names & {"hr_head", "auditor"} else Sight.NOTHING
