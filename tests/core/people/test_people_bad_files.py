"""Bad files of people: code, place, finding, nearest match, nothing written."""

# ruff: noqa: E501 - one case, one line
from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import text
from workbooks import book, with_part

from talenthub.errors import FileError
from talenthub.people.import_plan import KnownRole
from talenthub.people.importing import import_files
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing import Servers

ROLES = (KnownRole("core", "case-officer", "Case Officer", "L2"), KnownRole("core", "lead", "Lead", "L3"))
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TABLES = ("person", "post", "unit", "assignment", "grant_held", "reporting_line", "hub_event", "deputy")
H = "handle,name,email,kind,unit,unit_parent,post,role,manager,since,login,grants,left_on\n"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest, servers: Servers, request_world) -> Iterator[Transaction]:
    """Return a transaction in the small organisation, for all cases of a kind."""
    opened = Database(servers.fresh(request.param))
    with opened.engine.connect() as connection, connection.begin() as begun:
        tx = Transaction(connection, SYSTEM, NOON)
        request_world(tx)
        yield tx
        begun.rollback()
    opened.close()


def rows(head: str, *lines: str) -> bytes:
    return "\n".join([head.rstrip("\n"), *lines, ""]).encode()


@cache
def bomb() -> bytes:
    return with_part(PLAIN, "xl/x.xml", b"\0" * 210_000_000)


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.infolist():
            after.writestr(each.filename, before.read(each).replace(old, new))
    return made.getvalue()


def two_sheets() -> bytes:
    """Return a workbook with two lists, neither of them called People."""
    stream = io.BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    for handle in ("ada", "bo"):
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, TOP)
        sheet.write_row(1, 0, [handle, handle.title()])
    made.close()
    return stream.getvalue()


def unworked() -> bytes:
    """Return a workbook as programs write it that work out no formula."""
    return replaced(book([*TOP, "site"], ["ada", "Ada", "==A1"]), b"<v>x</v>", b"")


TOP = ["handle", "name"]
PLAIN = book(TOP, ["ada", "Ada"])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

