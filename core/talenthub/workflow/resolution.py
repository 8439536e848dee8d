"""Who fulfils a relation: for the actor of a firing, and for task pools."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from talenthub.people.acting import acting
from talenthub.people.grants import Grant
from talenthub.people.relations import managers_of
from talenthub.people.units import unit_paths
from talenthub.storage.transaction import Actor, Transaction
from talenthub.workflow.relations import Kind, Relation, Who

EVERYWHERE = "*"

_Answers: TypeAlias = dict[tuple[int | None, int | None], str | None]
"""By unit, and by subject where it is somebody the actor acts as."""

FALLBACK_GRANT = "hr_partner"
"""Who gets a task when nobody fulfils its relation."""


class Matter(Protocol):
    """What a relation is resolved for: a case, or one about to be opened."""

    @property
    def subject(self) -> int | None:
        """Return the person it is about."""

    @property
    def unit(self) -> int | None:
        """Return the unit it belongs to."""

    def people(self, role: str) -> tuple[int, ...]:
        """Return those who take part in `role`."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Managers of the people of some cases, and the tree of units."""

    managers: tuple[Mapping[int, int | None], ...]
    """One mapping a level up: person to manager."""
    paths: Mapping[int, tuple[int, ...]]
    """Unit to itself and the units above it."""

    def people(self, who: Who, case: Matter) -> tuple[int, ...]:
        """Return the persons that an alternative names; not for grants."""
        found = _base(who, case)
        for level in range(who.up):
            above = (self.managers[level].get(person) for person in found)
            found = tuple(dict.fromkeys(person for person in above if person is not None))
        return found

    def pools(self, relation: Relation, case: Matter) -> tuple[str, ...]:
        """Return the pools of a task; where nobody is left, HR partners."""
        found: list[str] = []
        for who in relation.alternatives:
            if who.kind is Kind.HOLDS:
                found += grant_pools(who.name, self._units(case))
            elif who.kind is not Kind.SYSTEM:
                found += (person_pool(person) for person in self.people(who, case))
        return tuple(dict.fromkeys(found or grant_pools(FALLBACK_GRANT, self._units(case))))

    def pools_each(self, relation: Relation, cases: Iterable[Matter]) -> list[tuple[str, ...]]:
        """Return what `pools` answers for each case; many often share one."""
        if not relation.is_by_grant:
            return [self.pools(relation, case) for case in cases]
        known: dict[int | None, tuple[str, ...]] = {}
        found = []
        for case in cases:
            if case.unit not in known:
                known[case.unit] = self.pools(relation, case)
            found.append(known[case.unit])
        return found

    def _units(self, case: Matter) -> tuple[int, ...]:
        return self.paths.get(case.unit, (case.unit,)) if case.unit is not None else ()


def lines(tx: Transaction, cases: Sequence[Matter], relations: Iterable[Relation]) -> Lines:
    """Return what is needed to resolve `relations` for `cases`.

    One statement for the units, where a case has one, and one for each level
    of managers asked for.
    """
    # A hundred thousand cases of one workflow ask for one relation.
    asked = {who for relation in relations for who in relation.alternatives}
    levels: list[Mapping[int, int | None]] = []
    people = {person for who in asked if who.up for case in cases for person in _base(who, case)}
    for _ in range(max((who.up for who in asked), default=0)):
        level = managers_of(tx, people)
        levels.append(level)
        people = {person for person in level.values() if person is not None}
    has_unit = any(case.unit is not None for case in cases)
    return Lines(tuple(levels), unit_paths(tx) if has_unit else {})


