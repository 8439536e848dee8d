"""Counting: what votes decide, in exact numbers, and who is behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from talenthub_consultation.cases import Ballot, Count, Item, Outcome, Votes
from talenthub_consultation.settings import ConsultationSettings


def outcome(votes: Sequence[Votes], invited: int, settings: ConsultationSettings) -> Outcome:
    """Return what a round decides about an item.

    Without the quorum nothing; accepted where enough of all votes and enough
    of each level say so; to be adjusted where accepting and editing together
    reach as much; contested otherwise.
    """
    total = sum(each.total for each in votes)
    if not invited or not total or Fraction(total, invited) < Fraction(settings.quorum):
        return "no quorum"
    accepting, editing = sum(each.accept for each in votes), sum(each.edit for each in votes)
    wanted = Fraction(settings.accept)
    if Fraction(accepting, total) >= wanted and all(_level_agrees(each, settings) for each in votes):
        return "accepted"
    return "adjust" if Fraction(accepting + editing, total) >= wanted else "contested"


def _level_agrees(votes: Votes, settings: ConsultationSettings) -> bool:
    if votes.total < settings.level_voters or votes.level is None:
        return True
    return Fraction(votes.accept, votes.total) >= Fraction(settings.accept_level)


def count_items(
    items: Sequence[Item], ballots: Sequence[Ballot], number: int, settings: ConsultationSettings
) -> dict[str, Count]:
    """Return what a round came to, by item; one pass over the votes."""
    codes = {each.code for each in items}
    levels = sorted({each.level for each in ballots}, key=lambda level: (level is None, level or 0))
    said = {(code, level): [0, 0, 0] for code in codes for level in levels}
    place = {"accept": 0, "edit": 1, "reject": 2}
    for ballot in ballots:
        for vote in ballot.votes:
            if vote.round == number and vote.choice is not None and vote.item in codes:
                said[vote.item, ballot.level][place[vote.choice]] += 1
    return {code: _count(code, number, levels, said, len(ballots), settings) for code in codes}


def _count(
    code: str,
    number: int,
    levels: Sequence[int | None],
    said: dict[tuple[str, int | None], list[int]],
    invited: int,
    settings: ConsultationSettings,
) -> Count:
    votes = tuple(
        Votes(level=level, accept=figures[0], edit=figures[1], reject=figures[2])
        for level in levels
        if any(figures := said[code, level])
    )
    return Count(round=number, invited=invited, votes=votes, outcome=outcome(votes, invited, settings))


@dataclass(frozen=True, slots=True)
class Share:
    """How much of its votes a level gives to acceptance."""

    level: int | None
    accepting: int
    votes: int
    voters: int
    """The most who voted on one item: so many people stand behind it."""

    @property
    def share(self) -> Fraction:
        """Return the accepting share of the votes, 0 to 1."""
        return Fraction(self.accepting, self.votes)


@dataclass(frozen=True, slots=True)
class BuyIn:
    """Acceptance across the board: no stronger than its weakest level."""

    shares: tuple[Share, ...]

    @property
    def weakest(self) -> Share | None:
        """Return the level that accepts least; None where none is shown."""
        return min(self.shares, key=lambda each: each.share, default=None)

    @property
    def mean(self) -> Fraction | None:
        """Return the mean of the levels, each counted once; None: unknown."""
        if not self.shares:
            return None
        return sum((each.share for each in self.shares), Fraction(0)) / len(self.shares)


def buy_in(items: Iterable[Item], smallest: int) -> BuyIn:
    """Return the accepting share of each level, by the last vote on each item.

    A level of fewer than `smallest` voters is left out, and so are voters
    whose level is unknown: neither is a level people could be told of.
    """
    found: dict[int, list[Votes]] = {}
    for each in items:
        for votes in each.newest.votes if each.newest else ():
            if votes.level is not None:
                found.setdefault(votes.level, []).append(votes)
    shares = (
        Share(
            level,
            sum(each.accept for each in votes),
            sum(each.total for each in votes),
            max(each.total for each in votes),
        )
        for level, votes in sorted(found.items())
    )
    return BuyIn(tuple(each for each in shares if each.voters >= smallest))


def shown_levels(count: Count, smallest: int) -> tuple[Votes, ...]:
    """Return the levels whose votes may be shown.

    Where just one level would be left out, the sum of the others would tell
    its votes: then the smallest shown one is left out, too.
    """
    shown = [each for each in count.votes if each.total >= smallest and each.level is not None]
    hidden = sum(each.total for each in count.votes) - sum(each.total for each in shown)
    if 0 < hidden < smallest and shown:
        shown.remove(min(shown, key=lambda each: each.total))
    return tuple(shown)


def attending(ballots: Collection[Ballot]) -> int:
    """Return how many have voted at all."""
    return sum(any(vote.choice is not None for vote in each.votes) for each in ballots)
