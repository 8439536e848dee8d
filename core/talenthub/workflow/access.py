"""The right to see a case: can() by its sight, visible() in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, and_, exists, false, not_, or_, select, text, tuple_

from talenthub.access import Decision, Rule
from talenthub.people.grants import Grant
from talenthub.people.relations import below_select, reports_on
from talenthub.people.tables import unit as unit_table
from talenthub.storage.transaction import Actor, Transaction
from talenthub.workflow.cases import CATALOGUE, cases_by_id
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.definition import Blind, Workflow
from talenthub.workflow.relations import Kind, Relation, Who
from talenthub.workflow.resolution import Authority, Lines, authority
from talenthub.workflow.sight import Sight, sights
from talenthub.workflow.tables import case_participant, case_task, task_pool, workflow_case, workflow_version

Condition: TypeAlias = ColumnElement[bool]

_own = workflow_case.alias("own")
_own_part = case_participant.alias("own_part")


def _can_view(tx: Transaction, case: int) -> Decision:
    catalogue: Catalogue = tx.memory[CATALOGUE]
    view = cases_by_id(tx, [case]).get(case)
    if view is None:
        return Decision(False, "there is no such case")
    seen = sights(tx, catalogue, [view]).of(view)
    return Decision(seen > Sight.NOTHING, seen.name.lower())


def visible_cases(tx: Transaction) -> Select[int]:
    """Return a SELECT of the ids of the cases the actor may know of.

    A parked case (its plugin is off) shows to hr_head and auditor only.
    """
    return select(workflow_case.c.id).where(is_visible(tx))


def is_visible(tx: Transaction, workflows: Collection[str] | None = None) -> Condition:
    """Return the condition that the actor may know of a case, row by row.

    For a statement that reads `workflow_case` itself, and the cases of these
    workflows only: it then asks about the rows that are left, not about all.
    """
    rights = authority(tx, [], [])
    return _condition(
        _Asked(
            catalogue=tx.memory[CATALOGUE],
            actor=rights.actor,
            acting=rights.acting,
            grants=tuple(rights.grants.items()),
            day=tx.today,
            workflows=None if workflows is None else frozenset(workflows),
        )
    )


CASE_VIEW = Rule("case.view", _can_view, visible_cases)


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that the condition is made from."""

    catalogue: Catalogue
    actor: Actor
    acting: tuple[int, ...]
    grants: tuple[tuple[int, tuple[Grant, ...]], ...]
    day: date
    workflows: frozenset[str] | None


# It has an arm for each workflow, and one command asks for it several times.
@lru_cache(maxsize=32)
def _condition(asked: _Asked) -> Condition:
    rights = Authority(asked.actor, asked.acting, dict(asked.grants), Lines((), {}))
    loaded = list(asked.catalogue.versions())
    mine = _mine(rights)
    meant = [each for each in loaded if asked.workflows is None or each.workflow.name in asked.workflows]
    arms = [_of_workflow(asked.day, mine, each) for each in meant]
    return or_(false(), *arms, _parked(rights, loaded))


@dataclass(frozen=True, slots=True)
class _Mine:
    """What the actor is to a case, whatever workflow it runs on."""

    rights: Authority
    is_subject: Condition
    about: Condition
    involved: Condition


def _mine(rights: Authority) -> _Mine:
    # Who stands in for somebody learns nothing of cases about them.
    involved = or_(
        false(),
        *(
            and_(_stands_in(rights, person), or_(_takes_part([person]), _has_task(rights, person)))
            for person in rights.acting
        ),
    )
    return _Mine(rights, _is_subject(rights), _about(rights), involved)


def _of_workflow(day: date, mine: _Mine, loaded: Loaded) -> Condition:
    workflow, rights = loaded.workflow, mine.rights
    as_viewer = and_(not_(mine.about), _fulfils(day, rights, workflow.viewers))
    if workflow.blind is not None:
        own = _takes_part([rights.actor.person or 0], workflow.blind.role)
        others = and_(
            not_(mine.is_subject),
            not_(_siblings_unlocked(rights, workflow, workflow.blind)),
            or_(mine.involved, as_viewer),
        )
        seen = or_(own, others)
    else:
        known = or_(
            true_if(workflow.subject_sees != "nothing"),
            workflow_case.c.state.in_(workflow.subject_sees_all_in),
        )
        seen = or_(as_viewer, and_(mine.is_subject, known), and_(not_(mine.is_subject), mine.involved))
        if workflow.viewers.names_subject:
            seen = or_(seen, mine.is_subject)
    return and_(workflow_case.c.workflow == workflow.name, _runs_on([loaded]), seen)


