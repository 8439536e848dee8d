"""Our YAML: what it holds when it is right, what it says when it is wrong."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from pathlib import Path

import pytest

from talenthub.errors import FileError
from talenthub.framework.content import Document
from talenthub.framework.formats.yaml import read, read_file
from talenthub.framework.model import Indicator, RatingMode
from talenthub.framework.text import Translations


def test_it_holds_everything_in_order(small: Document) -> None:
    content = small.content
    assert [each.code for each in content.competencies] == ["WRI", "LIS"]
    assert content.framework.version == "0.1.0"
    writing, listening = content.roles[0].levels[0].requirements
    assert (writing.essential, writing.critical, writing.focus) == (True, True, True)
    assert (listening.essential, listening.weight) == (False, Fraction(3, 2))
    assert content.descriptors[0].indicators[-1] == Indicator("Copies without reading.", positive=False)
    own = content.descriptor("WRI", 2, "scribe")
    assert own is not None
    assert own.text == "Writes letters for those who cannot."
    assert small.catalogue is not None
    assert small.catalogue.learning[0].hours == Fraction(9, 2)
    assert small.catalogue.weights[0].weight == Fraction(1, 2)


def test_words_are_read_as_yaml_1_2(small_text: str) -> None:
    text = small_text.replace("version: 0.1.0", "version: 1.10").replace("name: Care", "name: NO")
    content = read(text.encode(), "a.yaml").content
    assert content.framework.version == "1.10"
    assert content.values[0].title == "NO"


def test_a_text_can_have_languages(small_text: str) -> None:
    text = small_text.replace("name: Writing", 'name: {en: Writing, fr: "Écriture"}')
    title = read(text.encode(), "a.yaml").content.competencies[0].title
    assert title == Translations((("en", "Writing"), ("fr", "Écriture")))


def test_an_anchor_may_be_used_again(small_text: str) -> None:
    text = small_text.replace('indicators: ["Spells', 'indicators: &same ["Spells').replace(
        '{descriptor: "Lets others finish."}', '{descriptor: "Lets others finish.", indicators: *same}'
    )
    content = read(text.encode(), "a.yaml").content
    assert len(content.descriptors[2].indicators) == 3


def test_levels_may_be_one_or_eight_and_start_at_zero() -> None:
    for count in (1, 4, 8):
        levels = "\n".join(f"  - {{id: {each}, name: N{each}}}" for each in range(count))
        text = (
            f"framework: {{id: f, name: F, version: 1, rating_mode: level}}\nlevels:\n{levels}\n"
            f"competencies:\n  - {{id: C, name: C, levels: {{{count - 1}: Top}}}}\n"
            f"roles:\n  - {{id: r, title: R, requires: {{C: {count - 1}}}}}\n"
        )
        content = read(text.encode(), "a.yaml").content
        assert content.highest("C") == count - 1
        assert content.framework.rating.mode is RatingMode.LEVEL
        assert content.framework.rating.anchors == ()


def test_scales_groups_and_role_levels() -> None:
    text = """\
framework: {id: f, name: F, version: 1, rating_mode: level}
scales:
  - {id: craft, name: Craft, levels: [{id: 1, name: A}, {id: 2, name: B}, {id: 3, name: C}]}
  - {id: yes, levels: [{id: 1, name: Held}]}
competencies:
  - {id: ALL, name: Everything, group: true}
  - {id: SAW, name: Sawing, scale: craft, parent: ALL}
  - {id: LIC, name: Licence, scale: yes}
roles:
  - id: joiner
    title: Joiner
    levels:
      - {id: junior, title: Junior joiner, level: 7, requires: {SAW: 1}, descriptors: {SAW: "Straight cuts."}}
      - {id: senior, title: Senior joiner, requires: {SAW: 3, LIC: 1}}
