"""Broken files of every format: what is said, where, and that nothing is written."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from xlsxwriter import Workbook

from talenthub.cli import talent
from talenthub.errors import FileError
from talenthub.framework.formats.reading import read_framework
from talenthub.testing import World

Files = dict[str, bytes]
Change = Callable[[Files], None]


@dataclass(frozen=True)
class Broken:
    """One broken set of files and what must be said of it."""

    form: str
    name: str
    change: Change
    place: str
    """The end of the place of the problem."""
    text: str
    found: str | None = None
    near: str | None = None
    code: str = ""


def swap(file: str, old: str, new: str) -> Change:
    def change(files: Files) -> None:
        assert old.encode() in files[file], (file, old)
        files[file] = files[file].replace(old.encode(), new.encode(), 1)

    return change


def whole(file: str, data: bytes) -> Change:
    def change(files: Files) -> None:
        files[file] = data

    return change


def cut(file: str, share: float) -> Change:
    def change(files: Files) -> None:
        files[file] = files[file][: int(len(files[file]) * share)]

    return change


def drop(file: str) -> Change:
    def change(files: Files) -> None:
        del files[file]

    return change


def rename(file: str, other: str) -> Change:
    def change(files: Files) -> None:
        files[other] = files.pop(file)

    return change


def sheets(**given: list[list[Any]]) -> bytes:
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": True})
    for name, rows in given.items():
        sheet = book.add_worksheet(name.replace("__", " "))
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
    book.close()
    return stream.getvalue()


HEAD = [["key", "value"], ["id", "f"], ["name", "F"], ["version", "1"], ["rating_mode", "level"]]
LEVELS = [["id", "key", "name"], [1, "L1", "One"], [2, "L2", "Two"]]
COMPETENCIES = [["id", "name"], ["A", "Alpha"]]
BOOK = {"framework": HEAD, "levels": LEVELS, "competencies": COMPETENCIES}


def book(**instead: list[list[Any]]) -> Change:
    return whole("tiny.xlsx", sheets(**(BOOK | instead)))


def repacked(edit: Callable[[str, bytes], bytes]) -> Change:
    def change(files: Files) -> None:
        source, target = zipfile.ZipFile(io.BytesIO(files["tiny.xlsx"])), io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for each in source.namelist():
                packed.writestr(each, edit(each, source.read(each)))
        files["tiny.xlsx"] = target.getvalue()

    return change


def merged() -> bytes:
    stream = io.BytesIO()
    made = Workbook(stream, {"in_memory": True})
    for name, rows in BOOK.items():
        sheet = made.add_worksheet(name)
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)
        if name == "competencies":
            sheet.merge_range(3, 0, 3, 1, "together")
    made.close()
    return stream.getvalue()


def first_sheet(name: str, data: bytes) -> bytes:
    return data.replace(b'r="A2"', b'r="A900000"', 1) if name.endswith("sheet1.xml") else data


def wide_and_long(name: str, data: bytes) -> bytes:
    return data.replace(b'r="A2"', b'r="CV150000"', 1) if name.endswith("sheet1.xml") else data


def bomb(name: str, data: bytes) -> bytes:
    return b" " * 90_000_000 if name == "docProps/app.xml" else data


R, S, G, U, C = "roles_skills.csv", "skills.csv", "uk-gdad", "unidays", "uk-civil-service"

BROKEN = [
    # the two tables
    Broken(G, "one file", drop(S), R, "the file of skills is not among them", code="gdad.file"),
    Broken(G, "empty", whole(S, b""), S, "the file is empty", code="file.empty"),
    Broken(G, "no levels", whole(S, b"Skill Name,Skill Description\n"), S, "no column holds the words"),
    Broken(G, "wrong encoding", whole(S, b"Skill Name,Basic\nCaf\xe9,x\n"), f"{S}:2", "not UTF-8"),
    Broken(G, "utf-16", whole(S, "Skill Name,Basic\n".encode("utf-16")), f"{S}:1", "is UTF-16"),
    Broken(G, "nul", swap(S, "Turning", "Turn\0ing"), f"{S}:2", "NUL"),
    Broken(G, "header typo", swap(R, "Skill Level,", "Skil Level,"), f"{R}:1:8", "unknown column",
           "Skil Level", "Skill Level", "file.unknown-column"),
    Broken(G, "unknown column", swap(R, "Role Type", "Role Tipe"), f"{R}:1:10", "unknown column", "Role Tipe",
           "Role Type"),
    Broken(G, "column twice", swap(R, "Role Type", "Role Family"), f"{R}:1:10", "stands twice"),
    Broken(G, "ragged", swap(R, "Baking bread,,Basic,,\n", "Baking bread,,Basic\n"), f"{R}:2",
           "another number of cells", "8"),
    Broken(G, "unclosed quote", swap(S, "a dough that went wrong\"", "a dough that went wrong"), f"{S}:4:4",
           "after the quoted text that begins here"),
    Broken(G, "quote to the end", swap(S, "Selling,MISSING", "Selling,\"MISSING"), f"{S}:9:2",
           "never closed"),
    Broken(G, "unknown level", swap(R, "Baking bread,,Able", "Baking bread,,Abel"), f"{R}:4:8",
           "unknown level of skill", "Abel", "Able", "gdad.unknown-level"),
    Broken(G, "two levels", swap(R, "Baking bread,,Basic,,\n", "Baking bread,,Able,,\n"), f"{R}:3:8",
           "asks for two levels of a skill", "Basic", code="gdad.clash"),
    Broken(G, "two families", swap(R, "Kitchen,Baker,\"Bakes.\",Baker ,", "Counter,Baker,\"Bakes.\",Baker ,"),
           f"{R}:4:1", "two families", "Counter"),
    Broken(G, "skill twice", swap(S, "Selling,MISSING,,,", "Baking bread,Other words,,,"), f"{S}:9:1",
           "stands twice, with other words", "Baking bread"),
    Broken(G, "no name", swap(R, "Keeping  the oven", ""), f"{R}:5", "no Skill Name"),
    # topics and roles
    Broken(U, "truncated", cut("bakery.json", 0.5), "bakery.json:5:65", "never closed", code="file.json"),
    Broken(U, "comma", swap("shop.json", '"path": "shop",', '"path": "shop"'), "shop.json:1:34",
           "a comma or }"),
    Broken(U, "single quotes", swap("shop.json", '"Shop"', "'Shop'"), "shop.json:1:11", "a value"),
    Broken(U, "unknown key", swap("bakery.json", '"theme"', '"teme"'), "bakery.json:2:42", "unknown key",
           "teme",
           "theme"),
    Broken(U, "key twice", swap("bakery.json", '"theme": "warm"', '"path": "warm"'), "bakery.json:2:42",
           "stands twice", "path"),
    Broken(U, "path twice", swap("bakery.json", '"path": "licence"', '"path": "dough"'), "bakery.json:7:34",
           "two topics have this path", "bakery.dough", code="framework.clash"),
    Broken(U, "two levels", swap("shop.json", '"bakery/dough/2"]', '"bakery/dough/1"]'), "shop.json:5:56",
           "two levels of a topic", "bakery/dough/1"),
    Broken(U, "a number", swap("bakery.json", '"Washes up"', "12"), "bakery.json:5:85", "must be a text",
           "12"),
    Broken(U, "no levels", swap("shop.json", '"levels": [', '"levles": ['), "shop.json:3:41", "unknown key",
           "levles", "levels"),
    Broken(U, "surrogate", swap("bakery.json", "Flour and", "\\ud800 and"), "bakery.json:4:52",
           "a character that is none", "U+D800"),
    Broken(U, "not a number", swap("bakery.json", '"criteria": []', '"criteria": NaN'), "bakery.json:8:76",
           "a value"),
    # clusters
    Broken(C, "goes on", swap("clusters.json", '"About this."', '"About this."}'), "clusters.json:2:87",
           "the file goes on"),
    Broken(C, "unknown key", swap("clusters.json", '"effective": "Arrives', '"efective": "Arrives'),
           "clusters.json:7:19", "unknown key", "efective", "effective"),
    Broken(C, "no title", swap("clusters.json", '"title": "Rising early", ', ""), "clusters.json:4:59",
           "'title' is missing"),
    Broken(C, "level is a text", swap("clusters.json", '"level2": [', '"level2": "x", "level3": ['),
           "clusters.json:8:17", "must be a list", "x"),
    # our CSV
    Broken("csv", "no head", drop("framework.csv"), "", "the sheet 'framework' is missing"),
    Broken("csv", "unknown file", rename("roles.csv", "rolls.csv"), "rolls.csv", "no sheet of a framework",
           "rolls.csv", "roles.csv"),
    Broken("csv", "header typo", swap("roles.csv", "reports_to", "report_to"), "roles.csv:1:7",
           "unknown column",
           "report_to", "reports_to"),
    Broken("csv", "ragged", swap("values.csv", "care,Care,", "care,Care"), "values.csv:2",
           "another number", "2"),
    Broken("csv", "id twice", swap("competencies.csv", "LIS,", "WRI,"), "competencies.csv:3:1",
           "two competencies have this id", "WRI", code="framework.clash"),
    Broken("csv", "dangling", swap("requirements.csv", "scribe,,WRI", "scribe,,WIR"), "requirements.csv:2:3",
           "unknown competency", "WIR", "WRI"),
    Broken("csv", "unknown role", swap("requirements.csv", "scribe,,WRI", "scrib,,WRI"),
           "requirements.csv:2:1",
           "unknown role", "scrib", "scribe"),
    Broken("csv", "levels out of order", swap("levels.csv", "levels,3,L3", "levels,1,L3"), "levels.csv:4",
           "rising order", "1", code="framework.order"),
    Broken("csv", "level as a word", swap("requirements.csv", "scribe,,WRI,2", "scribe,,WRI,six"),
           "requirements.csv:2:4", "a whole number", "six"),
    Broken("csv", "wide digit", swap("requirements.csv", "scribe,,WRI,2", "scribe,,WRI,２"),
           "requirements.csv:2:4", "a whole number", "２"),
    Broken("csv", "level too high", swap("requirements.csv", "scribe,,WRI,2", "scribe,,WRI,6"),
           "requirements.csv:2:4", "unknown level of WRI", "6"),
    Broken("csv", "decimal comma", swap("requirements.csv", "1.5", '"1,5"'), "requirements.csv:3:8",
           "has a comma", "1,5"),
    Broken("csv", "unknown head", swap("framework.csv", "language", "langauge"), "framework.csv:5:1",
           "unknown key", "langauge", "language"),
    Broken("csv", "kind", swap("indicators.csv", "watch_for", "watchfor"), "indicators.csv:5:5",
           "unknown kind",
           "watchfor", "watch_for"),
    Broken("csv", "flag", swap("requirements.csv", "yes", "ja"), "requirements.csv:3:5", "unknown answer",
           "ja"),
    Broken("csv", "words twice", swap("descriptors.csv", "WRI,2,,,", "WRI,1,,,"), "descriptors.csv:3",
           "stand twice", "WRI"),
    Broken("csv", "own words elsewhere", swap("descriptors.csv", "WRI,2,scribe", "WRI,1,scribe"),
           "descriptors.csv:5:2", "belong to the level that it asks for", "1"),
    Broken("csv", "rank", swap("requirements.csv", "WRI,2,,1,1", "WRI,2,,x,1"), "requirements.csv:2:6",
           "a rank", "x"),
    Broken("csv", "no text", swap("indicators.csv", "Spells names right.", ""), "indicators.csv:2",
           "'text' is missing"),
    # our workbook
    Broken("xlsx", "empty", whole("tiny.xlsx", b""), "tiny.xlsx", "damaged, or no workbook",
           code="file.workbook"),
    Broken("xlsx", "truncated", cut("tiny.xlsx", 0.6), "tiny.xlsx", "damaged, or no workbook"),
    Broken("xlsx", "a text", whole("tiny.xlsx", b"id;name"), "tiny.xlsx", "damaged, or no workbook"),
    Broken("xlsx", "old or locked", whole("tiny.xlsx", b"\xd0\xcf\x11\xe0" + b"0" * 600), "tiny.xlsx",
           "a password",
           code="file.password"),
    Broken("xlsx", "another zip", whole("tiny.xlsx", b"PK\x05\x06" + b"\0" * 18),
           "tiny.xlsx", "no .xlsx workbook"),
    Broken("xlsx", "bomb", repacked(bomb), "tiny.xlsx", "unpacks to more", code="file.zip"),
    Broken("xlsx", "far cell", repacked(first_sheet), "tiny.xlsx:framework", "too large",
           "900,000 rows, 2 columns"),
    Broken("xlsx", "many cells", repacked(wide_and_long), "tiny.xlsx:framework", "too large",
           "150,000 rows, 100 columns"),
    Broken("xlsx", "formula", book(competencies=[*COMPETENCIES, ["B", "=A2&A2"]]),
           "tiny.xlsx:competencies!B3",
           "holds a formula", code="file.formula"),
    Broken("xlsx", "merged", whole("tiny.xlsx", merged()), "tiny.xlsx:competencies!A4:B4", "merged"),
    Broken("xlsx", "wrong sheet", book(competencys=COMPETENCIES), "tiny.xlsx:competencys",
           "none of a framework's",
           "competencys", "competencies"),
    Broken("xlsx", "no sheet", whole("tiny.xlsx", sheets(framework=HEAD)), "tiny.xlsx",
           "the sheet 'competencies' is missing"),
    Broken("xlsx", "header typo", book(competencies=[["id", "nam"], ["A", "Alpha"]]),
           "tiny.xlsx:competencies!B1",
           "unknown column", "nam", "name"),
    Broken("xlsx", "outside", book(competencies=[["id", "name"], ["A", "Alpha", "beyond"]]),
           "tiny.xlsx:competencies!C2", "under no column", "beyond"),
    Broken("xlsx", "id twice", book(competencies=[*COMPETENCIES, ["A", "Again"]]),
           "tiny.xlsx:competencies!A3",
           "two competencies have this id", "A"),
    Broken("xlsx", "order", book(levels=[["id", "name"], [2, "Two"], [1, "One"]]), "tiny.xlsx:levels!3",
           "rising order", "1"),
    Broken("xlsx", "half a level", book(levels=[["id", "name"], [1.5, "One"]]), "tiny.xlsx:levels!A2",
           "a whole number", "1.5"),
    Broken("xlsx", "dangling", book(descriptors=[["competency", "level", "descriptor"], ["Alpa", 1, "x"]]),
           "tiny.xlsx:descriptors!A2", "unknown competency", "Alpa"),
    Broken("xlsx", "no level", book(descriptors=[["competency", "level", "descriptor"], ["A", 7, "x"]]),
           "tiny.xlsx:descriptors!B2", "unknown level", "7"),
    Broken("xlsx", "ring", book(competencies=[["id", "name", "parent"], ["A", "Alpha", "A"]]),
           "tiny.xlsx:competencies!C2", "in a ring", "A → A"),
]  # fmt: skip


def told(files: Path) -> FileError:
    with pytest.raises(FileError) as caught:
        read_framework(files)
    return caught.value


@pytest.mark.parametrize("case", BROKEN, ids=[f"{each.form} {each.name}" for each in BROKEN])
def test_a_broken_file_is_answered(case: Broken, samples: Any, laid: Any, tmp_path: Path) -> None:
    files = dict(samples[case.form])
    case.change(files)
    folder = laid(tmp_path / "broken", files)
    error = told(folder / "tiny.xlsx" if case.form == "xlsx" else folder)
    matching = [each for each in error.problems if case.text in each.text]
    assert matching, [str(each) for each in error.problems]
    problem = matching[0]
    assert (problem.place or "").endswith(case.place), str(problem)
    assert case.found is None or problem.found == case.found, str(problem)
    assert case.near is None or problem.nearest == case.near, str(problem)
    assert problem.code.startswith(case.code), problem.code
    assert problem.code


@pytest.fixture(scope="module")
def workspace(demo: World) -> Path:
    return demo.folder


def stored(folder: Path) -> list[tuple[Any, ...]]:
    file = next(folder.rglob("*.db"))
    with sqlite3.connect(file) as connection:
        names = ("framework", "framework_version", "framework_import", "descriptor", "hub_event")
        return [(each, *connection.execute(f"SELECT count(*) FROM {each}").fetchone()) for each in names]


@pytest.mark.parametrize("case", BROKEN[::4], ids=[f"{each.form} {each.name}" for each in BROKEN[::4]])
def test_a_broken_file_ends_in_code_9_and_writes_nothing(
    case: Broken, samples: Any, laid: Any, tmp_path: Path, workspace: Path
) -> None:
    files = dict(samples[case.form])
    case.change(files)
    folder = laid(tmp_path / "broken", files)
    file = folder / "tiny.xlsx" if case.form == "xlsx" else folder
    before = stored(workspace)
    words = ["--workspace", str(workspace), "--as", "noor.haddad", "framework", "import", str(file)]
    result = CliRunner().invoke(talent, words, prog_name="talent")
    assert result.exit_code == 9, result.output
    assert case.text in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert stored(workspace) == before


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter_is_understood(delimiter: str, samples: Any, laid: Any, tmp_path: Path) -> None:
    head = "key,value\r\nid,f\r\nname,F\r\nversion,1\r\nrating_mode,level\r\n"
    texts = {"framework.csv": head, "levels.csv": "id,name\r1,One\r", "competencies.csv": 'id,name\nA,"B"\n'}
    files = {name: text.replace(",", delimiter).encode("utf-8-sig") for name, text in texts.items()}
    files["competencies.csv"] = files["competencies.csv"].replace(b'"B"', b'"Say ""a, b; c"""')
    content = read_framework(laid(tmp_path, files)).content
    assert content.competencies[0].title == 'Say "a, b; c"'


def test_what_nobody_reads_is_told_with_what_is_read(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    file.write_text("[]")
    problem = told(file).problems[0]
    assert problem.code == "framework.unrecognised"
    assert {"unidays", "case", "esco"} <= set((problem.allowed or "").split(", "))
    (tmp_path / "empty").mkdir()
    assert told(tmp_path / "empty").problems[0].code == "file.empty-folder"
    many = tmp_path / "many"
    many.mkdir()
    for index in range(61):
        (many / f"{index}.csv").write_text("a")
    assert told(many).problems[0].code == "file.many"
