"""Whole frameworks of the United Kingdom and of UNiDAYS: every count, every deviation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talenthub.access.rules import Decision
from talenthub.framework.checks import check
from talenthub.framework.content import Content, Document, content_hash
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.handbook import handbook
from talenthub.framework.imports import last_import
from talenthub.framework.library import content, role_profile
from talenthub.framework.lookup import Match
from talenthub.framework.page import to_html, to_markdown
from talenthub.framework.publishing import import_framework, publish

Whole = Callable[[str], Document]

MAY = Decision(True, "you hold framework_owner")
CIVIL_SERVICE = "uk-civil-service-competencies-2012/civil-service-competency-framework.json"


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
def gdad(whole: Whole) -> Document:
    return whole("uk-gdad-2025-09")


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


def test_gdad_is_published_and_read(begin: Any, gdad: Document) -> None:
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
    assert "Practitioner Practitioner" not in to_markdown(handbook(gdad.content))
    assert len(to_html(handbook(gdad.content))) > 1_000_000


def test_unidays_is_read_whole(whole: Whole) -> None:
    found = whole("unidays-competencies")
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


def test_civil_service_is_read_whole(whole: Whole) -> None:
    found = whole(CIVIL_SERVICE)
    sizes = counted(found.content)
    assert (sizes["competencies"], sizes["shown"], sizes["against"], sizes["roles"]) == (10, 335, 335, 0)
    assert len(found.content.competencies) == 13
    assert len(found.content.scales[0].levels) == 6
    assert rules(found) == {"no-text": 60, "introduction": 1}


@pytest.mark.parametrize("name", ["uk-gdad-2025-09", "unidays-competencies", CIVIL_SERVICE])
@pytest.mark.parametrize("form", ["yaml", "csv", "xlsx"])
def test_real_content_comes_back_unchanged(
    name: str, form: str, whole: Whole, tmp_path: Path, laid: Any
) -> None:
    first = whole(name)
    again = read_framework(laid(tmp_path / "out", dict(write_framework(first, form))))
    assert content_hash(again.content) == content_hash(first.content)
    assert again.content == first.content
