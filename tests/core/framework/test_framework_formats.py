"""Formats of others and our own: what is read, what deviates, what comes back."""

from __future__ import annotations

import dataclasses
import sys
import time
import types
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from talenthub.access.rules import Decision
from talenthub.errors import FileError, PluginError, UsageError
from talenthub.framework.checks import check
from talenthub.framework.content import Content, Document, _plain, content_hash, retitled
from talenthub.framework.formats.csv_folder import tamed, untamed
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.formats.template import example, template
from talenthub.framework.formats.yaml import read
from talenthub.framework.handbook import handbook
from talenthub.framework.imports import last_import
from talenthub.framework.library import content, role_profile
from talenthub.framework.lookup import Match
from talenthub.framework.model import CheckProfile, RatingMode
from talenthub.framework.page import to_html, to_markdown
from talenthub.framework.publishing import import_framework, publish
from talenthub.framework.rating import place
from talenthub.framework.text import Translations
from talenthub.hooks import FrameworkFormat

MAY = Decision(True, "you hold framework_owner")
DATA = Path(__file__).parents[3].parent / "shared" / "data"
OURS = ("yaml", "csv", "xlsx")


def real(name: str) -> Path:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"the test data {name} is not here; it is not part of the project")
    return folder


def counted(found: Content) -> dict[str, int]:
    steps = [level for role in found.roles for level in role.levels]
    indicators = [each for one in found.descriptors for each in one.indicators]
    return {
        "values": len(found.values),
        "competencies": len(found.rateable),
        "roles": len(found.roles),
        "steps": len(steps),
        "asked": sum(len(each.requirements) for each in steps),
        "described": len(found.descriptors),
        "shown": sum(each.positive for each in indicators),
        "against": sum(not each.positive for each in indicators),
    }


def rules(document: Document) -> Counter[str]:
    return Counter(each.code.partition(".")[2] for each in document.deviations)


@pytest.fixture(scope="module")
def gdad() -> Document:
    return read_framework(real("uk-gdad-2025-09"))


def test_gdad_is_read_whole(gdad: Document) -> None:
    found = gdad.content
    assert counted(found) == {
        "values": 0,
        "competencies": 188,
        "roles": 52,
        "steps": 205,
        "asked": 1781,
        "described": 604,
        "shown": 1804,
        "against": 0,
    }
    assert len({each.family for each in found.roles}) == 8
    assert [each.label for each in found.scales[0].levels] == [
        "Awareness",
        "Working",
        "Practitioner",
        "Expert",
    ]
    # 1,825 rows: 28 ask for no level, 16 repeat a row before them.
    assert 1825 - 28 - 16 == 1781
    # 188 × 4 cells: 22 skills have none, 60 cells say that they have none.
    assert 188 * 4 - 22 * 4 - 60 == 604
    told = rules(gdad)
    assert told == {
        "sentinel": 325 + 28 + 4 + 4 + 60,
        "no-text": 41 + 22 * 4,
        "duplicate": 16,
        "blanks": 13,
        "characters": 13,
        "unnamed": 29,
        "dangling": 1,
        "order": 1,
    }
    assert all(each.place and each.mend for each in gdad.deviations)
    assert sum(each.found == "NOT IN USE" and each.path == "Skill Level" for each in gdad.deviations) == 28
    assert gdad.content.framework.licence == "Open Government Licence v3.0"


def test_gdad_is_published_and_read_in_seconds(begin: Any, gdad: Document) -> None:
    began = time.monotonic()
    with begin(1) as tx:
        made = import_framework(tx, gdad, right=MAY)
    assert (made.outcome, len(made.report.blocking)) == ("created", 0)
    with begin(2) as tx:
        publish(tx, made.version.id, right=MAY)
        kept = last_import(tx, made.version.id)
    assert kept is not None
    assert (kept.format, kept.deviations) == ("uk-gdad", gdad.deviations)
    assert len(kept.files) == 2
    with begin(2) as tx:
        assert content(tx, made.version.id) == gdad.content
        asked = role_profile(tx, made.version.id, "data-analyst", "senior-data-analyst")
    assert {each.level for each in asked.requirements} == {3}
    assert asked.anchors["data-management"].at.match is Match.COMPETENCY
    # Generous: several test runs may share the machine.
    assert time.monotonic() - began < 30
    assert "Practitioner Practitioner" not in to_markdown(handbook(gdad.content))
    assert len(to_html(handbook(gdad.content))) > 1_000_000


