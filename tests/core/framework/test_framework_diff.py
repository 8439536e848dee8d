"""The diff finds exactly what a seeded maker of changes did, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from change_maker import make_changes

from talenthub.framework.changes import ChangeClass
from talenthub.framework.content import Content, Document
from talenthub.framework.diff import difference
from talenthub.framework.diff_words import judge
from talenthub.framework.formats.reading import read_framework
from talenthub.framework.model import Level, Pointer, Scale
from talenthub.framework.text import Translations

GDAD = Path(__file__).parents[4] / "shared" / "data" / "uk-gdad-2025-09"


@pytest.fixture(scope="module")
def gdad() -> Content:
    if not GDAD.is_dir():
        pytest.skip(f"the test data {GDAD.name} is not here; it is not part of the project")
    return read_framework([GDAD], lambda: []).content


def recovered(content: Content, seed: int) -> None:
    made = make_changes(content, seed)
    found = difference(made.before, made.content)
    assert {(e.thing, e.what, e.where, e.kind) for e in found.changes} == made.expected
    heavy = {(e.old, e.new, e.kind) for e in found.links if e.needs_confirming or e.new is None}
    assert heavy == made.links
    assert len(made.expected) >= 6


@pytest.mark.parametrize("seed", range(6))
def test_changes_to_our_own_framework_are_found(harbourline: Document, seed: int) -> None:
    recovered(harbourline.content, seed)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 143])  # in the last one a near twin stands beside
def test_changes_to_a_large_framework_are_found(gdad: Content, seed: int) -> None:
    recovered(gdad, seed)


@pytest.mark.storm
@pytest.mark.parametrize("seed", range(4, 54))
def test_fifty_later_versions_of_a_large_framework(gdad: Content, seed: int) -> None:
    recovered(gdad, seed)


def test_the_same_content_has_no_changes(harbourline: Document) -> None:
    assert difference(harbourline.content, harbourline.content).changes == ()
    roles = tuple(reversed(harbourline.content.roles))
    moved = difference(harbourline.content, replace(harbourline.content, roles=roles))
    assert [(each.where, each.kind) for each in moved.changes] == [("order", ChangeClass.EDITORIAL)]


def test_pointers_and_scales_are_compared(small: Document) -> None:
    """A pointer that came or went is told as one, not as a change of order."""
    old = small.content
    other = Pointer(of="LIS", kind="sameAs", target="https://example.org/skills/9")
    new = replace(old, pointers=(*old.pointers[1:], other), scales=(*old.scales, SHORT))
    told = {(each.thing, each.what, each.where, each.kind) for each in difference(old, new).changes}
    assert told == {
        ("pointer", "removed", "WRI", "editorial"),
        ("pointer", "added", "LIS", "editorial"),
        ("scale", "added", "short", "minor"),
    }
    longer = replace(SHORT, levels=(*SHORT.levels, Level(2, "S2", "Much")))
    [change] = difference(new, replace(new, scales=(*old.scales, longer))).changes
    assert (change.what, change.before, change.after) == ("level", "S1", "S1, S2")


SHORT = Scale("short", None, (Level(1, "S1", "Some"),))


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("Writes letters", "writes letters.", "editorial"),
        ("Work place rules", "Workplace rules", "editorial"),
        ("They recieve guests", "They receive guests", "editorial"),
        (
            "Answers every letter within the week it came",
            "Answers every letter within the month it came",
            "minor",
        ),
        ("Signs the letter", "Sings to the guests", "major"),
        ("May sign letters alone", "May not sign letters alone", "major"),
        ("Answers in 3 days", "Answers in 5 days", "major"),
        ("Leads the team well through change", "Reads the team well through change", "minor"),
        (None, "Writes", "minor"),
        ("Writes", None, "major"),
    ],
)
def test_a_text_is_judged_by_its_words(before: str | None, after: str | None, kind: str) -> None:
    judged = judge(before, after, {"leads", "reads", "within"})
    assert judged is not None
    assert judged.kind == kind, judged


def test_each_language_is_judged_and_the_heaviest_counts() -> None:
    before = Translations((("en", "Writes letters"), ("fr", "Écrit des lettres")))
    after = Translations((("en", "Writes letters."), ("fr", "Chante toute la nuit")))
    judged = judge(before, after, ())
    assert judged is not None
    assert judged.kind is ChangeClass.MAJOR