@dataclass(frozen=True, slots=True)
class Authority:
    """What the actor may claim to be, with regard to some cases."""

    actor: Actor
    acting: tuple[int, ...]
    """The actor, and everybody for whom the actor is deputy today."""
    grants: Mapping[int, tuple[Grant, ...]]
    lines: Lines
    _by_grant: dict[int, tuple[Relation, _Answers]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was answered of relations where only grants count, by their `id`."""

    def allows(self, relation: Relation, case: Matter) -> str | None:
        """Return by which alternative the actor may, in words, or None.

        About oneself only `subject` counts, whatever else one is: nobody
        decides about a thing whose subject is himself. Many cases share an
        answer: a grant reaches a unit, whoever it is about.
        """
        if id(relation) not in self._by_grant:
            if not relation.is_by_grant:
                return self._allows(relation, case)
            self._by_grant[id(relation)] = relation, {}
        _, answers = self._by_grant[id(relation)]
        is_near = case.subject in (*self.acting, self.actor.person, self.actor.login)
        key = (case.unit, case.subject if is_near else None)
        if key not in answers:
            answers[key] = self._allows(relation, case)
        return answers[key]

    def _allows(self, relation: Relation, case: Matter) -> str | None:
        if self.actor.is_system:
            return "the system" if relation.includes_system else None
        about_self = case.subject is not None and case.subject in self.actor.identities
        for who in relation.alternatives:
            if about_self and not (who.kind is Kind.SUBJECT and who.up == 0):
                continue
            if self._fulfils(who, case):
                return who.words
        return None

    def _fulfils(self, who: Who, case: Matter) -> bool:
        if who.kind is Kind.SYSTEM:
            return False
        standing_in = self.standing_in(case)
        if who.kind is Kind.HOLDS:
            return any(self._holds(person, who.name, case) for person in standing_in)
        if who.kind is Kind.SUBJECT and who.up == 0:
            return case.subject is not None and case.subject == self.actor.person
        return bool(set(standing_in) & set(self.lines.people(who, case)))

    def _holds(self, person: int, name: str, case: Matter) -> bool:
        path = self.lines.paths.get(case.unit, ()) if case.unit is not None else None
        return any(
            grant.name == name and (grant.unit_id is None or path is None or grant.unit_id in path)
            for grant in self.grants.get(person, ())
        )

    def standing_in(self, case: Matter) -> tuple[int, ...]:
        """Return as whom the actor may look: as no deputy of the subject."""
        return tuple(each for each in self.acting if each != case.subject or each == self.actor.person)

    def without(self, people: Collection[int]) -> Authority:
        """Return what is left when the actor stands in for none of `people`."""
        return replace(self, acting=tuple(each for each in self.acting if each not in people))

    def pools(self) -> tuple[str, ...]:
        """Return the pools whose tasks stand in the actor's inbox."""
        return tuple(dict.fromkeys(pool for person in self.acting for pool in self.pools_of(person)))

    def pools_of(self, person: int) -> tuple[str, ...]:
        """Return the pools that one of those the actor acts as is in."""
        held = self.grants.get(person, ())
        return (person_pool(person), *(grant_pool(each.name, each.unit_id) for each in held))

    def pools_for(self, case: Matter) -> tuple[str, ...]:
        """Return the pools whose tasks on one case are the actor's to see."""
        return self.without(set(self.acting) - set(self.standing_in(case))).pools()


def authority(tx: Transaction, cases: Sequence[Matter], relations: Iterable[Relation]) -> Authority:
    """Return what the transaction's actor may claim, for these cases."""
    actor = tx.actor
    if actor.person is None:
        return Authority(actor, (), {}, Lines((), {}))
    mine = acting(tx, actor.person, with_units=any(case.unit is not None for case in cases))
    return Authority(actor, mine.people, mine.grants, lines(tx, cases, relations))


def person_pool(person: int) -> str:
    """Return the pool of one person."""
    return f"person:{person}"


def grant_pool(name: str, unit: int | None) -> str:
    """Return the pool of those who hold a grant at a unit, or everywhere."""
    return f"grant:{name}@{EVERYWHERE if unit is None else unit}"


def grant_pools(name: str, units: Sequence[int]) -> list[str]:
    """Return the pools of everybody whose grant reaches the first unit."""
    return [grant_pool(name, None), *(grant_pool(name, unit) for unit in units)]


def _base(who: Who, case: Matter) -> tuple[int, ...]:
    if who.kind is Kind.SUBJECT:
        return () if case.subject is None else (case.subject,)
    if who.kind is Kind.PARTICIPANT:
        return case.people(who.name)
    return ()
