"""What is written comes back: any text, rich structure, and what ships."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from talenthub.access.rules import Decision
from talenthub.framework.checks import check
from talenthub.framework.content import Document, content_hash, retitled
from talenthub.framework.formats.csv_folder import tamed, untamed
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.formats.template import example, template
from talenthub.framework.formats.yaml import read
from talenthub.framework.handbook import handbook
from talenthub.framework.library import content, role_profile
from talenthub.framework.lookup import Match
from talenthub.framework.model import CheckProfile
from talenthub.framework.page import to_html
from talenthub.framework.publishing import import_framework, publish
from talenthub.framework.rating import place
from talenthub.framework.text import Translations

MAY = Decision(True, "you hold framework_owner")
OURS = ("yaml", "csv", "xlsx")


ODD_WORDS = (
    "=1+1",
    "+44 20",
    "-- dashes",
    "@someone",
    "'=quoted",
    "'plain quote",
    " leading and trailing ",
    "two\nlines\n\nand a gap",
    "ends with a break\n",
    "carriage\r\nreturn",
    "tab\there",
    "line\u2028separator and \u200b nothing",
    "bell \x07 and \x1f",
    "emoji 👩‍🎓 and combining e\u0301",
    'both "quotes" and \\ and #, [x]: {y}',
    "NO",
    "12",
    "1.10",
    "- item",
    "_x000D_",
    "العربية 日本語",
    "null",
    "2026-01-02",
    "TRUE",
)


@pytest.mark.parametrize("form", OURS)
@pytest.mark.parametrize("words", ODD_WORDS)
def test_any_text_comes_back_as_it_was(
    small: Document, form: str, words: str, tmp_path: Path, laid: Any
) -> None:
    found = small.content
    texts = Translations((("en", words), ("fr", words + "é"), ("pt-BR", "x")))
    first, *rest = found.competencies
    own = [
        dataclasses.replace(each, text=words if each.role else texts, indicators=())
        if each.text is not None
        else each
        for each in found.descriptors
    ]
    changed = dataclasses.replace(
        found,
        competencies=(dataclasses.replace(first, title=words, definition=texts), *rest),
        descriptors=tuple(own),
        framework=dataclasses.replace(found.framework, licence="CC BY 4.0", attribution="© Ours"),
    )
    document = dataclasses.replace(small, content=changed)
    again = read_framework(laid(tmp_path / "out", dict(write_framework(document, form))))
    assert again.content == changed
    assert content_hash(again.content) == content_hash(changed)
    assert again.catalogue == small.catalogue


@pytest.mark.parametrize("form", OURS)
def test_what_ships_comes_back(harbourline: Document, form: str, tmp_path: Path, laid: Any) -> None:
    again = read_framework(laid(tmp_path / "out", dict(write_framework(harbourline, form))))
    assert (again.content, again.catalogue) == (harbourline.content, harbourline.catalogue)


RICH = """\
framework: {id: rich, name: {en: Rich, de: Reich}, version: 1.10, language: en, rating_mode: level,
  role_scale: grades}
scales:
  - {id: craft, name: Craft, levels: [{id: 0, key: none, name: None yet}, {id: 3, key: top, name: Top}]}
  - {id: grades, levels: [{id: 4, name: Four}, {id: 7, name: Seven}]}
competencies:
  - {id: ALL, name: Everything, group: true}
  - {id: SAW, name: Sawing, scale: craft, parent: ALL,
     levels: {0: {watch_for: [Cuts, Bleeds]}, 3: {descriptor: X}}}
  - {id: "12.x", name: Odd, scale: grades}
roles:
  - id: joiner
    title: Joiner
    descriptors: {SAW: {indicators: [Straight]}}
    levels:
      - {id: a, title: A, level: 4, purpose: Learns., requires: {SAW: 3}}
      - {id: b, title: B, level: 7, purpose: Leads., requires: {"12.x": {level: 7, weight: 1/3}, SAW: 3},
         critical: [SAW, "12.x"], focus: ["12.x"], descriptors: {"12.x": {descriptor: Own.}}}
  - {id: mate, title: Mate, reports_to: joiner, headcount: 3}
"""


@pytest.mark.parametrize("form", OURS)
def test_rich_structure_comes_back(form: str, tmp_path: Path, laid: Any) -> None:
    first = read(RICH.encode(), "rich.yaml")
    assert first.content.roles[0].levels[1].requirements[0].weight == Fraction(1, 3)
    again = read_framework(laid(tmp_path / "out", dict(write_framework(first, form))))
    assert again.content == first.content


def test_formulas_are_tamed_and_freed() -> None:
    for words in (*ODD_WORDS, "'", "''=x", "' =x", "=", "\t=", ""):
        assert untamed(tamed(words)) == words
        assert not tamed(words).lstrip().startswith(("=", "+", "-", "@"))


def test_the_template_can_be_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "template.xlsx"
    file.write_bytes(template())
    assert read_framework(file).content == example().content
    assert not check(example().content, CheckProfile.LENIENT).blocking


def test_a_framework_in_another_language(begin: Any) -> None:
    text = RICH.replace("language: en", "language: de").replace(
        "3: {descriptor: X}", "3: {descriptor: {de: Sägt gerade., en: Saws straight.}}"
    )
    document = read(text.encode(), "de.yaml")
    report = check(document.content)
    assert any("language de" in each for each in report.notes)
    assert not [each for each in report.findings if each.rule == "distinctness"]
    with begin(1) as tx:
        made = import_framework(tx, retitled(document, checks=CheckProfile.LENIENT), right=MAY).version
    with begin(2) as tx:
        publish(tx, made.id, right=MAY)
        found = role_profile(tx, made.id, "joiner", "b")
        kept = content(tx, made.id)
    assert found.anchors["SAW"].at.text == Translations((("de", "Sägt gerade."), ("en", "Saws straight.")))
    assert found.anchors["SAW"].at.match is Match.COMPETENCY
    assert found.anchors["SAW"].at.indicators_match is Match.ROLE
    assert found.level.purpose == "Leads."
    # Level mode: what a rater names is the place on the competency's own scale.
    assert place(kept.framework.rating.mode, 3, 0, kept.highest("SAW")) == 0
    assert "Sägt gerade." in to_html(handbook(kept))


def test_hashes_do_not_see_an_empty_field_that_came_later() -> None:
    """What was hashed before the field came still has its hash."""
    rich = read(RICH.encode(), "a").content
    joiner = rich.roles[0]
    empty = tuple(dataclasses.replace(each, purpose=None) for each in joiner.levels)
    bare = dataclasses.replace(rich, roles=(dataclasses.replace(joiner, levels=empty), *rich.roles[1:]))
    assert content_hash(bare) != content_hash(rich)
    assert content_hash(bare) == "932acc37ea91baaecfad45083d37e2fa55fa4395e621952d596471f1d176ff54"
