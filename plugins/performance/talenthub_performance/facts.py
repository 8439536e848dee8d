"""Facts of performance: what its guards and effects ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from talenthub.sdk import (
    Answers,
    CaseView,
    Content,
    Fact,
    Member,
    Transaction,
    chains_of,
    children,
    framework_content,
    manager_days,
    managers_of,
    members_of,
    open_many_sealed,
    siblings,
)

REVIEWS = children("performance.review")
"""The reviews of a cycle."""

STATEMENTS = children("performance.statement")
"""What self and manager say, of a review."""

CONVERSATIONS = children("performance.conversation")
"""The conversations of a review, oldest first."""

OTHER_CONVERSATIONS = siblings("performance.conversation")
"""The conversations of a conversation's review, its own among them."""

ROUNDS = children("performance.round")
"""The rounds of a review."""

PULSES = children("performance.pulse")
"""The pulses of a cycle."""


@dataclass(frozen=True, slots=True)
class Population:
    """Whom a cycle covers, and who managed them."""

    members: tuple[Member, ...]
    managers: Mapping[int, int | None]
    """Today's."""
    days: Mapping[int, Mapping[int, int]]
    """Days under each manager, from the first day of the cycle to today."""
    content: Content | None


def _populations(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Population]:
    return {case.id: _population(tx, case) for case in cases}


def _population(tx: Transaction, case: CaseView) -> Population:
    found = tuple(members_of(tx, None if case.data.units is None else set(case.data.units)))
    people = [each.person for each in found]
    until = min(max(tx.today, case.data.first), case.data.last)
    return Population(
        found,
        managers_of(tx, people),
        manager_days(tx, people, case.data.first, until),
        None if case.framework_version is None else framework_content(tx, case.framework_version),
    )


POPULATION: Fact[Population] = Fact("performance.population", _populations)
"""Whom a cycle covers; a handful of statements for each cycle."""


def _answers(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, tuple[Answers, ...]]]:
    rounds = ROUNDS.load(tx, cases)
    closed = [each for some in rounds.values() for each in some if each.state == "collected"]
    opened = open_many_sealed(tx, {each.id: (each.data.minimum, each.data.policy) for each in closed})
    return {
        case.id: {each.id: tuple(opened[each.id]) for each in rounds.get(case.id, ()) if each.id in opened}
        for case in cases
    }


ANSWERS: Fact[Mapping[int, tuple[Answers, ...]]] = Fact("performance.answers", _answers)
"""What the closed rounds of a review gave, by round, in groups only."""


def _bosses(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, tuple[int, ...]]]:
    taking_part = {case.id: {each for role in case.participants.values() for each in role} for case in cases}
    actor = set(tx.actor.identities)
    chains = chains_of(tx, sorted(set().union(actor, *taking_part.values())))
    return {
        case.id: {each: chains[each] for each in people | actor}
        for case, people in zip(cases, taking_part.values(), strict=True)
    }


BOSSES: Fact[Mapping[int, tuple[int, ...]]] = Fact("performance.bosses", _bosses)
"""Everybody above those who take part, and above the actor, by person."""


def _talked(tx: Transaction, cases: Sequence[CaseView]) -> Mapping[int, Mapping[int, tuple[int, ...]]]:
    reviews = REVIEWS.load(tx, cases)
    talks = CONVERSATIONS.load(tx, [each for some in reviews.values() for each in some])
    found: dict[int, dict[int, tuple[int, ...]]] = {case.id: {} for case in cases}
    for case in cases:
        for review in reviews[case.id]:
            held = any(each.data.held_on is not None for each in talks[review.id])
            if held and review.is_open and review.subject is not None:
                for manager in review.people("manager"):
                    found[case.id][manager] = (*found[case.id].get(manager, ()), review.subject)
    return found


TALKED: Fact[Mapping[int, tuple[int, ...]]] = Fact("performance.talked", _talked)
"""Who has had a conversation in a cycle, by the manager they had it with."""
