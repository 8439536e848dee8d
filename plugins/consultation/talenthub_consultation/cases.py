"""What the cases of consultation carry: the review and the ballot."""

from __future__ import annotations

from datetime import date
from typing import Literal

from talenthub.sdk import Carried

Choice = Literal["accept", "edit", "reject"]
Need = Literal["essential", "useful", "not_necessary"]
Outcome = Literal["accepted", "adjust", "contested", "no quorum"]
CHOICES: tuple[Choice, ...] = ("accept", "edit", "reject")
NEEDS: tuple[Need, ...] = ("essential", "useful", "not_necessary")


class Votes(Carried):
    """How the voters of one organisational level voted on an item."""

    level: int | None = None
    """None: the level is unknown."""
    accept: int = 0
    edit: int = 0
    reject: int = 0

    @property
    def total(self) -> int:
        """Return how many voted."""
        return self.accept + self.edit + self.reject


class Count(Carried):
    """What a round came to for one item."""

    round: int
    invited: int
    votes: tuple[Votes, ...] = ()
    """By level, the lowest first."""
    outcome: Outcome

    @property
    def total(self) -> Votes:
        """Return the votes of all levels together."""
        return Votes(
            accept=sum(each.accept for each in self.votes),
            edit=sum(each.edit for each in self.votes),
            reject=sum(each.reject for each in self.votes),
        )


class Needed(Carried):
    """What the voters say of an indicator: does the work need it?"""

    indicator: str
    essential: int = 0
    useful: int = 0
    not_necessary: int = 0

    @property
    def total(self) -> int:
        """Return how many said anything."""
        return self.essential + self.useful + self.not_necessary


class Placed(Carried):
    """So many judges sorted an indicator to this competency and level."""

    indicator: str
    competency: str
    level: int
    judges: int


class Item(Carried):
    """What is voted on: the words of a cell, or a role's own words for it."""

    code: str
    """`COM.L3`, or `case-officer.COM` for a role's own words."""
    competency: str
    level: int
    role: str | None = None
    role_level: str | None = None
    text: str
    indicators: tuple[str, ...] = ()
    """The positive ones; the second of them is voted on as `COM.L3.2`."""
    counts: tuple[Count, ...] = ()
    needs: tuple[Needed, ...] = ()
    placings: tuple[Placed, ...] = ()
    revised: tuple[str, ...] = ()
    """Earlier texts, the oldest first."""
    noted: str = ""
    """Why the words were revised, or stay, since the last round."""
    decided: Literal["", "voters", "sponsors"] = ""
    """Who accepted it; empty: nobody yet."""
    reason: str = ""
    """Why the sponsors decided as they did."""

    @property
    def newest(self) -> Count | None:
        """Return what the last round about it came to."""
        return self.counts[-1] if self.counts else None

    @property
    def state(self) -> str:
        """Return where it stands, in words people read."""
        if self.decided:
            return "accepted" if self.decided == "voters" else "decided by sponsors"
        return self.newest.outcome if self.newest else "open"

    def indicator(self, number: int) -> str:
        """Return the code of its indicator of this number, from 1."""
        return f"{self.code}.{number}"


class Review(Carried):
    """The consultation of one version of a framework."""

    framework: str
    number: str
    """The version under review."""
    items: tuple[Item, ...]
    round: int = 0
    """0: not opened yet."""
    until: date | None = None
    """The last day of the round."""
    signed: bool = False
    effective: date | None = None

    def waiting(self) -> tuple[Item, ...]:
        """Return the items that nobody has accepted yet."""
        return tuple(each for each in self.items if not each.decided)

    def item(self, code: str) -> Item | None:
        """Return the item of this code; None if there is none."""
        return next((each for each in self.items if each.code == code), None)


class Vote(Carried):
    """What a voter said of an item or an indicator, and in which round."""

    item: str
    round: int
    choice: Choice | None = None
    need: Need | None = None
    edit: str = ""
    """The words the voter would rather read."""


class Sorting(Carried):
    """Where a judge, who was not told, would put an indicator."""

    indicator: str
    competency: str
    level: int


class Ballot(Carried):
    """What one voter says in one consultation."""

    group: str
    level: int | None = None
    """The organisational level of the voter's role; None: unknown."""
    votes: tuple[Vote, ...] = ()
    sortings: tuple[Sorting, ...] = ()
    reason: str = ""
    """Why the voter was let go."""

    def of_round(self, number: int) -> dict[str, Vote]:
        """Return what was said in a round, by item."""
        return {each.item: each for each in self.votes if each.round == number}

    @property
    def needs(self) -> dict[str, Need]:
        """Return the last word on each item and indicator of what is needed."""
        return {each.item: each.need for each in self.votes if each.need is not None}
