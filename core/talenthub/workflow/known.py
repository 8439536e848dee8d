"""Known: the cases that a transaction has read, as they are now.

Each level of a cascade asks again for the cases of the one before. They are
read once, and whoever moves one says how it is then. What another statement
writes makes all of them unknown, and so does a savepoint that is taken back.
Others may change what is not locked: it is known until the next new lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from talenthub.storage.kept import kept_through, once
from talenthub.storage.transaction import Transaction
from talenthub.workflow.context import CaseView
from talenthub.workflow.tables import case_participant, workflow_case

_KEY = "workflow.known"
_LOCKED = "workflow.locked"

Own = tuple[int, str, str]
"""A case that somebody has part in: its id, its state, and in which role."""


@dataclass(slots=True)
class Known:
    """What a transaction knows of cases."""

    cases: dict[int, tuple[CaseView, str]] = field(default_factory=dict)
    """Each with the text of what it carries, which is read when asked for."""
    refs: dict[str, int] = field(default_factory=dict)
    children: dict[tuple[int, str], tuple[int, ...]] = field(default_factory=dict)
    """All children of a case in one workflow."""
    own: dict[tuple[frozenset[int], int, str], list[Own]] = field(default_factory=dict)
    """Those of them in which people have a part: persons, parent, workflow."""

    childless: set[int] = field(default_factory=set)
    """Those that were opened here, and nothing under them."""

    in_hands: set[int] = field(default_factory=set)
    """Those whose data whoever moves them has in hands: it is read anew."""

    def keep(self, case: CaseView, text: str) -> None:
        """Keep a case as it is now, with the text of what it carries."""
        self.cases[case.id] = case, text
        self.refs[case.ref] = case.id
        self.in_hands.discard(case.id)

    def moved(self, case: CaseView, text: str) -> None:
        """Keep a case as it is after a step."""
        before = self.cases.get(case.id)
        if before is None or before[0].participants != case.participants:
            self.own.clear()
        self._keep_in_hands(case, text)

    def _keep_in_hands(self, case: CaseView, text: str) -> None:
        self.keep(case, text)
        self.in_hands.add(case.id)

    def text_of(self, case: int) -> str | None:
        """Return the text of what a case carries; None if it is unknown."""
        return self.cases[case][1] if case in self.cases else None

    def opened(self, case: CaseView, text: str) -> None:
        """Keep a case that was opened just now."""
        self._keep_in_hands(case, text)
        self.own.clear()
        self.childless.add(case.id)
        self.childless.discard(case.parent or 0)
        if case.parent is not None and (case.parent, case.workflow) in self.children:
            self.children[case.parent, case.workflow] += (case.id,)

    def forget(self, cases: Iterable[int]) -> None:
        """Know these cases no more."""
        self.own.clear()
        for number in cases:
            self.cases.pop(number, None)


def known(tx: Transaction) -> Known:
    """Return what this transaction knows of cases, to look up and add to."""
    return once(tx, _KEY, (workflow_case, case_participant), Known)


@contextmanager
def told(tx: Transaction) -> Iterator[Known]:
    """Yield what is known, to say what one's own statement inside writes."""
    found = known(tx)
    with kept_through(tx, _KEY):
        yield found


def locked(tx: Transaction) -> set[int]:
    """Return the cases that nobody else changes until the end."""
    return once(tx, _LOCKED, (), set)


def note_locked(tx: Transaction, versions: Mapping[int, int]) -> None:
    """Note the versions of cases that were locked just now.

    What was read before, and may have changed while this one waited, is known
    no more.
    """
    before, found = locked(tx), known(tx)
    found.cases = {
        number: kept
        for number, kept in found.cases.items()
        if number in before or versions.get(number) == kept[0].version
    }
    found.children = {key: listed for key, listed in found.children.items() if key[0] in before}
    found.own = {
        key: listed
        for key, listed in found.own.items()
        if key[1] in before and all(number in found.cases for number, _, _ in listed)
    }
    before.update(versions)


def are_locked(tx: Transaction, ids: Collection[int]) -> bool:
    """Return whether all of these are locked by this transaction."""
    return locked(tx).issuperset(ids)


def in_order(participants: Mapping[str, Iterable[int]]) -> Mapping[str, tuple[int, ...]]:
    """Return who takes part as it would be read: each once, in order, by role."""
    people = {role: tuple(sorted(set(each))) for role, each in sorted(participants.items())}
    return {role: each for role, each in people.items() if each}
