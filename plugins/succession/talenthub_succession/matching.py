"""The largest matching: how many posts can be filled all at once.

Augmenting paths (Berge 1957; in the form of Kuhn's method): a post that finds
its people taken asks the posts that have them to take somebody else. Walked
with a stack of its own, so that a long chain needs no deep recursion.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Post = TypeVar("Post", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


def largest_matching(ready: Mapping[Post, Sequence[Person]]) -> dict[Post, Person]:
    """Return who fills which post so that most posts are filled, nobody twice.

    Posts and their people are asked in the given order, so that the same
    question always gets the same answer.
    """
    filled: dict[Post, Person] = {}
    holder: dict[Person, Post] = {}
    for start in ready:
        for post, person in _path(start, ready, holder):
            filled[post], holder[person] = person, post
    return filled


def _path(
    start: Post,
    ready: Mapping[Post, Sequence[Person]],
    holder: Mapping[Person, Post],
) -> list[tuple[Post, Person]]:
    """Return new pairs that fill `start` and leave no other post empty."""
    asked: set[Person] = set()
    came_by: dict[Post, tuple[Post, Person]] = {}
    waiting = [start]
    while waiting:
        post = waiting.pop()
        for person in ready[post]:
            if person in asked:
                continue
            asked.add(person)
            if person not in holder:
                return _back(post, person, start, came_by)
            came_by[holder[person]] = (post, person)
            waiting.append(holder[person])
    return []


def _back(
    post: Post, person: Person, start: Post, came_by: Mapping[Post, tuple[Post, Person]]
) -> list[tuple[Post, Person]]:
    path = [(post, person)]
    while post != start:
        post, person = came_by[post]
        path.append((post, person))
    return path
