"""The bench: who could follow on each critical post, and what is at risk.

All of it is in the view of whoever asks: a nomination that is not theirs to
see counts in none of their figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from talenthub.sdk import CaseView, Engine, Transaction, incumbents_of
from talenthub_succession.cases import CriticalPost, Nomination
from talenthub_succession.finding import NOMINATION, POST, post_case, settings_today
from talenthub_succession.matching import largest_matching


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody who could follow, with what was agreed on."""

    ref: str
    person: int
    readiness: str
    strength: Fraction
    covers: bool
    computed: str
    """The newest computed readiness; it may have changed since."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A critical post with its nominees."""

    ref: str
    post: str
    incumbent: int | None
    criticality: Fraction | None
    leaving: Fraction | None
    nominees: tuple[Nominee, ...]
    full: Fraction
    """The strengths that together make a full bench."""

    @property
    def bench(self) -> Fraction:
        """Return min(1, Σ strength / full)."""
        return min(Fraction(1), sum((each.strength for each in self.nominees), Fraction(0)) / self.full)

    @property
    def risk(self) -> Fraction | None:
        """Return leaving·criticality·(1 − bench); None: not said yet."""
        if self.leaving is None or self.criticality is None:
            return None
        return self.leaving * self.criticality * (1 - self.bench)

    @property
    def ready(self) -> tuple[Nominee, ...]:
        """Return those with whom the post counts as covered."""
        return tuple(each for each in self.nominees if each.covers)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many posts could be filled, one by one and all at once."""

    posts: int
    naive: Fraction | None
    """Posts with somebody ready / posts; None without posts."""
    simultaneous: Fraction | None
    """The most that could be filled at once, nobody twice / posts."""
    filled: Mapping[str, int]
    """Post to person, in one such largest filling."""


def seats_of(engine: Engine, tx: Transaction, words: Collection[str] = ()) -> list[Seat]:
    """Return the critical posts that the actor may see, all or those named.

    By code or reference; NotFound for a word that is none of them.
    """
    named = {post_case(engine, tx, each).id for each in words}
    cases = [
        each
        for each in engine.of_workflow(tx, POST, open_only=True)
        if each.data is not None and (not words or each.id in named)
    ]
    nominations = engine.children_of(tx, [each.id for each in cases], NOMINATION)
    full = Fraction(settings_today(engine).bench_full)
    sitting = incumbents_of(tx, [each.data.seat for each in cases])
    made = (_seat(each, sitting[each.data.seat], nominations[each.id], full) for each in cases)
    return sorted(made, key=lambda seat: seat.post)


def _seat(case: CaseView, incumbent: int | None, found: Sequence[CaseView], full: Fraction) -> Seat:
    data: CriticalPost = case.data
    return Seat(
        case.ref,
        data.post,
        incumbent,
        None if data.criticality is None else Fraction(data.criticality),
        None if data.leaving is None else Fraction(data.leaving),
        tuple(nominee for each in found if (nominee := _nominee(each)) is not None),
        full,
    )


def _nominee(case: CaseView) -> Nominee | None:
    """Return who could follow by this; None while it does not count."""
    data: Nomination | None = case.data
    if case.state != "active" or data is None or data.purpose != "successor":
        return None
    agreed, newest = data.agreed, data.newest
    if agreed is None or newest is None or case.subject is None:
        return None
    strength = Fraction(agreed.strength)
    return Nominee(case.ref, case.subject, agreed.agreed, strength, agreed.covers, newest.computed)


def coverage(seats: Sequence[Seat]) -> Coverage:
    """Return how many of these posts could be filled by who is ready."""
    ready = {seat.post: [each.person for each in seat.ready] for seat in seats}
    filled = largest_matching(ready)
    if not seats:
        return Coverage(0, None, None, {})
    naive = Fraction(sum(bool(people) for people in ready.values()), len(seats))
    return Coverage(len(seats), naive, Fraction(len(filled), len(seats)), filled)


def without(seats: Sequence[Seat], leaving: Collection[int]) -> list[Seat]:
    """Return how it were if these persons left: nominees and incumbents."""
    return [_without(seat, leaving) for seat in seats]


def _without(seat: Seat, leaving: Collection[int]) -> Seat:
    gone = seat.incumbent in leaving
    return replace(
        seat,
        incumbent=None if gone else seat.incumbent,
        leaving=Fraction(1) if gone else seat.leaving,
        nominees=tuple(each for each in seat.nominees if each.person not in leaving),
    )


def on_several(seats: Sequence[Seat]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the persons on whom more than one bench rests, and the posts."""
    posts: dict[int, list[str]] = {}
    for seat in seats:
        for each in seat.nominees:
            posts.setdefault(each.person, []).append(seat.post)
    yield from ((person, tuple(found)) for person, found in posts.items() if len(found) > 1)
