"""Matching: whose strength meets whose gap, on the same descriptors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from talenthub.sdk import Engine, Gap, Transaction, managers_of, standings, view_person

PURPOSE = "development"


@dataclass(frozen=True, slots=True)
class Match:
    """A mentor and a mentee, and what the one can teach the other."""

    mentor: int
    mentee: int
    focus: tuple[str, ...]
    closes: float
    """Levels of gaps in these competencies, summed."""


def best_pairs(
    strengths: Mapping[int, Mapping[str, float]],
    gaps: Mapping[int, Sequence[Gap]],
    *,
    room: Mapping[int, int],
    barred: Collection[tuple[int, int]] = (),
) -> list[Match]:
    """Return pairs, those that close most first; each mentee once.

    A mentor is strong where they stand at what the mentee's role asks for.
    An unknown standing is no strength, and an unknown gap no gap.
    """
    possible = [
        match
        for mentor, known in strengths.items()
        for mentee, needed in gaps.items()
        if mentor != mentee and (mentor, mentee) not in barred
        if (match := _match(mentor, known, mentee, needed)).focus
    ]
    left, paired, chosen = Counter(room), set[int](), list[Match]()
    for match in sorted(possible, key=lambda each: (-each.closes, each.mentee, each.mentor)):
        if left[match.mentor] > 0 and match.mentee not in paired:
            left[match.mentor] -= 1
            paired.add(match.mentee)
            chosen.append(match)
    return chosen


def _match(mentor: int, known: Mapping[str, float], mentee: int, needed: Iterable[Gap]) -> Match:
    taught = [each for each in needed if known.get(each.competency, -1.0) >= each.required]
    return Match(
        mentor, mentee, tuple(each.competency for each in taught), round(sum(each.size for each in taught), 9)
    )


def suggest(
    engine: Engine,
    tx: Transaction,
    mentors: Mapping[int, int],
    mentees: Mapping[int, str],
    smallest: float,
) -> list[Match]:
    """Return the pairs for mentors (with the room they have) and mentees.

    Mentees are ids with handles. Nobody is matched with their own manager.
    """
    engine.enter(tx)
    gaps, frameworks = dict[int, Sequence[Gap]](), dict[int, str]()
    for number, handle in mentees.items():
        found = view_person(tx, handle, PURPOSE, engine.evidence).gaps
        if number in found.seats:
            frameworks[number] = found.seats[number].framework_code
            gaps[number] = [each for each in found.gaps if each.size >= smallest]
    above = managers_of(tx, mentees)
    barred = {(manager, mentee) for mentee, manager in above.items() if manager is not None}
    chosen = list[Match]()
    for code in sorted(set(frameworks.values())):
        known = dict[int, dict[str, float]]()
        for (person, competency), each in standings(tx, mentors, code, PURPOSE, engine.evidence).items():
            known.setdefault(person, {})[competency] = each.value
        within = {number: each for number, each in gaps.items() if frameworks[number] == code}
        used = Counter(each.mentor for each in chosen)
        room = {number: many - used[number] for number, many in mentors.items()}
        chosen += best_pairs(known, within, room=room, barred=barred)
    return chosen