def test_unidays_is_read_whole() -> None:
    found = read_framework(real("unidays-competencies"))
    assert counted(found.content) == {
        "values": 5,
        "competencies": 25,
        "roles": 19,
        "steps": 41,
        "asked": 346,
        "described": 85,
        "shown": 472,
        "against": 0,
    }
    assert sorted(len(each.levels) for each in found.content.scales) == [1, 1, 1, 4, 4, 5]
    assert rules(found) == {"value": 5, "no-text": 49, "misplaced": 1, "dangling": 1}
    assert not check(found.content).errors


def test_civil_service_is_read_whole() -> None:
    found = read_framework(
        real("uk-civil-service-competencies-2012") / "civil-service-competency-framework.json"
    )
    sizes = counted(found.content)
    assert (sizes["competencies"], sizes["shown"], sizes["against"], sizes["roles"]) == (10, 335, 335, 0)
    assert len(found.content.competencies) == 13
    assert len(found.content.scales[0].levels) == 6
    assert rules(found) == {"no-text": 60, "introduction": 1}


@pytest.mark.parametrize(
    "name", ["uk-gdad-2025-09", "unidays-competencies", "uk-civil-service-competencies-2012"]
)
@pytest.mark.parametrize("form", OURS)
def test_real_content_comes_back_unchanged(name: str, form: str, tmp_path: Path, laid: Any) -> None:
    first = read_framework(
        [
            each
            for each in sorted(real(name).rglob("*"))
            if each.suffix in (".csv", ".json") and "schema" not in each.name
        ]
    )
    again = read_framework(laid(tmp_path / "out", dict(write_framework(first, form))))
    assert content_hash(again.content) == content_hash(first.content)
    assert again.content == first.content


def test_our_sample_of_two_tables(samples: Any, tmp_path: Path, laid: Any) -> None:
    found = read_framework(laid(tmp_path, samples["uk-gdad"]))
    assert found.content.framework.rating.mode is RatingMode.LEVEL
    assert [each.code for each in found.content.competencies] == [
        "baking-bread",
        "keeping-the-oven",
        "selling",
        "counting-coins",
    ]
    baker, shop = found.content.roles
    assert [(each.code, each.purpose) for each in baker.levels] == [
        ("junior-baker", "Learns."),
        ("baker", "Bakes alone."),
    ]
    assert [each.title for each in shop.levels] == ["Shopkeeper"]
    assert [each.competency for each in shop.levels[0].requirements] == ["counting-coins"]
    assert rules(found) == {
        "sentinel": 5,
        "no-text": 3,
        "only-here": 1,
        "duplicate": 1,
        "blanks": 2,
        "spelling": 1,
        "dangling": 2,
        "order": 1,
    }
    words = found.content.descriptor("baking-bread", 2)
    assert words is not None
    assert words.text == "You can:"
    assert [each.text for each in words.indicators][1] == "mend a dough that went wrong"
    page = to_markdown(handbook(found.content))
    assert "Shown when someone" not in page
    assert "The framework has no words for this level." not in page


