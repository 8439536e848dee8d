"""Our samples of the formats of others, and formats that plugins bring."""

from __future__ import annotations

import dataclasses
import sys
import types
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from talenthub.access.rules import Decision
from talenthub.errors import FileError, PluginError, UsageError
from talenthub.framework.content import Document, retitled
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.handbook import handbook
from talenthub.framework.model import CheckProfile, RatingMode
from talenthub.framework.page import to_markdown
from talenthub.framework.publishing import import_framework
from talenthub.hooks import FrameworkFormat

MAY = Decision(True, "you hold framework_owner")


def rules(document: Document) -> Counter[str]:
    return Counter(each.code.partition(".")[2] for each in document.deviations)


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
    shown = [each.positive for words in found.content.descriptors for each in words.indicators]
    assert shown.count(False) == 2
    assert found.content.framework.attribution is not None
    assert found.content.framework.attribution.startswith("© A bakery.")
    assert rules(found) == {"no-text": 3, "introduction": 1}


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
