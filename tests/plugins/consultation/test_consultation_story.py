"""The autumn of 2025 by commands: 24 groups, three rounds, and a version in force.

The votes come from a seed; every figure is counted here once more from the
votes alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pytest

OFFICER, OWNER, SPONSOR, EDITOR = "maria.costa", "noor.haddad", "eva.sand", "grace.lindqvist"
SHARES = {1: "0.84", 2: "0.88", 3: "0.91", 4: "0.95", 5: "1"}
SIZES = {1: (60, 66), 2: (60, 66), 3: (25, 30), 4: (20, 23), 5: (6, 7)}
"""Level → how many come, how many are invited."""

Votes = dict[str, dict[str, str]]
"""item → voter → vote."""


@dataclass
class Tale:
    """Votes with sums that are known before they are drawn."""

    voters: Sequence[Any]
    seed: int
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def accepted(self, items: Sequence[str], shares: Mapping[int, Fraction]) -> Votes:
        """Return votes that give each level exactly its share over all items."""
        found: Votes = {each: {} for each in items}
        for level, share in shares.items():
            own = [each.handle for each in self.voters if each.level == level and each.comes]
            against = len(own) * len(items) * (1 - share)
            assert against.denominator == 1
            least, more = divmod(int(against), len(items))
            uneven = set(self.chance.sample(list(items), more))
            for item in items:
                no = set(self.chance.sample(own, least + (item in uneven)))
                found[item] |= {who: self._no() if who in no else "accept" for who in own}
        return found

    def _no(self) -> str:
        return self.chance.choice(["edit", "reject"])

    def refused(self, items: Sequence[str], word: str) -> Votes:
        """Return votes that leave items to be adjusted, or contested."""
        come = [each.handle for each in self.voters if each.comes]
        found: Votes = {}
        for item in items:
            order = self.chance.sample(come, len(come))
            yes, edits = len(order) * 6 // 10, len(order) * (25 if word == "adjust" else 5) // 100
            found[item] = {
                who: "accept" if at < yes else "edit" if at < yes + edits else "reject"
                for at, who in enumerate(order)
            }
        return found


def decided(votes: Mapping[str, str], levels: Mapping[str, int], invited: int) -> str:
    """Return what votes decide: counted another way than the plugin does."""
    said = list(votes.values())
    if len(said) * 10 < invited * 6:
        return "no quorum"
    strata: dict[int, list[str]] = {}
    for who, word in votes.items():
        strata.setdefault(levels[who], []).append(word)
    fine = all(2 * each.count("accept") >= len(each) for each in strata.values() if len(each) >= 3)
    if 4 * said.count("accept") >= 3 * len(said) and fine:
        return "accepted"
    return "adjust" if 4 * (len(said) - said.count("reject")) >= 3 * len(said) else "contested"


def rows_of(votes: Votes) -> list[dict[str, str]]:
    return [
        {
            "person": who,
            "item": item,
            "vote": word,
            "edit": f"Other words for {item}" if word == "edit" else "",
        }
        for item, said in votes.items()
        for who, word in said.items()
    ]


@dataclass
class Rounds:
    """The votes of three rounds: all of it, what was late, the last one."""

    votes: Sequence[Votes]
    levels: Mapping[str, int]
    invited: int

    @classmethod
    def drawn(cls, tale: Tale, items: Sequence[str]) -> Rounds:
        """Return rounds whose shares by level are known beforehand."""
        final = tale.accepted(items, {level: Fraction(share) for level, share in SHARES.items()})
        late = tale.chance.sample(items, 7)
        adjust, contested, last = late[:5], late[5:], late[-1:]
        first = final | tale.refused(adjust, "adjust") | tale.refused(contested, "contested")
        second = {each: final[each] for each in late} | tale.refused(last, "contested")
        third = {each: final[each] for each in last}
        levels = {each.handle: each.level for each in tale.voters}
        return cls((first, second, third), levels, len(tale.voters))

    def vote(self, hall: Any, ref: str) -> None:
        """Take the consultation through its rounds, each counted once more."""
        for number, votes in enumerate(self.votes, 1):
            if number > 1:
                revise(hall, ref, list(votes))
                hall.talent("begin", ref)
            said = hall.vote(ref, rows_of(votes))
            assert f"171 voters, {171 * len(votes)} votes" in said.err
            hall.talent("close", ref)
            told = {row["item"]: row["state"] for row in hall.rows("items", ref) if row["round"] == number}
            assert told == {item: decided(each, self.levels, self.invited) for item, each in votes.items()}


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_story_ends_in_a_version_in_force(make_hall: Callable[..., Any], draw: Any, kind: str) -> None:
    hall = make_hall(kind)
    voters = draw(hall, SIZES, 8, 1)
    assert (len(voters), sum(each.comes for each in voters)) == (192, 171)
    ref = hall.open()
    hall.invite(ref, voters)
    assert len(hall.rows("groups", ref)) == 24
    hall.talent("begin", ref)
    items = [row["item"] for row in hall.rows("items", ref)]
    assert len(items) == 40
    Rounds.drawn(Tale(voters, 2025), items).vote(hall, ref)
    told_of_three_rounds(hall, ref)
    told_of_buy_in(hall, ref)
    published_and_told(hall, ref, voters)


def told_of_three_rounds(hall: Any, ref: str) -> None:
    record = hall.record("show", ref)
    assert record["rounds"] == [
        "1: 33 accepted, 5 adjust, 2 contested",
        "2: 6 accepted, 1 contested",
        "3: 1 accepted",
    ]
    assert (record["groups"], record["invited"], record["attending"]) == (24, 192, 171)
    assert (record["state"], record["accepted"]) == ("accepted", 40)


def told_of_buy_in(hall: Any, ref: str) -> None:
    """FW5: the weakest level, and the mean of the levels, of the shares as planned."""
    rows = {row["level"]: row for row in hall.rows("buy-in", ref)}
    planned = {level: Fraction(share) for level, share in SHARES.items()}
    assert {level: Fraction(row["accepting"], row["votes"]) for level, row in rows.items()} == planned
    assert [level for level, row in rows.items() if row["weakest"]] == [1]
    weakest, mean = min(planned.values()), sum(planned.values()) / len(planned)
    said = f"Buy-in {float(weakest):.3f} (level 1); mean of levels {float(mean):.3f}"
    assert said == "Buy-in 0.840 (level 1); mean of levels 0.916"
    assert said in hall.talent("buy-in", ref).err


def published_and_told(hall: Any, ref: str, voters: Sequence[Any]) -> None:
    hall.talent("publish", ref, who=OWNER, code=3)
    hall.talent("sign", ref, "--effective", "2026-02-02", who=SPONSOR)
    made = hall.record("publish", ref, who=OWNER)
    assert (made["number"], made["status"], made["effective_from"]) == ("1.0.0", "published", "2026-02-02")
    assert hall.record("show", ref)["state"] == "published"
    page = hall.talent("dossier", ref).out
    assert "192 invited, 171 attended" in page
    assert not [each.handle for each in voters if each.handle in page]


def revise(hall: Any, ref: str, items: Sequence[str]) -> None:
    rows = [
        {"item": each, "text": f"Explains {each} so that anybody can follow", "reason": "clearer words"}
        for each in items
    ]
    hall.talent("adjust", ref, "--file", hall.file("revised.csv", rows))


@pytest.mark.parametrize(("kind", "seed"), [("sqlite", 11), ("postgresql", 12)])
def test_any_votes_are_counted_as_they_are(
    make_hall: Callable[..., Any], draw: Any, kind: str, seed: int
) -> None:
    """Votes without a plan: each item, level and outcome against a count of one's own."""
    hall = make_hall(kind)
    voters = draw(hall, {1: (7, 8), 2: (6, 8), 3: (4, 6), 4: (2, 3)}, 5, seed)
    chance = random.Random(seed)
    ref = hall.open()
    hall.invite(ref, voters)
    hall.talent("begin", ref)
    items = [row["item"] for row in hall.rows("items", ref)]
    votes: Votes = {}
    for item in items:
        yes, edit, come = chance.choice([(9, 1, 10), (6, 3, 9), (4, 2, 8), (8, 2, 5)])
        votes[item] = {
            each.handle: chance.choices(["accept", "edit", "reject"], [yes, edit, 2])[0]
            for each in voters
            if each.comes and chance.random() * 10 < come
        }
    hall.vote(ref, rows_of(votes))
    hall.talent("close", ref)
    levels = {each.handle: each.level for each in voters}
    told = {row["item"]: row for row in hall.rows("items", ref)}
    expected = {item: decided(each, levels, len(voters)) for item, each in votes.items()}
    assert {item: row["state"] for item, row in told.items()} == expected
    assert len(set(expected.values())) == 4, "the seed shows every outcome"
    for item, said in votes.items():
        figures = [told[item][word] for word in ("accept", "edit", "reject")]
        assert figures == [list(said.values()).count(word) for word in ("accept", "edit", "reject")]
    shown: dict[str, int] = {}
    for row in hall.rows("items", ref, "--levels"):
        own = [word for who, word in votes[row["item"]].items() if levels[who] == row["level"]]
        assert [row[word] for word in ("accept", "edit", "reject")] == [
            own.count(word) for word in ("accept", "edit", "reject")
        ]
        assert len(own) >= 3
        shown[row["item"]] = shown.get(row["item"], 0) + len(own)
    assert all(len(votes[item]) - many not in (1, 2) for item, many in shown.items())