"""
    content = read(text.encode(), "a.yaml").content
    assert [each.code for each in content.rateable] == ["SAW", "LIC"]
    assert content.highest("LIC") == 1
    assert [each.code for each in content.roles[0].levels] == ["junior", "senior"]
    assert content.descriptor("SAW", 1, "joiner", "junior") is not None
    assert content.framework.role_scale is None


BAD = [
    # what is done to the file, then place, part of the sentence, found, nearest
    ("key", "  language: en", "  langauge: en", "5:3", "unknown key", "langauge", "language"),
    ("top key", "values:", "vales:", "12:1", "unknown key", "vales", "values"),
    ("twice", "  name: A small", "  id: tiny\n  name: A small", "3:3", "twice", "id", None),
    ("no version", "  version: 0.1.0\n", "", "2:3", "'version' is missing", None, None),
    ("no id", "  id: tiny\n", "", "2:3", "'id' is missing", None, None),
    ("id", "id: tiny", "id: 'ti ny'", "2:7", "cannot be an id", "ti ny", None),
    ("id is a number", "id: tiny", "id: 12", "2:7", "must be a text", "12", None),
    ("empty", 'anchor: "All of it."', 'anchor: "  "', "9:40", "empty", None, None),
    ("text is a list", "name: Care", "name: [Care]", "13:22", "a text", "a list", None),
    ("text is a number", "name: Care", "name: 12", "13:22", "a text", "12", None),
    ("language", "name: Care", "name: {Deutsch: x}", "13:23", "language tag", "Deutsch", None),
    ("own language", "name: Care", "name: {fr: Soin}", "13:22", "lacks the framework's language", "fr", None),
    ("status", "  language: en", "  status: publised", "5:11", "unknown status", "publised", "published"),
    ("checks", "  language: en", "  checks: strickt", "5:11", "unknown checks", "strickt", "strict"),
    ("mode", "  language: en", "  rating_mode: levels", "5:16", "unknown rating mode", "levels", "level"),
    ("points", "value: 5", "value: 4", "7:5", "five points", "1, 2, 3, 4, 4", None),
    ("point", "value: 5", "value: 6", "11:15", "out of range", "6", None),
    ("order", "{id: 3, key: L3", "{id: 2, key: L3", "17:5", "rising order", "2", None),
    ("level key", "key: L3", "key: L2", "17:5", "this key", "L2", None),
    (
        "value",
        "values: [care]\n    levels:\n      1:\n",
        "values: [car]\n    levels:\n      1:\n",
        "22:14",
        "unknown value",
        "car",
        "care",
    ),
    (
        "value twice",
        "values: [care]\n    levels:\n      1:\n",
        "values: [care, care]\n    levels:\n      1:\n",
        "22:20",
        "named twice",
        "care",
        None,
    ),
    ("level", "      2:\n", "      4:\n", "28:7", "unknown level", "4", None),
    ("cell key", "watch_for:", "watchfor:", "27:9", "unknown key", "watchfor", "watch_for"),
    ("clash", "  - id: LIS", "  - id: WRI", "31:9", "two competencies have this id", "WRI", None),
    (
        "scale",
        "    name: Listening",
        "    name: Listening\n    scale: level",
        "33:12",
        "unknown scale",
        "level",
        "levels",
    ),
    (
        "parent",
        "    name: Listening",
        "    name: Listening\n    parent: WIR",
        "33:13",
        "unknown competency",
        "WIR",
        "WRI",
    ),
    (
        "ring",
        "    name: Listening",
        "    name: Listening\n    parent: LIS",
        "33:13",
        "in a ring",
        "LIS → LIS",
        None,
    ),
    ("requires", "requires: {WRI: 2", "requires: {WIR: 2", "40:16", "unknown competency", "WIR", "WRI"),
    ("required level", "requires: {WRI: 2", "requires: {WRI: 9", "40:21", "unknown level of WRI", "9", None),
    ("required text", "requires: {WRI: 2", "requires: {WRI: two", "40:21", "a whole number", "two", None),
    ("critical", "critical: [WRI]", "critical: [LSI]", "41:16", "that the role requires", "LSI", "LIS"),
    ("focus is a text", "focus: [WRI]", "focus: WRI", "42:12", "a list", "WRI", None),
    (
        "own words",
        '      WRI: "Writes letters',
        '      RWI: "Writes letters',
        "44:7",
        "that the role requires",
        "RWI",
        "WRI",
    ),
    (
        "reports to",
        "    level: 1\n",
        "    level: 1\n    reports_to: scrib\n",
        "40:17",
        "unknown role",
        "scrib",
        "scribe",
    ),
    ("role level", "    level: 1\n", "    level: 9\n", "39:12", "unknown level", "9", None),
    ("question", "  WRI: {past:", "  WRX: {past:", "46:3", "unknown competency", "WRX", "WRI"),
    ("question kind", "{past:", "{pasts:", "46:9", "unknown key", "pasts", "past"),
    (
        "item",
        "{id: W1, competency: WRI",
        "{id: W1, competency: WIR",
        "48:26",
        "unknown competency",
        "WIR",
        "WRI",
    ),
    ("item kind", "kind: formal", "kind: formel", "48:37", "unknown kind", "formel", "formal"),
    ("item range", "levels: [1, 2], hours", "levels: [2, 1], hours", "48:53", "no range", "[2, 1]", None),
    (
        "item scale",
        "levels: [1, 2], hours",
        "levels: [1, 7], hours",
        "48:53",
        "leaves the competency's scale",
        "[1, 7]",
        None,
    ),
    ("heat", "heat: 1", "heat: 9", "48:79", "out of range", "9", None),
    ("weight", "  WRI: 0.5", "  WRI: 1.5", "50:8", "out of range", "1.5", None),
    ("no mapping", "roles:\n", "roles:\n  - scribe\n", "37:5", "a mapping", "scribe", None),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "text", "found", "near"),
    [each[1:] for each in BAD],
    ids=[each[0] for each in BAD],
)
def test_a_wrong_file_says_where_what_and_what_was_meant(
    small_text: str, old: str, new: str, place: str, text: str, found: str | None, near: str | None
) -> None:
    assert old in small_text
    with pytest.raises(FileError) as caught:
        read(small_text.replace(old, new, 1).encode(), "bad.yaml")
    told = {each.place: each for each in reversed(caught.value.problems)}
    assert f"bad.yaml:{place}" in told, [str(each) for each in caught.value.problems]
    problem = told[f"bad.yaml:{place}"]
    assert text in problem.text
    assert problem.found == found
    assert problem.nearest == near


def test_all_problems_of_a_file_come_at_once_in_order(small_text: str) -> None:
    text = (
        small_text.replace("langu", "lingu")
        .replace("critical: [WRI]", "critical: [X]")
        .replace("0.5", "many")
    )
    with pytest.raises(FileError) as caught:
        read(text.encode(), "bad.yaml")
    lines = [int((each.place or "").split(":")[1]) for each in caught.value.problems]
    assert lines == sorted(lines) == [5, 41, 50]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "empty"),
        (b"- a\n", "a mapping"),
        (b"a: [1,\n", "cannot be read"),
        (b"a: 'x\n", "cannot be read"),
        (b"a:\n\t- b\n", "indented with a tab"),
        (b"a: b: c\n", "cannot be read"),
        (b"a: \x01\n", "does not allow"),
        (b"a: \xff\n", "not UTF-8"),
        (b"a: 1\n---\nb: 1\n", "second document"),
        (b"a: *nobody\n", "alias without its anchor"),
        (b"a: &x [*x]\n", "inside of what it stands for"),
        (b"a: !!python/object:os.system x\n", "tags are not allowed"),
        (b"a: !mine x\n", "tags are not allowed"),
        (b"[1, 2]: x\n", "a key must be"),
        (b"a: " + b"[" * 5_000 + b"\n", "nested too deep"),
        (b"x" * 2_000_001, "too long"),
        (
            b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + b"".join(
                f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n".encode()
                for n in range(8)
            ),
            "too large",
        ),
    ],
)
def test_what_is_no_file_of_ours_is_refused_quickly(data: bytes, text: str) -> None:
    with pytest.raises(FileError, match=text):
        read(data, "bad.yaml")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(FileError, match="no file in it"):
        read_file(tmp_path)
    (tmp_path / "framework.yaml").write_bytes(b"a: 1")
    with pytest.raises(FileError, match="does not exist") as caught:
        read_file(tmp_path / "framwork.yaml")
    assert caught.value.problems[0].nearest == "framework.yaml"


def test_any_cut_of_the_file_is_answered(small_text: str) -> None:
    data = small_text.encode()
    for end in range(0, len(data), max(1, len(data) // 60)):
        # Some cuts leave a smaller framework; no other error may come out.
        with contextlib.suppress(FileError):
            read(data[:end], "cut.yaml")


def test_the_file_in_the_documentation_is_right() -> None:
    page = (Path(__file__).parents[3] / "docs" / "framework.md").read_text(encoding="utf-8")
    blocks = [each.split("```")[0] for each in page.split("```yaml\n")[1:]]
    # The others show maps of foreign files, which tests of their own read.
    document = read("".join(each for each in blocks if "each:" not in each).encode(), "docs.yaml")
    assert [each.code for each in document.content.roles] == ["case-officer", "service-team-leader"]
    assert document.catalogue is not None
    assert len(document.catalogue.learning) == 1


MALFORMED = [
    ("competency: WRI", "competency: {a: 1}"),
    ("id: scribe", "id: [scribe]"),
    ("level: 1\n", "level: 1\n    reports_to: {a: b}\n"),
    ("values: [care]", "values: [{care: 1}]"),
    ("name: Listening", "name: Listening\n    scale: [levels]"),
    ("kind: formal", "kind: {formal: 1}"),
    ("language: en", "language: [en]"),
    ("critical: [WRI]", "critical: [[WRI]]"),
    ("requires: {WRI: 2", "requires: {WRI: [2]"),
    ("levels: [1, 2]", "levels: [[1], 2]"),
    ("hours: 4.5", "hours: 1e999"),
]


@pytest.mark.parametrize(("old", "new"), MALFORMED)
def test_any_shape_in_any_place_is_told_with_its_place(small_text: str, old: str, new: str) -> None:
    assert old in small_text
    with pytest.raises(FileError) as caught:
        read(small_text.replace(old, new, 1).encode(), "bad.yaml")
    assert all((each.place or "").startswith("bad.yaml:") for each in caught.value.problems)