def test_our_sample_of_topics(samples: Any, tmp_path: Path, laid: Any) -> None:
    found = read_framework(laid(tmp_path, samples["unidays"]))
    assert [each.code for each in found.content.values] == ["warmth"]
    assert found.content.competency("core-values.warmth").values == ("warmth",)
    step = found.content.roles[0].levels[0]
    assert [(each.competency, each.level, each.essential) for each in step.requirements] == [
        ("bakery.dough", 2, True),
        ("bakery.licence", 1, False),
    ]
    assert rules(found) == {"no-text": 2, "value": 1, "duplicate": 1, "dangling": 1}
    assert next(each.nearest for each in found.deviations if "dangling" in each.code) == "bakery/dough"


def test_our_sample_of_clusters(samples: Any, tmp_path: Path, laid: Any) -> None:
    found = read_framework(laid(tmp_path, samples["uk-civil-service"]))
    assert [(each.code, each.parent) for each in found.content.competencies] == [
        ("bread", None),
        ("rising-early", "bread"),
    ]
    assert counted(found.content)["against"] == 2
    assert found.content.framework.attribution is not None
    assert found.content.framework.attribution.startswith("© A bakery.")
    assert rules(found) == {"no-text": 3, "introduction": 1}


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


def test_a_profile_decides_which_warnings_block(samples: Any, tmp_path: Path, laid: Any, begin: Any) -> None:
    document = read_framework(laid(tmp_path, samples["uk-gdad"]))
    assert document.content.framework.checks is CheckProfile.LENIENT
    strict = retitled(document, code="bakery", number="2026.1", checks=CheckProfile.STRICT)
    with begin(1) as tx:
        made = import_framework(tx, strict, right=MAY)
    assert made.report.blocking
    assert made.version.name.startswith("bakery")
    with pytest.raises(UsageError):
        retitled(document, code="no blanks")


@pytest.fixture
def plugin_format(monkeypatch: pytest.MonkeyPatch, small: Document) -> FrameworkFormat:
    module = types.ModuleType("format_of_a_plugin")
    module.read = lambda _files: small  # type: ignore[attr-defined]
    module.write = lambda document: {"a.odd": document.content.framework.code.encode()}  # type: ignore[attr-defined]
    module.recognises = lambda files: files[0].data.startswith(b"odd")  # type: ignore[attr-defined]
    module.broken = lambda _files: 1 / 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return FrameworkFormat(
        "odd", "odd files", (".odd",), f"{module.__name__}:read", f"{module.__name__}:write"
    )


def test_a_plugin_brings_a_format(
    plugin_format: FrameworkFormat, small: Document, tmp_path: Path, harbourline_file: Path
) -> None:
    file = tmp_path / "a.odd"
    file.write_bytes(b"odd enough")
    found = read_framework(file, lambda: [plugin_format])
    assert found.content is small.content
    assert found.origin is not None
    assert found.origin.format == "odd"
    assert write_framework(small, "odd", lambda: [plugin_format]) == {"a.odd": b"tiny"}
    assert read_framework(harbourline_file).content.framework.code == "hpsa-core"
    file.write_bytes(b"even")
    with pytest.raises(FileError, match="no format recognises"):
        read_framework(file, lambda: [plugin_format])
    assert read_framework(file, lambda: [plugin_format], named="odd").content is small.content
    other = tmp_path / "a.od"
    other.write_bytes(b"odd")
    with pytest.raises(FileError, match=r"\.odd, \.tsv, \.txt, \.xlsm, \.xlsx") as caught:
        read_framework(other, lambda: [plugin_format])
    assert caught.value.problems[0].nearest == ".odd"
    broken = dataclasses.replace(plugin_format, read="format_of_a_plugin:broken")
    with pytest.raises(PluginError, match="ZeroDivisionError"):
        read_framework(file, lambda: [broken], named="odd")
    with pytest.raises(UsageError, match="did you mean 'xlsx'"):
        write_framework(small, "xslx")


def test_hashes_do_not_see_an_empty_field_that_came_later() -> None:
    levels = read(RICH.encode(), "a").content.roles[0].levels
    assert "purpose" in _plain(levels[0])
    assert "purpose" not in _plain(dataclasses.replace(levels[0], purpose=None))
