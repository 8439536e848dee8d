"""Blocks: requisitions counted together, so that figures cannot be subtracted.

Whoever may ask about any vacancy and any period could take one answer from
another and be left with a few people. So every answer is a sum of whole
blocks: requisitions in the order they closed, gathered until no group is
small. A difference of two answers is then a sum of blocks again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from talenthub_recruitment.monitoring.impact import Group
from talenthub_recruitment.monitoring.tracks import BOTTOM_LINE, STEPS, Tally, Track, tallies
from talenthub_recruitment.monitoring.withholding import is_small, protected

LARGE = 250
"""From so many people on, a group under five is under 2 %: it may be pooled."""

OTHERS = "others"
NOT_DECLARED = "not declared"

Key: TypeAlias = str | None


@dataclass(frozen=True, slots=True)
class Block:
    """Requisitions that are only ever counted together."""

    requisitions: tuple[int, ...]
    people: int
    """Who is counted in the bottom line."""
    pooled: frozenset[str]
    """Groups that may not stand alone here."""
    tallies: Mapping[str, Tally]
    """The bottom line and the steps that may be shown, by name."""

    @property
    def groups(self) -> set[str]:
        """Return the groups that stand alone."""
        return {each for tally in self.tallies.values() for each in tally.came if each and each != OTHERS}


def block_of(requisitions: Iterable[int], tracks: Sequence[Track], *, with_steps: bool = True) -> Block:
    """Return the block of some tracks, small groups pooled or withheld."""
    found = tallies(tracks, with_steps=with_steps)
    sizes = {group: number for group, number in found[0].came.items() if group is not None}
    people = sum(found[0].came.values())
    pooling = protected(sizes, found[0].came.get(None, 0))
    if not pooling.shown and not pooling.pooled:
        return Block(tuple(requisitions), people, frozenset(), {})
    pooled = frozenset(pooling.pooled)
    # A group that has only people who left comes to the first steps only.
    strangers = {each.group for each in tracks if each.group is not None} - sizes.keys()
    relabelled = [_pooled(each, pooled | strangers if pooled else pooled) for each in found]
    shown = {each.step: each for place, each in enumerate(relabelled) if _may_show(relabelled, place)}
    return Block(tuple(requisitions), people, pooled, shown)


def _pooled(tally: Tally, pooled: frozenset[str] | set[str]) -> Tally:
    return Tally(tally.step, _relabel(tally.came, pooled), _relabel(tally.went_on, pooled))


def _relabel(counts: Mapping[Key, int], pooled: frozenset[str] | set[str]) -> dict[Key, int]:
    found: Counter[Key] = Counter()
    for group, number in counts.items():
        # People who declared nothing join the pool: they give it cover.
        found[OTHERS if pooled and (group is None or group in pooled) else group] += number
    return dict(found)


def _may_show(found: Sequence[Tally], place: int) -> bool:
    """Return whether a step tells of no small group.

    The groups that come to the next step are those that went on from this
    one; and fewer than five people who went on, or who did not, are known by
    name to many.
    """
    tally = found[place]
    after = found[place + 1 : place + 2] if place else []
    small = any(is_small(number) for each in (tally, *after) for group, number in each.came.items() if group)
    on = sum(tally.went_on.values())
    return not small and not is_small(on) and not is_small(sum(tally.came.values()) - on)


def blocks_of(requisitions: Iterable[tuple[int, Sequence[Track]]]) -> list[Block]:
    """Return the blocks; requisitions that wait for more people are in none.

    A requisition that can stand alone does; the others are gathered in the
    order they closed, so that no block ever changes by a later one.
    """
    blocks: list[Block] = []
    waiting: list[tuple[int, Sequence[Track]]] = []
    for each in requisitions:
        for gathered in ([each], [*waiting, each]):
            numbers = [number for number, _ in gathered]
            block = block_of(numbers, [track for _, tracks in gathered for track in tracks])
            if _is_whole(block):
                blocks.append(block)
                waiting = [] if len(gathered) > 1 else waiting
                break
        else:
            waiting.append(each)
    return blocks


def _is_whole(block: Block) -> bool:
    if BOTTOM_LINE not in block.tallies:
        return False
    return not block.pooled or (block.people >= LARGE and len(block.groups) > 1)


@dataclass(frozen=True, slots=True)
class Summed:
    """The groups at one step, over all blocks that may show it."""

    step: str
    groups: tuple[Group, ...]
    """Empty: the step is withheld."""
    requisitions: int


def summed(blocks: Sequence[Block], *, with_steps: bool = True) -> list[Summed]:
    """Return the bottom line and the steps, summed over the blocks.

    A group that is pooled in one block is pooled in all of them.
    """
    pooled = frozenset(each for block in blocks for each in block.pooled)
    steps = (BOTTOM_LINE, *STEPS) if with_steps else (BOTTOM_LINE,)
    return [_sum(step, [block for block in blocks if step in block.tallies], pooled) for step in steps]


def _sum(step: str, blocks: Sequence[Block], pooled: frozenset[str]) -> Summed:
    came: Counter[Key] = Counter()
    went_on: Counter[Key] = Counter()
    for block in blocks:
        tally = _pooled(block.tallies[step], pooled | {OTHERS} if pooled else pooled)
        came.update(tally.came)
        went_on.update(tally.went_on)
    names = sorted(came, key=lambda each: (each is None, each == OTHERS, each or ""))
    groups = tuple(
        Group(NOT_DECLARED if each is None else each, came[each], went_on[each], each is not None)
        for each in names
    )
    return Summed(step, groups, sum(len(block.requisitions) for block in blocks))
