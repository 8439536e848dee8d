"""CASE: what is read, what is written, and that nothing is lost on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import FileError
from talenthub.framework.content import Document
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.model import Indicator
from talenthub.framework.text import Translations

SCHEMA = "case-v1p0-cfpackage-schema.json"
VERSIONS = ("case", "case-1.0")


@pytest.fixture
def bakery(samples: Any, laid: Any, tmp_path: Path) -> Document:
    return read_framework(laid(tmp_path / "bakery", samples["case"]))


def again(document: Document, form: str, folder: Path, laid: Any) -> Document:
    return read_framework(laid(folder, dict(write_framework(document, form))))


def package(document: Document, form: str = "case") -> Any:
    (data,) = write_framework(document, form).values()
    return json.loads(data)


def test_items_become_a_tree_in_the_order_of_their_numbers(bakery: Document) -> None:
    assert [(each.code, each.parent) for each in bakery.content.competencies] == [
        ("B", None),
        ("B.1", "B"),
        ("a0000000-0000-4000-8000-000000000001", "B"),
        ("e0000000-0000-4000-8000-000000000003", None),
    ]
    selling = bakery.content.competency("a0000000-0000-4000-8000-000000000001")
    assert selling.title == "Selling"
    assert selling.definition == "Sells **warm** bread: $x^2$\r\n\r\n| a | b |\r\n| - | - |"
    head = bakery.content.framework
    assert (head.title, head.language, head.version) == ("Brot 🥖", "de", "2.1")
    assert (head.licence, head.attribution) == ("Bread for all", "Bakers")


def test_criteria_become_levels_with_words(bakery: Document) -> None:
    scale = bakery.content.scale_of("B.1")
    assert [(each.ordinal, each.label) for each in scale.levels] == [(1, "Pale"), (2, "Golden")]
    words = [bakery.content.descriptor("B.1", level) for level in (1, 2)]
    assert [each and each.text for each in words] == ["Bakes by the clock.", "Bakes without a clock."]
    assert bakery.content.competency("B").scale is None


def test_links_that_lead_nowhere_are_kept(bakery: Document) -> None:
    kept = {(each.of, each.kind, each.target) for each in bakery.content.pointers}
    assert ("B.1", "case:ext:likes", "not-here") in kept
    assert ("B.1", "case:precedes:from", "elsewhere") in kept
    assert ("B.1", "case:isRelatedTo", "a0000000-0000-4000-8000-000000000001") in kept
    assert sum(each.code == "framework.dangling" for each in bakery.deviations) == 2
    links = {
        (
            each["originNodeURI"]["identifier"],
            each["associationType"],
            each["destinationNodeURI"]["identifier"],
        )
        for each in package(bakery)["CFAssociations"]
    }
    baking, selling = (f"a0000000-0000-4000-8000-00000000000{each}" for each in (2, 1))
    assert (baking, "ext:likes", "not-here") in links
    assert ("elsewhere", "precedes", baking) in links
    assert (baking, "isRelatedTo", selling) in links


def test_identifiers_and_words_of_an_item_are_written_as_they_were(bakery: Document, samples: Any) -> None:
    before = json.loads(samples["case"]["bakery.json"])["CFPackage"]
    after = package(bakery)
    assert after["CFDocument"]["identifier"] == before["CFDocument"]["identifier"]
    written = {each["identifier"]: each for each in after["CFItems"]}
    for each in before["CFItems"]:
        for key in ("fullStatement", "conceptKeywords", "CFItemType", "abbreviatedStatement"):
            if key in each:
                assert written[each["identifier"]][key] == each[key]


@pytest.mark.parametrize("form", VERSIONS)
def test_what_is_written_is_read_as_the_same(
    form: str, bakery: Document, small: Document, harbourline: Document, laid: Any, tmp_path: Path
) -> None:
    for count, document in enumerate((bakery, small, harbourline)):
        found = again(document, form, tmp_path / str(count), laid)
        assert found.content == document.content
        assert found.catalogue == document.catalogue
        assert found.deviations == ()


@pytest.mark.parametrize("form", VERSIONS)
def test_texts_in_several_languages_come_back(form: str, small: Document, laid: Any, tmp_path: Path) -> None:
    told = Translations((("fr", "Écrire **bien**"), ("en", "Writing\n\n- well 👩‍🎓")))
    first, *rest = small.content.competencies
    described = [
        replace(
            each, text=told, indicators=(Indicator(told), Indicator("plain"), Indicator(told, positive=False))
        )
        if each.competency == first.code
        else each
        for each in small.content.descriptors
    ]
    content = replace(
        small.content,
        competencies=(replace(first, title=told, definition=told), *rest),
        descriptors=tuple(described),
    )
    found = again(replace(small, content=content), form, tmp_path, laid)
    assert found.content.competencies == content.competencies
    assert found.content == content


def test_a_change_made_elsewhere_is_read(small: Document, laid: Any, tmp_path: Path) -> None:
    made = package(small)
    for item in made["CFItems"]:
        if item.get("humanCodingScheme") == "WRI":
            item["abbreviatedStatement"] = "Writing, reworded"
    level = made["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"][0]
    level["description"] = "Reworded, too."
    found = read_framework(laid(tmp_path, {"p.json": json.dumps(made).encode()}))
    assert found.content.competency("WRI").title == "Writing, reworded"
    words = found.content.descriptor("WRI", 1)
    assert words is not None
    assert words.text == "Reworded, too."


def test_1_0_has_none_of_what_came_with_1_1(bakery: Document) -> None:
    old, new = package(bakery, "case-1.0"), package(bakery)
    assert new["CFDocument"]["caseVersion"] == "1.1"
    assert not {"caseVersion", "extensions", "frameworkType"} & old["CFDocument"].keys()
    types = {each["associationType"] for each in old["CFAssociations"]}
    assert types == {"isChildOf", "isRelatedTo", "precedes"}


@pytest.mark.parametrize("form", VERSIONS)
def test_packages_fit_the_schema(
    form: str, bakery: Document, small: Document, harbourline: Document, real: Any
) -> None:
    schema = json.loads((real("case-opensalt-samples") / SCHEMA).read_text(encoding="utf-8"))
    # What ext: begins came with 1.1: the schema is that of 1.0.
    for document in (small, harbourline) if form == "case" else (small, harbourline, bakery):
        assert list(faults(package(document, form), schema, schema, "$")) == []
    broken = package(small, form)
    broken["CFItems"][0]["identifier"] = "no uuid"
    del broken["CFDocument"]["creator"]
    assert len(list(faults(broken, schema, schema, "$"))) == 2


@pytest.mark.parametrize(
    ("name", "rated", "groups"),
    [
        ("AdoptedTestFramework", 1, 0),
        ("ItemTypeTestFramework", 1, 0),
        ("MarkdownFramework", 2, 0),
        ("SequenceNumberFramework", 2, 0),
        ("SmartLevelFramework", 12, 2),
        ("Utf8TestFramework", 1, 0),
    ],
)
def test_real_packages_come_back(
    name: str, rated: int, groups: int, laid: Any, tmp_path: Path, real: Any
) -> None:
    file = real("case-opensalt-samples") / f"{name}.json"
    found = read_framework(file)
    assert (len(found.content.rateable), len(found.content.competencies)) == (rated, rated + groups)
    before = json.loads(file.read_text(encoding="utf-8"))
    for form in VERSIONS:
        after = package(found, form)
        statements = {each["identifier"]: each["fullStatement"] for each in after["CFItems"]}
        assert statements == {each["identifier"]: each["fullStatement"] for each in before["CFItems"]}
        assert again(found, form, tmp_path / form, laid).content == found.content


def test_the_order_is_that_of_the_numbers(real: Any) -> None:
    found = read_framework(real("case-opensalt-samples") / "SequenceNumberFramework.json")
    assert [each.code for each in found.content.competencies] == ["SNT.2", "SNT.1"]


def ringed(data: bytes) -> bytes:
    """Have the item on top stand below one of its own."""
    made = json.loads(data)
    below, _, *rest = made["CFPackage"]["CFAssociations"]
    turned = below | {
        "originNodeURI": below["destinationNodeURI"],
        "destinationNodeURI": below["originNodeURI"],
    }
    made["CFPackage"]["CFAssociations"] = [below, turned, *rest]
    return json.dumps(made).encode()


def swapped(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new, 1)


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "truncated": (lambda data: data[: len(data) // 2], "never closed"),
    "a ring": (ringed, "in a ring"),
    "another type": (swapped(b'"isRelatedTo"', b'"isRelatedTwo"'), "unknown type of association"),
    "an item twice": (swapped(b"-000000000002", b"-000000000001"), "two items have this identifier"),
    "no document": (swapped(b'"CFDocument":', b'"CFDocumentURI":'), "this is no CASE package"),
    "a key twice": (swapped(b'"language"', b'"title"'), "stands twice"),
    "nested": (swapped(b'{"identifier"', b"[" * 5_000), "nested too deep"),
    "utf-16": (lambda data: data.decode().encode("utf-16"), "UTF-16"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_answered(name: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    change, said = BROKEN[name]
    folder = laid(tmp_path, {"bakery.json": change(samples["case"]["bakery.json"])})
    with pytest.raises(FileError) as caught:
        read_framework(folder, named="case")
    assert any(said in each.text for each in caught.value.problems), caught.value.problems
    assert all(each.place and each.code for each in caught.value.problems)


def faults(value: Any, schema: Any, top: Any, at: str) -> Iterator[str]:
    """Return where a value does not fit a JSON Schema, as far as ours uses one."""
    if "$ref" in schema:
        schema = top["definitions"][schema["$ref"].rpartition("/")[2]]
    if "oneOf" in schema:
        fitting = sum(not list(faults(value, each, top, at)) for each in schema["oneOf"])
        if fitting != 1:
            yield f"{at} fits {fitting} of several"
        return
    kinds = schema.get("type", [])
    if kinds and not any(_is(value, each) for each in ([kinds] if isinstance(kinds, str) else kinds)):
        yield f"{at} is no {kinds}"
        return
    if isinstance(value, dict):
        known = schema.get("properties", {})
        yield from (f"{at} lacks {each}" for each in schema.get("required", []) if each not in value)
        for key, each in value.items():
            if key in known:
                yield from faults(each, known[key], top, f"{at}.{key}")
            elif schema.get("additionalProperties") is False:
                yield f"{at} has {key}"
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from faults(each, schema.get("items", {}), top, f"{at}[{index}]")
    elif isinstance(value, str):
        yield from _text_faults(value, schema, at)


def _text_faults(value: str, schema: Any, at: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at} is not of the pattern"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is none of the words"
    if schema.get("format") == "uri" and not re.match(r"[a-z][a-z0-9+.-]*:\S+$", value):
        yield f"{at} is no address"
    if schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
        yield f"{at} is no time"


def _is(value: Any, kind: str) -> bool:
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
    }
    return value is None if kind == "null" else isinstance(value, kinds[kind])


def test_a_link_with_blanks_around_it_is_the_same_in_every_format(
    samples: Any, laid: Any, tmp_path: Path
) -> None:
    """Cells of a table lose the blanks around a word: so must a package."""
    text = samples["case"]["bakery.json"].decode()
    parent = "d0000000-0000-4000-8000-000000000001"
    files = {"bakery.json": text.replace('"Bakers"', '"\\u2028Bakers "', 1).encode()}
    first = read_framework(laid(tmp_path / "first", files))
    assert [e.target for e in first.content.pointers if e.kind == "case:creator"] == ["Bakers"]
    assert parent in text
    again = read_framework(laid(tmp_path / "again", dict(write_framework(first, "csv"))))
    assert again.content == first.content
