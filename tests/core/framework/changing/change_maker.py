"""A seeded maker of changes: a later version, and what a diff must find in it.

It knows nothing of how differences are found: it changes content and notes
what it did.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from talenthub.framework.content import Content
from talenthub.framework.model import Competency, Descriptor, Indicator

Expected = tuple[str, str, str, str]
"""thing, what, where, class."""


@dataclass
class Made:
    """A later version in the making."""

    before: Content
    content: Content
    random: random.Random
    expected: set[Expected] = field(default_factory=set)
    links: set[tuple[str, str | None, str]] = field(default_factory=set)
    free: list[str] = field(default_factory=list)
    """Competencies that nothing has changed yet."""

    def take(self, wanted: Callable[[str], bool] = lambda _: True) -> str | None:
        """Return a competency nobody changed yet, and mark it."""
        chosen = next((each for each in self.free if wanted(each)), None)
        if chosen is not None:
            self.free.remove(chosen)
        return chosen

    def cells(self, code: str) -> list[Descriptor]:
        return [each for each in self.content.descriptors if each.competency == code and each.role is None]

    def words(self, code: str) -> int:
        return sum(
            len(str(each.text).split()) + sum(len(str(i.text).split()) for i in each.indicators)
            for each in self.cells(code)
        )

    def swap(self, old: Descriptor, *new: Descriptor) -> None:
        found = tuple(one for each in self.content.descriptors for one in (new if each is old else (each,)))
        self.content = replace(self.content, descriptors=found)

    def without(self, code: str) -> None:
        """Take a competency away, and whatever names it."""
        content = self.content
        asked = [
            role.code if len(role.levels) == 1 else f"{role.code}.{level.code}"
            for role in content.roles
            for level in role.levels
            if level.requirement(code)
        ]
        self.expected |= {("requirement", "removed", f"{place}.{code}", "minor") for place in asked}
        self.expected |= {
            ("question", "removed", each.competency, "minor") for each in content.questions_of(code)
        }
        self.content = replace(
            content,
            competencies=tuple(each for each in content.competencies if each.code != code),
            descriptors=tuple(each for each in content.descriptors if each.competency != code),
            questions=tuple(each for each in content.questions if each.competency != code),
            roles=tuple(
                replace(
                    role,
                    levels=tuple(
                        replace(
                            level,
                            requirements=tuple(
                                each for each in level.requirements if each.competency != code
                            ),
                        )
                        for level in role.levels
                    ),
                )
                for role in content.roles
            ),
        )

    def add(self, competency: Competency, cells: list[Descriptor]) -> None:
        self.content = replace(
            self.content,
            competencies=(*self.content.competencies, competency),
            descriptors=(*self.content.descriptors, *cells),
        )


def make_changes(content: Content, seed: int) -> Made:
    """Return a later version with one change or two of each kind."""
    made = Made(content, content, random.Random(seed))
    made.free = [each.code for each in content.rateable]
    made.random.shuffle(made.free)
    for change in (_split, _merge, _rename, _retire, _shift, _reword, _typo, _title, _requirement):
        for _ in range(made.random.randint(1, 2) if len(content.rateable) > 20 else 1):
            change(made)
    framework = replace(made.content.framework, version="9.9.9")
    made.content = replace(made.content, framework=framework)
    return made


def _nonsense(made: Made, count: int) -> str:
    """Return words that stand in no framework."""
    return " ".join("".join(made.random.choices("bcdfgjklmpqvwxz", k=9)) for _ in range(count))


def _is_rich(made: Made) -> Callable[[str], bool]:
    """Return whether a competency has words enough to be known by."""
    return lambda code: made.words(code) > 60


def _split(made: Made) -> None:
    code = made.take(
        lambda each: _is_rich(made)(each) and sum(len(c.indicators) > 1 for c in made.cells(each)) > 1
    )
    if code is None:
        return
    old, cells = made.content.competency(code), made.cells(code)
    made.without(code)
    halves: tuple[list[Descriptor], list[Descriptor]] = ([], [])
    for number, cell in enumerate(cells):
        middle = len(cell.indicators) // 2
        parts = (cell.indicators[:middle], cell.indicators[middle:])
        for at, name in enumerate(("one", "two")):
            text = cell.text if at == number % 2 else None
            if parts[at] or text is not None:
                halves[at].append(replace(cell, competency=f"{code}-{name}", text=text, indicators=parts[at]))
    for at, name in enumerate(("one", "two")):
        made.add(replace(old, code=f"{code}-{name}", definition=None), halves[at])
        made.links.add((code, f"{code}-{name}", "split"))
    made.expected.add(("competency", "split", code, "split"))


def _merge(made: Made) -> None:
    codes = [each for each in (made.take(_is_rich(made)) for _ in range(2)) if each is not None]
    if len(codes) < 2:
        return
    first, new = made.content.competency(codes[0]), f"{codes[0]}-both"
    cells: dict[int, Descriptor] = {}
    for cell in [each for code in codes for each in made.cells(code)]:
        known = cells.get(cell.level)
        told = [str(each) for each in ((known and known.text), cell.text) if each]
        listed = (*(known.indicators if known else ()), *cell.indicators)
        cells[cell.level] = replace(cell, competency=new, text=" ".join(told) or None, indicators=listed)
    for code in codes:
        made.without(code)
        made.links.add((code, new, "merge"))
        made.expected.add(("competency", "merged", code, "merge"))
    levels = {each.ordinal for each in next(s for s in made.content.scales if s.code == first.scale).levels}
    made.add(
        replace(first, code=new, definition=None), [each for each in cells.values() if each.level in levels]
    )


def _rename(made: Made) -> None:
    code = made.take(_is_rich(made))
    if code is None:
        return
    new, content = f"{code}-anew", made.content

    def now(each: object) -> object:
        return replace(each, competency=new) if each.competency == code else each  # type: ignore[type-var,attr-defined]

    made.content = replace(
        content,
        competencies=tuple(
            replace(each, code=new) if each.code == code else each for each in content.competencies
        ),
        descriptors=tuple(map(now, content.descriptors)),
        questions=tuple(map(now, content.questions)),
        roles=tuple(
            replace(
                role,
                levels=tuple(
                    replace(level, requirements=tuple(map(now, level.requirements))) for level in role.levels
                ),
            )
            for role in content.roles
        ),
    )
    made.links.add((code, new, "editorial"))
    made.expected.add(("competency", "renamed?", code, "editorial"))


def _retire(made: Made) -> None:
    code = made.take()
    if code is not None:
        made.without(code)
        made.links.add((code, None, "retire"))
        made.expected.add(("competency", "removed", code, "retire"))


def _shift(made: Made) -> None:
    """Let the words of two levels change places."""

    def two(code: str) -> list[Descriptor]:
        worded = [
            each for each in made.cells(code) if len(str(each.text).split()) + 9 * len(each.indicators) > 12
        ]
        return [each for each in worded if len(each.indicators) + len(str(each.text)) > 8][:2]

    code = made.take(lambda each: len(two(each)) == 2 and not _alike(*two(each)))
    if code is None:
        return
    lower, upper = two(code)
    made.swap(lower, replace(upper, level=lower.level))
    made.swap(upper, replace(lower, level=upper.level))
    made.links.add((code, code, "major"))
    made.expected |= {("descriptor", "level", f"{code}.{each.level}", "major") for each in (lower, upper)}


def _alike(one: Descriptor, other: Descriptor) -> bool:
    words = [
        set(f"{each.text} {' '.join(str(i.text) for i in each.indicators)}".lower().split())
        for each in (one, other)
    ]
    return len(words[0] & words[1]) > 0.5 * len(words[0] | words[1])


def _worded(made: Made, code: str) -> Iterator[tuple[Descriptor, Indicator]]:
    for cell in made.cells(code):
        for each in cell.indicators:
            if isinstance(each.text, str) and len(each.text.split()) > 4:
                yield cell, each


def _reword(made: Made) -> None:
    """Put other words in place of all of a level's list."""
    code = made.take(lambda each: any(_worded(made, each)))
    if code is None:
        return
    cell = next(_worded(made, code))[0]
    new = tuple(Indicator(_nonsense(made, 7), each.positive) for each in cell.indicators)
    made.swap(cell, replace(cell, indicators=new))
    place = f"{code}.{cell.level}"
    made.expected |= {("indicator", "removed", place, "major"), ("indicator", "added", place, "major")}
    made.links.add((code, code, "major"))