def _runs_on(loaded: Sequence[Loaded]) -> Condition:
    """Return the condition that a case runs on one of these versions."""
    versions = [(each.workflow.name, each.workflow.version) for each in loaded]
    of_these = tuple_(workflow_version.c.name, workflow_version.c.version).in_(versions)
    return workflow_case.c.workflow_version_id.in_(select(workflow_version.c.id).where(of_these))


def true_if(condition: bool) -> Condition:
    """Return a condition that always or never holds."""
    return ~false() if condition else false()


def _is_subject(rights: Authority) -> Condition:
    return and_(
        workflow_case.c.subject_id.is_not(None), workflow_case.c.subject_id == (rights.actor.person or 0)
    )


def _about(rights: Authority) -> Condition:
    # "Not about me" must also hold for cases about nobody.
    return and_(
        workflow_case.c.subject_id.is_not(None),
        workflow_case.c.subject_id.in_(sorted(rights.actor.identities)),
    )


def _takes_part(people: Sequence[int], role: str | None = None) -> Condition:
    # A list that is made once: asked case by case, SQLite reads all of a person's cases each time.
    theirs = select(case_participant.c.case_id).where(case_participant.c.person_id.in_(people))
    if role is not None:
        theirs = theirs.where(case_participant.c.role == role)
    return workflow_case.c.id.in_(theirs)


def _has_task(rights: Authority, person: int) -> Condition:
    return exists().where(
        case_task.c.case_id == workflow_case.c.id,
        # Said as the partial index says it: SQLite would read every task of every case.
        text("case_task.status = 'open'"),
        task_pool.c.task_id == case_task.c.id,
        task_pool.c.pool.in_(rights.pools_of(person)),
        task_pool.c.is_open,
    )


def _fulfils(day: date, rights: Authority, relation: Relation) -> Condition:
    return or_(false(), *(_alternative(day, rights, who) for who in relation.alternatives))


def _alternative(day: date, rights: Authority, who: Who) -> Condition:
    if who.kind is Kind.SYSTEM:
        return false()
    if who.kind is Kind.HOLDS:
        return or_(false(), *(_holds(rights, person, who.name) for person in rights.acting))
    if who.kind is Kind.SUBJECT and who.up == 0:
        return _is_subject(rights)
    return or_(
        false(),
        *(and_(_stands_in(rights, person), _fulfils_as(day, person, who)) for person in rights.acting),
    )


def _stands_in(rights: Authority, person: int) -> Condition:
    """Return the condition that the actor may act for this person: not about them."""
    if person == rights.actor.person:
        return ~false()
    return or_(workflow_case.c.subject_id.is_(None), workflow_case.c.subject_id != person)


def _fulfils_as(day: date, person: int, who: Who) -> Condition:
    return _takes_part([person], who.name) if who.up == 0 else _manages(day, person, who)


def _holds(rights: Authority, person: int, grant: str) -> Condition:
    held = [each for each in rights.grants.get(person, ()) if each.name == grant]
    not_about = _stands_in(rights, person)
    if not held:
        return false()
    if any(each.unit_id is None for each in held):
        return not_about
    units = [each.unit_id for each in held if each.unit_id is not None]
    return and_(not_about, or_(workflow_case.c.unit_id.is_(None), workflow_case.c.unit_id.in_(_below(units))))


def _below(units: Sequence[int]) -> Select[int]:
    tree = select(unit_table.c.id).where(unit_table.c.id.in_(units)).cte(recursive=True)
    tree = tree.union(select(unit_table.c.id).join(tree, unit_table.c.parent_id == tree.c.id))
    return select(tree.c.id)


def _manages(day: date, person: int, who: Who) -> Condition:
    people = reports_on(person, day)
    for _ in range(who.up - 1):
        people = below_select(people, deep=False, day=day)
    if who.kind is Kind.SUBJECT:
        return workflow_case.c.subject_id.in_(people)
    return exists().where(
        case_participant.c.case_id == workflow_case.c.id,
        case_participant.c.role == who.name,
        case_participant.c.person_id.in_(people),
    )


def _siblings_unlocked(rights: Authority, workflow: Workflow, blind: Blind) -> Condition:
    return exists().where(
        _own.c.parent_id == workflow_case.c.parent_id,
        _own.c.workflow == workflow.name,
        _own.c.closed_at.is_(None),
        _own.c.state.in_(blind.states),
        _own_part.c.case_id == _own.c.id,
        _own_part.c.role == blind.role,
        _own_part.c.person_id.in_(sorted(rights.actor.identities)),
    )


def _parked(rights: Authority, loaded: Sequence[Loaded]) -> Condition:
    reading = [
        _stands_in(rights, person)
        for person in rights.acting
        if {grant.name for grant in rights.grants.get(person, ())} & {"hr_head", "auditor"}
    ]
    if not reading:
        return false()
    return and_(not_(_runs_on(loaded)), not_(_about(rights)), or_(*reading))