# name of the file, what is in it, then: code, place after the file's name, found, nearest
CASES: dict[str, tuple[str, bytes, str, str, str | None, str | None]] = {
    # B21: the form of the file and its header
    "nothing": ("p.csv", b"", "empty", "", None, None),
    "blank lines only": ("p.csv", b"\n\n  \n", "empty", "", None, None),
    "header only": ("p.csv", b"handle,name\n", "empty", "", None, None),
    "no header": ("p.csv", b"ada,Ada\nbo,Bo\n", "no-header", ":1", None, None),
    "misspelt column": ("p.csv", b"handle,nmae\nada,Ada\n", "unknown-column", ":1", "nmae", "name"),
    "column twice": ("p.csv", b"handle,name,Name\nada,A,B\n", "column-twice", ":1", "name", None),
    "no handle": ("p.csv", b"name,email\nAda,a@b.org\n", "column-missing", ":1", None, None),
    "wrong delimiter": ("p.csv", b"handle:name\nada:Ada\n", "no-header", ":1", None, None),
    "column without a name": ("p.csv", b"handle,,name\nada,,Ada\n", "unknown-column", ":1", "", None),
    "too many columns": ("p.csv", b"handle" + b",x" * 5000 + b"\nada\n", "columns", ":1", None, None),
    "header again": ("p.csv", b"handle,name\nada,Ada\nHandle,Name\nbo,Bo\n", "header-twice", ":3", None, None),
    "sheet with its header again": ("p.xlsx", lambda: book(TOP, ["ada", "Ada"], TOP), "header-twice", " People!A3", None, None),
    "several sheets": ("p.xlsx", lambda: two_sheets(), "sheet", "", "Sheet1, Sheet2", None),
    "seventeen thousand columns": ("p.csv", b"handle,name" + b",c" * 17_000 + b"\nada,Ada\n", "columns", ":1", None, None),
    # B22: rows, quotes, encodings
    "short row": ("p.csv", b"handle,name\nada\n", "ragged", ":2", "1 cells", None),
    "long row": ("p.csv", b"handle,name\nada,Ada,x\n", "ragged", ":2", "3 cells", None),
    "decimal comma": ("p.csv", b"handle,name\nada,1,5\n", "ragged", ":2", "3 cells", None),
    "open quote": ("p.csv", b'handle,name\nada,"Ada\nbo,Bo\n', "quote", ":2", None, None),
    "cell over two lines": ("p.csv", b'handle,name\nada,"A\nB"\n', "quote", ":2", None, None),
    "huge cell": ("p.csv", b"handle,name\nada," + b"x" * 200_000 + b"\n", "quote", ":2", None, None),
    "latin": ("p.csv", b"handle,name\nada,Ad\xe9\n", "encoding", ":2", "byte 0xe9", None),
    "two encodings": ("p.csv", "handle,name\nada,é\n".encode() + b"bo,\xfc\n", "encoding", ":3", "byte 0xfc", None),
    "utf-16": ("p.csv", "handle,name\nada,Ada\n".encode("utf-16"), "encoding", ":1", None, None),
    "zero byte": ("p.csv", b"handle,name\nada,A\0\n", "encoding", ":2", None, None),
    # B23: values
    "formula": ("p.csv", rows("handle,site", "ada,=1+1"), "cell", ":2", "=1+1", None),
    "unprintable": ("p.csv", "handle,site\nada,a\u202eb\n".encode(), "cell", ":2", "a\u202eb", None),
    "no such handle form": ("p.csv", rows("handle,name", "Ada L,Ada"), "handle", ":2", "Ada L", None),
    "wide digits": ("p.csv", "handle,name\nada３,Ada\n".encode(), "handle", ":2", "ada３", None),
    "capitals in a handle": ("p.csv", rows("handle,name", "ada,A", "Ada,B"), "handle", ":3", "Ada", "ada"),
    "invisible in a handle": ("p.csv", "handle,name\na\u200bda,Ada\n".encode(), "cell", ":2", "a\u200bda", None),
    "handle that no column holds": ("p.csv", rows("handle,name", f"{'a' * 81},Ada"), "cell", ":2", "a" * 80, None),
    "name that no column holds": ("p.csv", rows("handle,name", f"ada,{'a' * 201}"), "cell", ":2", None, None),
    "unit that no column holds": ("u.csv", rows("handle,name,unit", f"ada,Ada,{'u' * 81}"), "cell", ":2", "u" * 80, None),
    "unknown unit": ("p.csv", rows("handle,unit,role", "jonas,harbor,lead"), "unknown-unit", ":2", "harbor", "harbour"),
    "unknown role": ("p.csv", rows("handle,unit,role", "jonas,harbour,laed"), "unknown-role", ":2", "laed", "lead"),
    "unknown manager": ("p.csv", rows("handle,manager", "jonas,dareo"), "unknown-person", ":2", "dareo", "dario"),
    "unknown grant": ("p.csv", rows("handle,grants", "jonas,recruter"), "unknown-grant", ":2", "recruter", "recruiter"),
    "unknown kind": ("p.csv", rows("handle,kind", "jonas,employe"), "kind", ":2", "employe", "employee"),
    "unknown post": ("p.csv", rows("handle,post", "jonas,oficer-3"), "unknown-post", ":2", "oficer-3", "officer-3"),
    "day of another country": ("p.csv", rows("handle,since", "jonas,31.12.2025"), "day", ":2", "31.12.2025", "2025-12-31"),
    "day that may be two": ("p.csv", rows("handle,since", "jonas,03/04/2025"), "day", ":2", "03/04/2025", None),
    "no such day": ("p.csv", rows("handle,since", "jonas,2026-02-30"), "day", ":2", "2026-02-30", None),
    "e-mail with a line break": ("p.csv", rows("handle,email", 'jonas,a@b.org\vx'), "cell", ":2", None, None),
    "twice in the file": ("p.csv", rows("handle,name", "ada,A", "ada,B"), "twice", ":3", "ada", None),
    "filled post": ("p.csv", rows("handle,name,post", "ada,A,officer-1"), "filled", ":2", "officer-1", None),
    "two on one post": ("p.csv", rows("handle,name,post", "a,A,officer-3", "b,B,officer-3"), "filled", ":3", "officer-3", None),
    "own manager": ("p.csv", rows("handle,manager", "jonas,jonas"), "people.cycle", ":2", "jonas → jonas", None),
    "managers in a circle": ("p.csv", rows("handle,manager", "dario,jonas"), "people.cycle", ":2", "dario → jonas → dario", None),
    "login of another": ("p.csv", rows("handle,login", "jonas,login-kofi"), "login", ":2", None, None),
    "no name for somebody new": ("p.csv", rows("handle,kind", "ada,employee"), "missing", ":2", None, None),
    "leaving ahead": ("p.csv", rows("handle,left_on", "jonas,2026-02-01"), "left-on", ":2", "2026-02-01", None),
    "leaver without a day": ("p.csv", rows("handle,kind", "jonas,leaver"), "kind", ":2", "leaver", None),
    # B24: workbooks
    "text named workbook": ("p.xlsx", b"handle,name\nada,Ada\n", "workbook.kind", "", None, None),
    "workbook named text": ("p.csv", PLAIN, "kind", "", None, None),
    "empty workbook": ("p.xlsx", b"", "workbook.empty", "", None, None),
    "cut-off workbook": ("p.xlsx", PLAIN[:-200], "workbook.damaged", "", None, None),
    "old workbook": ("p.xls", OLE, "workbook.locked", "", None, None),
    "password": ("p.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "workbook.locked", "", None, None),
    "macros": ("p.xlsx", with_part(PLAIN, "xl/vbaProject.bin", b"x"), "workbook.macros", "", None, None),
    "zip bomb": ("p.xlsx", bomb, "workbook.large", "", None, None),
    "cell far away": ("p.xlsx", replaced(PLAIN, b'r="B2"', b'r="XFD1048576"'), "workbook.large", "", "something in XFD1048576", None),
    "another archive": ("p.xlsx", with_part(b"", "a.txt", b"a"), "workbook.kind", "", None, None),
    "hidden sheet": ("p.xlsx", book(TOP, ["ada", "A"], hide=True), "sheet-hidden", "", "People", None),
    "empty sheet": ("p.xlsx", book([]), "empty", "", "People", None),
    "formula in a cell": ("p.xlsx", book([*TOP, "site"], ["ada", "Ada", "==A1"]), "value", " People!C2", None, None),
    "formula never worked out": ("p.xlsx", lambda: unworked(), "value", " People!C2", None, None),
    "merged cells of a header": ("p.xlsx", book(["handle", None, "name"], ["ada", None, "Ada"]), "unknown-column", " People!B1", "", None),
    "number for a day": ("p.xlsx", book(["handle", "since"], ["jonas", 45_000]), "value", " People!B2", "45000", None),
    "day and hour": ("p.xlsx", book(["handle", "since"], ["jonas", datetime(2026, 1, 5, 9, 30)]), "value", " People!B2", "2026-01-05 09:30:00", None),
    "day for a code": ("p.xlsx", book(["handle", "post"], ["jonas", date(2026, 3, 1)]), "value", " People!B2", "2026-03-01", None),
    "unknown unit in a cell": ("p.xlsx", book([*TOP, "unit", "role"], ["ada", "A", "harbor", "lead"]), "unknown-unit", " People!C2", "harbor", "harbour"),
    "misspelt column in a sheet": ("p.xlsx", book(["handle", "nmae"], ["ada", "A"]), "unknown-column", " People!B1", "nmae", "name"),
    "1904 calendar, later than the post": ("p.xlsx", book(["handle", "left_on"], ["jonas", date(2027, 1, 1)], date_1904=True), "left-on", " People!B2", "2027-01-01", None),
}  # fmt: skip


def stored(tx: Transaction) -> list[object]:
    return [tx.rows(text(f"SELECT * FROM {table} ORDER BY id")) for table in TABLES]


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_told_in_its_place_and_changes_nothing(
    ground: Transaction, tmp_path: Path, name: str
) -> None:
    file, data, code, place, found, near = CASES[name]
    path = tmp_path / file
    path.write_bytes(data() if callable(data) else data)
    before = stored(ground)
    with pytest.raises(FileError) as caught:
        import_files(ground, people=path, roles=ROLES)
    assert caught.value.exit_code == 9
    told = {
        (each.code, (each.place or "").removeprefix(str(path)), each.found, each.nearest)
        for each in caught.value.problems
    }
    full = code if "." in code else f"import.{code}"
    assert (full, place, found, near) in told, told
    assert stored(ground) == before


@pytest.mark.parametrize("kind", ["missing", "folder", "grown"])
def test_a_file_that_is_none_is_refused(ground: Transaction, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "p.csv"
    if kind == "folder":
        path.mkdir()
    elif kind == "grown":
        with path.open("wb") as stream:
            stream.truncate(60_000_000)
    with pytest.raises(FileError) as caught:
        import_files(ground, people=path, roles=ROLES)
    codes = {"missing": "import.no-file", "folder": "import.file", "grown": "import.large"}
    assert [each.code for each in caught.value.problems] == [codes[kind]]


def test_texts_and_days_of_a_sheet_are_read_as_shown(ground: Transaction, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    for old in (False, True):
        path.write_bytes(
            book(
                ["handle", "name", "since", "post", None],
                ["ada", 12, date(2026, 1, 5), "officer-3"],
                date_1904=old,
            )
        )
        with ground.savepoint():
            nested = ground.connection.begin_nested()
            report = import_files(ground, people=path, roles=ROLES)
            row = ground.row(text("SELECT name FROM person WHERE handle = 'ada'"))
            nested.rollback()
        assert row is not None
        assert (row.name, report.counts) == ("12", {"person added": 1})


def test_thousands_of_faults_are_told_within_seconds(ground: Transaction, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(
        "handle,name,manager\n" + "".join(f"ada{n},Ada,adda{n * 7 % 9999}x\n" for n in range(3000))
    )
    with pytest.raises(FileError) as caught:
        import_files(ground, people=path, roles=ROLES)
    assert len(caught.value.problems) == 6000
    assert caught.value.problems[0].nearest is not None
