"""Frameworks read by a map alone: trees, tables, workbooks and pages."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from xlsxwriter import Workbook

from talenthub.cli import talent
from talenthub.errors import FileError
from talenthub.framework.checks import check
from talenthub.framework.content import Document
from talenthub.framework.formats import reading
from talenthub.framework.formats.mapped import read_mapped

SAMPLES = Path(__file__).parent / "samples"
PROFICIENCIES = "{Awareness: 1, Foundational: 2, Working knowledge: 3, Practitioner: 4, Expert: 5}"
FAMILY = f"""\
framework: {{id: family, name: {{of: name}}}}
levels:
  - rows:
      - {{id: 1, name: Awareness}}
      - {{id: 2, name: Foundational}}
      - {{id: 3, name: Working knowledge}}
      - {{id: 4, name: Practitioner}}
      - {{id: 5, name: Expert}}
competencies:
  - {{each: themes, id: id, name: name, definition: summary, group: {{is: "yes"}}}}
  - {{each: competencies, id: id, name: summary, parent: theme}}
descriptors:
  each: competencies
  competency: id
  level: {{of: proficiency, words: &levels {PROFICIENCIES}}}
  descriptor: summary
indicators:
  each: competencies.examples
  competency: id
  level: {{of: proficiency, words: *levels}}
  text: .
roles: {{rows: [{{id: engineer, title: Engineer}}]}}
role_levels: {{each: levels, role: {{is: engineer}}, id: id, title: name}}
requirements:
  each: competencies
  role: {{is: engineer}}
  role_level: level
  competency: id
  level: {{of: proficiency, words: *levels}}
"""
INDENTED = """\
framework: {id: direct, name: DIRECT}
levels: {rows: [{id: 0, name: None}, {id: 1, name: Some}]}
competencies:
  - {where: competency_domain, id: slug, name: competency_domain, definition: description, group: {is: "yes"}}
  - where: competency
    id: slug
    name: competency
    definition: description
    group: {is: "yes"}
    parent: {above: competency_domain, of: slug}
  - {where: skill, id: slug, name: skill, definition: description, parent: {above: competency, of: slug}}
pointers:
  where: [skill, related_skills]
  of: slug
  kind: {is: isRelatedTo}
  target: {of: related_skills, split: "|"}
"""
TABLE = """\
framework: {id: shop, name: Shop}
sheet: Skills
levels: {rows: [{id: 1, name: One}, {id: 2, name: Two}]}
competencies: {id: {of: Skill, slug: true}, name: Skill}
descriptors:
  - {where: Basic, competency: {of: Skill, slug: true}, level: {is: 1}, descriptor: Basic}
  - {where: Able, competency: {of: Skill, slug: true}, level: {is: 2}, descriptor: Able}
