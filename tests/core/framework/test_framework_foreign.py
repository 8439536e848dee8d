"""Skills, ratings and progressions of others: counts, and what deviates."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import FileError
from talenthub.framework.checks import check
from talenthub.framework.content import Document
from talenthub.framework.formats.reading import read_framework, write_framework

Real = Callable[[str], Path]
Whole = Callable[[str], Document]

FOREIGN = ("case", "nist-nice", "osmt", "esco", "onet", "ft-progression", "direct")
FAMILIES = {"engineering": (72, 9, 8, 0), "engineering-v1": (101, 4, 4, 257), "operations": (48, 4, 3, 74)}


def asked(document: Document) -> int:
    return sum(len(step.requirements) for role in document.content.roles for step in role.levels)


def kinds(document: Document) -> Counter[str]:
    return Counter(each.kind for each in document.content.pointers)


def rules(document: Document) -> Counter[str]:
    return Counter(each.code.removeprefix("framework.") for each in document.deviations)


@pytest.fixture
def read(samples: Any, laid: Any, tmp_path: Path) -> Any:
    return lambda form: read_framework(laid(tmp_path / form, samples[form]))


@pytest.mark.parametrize("form", FOREIGN)
def test_it_is_recognised_and_comes_back_in_ours(form: str, read: Any, laid: Any, tmp_path: Path) -> None:
    first = read(form)
    assert first.origin.format == form
    assert check(first.content).errors == ()
    assert all(each.place and each.mend for each in first.deviations)
    for ours in ("yaml", "csv", "xlsx", "case", "case-1.0"):
        again = read_framework(laid(tmp_path / f"again {ours}", dict(write_framework(first, ours))))
        assert (again.content, again.catalogue) == (first.content, first.catalogue), ours


def test_the_order_of_work_roles_is_that_of_their_sorting(read: Any) -> None:
    found = read("nist-nice")
    assert [(each.code, each.family) for each in found.content.roles] == [
        ("W-1", "KITCHEN"),
        ("W-2", None),
        ("W-3", None),
    ]
    assert [each.code for each in found.content.rateable] == ["T1", "K1", "S1", "S9", "A1"]
    assert found.content.framework.version == "0.2"
    assert kinds(found) == {"opm_code": 1, "projection": 1}
    assert rules(found)["duplicate"] == 1


def test_a_skill_descriptor_keeps_what_it_lists(read: Any) -> None:
    found = read("osmt")
    assert [(each.code, each.parent) for each in found.content.rateable] == [
        ("kneading", "dough"),
        ("tasting", "dough"),
        ("sweeping", None),
    ]
    assert found.content.competency("kneading").definition == "Knead until the dough holds,\nthen stop."
    assert found.content.framework.attribution == "Ada; Ben"
    lists = {(each.of, each.kind, each.target) for each in found.content.pointers}
    assert ("kneading", "Keywords", "hands") in lists
    assert ("tasting", "Professional Standards", "ISO 2") in lists
    assert ("kneading", "alignment", "https://example.org/k") in lists
    assert ("kneading", "category", "Handwork") in lists


def test_the_tables_of_esco_are_joined(read: Any) -> None:
    found = read("esco")
    knead, rye = (f"00000000-0000-4000-8000-00000000000{each}" for each in "ac")
    assert found.content.competency(rye).parent == knead
    (baker,) = found.content.roles
    assert [(each.competency[-1], each.essential) for each in baker.levels[0].requirements] == [
        ("a", True),
        ("b", False),
    ]
    assert kinds(found)["essential"] == 1
    assert rules(found) == {"no-levels": 1, "dangling": 1}


def test_a_rating_keeps_its_exact_figures(read: Any) -> None:
    found = read("onet")
    baker, miller = found.content.roles
    (reading,) = baker.levels[0].requirements
    assert (reading.level, reading.weight) == (3, Fraction("3.12"))
    assert reading.rationale == (
        "level 2.5 (2.3 to 2.7), n 8; importance 3.12 (2.9 to 3.3), n 8; the source advises against using it"
    )
    assert [each.level for each in miller.levels[0].requirements] == [4]
    assert rules(found) == {"not-relevant": 1, "suppress": 1, "rounded": 1}
    words = found.content.descriptor("2.A.1.a", 6)
    assert words is not None
    assert words.text == "Read a treatise on yeast"


def test_a_family_is_a_role_whose_levels_ask(read: Any) -> None:
    found = read("ft-progression")
    (family,) = found.content.roles
    asked_of = [(step.code, [each.level for each in step.requirements]) for step in family.levels]
    assert asked_of == [("apprentice", [3]), ("master", [5])]
    words = found.content.descriptor("7ed8deae-2dbb-4830-bca0-9e6cee038b01", 3)
    assert words is not None
    assert [each.text for each in words.indicators] == ["Uses the scale: twice", "Asks"]


def test_resources_become_learning_items(read: Any) -> None:
    found = read("direct")
    assert [(each.code, each.parent) for each in found.content.competencies] == [
        ("kitchen", None),
        ("baking", "kitchen"),
        ("tasting", None),
        ("kneading", "baking"),
    ]
    assert [each.ordinal for each in found.content.scales[0].levels] == [0, 1]
    assert [(each.competency, each.title) for each in found.catalogue.learning] == [
        ("kneading", "The first dough")
    ]
    assert rules(found) == {"dangling": 3}


def test_nice_is_read_whole(real: Real, whole: Whole) -> None:
    file = "nist-nice-2.1.0/nice_cprt_2_1_0.json"
    elements = json.loads(real(file).read_bytes())["response"]["elements"]["elements"]
    of_type = Counter(each["element_type"] for each in elements)
    found = whole(file)
    below = Counter(each.parent for each in found.content.rateable)
    assert below == {kind: of_type[kind] for kind in ("task", "knowledge", "skill", "competency_area")}
    assert len(found.content.roles) == 41
    assert len({each.family for each in found.content.roles}) == 5
    # 5,460 relations: families, order (roles and categories), codes; the rest is asked.
    assert asked(found) == 5460 - 41 - 40 - 5 - 40 == 2857 + 1429 + 1048
    assert kinds(found) == {"opm_code": 40}


def test_esco_is_read_whole(real: Real, whole: Whole) -> None:
    folder = real("esco-ict")
    links = [
        link["uri"]
        for each in json.loads((folder / "occupations.json").read_bytes())
        for link in each["essential"]
    ]
    skills = {each["uri"] for each in json.loads((folder / "skills.json").read_bytes())}
    found = whole("esco-ict")
    assert (len(found.content.rateable), len(found.content.roles)) == (877, 91)
    assert asked(found) == sum(each in skills for each in links)
    assert kinds(found)["essential"] == rules(found)["dangling"] == sum(each not in skills for each in links)
    assert asked(found) + kinds(found)["essential"] == 1970


def test_onet_is_read_whole(real: Real, whole: Whole) -> None:
    file = "onet-skills-sample/skills.csv"
    rows = list(csv.DictReader(real(file).read_text(encoding="utf-8").splitlines()))
    relevant = [each for each in rows if each["Scale ID"] == "LV" and each["Not Relevant"] != "Y"]
    found = whole(file)
    assert (len(found.content.rateable), len(found.content.roles)) == (35, 22)
    assert asked(found) == len(relevant) == 668
    assert rules(found) == {"not-relevant": 22 * 35 - 668, "suppress": 5, "rounded": 1}
    levels = {
        (role.code, each.competency): each.level
        for role in found.content.roles
        for each in role.levels[0].requirements
    }
    for each in relevant:
        exact = Fraction(each["Data Value"])
        assert abs(levels[each["O*NET-SOC Code"], each["Element ID"]] - exact) <= Fraction(1, 2)


@pytest.mark.parametrize("name", FAMILIES)
def test_families_are_read_whole(name: str, whole: Whole) -> None:
    found = whole(f"ft-engineering-progression/{name}.yml")
    rated, themes, levels, examples = FAMILIES[name]
    assert (len(found.content.rateable), len(found.content.competencies)) == (rated, rated + themes)
    assert [len(each.levels) for each in found.content.roles] == [levels]
    assert asked(found) == len(found.content.descriptors) == rated
    assert sum(len(each.indicators) for each in found.content.descriptors) == examples
    assert found.deviations == ()


def test_direct_is_read_whole(whole: Whole) -> None:
    found = whole("direct-research-skills")
    assert (len(found.content.rateable), len(found.content.competencies)) == (164, 164 + 20 + 7)
    assert [each.ordinal for each in found.content.scales[0].levels] == [0, 1, 2, 3, 4]
    assert kinds(found)["isRelatedTo"] == 181
    assert kinds(found)["provider"] == 61
    assert found.catalogue is not None
    assert 164 - len({each.competency for each in found.catalogue.learning}) == 99
    assert found.deviations == ()


def test_folders_of_several_frameworks_ask_for_one(real: Real) -> None:
    for name in ("ft-engineering-progression", "case-opensalt-samples"):
        with pytest.raises(FileError, match=r"is one package|framework of its own"):
            read_framework(real(name))
