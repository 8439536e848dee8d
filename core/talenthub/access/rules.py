"""Rule: one right, said twice so that the two can be compared.

`can` answers for one record, `visible` selects all records for which `can`
would say yes. A test holds the two against each other on random worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Select

from talenthub.errors import NotFound, NotPermitted, Problem
from talenthub.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the actor may, and by which relation or for want of which."""

    ok: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A right on one kind of record; the system itself may always."""

    action: str
    """`person.view`, `case.view`, `evidence.view` …"""
    can_one: Callable[[Transaction, int], Decision]
    """Answers for the record with this id."""
    visible_ids: Callable[[Transaction], Select[int]]
    """Selects the ids for which `can_one` says yes."""

    def can(self, tx: Transaction, record: int) -> Decision:
        """Return whether the actor has this right on `record`, and why."""
        if tx.actor.is_system:
            return Decision(True, "the system")
        return self.can_one(tx, record)

    def visible(self, tx: Transaction) -> Select[int]:
        """Return a SELECT of the ids the actor has this right on.

        Not for the system, which sees everything: ask `tx.actor` first.
        """
        return self.visible_ids(tx)

    def require(self, tx: Transaction, record: int, problem: Problem) -> None:
        """Raise NotFound with `problem` unless the actor has this right.

        Whether the record exists must not show, so both answers are one.
        """
        if not self.can(tx, record).ok:
            raise NotFound(problem)

    def require_right(self, tx: Transaction, record: int, sentence: str) -> None:
        """Raise NotPermitted unless the actor, who may see it, may do this."""
        decision = self.can(tx, record)
        if not decision.ok:
            raise NotPermitted(Problem(text=sentence, found=decision.reason, code=f"access.{self.action}"))


class Rules:
    """All rules of the loaded rooms and plugins, by action."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, Rule] = {}
        for rule in rules:
            if rule.action in self._rules:
                raise ValueError(f"two rules for one action: {rule.action}")
            self._rules[rule.action] = rule

    def __getitem__(self, action: str) -> Rule:
        """Return the rule of `action`; an unknown action is a KeyError."""
        return self._rules[action]

    def __iter__(self) -> Iterator[Rule]:
        """Return every rule."""
        return iter(self._rules.values())