"""
ROWS = [
    ["Skill", "Basic", "Able", "Notes"],
    ["Brot backen", "Wiegt", "Knetet", ""],
    ["Verkaufen", "Grüßt", "", "7"],
]


@pytest.fixture(autouse=True)
def _without_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BUILT_IN", ())


def read(file: Path, chart: str, folder: Path) -> Document:
    place = folder / "map.yaml"
    place.write_text(chart, encoding="utf-8")
    return read_mapped([file], place)


def refused(file: Path, chart: str, folder: Path) -> list[str]:
    with pytest.raises(FileError) as caught:
        read(file, chart, folder)
    assert all(each.place and each.code for each in caught.value.problems)
    return [str(each) for each in caught.value.problems]


def test_a_page_with_a_table() -> None:
    found = read_mapped([SAMPLES / "mapped" / "page.md"], SAMPLES / "mapped" / "page.map.yaml")
    first, second = found.content.competencies
    assert (first.code, first.title, second.title) == ("brot-backen", "Brot backen", "売る")
    words = found.content.descriptor("brot-backen", 1)
    assert words is not None
    assert words.text == "Wiegt | knetet"
    assert [each.text for each in words.indicators] == ["Kommt früh", "Bleibt ruhig"]
    assert found.origin is not None
    assert [Path(name).name for name, _ in found.origin.files] == ["page.md", "page.map.yaml"]
    assert check(found.content).errors == ()


def test_a_tree_of_ours_as_json_and_as_yaml(tmp_path: Path) -> None:
    family = read(SAMPLES / "ft-progression" / "bakery.yml", FAMILY, tmp_path)
    (role,) = family.content.roles
    assert [[each.level for each in step.requirements] for step in role.levels] == [[3], [5]]
    assert family.content.competency("7ed8deae-2dbb-4830-bca0-9e6cee038b02").parent == "dough"


@pytest.mark.parametrize(
    ("name", "rated", "examples"), [("engineering", 72, 0), ("engineering-v1", 101, 257)]
)
def test_a_real_progression(name: str, rated: int, examples: int, tmp_path: Path, real: Any) -> None:
    found = read(real("ft-engineering-progression") / f"{name}.yml", FAMILY, tmp_path).content
    assert (len(found.rateable), len(found.descriptors)) == (rated, rated)
    assert sum(len(each.indicators) for each in found.descriptors) == examples
    assert sum(len(step.requirements) for step in found.roles[0].levels) == rated


def test_a_real_table_with_indents(tmp_path: Path, real: Any) -> None:
    file = real("direct-research-skills") / "DIRECT-framework-all-in-one.csv"
    found = read(file, INDENTED, tmp_path)
    assert (len(found.content.rateable), len(found.content.competencies)) == (164, 191)
    assert found.content.competency("data-acquisition").parent == "data-engineering"
    assert found.content.competency("data-engineering").parent == "information-and-data-technologies"
    assert len(found.content.pointers) == 111
    assert {each.found for each in found.deviations} == {
        "tools_languages_methodologies",
        "learning_resources",
    }


def test_a_real_list_of_items(tmp_path: Path, real: Any) -> None:
    chart = "framework: {id: items, name: Items}\nlevels: {rows: [{id: 1, name: Held}]}\n"
    chart += "competencies: {id: humanCodingScheme, name: fullStatement, parent: parent}\n"
    found = read(real("case-opensalt-samples") / "test_items.csv", chart, tmp_path)
    assert len(found.content.rateable) == 99
    assert [each.found for each in found.deviations] == ["CFItemType"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_levels_side_by_side(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"skills{suffix}"
    chart = TABLE if suffix == ".xlsx" else TABLE.replace("sheet: Skills\n", "")
    file.write_bytes(workbook() if suffix == ".xlsx" else "\n".join(map(",".join, ROWS)).encode())
    found = read(file, chart, tmp_path)
    told = [(each.competency, each.level, each.text) for each in found.content.descriptors]
    assert told == [("brot-backen", 1, "Wiegt"), ("brot-backen", 2, "Knetet"), ("verkaufen", 1, "Grüßt")]
    assert [each.found for each in found.deviations] == ["Notes"]


def workbook() -> bytes:
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.add_worksheet("Read me")
    sheet = book.add_worksheet("Skills")
    for index, row in enumerate(ROWS):
        sheet.write_row(index, 0, row)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "descriptor: What it looks like",
            "descriptor: What it look like",
            "did you mean 'What it looks like'",
        ),
        ("name: Skill}", "nam: Skill}", "did you mean 'name'"),
        ("competencies:", "competences:", "did you mean 'competencies'"),
        ("slug: true}, name", "slog: true}, name", "did you mean 'slug'"),
        ("{of: Skill, slug: true}, name", "{slug: true}, name", "either `of` or `is`"),
        ("where: Signs, ", "each: sines, where: Signs, ", "nothing stands there"),
        ("level: Level, descriptor", "level: Signs, descriptor", "unknown level"),
        ("framework:", "table: 3\nframework:", "no such table"),
        ("{id: 2, name: Two}", "{id: 2, nam: Two}", "did you mean 'name'"),
        ("name: Ways of working", "name: {of: title}", "unknown field"),
    ],
)
def test_a_map_that_is_wrong_is_answered(old: str, new: str, said: str, tmp_path: Path) -> None:
    chart = (SAMPLES / "mapped" / "page.map.yaml").read_text(encoding="utf-8")
    assert old in chart
    answers = refused(SAMPLES / "mapped" / "page.md", chart.replace(old, new, 1), tmp_path)
    assert any(said in each for each in answers), answers


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.md", b"no table\n", "no such table"),
        ("a.md", "Ärger".encode("latin-1"), "not UTF-8"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"Skill,Skill\na,b\n", "stands twice"),
        ("a.csv", b"Skill\na,b\n", "more cells than the header"),
        ("a.yaml", b"a:\n\t- b\n", "indented with a tab"),
        ("a.yaml", BOMB.encode(), "aliases"),
        ("a.json", b'{"a": ' + b"[" * 99, "nested too deep"),
        ("a.xlsx", b"PK", "no workbook"),
        ("a.docx", b"PK", "no map reads a file of this kind"),
    ],
)
def test_a_file_that_is_wrong_is_answered(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    chart = "framework: {id: f, name: F}\ncompetencies: {id: Skill, name: Skill}\n"
    answers = refused(file, chart, tmp_path)
    assert any(said in each for each in answers), answers


def test_the_command_reads_by_a_map(tmp_path: Path) -> None:
    page, chart = (str(SAMPLES / "mapped" / each) for each in ("page.md", "page.map.yaml"))
    found: Any = CliRunner().invoke(
        talent, ["framework", "check", page, "--mapping", chart], prog_name="talent"
    )
    assert found.exit_code == 0, found.output
    both = ["framework", "check", page, "--mapping", chart, "--format", "yaml"]
    assert CliRunner().invoke(talent, both, prog_name="talent").exit_code == 2
