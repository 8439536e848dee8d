"""Relations: who may do a thing, as an expression and not as a role.

`recruiter | manager_of(subject)` is a value; `resolution` finds the people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a relation starts from."""

    SUBJECT = "subject"
    PARTICIPANT = "participant"
    HOLDS = "holds"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Who:
    """One alternative of a relation."""

    kind: Kind
    name: str = ""
    """The participant role or the grant."""
    up: int = 0
    """How many managers above: 1 for `manager_of`."""

    def __str__(self) -> str:
        """Return the alternative as it is written in a declaration."""
        base = f'{self.kind}("{self.name}")' if self.name else str(self.kind)
        for _ in range(self.up):
            base = f"manager_of({base})"
        return base

    @property
    def words(self) -> str:
        """Return the alternative in words people read."""
        base = (
            self.name.replace("_", " ")
            if self.name
            else ("the system" if self.kind is Kind.SYSTEM else "the subject")
        )
        for _ in range(self.up):
            base = f"the manager of {base}"
        return base


@dataclass(frozen=True, slots=True)
class Relation:
    """Who: any of its alternatives; without alternatives it is nobody."""

    alternatives: tuple[Who, ...] = ()

    def __or__(self, other: Relation) -> Relation:
        """Return the relation that either of the two fulfils."""
        added = tuple(each for each in other.alternatives if each not in self.alternatives)
        return Relation(self.alternatives + added)

    def __str__(self) -> str:
        """Return the relation as it is written in a declaration."""
        return " | ".join(str(each) for each in self.alternatives) or "nobody"

    def __bool__(self) -> bool:
        """Return whether anybody could fulfil it."""
        return bool(self.alternatives)

    @property
    def words(self) -> str:
        """Return the relation in words people read: "recruiter or chair"."""
        return " or ".join(each.words for each in self.alternatives) or "nobody"

    @property
    def names_subject(self) -> bool:
        """Return whether the subject may act by being the subject."""
        return any(each.kind is Kind.SUBJECT and each.up == 0 for each in self.alternatives)

    @property
    def includes_system(self) -> bool:
        """Return whether the system may act."""
        return any(each.kind is Kind.SYSTEM for each in self.alternatives)

    @property
    def is_by_grant(self) -> bool:
        """Return whether only grants count: of whom a case speaks is all one."""
        return all(each.kind in (Kind.HOLDS, Kind.SYSTEM) for each in self.alternatives)

    @property
    def includes_people(self) -> bool:
        """Return whether a person could ever act."""
        return any(each.kind is not Kind.SYSTEM for each in self.alternatives)


nobody = Relation()
subject = Relation((Who(Kind.SUBJECT),))
system = Relation((Who(Kind.SYSTEM),))


def participant(role: str) -> Relation:
    """Return the people who take part in the case in this role."""
    return Relation((Who(Kind.PARTICIPANT, role),))


def holds(grant: str) -> Relation:
    """Return the holders of a grant at the case's unit or above it."""
    return Relation((Who(Kind.HOLDS, grant),))


def manager_of(relation: Relation) -> Relation:
    """Return the managers, one level up, of the people of `relation`."""
    return Relation(tuple(replace(each, up=each.up + 1) for each in relation.alternatives))


_ALTERNATIVE = re.compile(r'^(?P<up>(?:manager_of\()*)(?P<kind>[a-z]+)(?:\("(?P<name>[^"]*)"\))?\)*$')


def parse_relation(text: str) -> Relation:
    """Return the relation that `str(relation)` wrote; ValueError otherwise."""
    if text == "nobody":
        return nobody
    found = []
    for part in text.split(" | "):
        match = _ALTERNATIVE.match(part)
        if match is None:
            raise ValueError(f"not a relation: {part!r}")
        found.append(Who(Kind(match["kind"]), match["name"] or "", match["up"].count("manager_of(")))
    return Relation(tuple(found))
