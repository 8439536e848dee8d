"""Every framework we were given, imported by the command: counts as its source tells them.

Each figure is that of the folder's own description. Where the command counts
otherwise, the difference is what its report of deviations lists.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from talenthub.testing import World

Real = Callable[[str], Path]
EDITOR = "noor.haddad"
FT, CASE = "ft-engineering-progression", "case-opensalt-samples"
CIVIL_SERVICE = "uk-civil-service-competencies-2012"

AS_TOLD: Mapping[str, Mapping[str, int]] = {
    "harbourline/framework.yaml": {
        **{"values": 5, "competencies": 8, "indicators": 120, "watch_for": 40},
        # 40 levels of competencies, and 20 texts of roles' own.
        **{"descriptors": 40 + 20, "roles": 12, "deviations": 0},
    },
    "uk-gdad-2025-09": {"competencies": 188, "roles": 52, "role_levels": 205, "indicators": 1804},
    "unidays-competencies": {
        # The values are competencies, too: they have levels of their own.
        **{"values": 5, "competencies": 20 + 5, "indicators": 472},
        **{"roles": 19, "role_levels": 41, "requirements": 346},
    },
    CIVIL_SERVICE: {"groups": 3, "competencies": 10, "indicators": 335, "watch_for": 335},
    "nist-nice-2.1.0": {
        "competencies": 946 + 662 + 540 + 11,
        "roles": 41,
        "requirements": 2857 + 1429 + 1048,
    },
    "esco-ict": {"competencies": 877, "roles": 91},
    "onet-skills-sample": {"competencies": 35, "roles": 22},
    f"{FT}/engineering-v1.yml": {"competencies": 101, "groups": 4, "role_levels": 4, "deviations": 0},
    f"{FT}/engineering.yml": {"competencies": 72, "groups": 9, "role_levels": 8, "deviations": 0},
    f"{FT}/operations.yml": {"competencies": 48, "deviations": 0},
    "direct-research-skills": {"competencies": 164, "groups": 7 + 20, "deviations": 0},
    # In packages what has items below it is a group: 14 items at most, 21 in all.
    f"{CASE}/AdoptedTestFramework.json": {"competencies": 1, "groups": 0},
    f"{CASE}/ItemTypeTestFramework.json": {"competencies": 1, "groups": 0},
    f"{CASE}/MarkdownFramework.json": {"competencies": 2, "groups": 0},
    f"{CASE}/SequenceNumberFramework.json": {"competencies": 2, "groups": 0},
    f"{CASE}/SmartLevelFramework.json": {"competencies": 12, "groups": 2},
    f"{CASE}/Utf8TestFramework.json": {"competencies": 1, "groups": 0},
}


@pytest.fixture(scope="module")
def imported(demo: World, real: Real) -> Callable[[str], dict[str, Any]]:
    """Return the command's answer to the import of a source; each is asked once."""
    kept: dict[str, dict[str, Any]] = {}

    def once(name: str) -> dict[str, Any]:
        if name not in kept:
            path = str(real(name))
            kept[name] = demo.figures("framework", "import", path, "--number", "told", who=EDITOR)
        return kept[name]

    return once


@pytest.mark.parametrize("name", AS_TOLD)
def test_the_command_counts_what_the_source_tells(name: str, imported: Any) -> None:
    done = imported(name)
    assert {each: done[each] for each in AS_TOLD[name]} == AS_TOLD[name]
    assert done["outcome"] == "created"
    assert done["deviations"] == len(done["deviations_listed"])


def test_every_folder_is_a_framework_or_no_framework_at_all(real: Real) -> None:
    people = {"people-regression-book", "viva-people"}
    folders = {each.name for each in real(".").iterdir() if each.is_dir()}
    assert folders - people == {name.partition("/")[0] for name in AS_TOLD}


@pytest.mark.parametrize("name", ["people-regression-book", "viva-people"])
def test_tables_of_people_are_no_framework(name: str, demo: World, real: Real) -> None:
    told = demo.talent("framework", "import", str(real(name)), who=EDITOR, code=9)
    assert "no format recognises what is in the file" in told.err


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def told(done: Mapping[str, Any]) -> Counter[str]:
    return Counter(each["rule"] for each in done["deviations_listed"])


def test_each_row_of_gdad_is_asked_or_reported(imported: Any, real: Real) -> None:
    rows = table(real("uk-gdad-2025-09") / "roles_skills.csv")
    done = imported("uk-gdad-2025-09")
    levels = [each for each in done["deviations_listed"] if each["where"].endswith(" Skill Level")]
    unasked = [each for each in levels if each["found"] == "NOT IN USE"]
    assert (len(rows), len(unasked)) == (1825, 28)
    assert done["requirements"] + len(unasked) + told(done)["duplicate"] == len(rows)


def test_each_link_of_esco_is_asked_or_kept(imported: Any) -> None:
    done = imported("esco-ict")
    of_occupations = [
        each
        for each in done["deviations_listed"]
        if each["rule"] == "dangling" and "occupations.json" in each["where"]
    ]
    assert done["requirements"] + len(of_occupations) == 1970


def test_each_rating_of_onet_is_asked_or_not_relevant(imported: Any, real: Real) -> None:
    rows = table(real("onet-skills-sample") / "skills.csv")
    done = imported("onet-skills-sample")
    assert len(rows) == 1540 == 2 * (done["requirements"] + told(done)["not-relevant"])


def test_each_relation_of_nice_is_asked_or_says_where_it_went(imported: Any) -> None:
    done = imported("nist-nice-2.1.0")
    families, codes, order = 41, 40, 40 + 5
    assert done["requirements"] + families + codes + order == 5460
    assert done["pointers"] == codes
    assert set(told(done)) == {"no-levels", "order", "element", "unasked"}


def test_each_link_of_direct_is_kept_and_what_nobody_links_to_as_well(imported: Any, real: Real) -> None:
    folder = real("direct-research-skills")
    skills = json.loads((folder / "skill.json").read_bytes())
    links = {
        key: [word for each in skills for word in each[key].split("|") if word]
        for key in ("related_skills", "tools_languages_methodologies", "learning_resources")
    }
    tools, resources = links["tools_languages_methodologies"], links["learning_resources"]
    done = imported("direct-research-skills")
    assert done["records_added"] == len(resources)
    providers, words_of_levels = 61, 2 * 5
    assert done["pointers"] == (
        sum(map(len, links.values()))
        + (549 - len(set(tools)))
        + (207 - len(set(resources)))
        + providers
        + words_of_levels
    )


def test_the_same_content_as_toml_has_the_same_figures(imported: Any, real: Real) -> None:
    """The folder holds it twice; what is not read is no other than what is."""
    file = real(CIVIL_SERVICE) / "civil-service-competency-framework.toml"
    behaviours = list(below(tomllib.loads(file.read_text("utf-8"))))
    done = imported(CIVIL_SERVICE)
    for key, counted in (("effective", "indicators"), ("ineffective", "watch_for")):
        assert done[counted] == sum(bool(each.get(key)) for each in behaviours)


def below(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every table in a tree."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from below(each)


@pytest.mark.parametrize("name", [FT, CASE])
def test_a_folder_of_several_asks_for_one(name: str, demo: World, real: Real) -> None:
    answer = demo.talent("framework", "import", str(real(name)), who=EDITOR, code=9)
    assert answer.err.count("\n") <= 2
    assert "one package" in answer.err or "a framework of its own" in answer.err