def _typo(made: Made) -> None:
    """Mend a long word that the earlier version misspelt."""
    code = made.take(lambda each: any(_long(pair[1]) for pair in _worded(made, each)))
    if code is None:
        return
    cell, indicator = next(pair for pair in _worded(made, code) if _long(pair[1]))
    word = _long(indicator)
    broken = str(indicator.text).replace(word, f"{word[:3]}q{word[4:]}", 1)
    listed = tuple(replace(each, text=broken) if each is indicator else each for each in cell.indicators)
    made.before = replace(
        made.before,
        descriptors=tuple(
            replace(each, indicators=listed) if each == cell else each for each in made.before.descriptors
        ),
    )
    made.expected.add(("indicator", "text", f"{code}.{cell.level}", "editorial"))


def _long(indicator: Indicator) -> str:
    words = [
        each for each in str(indicator.text).split() if each.isalpha() and each.islower() and len(each) > 7
    ]
    return words[0] if words else ""


def _title(made: Made) -> None:
    code = made.take()
    if code is None:
        return
    old = made.content.competency(code)
    found = tuple(
        replace(each, title=_nonsense(made, 2)) if each is old else each for each in made.content.competencies
    )
    made.content = replace(made.content, competencies=found)
    made.expected.add(("competency", "renamed", code, "minor"))


def _requirement(made: Made) -> None:
    """Let one role ask for one level more or less."""
    for role in made.random.sample(made.content.roles, len(made.content.roles)):
        for level in role.levels:
            for asked in level.requirements:
                ordinals = [
                    each.ordinal
                    for each in made.content.scale_of(asked.competency).levels
                    if each.ordinal != asked.level
                ]
                place = role.code if len(role.levels) == 1 else f"{role.code}.{level.code}"
                where = f"{place}.{asked.competency}"
                new = ("requirement", "level", where, "minor")
                if asked.competency not in made.free or not ordinals or new in made.expected:
                    continue
                now = replace(
                    level,
                    requirements=tuple(
                        replace(each, level=ordinals[0]) if each is asked else each
                        for each in level.requirements
                    ),
                )
                changed = replace(role, levels=tuple(now if each is level else each for each in role.levels))
                made.content = replace(
                    made.content,
                    roles=tuple(changed if each is role else each for each in made.content.roles),
                )
                made.expected.add(new)
                return
