"""Which words count, and whose they are."""

from __future__ import annotations

import itertools

import pytest

from talenthub.errors import NotFound
from talenthub.framework.content import Content, Document
from talenthub.framework.lookup import Match, descriptor_hash, profile, wording
from talenthub.framework.model import (
    Competency,
    Descriptor,
    Framework,
    Indicator,
    Level,
    Requirement,
    Role,
    RoleLevel,
    Scale,
)

ROWS = ("role level", "role", "competency", "level")
KEYS = {"role level": ("clerk", "junior"), "role": ("clerk", None), "competency": (None, None)}


def made(
    texts: frozenset[str] = frozenset(),
    indicators: frozenset[str] = frozenset(),
    levels: int = 2,
    anchored: bool = True,
) -> Content:
    """Return content with one competency, worded where it is asked to be."""
    cells = [
        Descriptor(
            competency="C",
            level=1,
            role=KEYS[whose][0],
            role_level=KEYS[whose][1],
            text=f"words of {whose}" if whose in texts else None,
            indicators=(Indicator(f"shown by {whose}"),) if whose in indicators else (),
        )
        for whose in KEYS
        if whose in texts or whose in indicators
    ]
    steps = tuple(
        Level(each, f"L{each}", f"Level {each}", "words of level" if anchored else None)
        for each in range(1, levels + 1)
    )
    asked = (Requirement(competency="C", level=1),)
    return Content(
        framework=Framework(code="F", title="F", version="1", language="en"),
        scales=(Scale("s", None, steps),),
        competencies=(Competency(code="C", title="C", scale="s"),),
        descriptors=tuple(cells),
        roles=(
            Role(
                code="clerk",
                title="Clerk",
                levels=(
                    RoleLevel(code="junior", title="Junior", requirements=asked),
                    RoleLevel(code="senior", title="Senior", requirements=asked),
                ),
            ),
        ),
    )


CASES = [
    (frozenset(texts), frozenset(indicators))
    for texts in itertools.chain.from_iterable(itertools.combinations(KEYS, n) for n in range(4))
    for indicators in itertools.chain.from_iterable(itertools.combinations(KEYS, n) for n in range(4))
]


@pytest.mark.parametrize(("texts", "indicators"), CASES)
def test_text_and_indicators_fall_back_apart(texts: frozenset[str], indicators: frozenset[str]) -> None:
    found = wording(made(texts, indicators), "C", 1, "clerk", "junior")
    whose = next((each for each in ROWS[:3] if each in texts), "level")
    assert (found.match, found.text) == (whose, f"words of {whose}")
    by = next((each for each in ROWS[:3] if each in indicators), "none")
    assert found.indicators_match == by
    assert found.indicators == ((Indicator(f"shown by {by}"),) if by != "none" else ())
    assert found.hash == descriptor_hash(found.text, found.indicators)


def test_another_level_of_the_role_does_not_read_the_first_ones_words() -> None:
    content = made(frozenset(["role level", "role"]))
    assert wording(content, "C", 1, "clerk", "senior").match is Match.ROLE
    assert wording(content, "C", 1, "baker").match is Match.LEVEL
    assert wording(content, "C", 1).match is Match.LEVEL


def test_without_any_words_there_are_none() -> None:
    found = wording(made(anchored=False), "C", 1)
    assert (found.text, found.match) == (None, Match.NONE)


def test_an_unknown_level_is_not_zero() -> None:
    with pytest.raises(NotFound, match="allowed: 1, 2"):
        wording(made(), "C", 0)


@pytest.mark.parametrize("levels", [1, 4, 8])
def test_nothing_stands_below_the_lowest_or_above_the_highest(levels: int) -> None:
    content = made(levels=levels)
    low = profile(content, "clerk", "junior").anchors["C"]
    assert low.below is None
    assert (low.above is None) == (levels == 1)
    top = Requirement(competency="C", level=levels)
    from talenthub.framework.lookup import anchors

    high = anchors(content, top, "clerk", "junior")
    assert high.above is None
    assert high.at.level.ordinal == levels == content.highest("C")


def test_the_hash_changes_with_every_word_and_with_nothing_else() -> None:
    first, second = Indicator("a"), Indicator("b")
    base = descriptor_hash("text", (first, second))
    assert base == descriptor_hash("text", (Indicator("a"), Indicator("b")))
    others = [
        descriptor_hash("text ", (first, second)),
        descriptor_hash("text", (second, first)),
        descriptor_hash("text", (first,)),
        descriptor_hash("text", (first, Indicator("b", positive=False))),
        descriptor_hash(None, (first, second)),
    ]
    assert len({base, *others}) == 6


def test_a_role_with_several_levels_wants_one_named() -> None:
    with pytest.raises(NotFound, match="junior, senior"):
        profile(made(), "clerk")
    with pytest.raises(NotFound, match="did you mean 'senior'"):
        profile(made(), "clerk", "senoir")
    with pytest.raises(NotFound, match="did you mean 'clerk'"):
        profile(made(), "clark")


def test_the_profile_of_the_demo_role(harbourline: Document) -> None:
    found = profile(harbourline.content, "case-officer")
    assert found.focus == ("CIT", "TRU", "COM", "JDG", "DEL")
    assert found.critical == ("TRU", "JDG")
    assert found.requirement("DEV").level == 1
    com = found.anchors["COM"]
    assert com.at.match is Match.ROLE
    assert com.at.indicators_match is Match.COMPETENCY
    assert com.below is not None
    assert com.below.match is Match.COMPETENCY
    assert com.above is not None
    assert com.above.level.key == "L3"
    assert found.anchors["DEV"].below is None
    assert [each.kind for each in found.questions["CIT"]] == ["past", "situational"]
    with pytest.raises(NotFound):
        found.requirement("XYZ")


def test_focus_keeps_the_order_of_the_framework(harbourline: Document) -> None:
    found = profile(harbourline.content, "field-inspector")
    assert found.focus == ("TRU", "JDG", "COM", "DEL", "INI")
