"""B21-B24: files of candidates, of people and of steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bad_rows import Bad
from workbooks import book, with_part

ADD = "recruitment candidate add SEL-1 --file {here}/"


def csv(kind: str, about: str, given: str | bytes, **more: object) -> Bad:
    """Return a row that adds candidates from a CSV file."""
    return Bad(kind=kind, about=about, words=f"{ADD}c.csv", files={"c.csv": given}, **more)  # type: ignore[arg-type]


def people(kind: str, about: str, given: str, **more: object) -> Bad:
    """Return a row that imports people from a CSV file."""
    return Bad(
        kind=kind,
        about=about,
        words="people import {here}/p.csv --no-copy",
        files={"p.csv": given},
        who="ada",
        **more,
    )  # type: ignore[arg-type]


def steps(kind: str, about: str, given: str, **more: object) -> Bad:
    """Return a row that takes steps from a CSV file."""
    return Bad(kind=kind, about=about, words="do reject --from {here}/s.csv", files={"s.csv": given}, **more)  # type: ignore[arg-type]


def sheet(about: str, given: bytes | Callable[[], bytes], name: str = "c.xlsx", **more: object) -> Bad:
    """Return a row that adds candidates from a workbook."""
    return Bad(kind="B24", about=about, words=ADD + name, files={name: given}, **more)  # type: ignore[arg-type]


TOP = ["name", "email"]
PLAIN = book(TOP, ["Ada", "ada@example.org"])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

ROWS = (
    csv("B21", "nothing in it", b"", exit=9, code="import.empty", place="c.csv"),
    csv("B21", "a header and no rows", "name,email\n", exit=9, code="import.empty", place="c.csv"),
    csv(
        "B21",
        "no header",
        "Ada,ada@example.org\n",
        exit=9,
        code="import.no-header",
        place="c.csv:1",
        both=True,
    ),
    csv(
        "B21",
        "a misspelt column",
        "name,emial\nAda,a@b.org\n",
        exit=9,
        code="import.unknown-column",
        place="c.csv:1",
        found="emial",
        near="email",
    ),
    csv(
        "B21",
        "a column twice",
        "name,Name\nAda,Ada\n",
        exit=9,
        code="import.column-twice",
        place="c.csv:1",
        found="name",
    ),
    csv(
        "B21",
        "another delimiter",
        "name:email\nAda:a@b.org\n",
        exit=9,
        code="import.no-header",
        place="c.csv:1",
    ),
    people(
        "B21",
        "people without handles",
        "name,email\nAda,a@b.org\n",
        exit=9,
        code="import.column-missing",
        place="p.csv:1",
    ),
    steps(
        "B21",
        "steps without references",
        "reason\nno\n",
        exit=9,
        code="file.header",
        place="s.csv:1",
        found="reason",
    ),
    csv(
        "B22",
        "a row too short",
        "name,email\nAda\n",
        exit=9,
        code="import.ragged",
        place="c.csv:2",
        found="1 cells",
    ),
    csv(
        "B22",
        "an open quote",
        'name,email\nBo,b@b.org\nAda,"a@b.org\nCy,c@b.org\n',
        exit=9,
        code="import.quote",
        place="c.csv:3",
    ),
    csv(
        "B22",
        "another encoding",
        "name\nZoë\n".encode("latin-1"),
        exit=9,
        code="import.encoding",
        place="c.csv:2",
        found="byte 0xeb",
    ),
    csv("B22", "a zero byte", b"name\nA\0da\n", exit=9, code="import.encoding", place="c.csv:2"),
    csv(
        "B22",
        "a cell without an end",
        "name\n" + "x" * 200_000 + "\n",
        exit=9,
        code="import.quote",
        place="c.csv:2",
    ),
    csv(
        "B22",
        "five thousand columns",
        "name" + ",x" * 5_000 + "\nAda\n",
        exit=9,
        code="import.columns",
        place="c.csv:1",
    ),
    csv(
        "B23",
        "neither name nor person",
        "name,email\n,a@b.org\n",
        exit=9,
        code="import.name",
        place="c.csv:2",
        path="name",
    ),
    csv(
        "B23",
        "a formula",
        "name,email\n=1+1,a@b.org\n",
        exit=9,
        code="import.cell",
        place="c.csv:2",
        path="name",
    ),
    csv(
        "B23",
        "a misspelt person",
        "person\njoans\n",
        exit=9,
        code="unknown-person",
        place="c.csv:2",
        path="person",
        found="joans",
        near="jonas",
        both=True,
    ),
    csv(
        "B23",
        "no handle",
        "name,handle\nAda,Ada L\n",
        exit=9,
        code="people.handle",
        place="c.csv:2",
        path="handle",
        found="Ada L",
    ),
    csv(
        "B23",
        "a handle that is taken",
        "name,handle\nJonas,jonas\n",
        exit=9,
        code="people.handle-taken",
        place="c.csv:2",
        path="handle",
        found="jonas",
        both=True,
    ),
    csv(
        "B23",
        "no address",
        "name,email\nAda,ada at home\n",
        exit=9,
        code="people.email",
        place="c.csv:2",
        path="email",
    ),
    csv(
        "B23",
        "a second line in an address",
        'name,email\nAda,"a@b.org\vBcc: x@y.org"\n',
        exit=9,
        code="import.cell",
        place="c.csv:2",
        path="email",
    ),
    csv(
        "B23",
        "no language",
        "name,language\nAda,english please\n",
        exit=9,
        code="people.language",
        place="c.csv:2",
        path="language",
        found="english please",
    ),
    csv(
        "B23",
        "one person twice",
        "person\nada\nada\n",
        exit=9,
        code="import.twice",
        place="c.csv:3",
        path="person",
        found="ada",
    ),
    csv(
        "B23",
        "one address twice",
        "name,email\nAda,a@b.org\nAdele,A@b.org\n",
        exit=9,
        code="import.twice",
        place="c.csv:3",
        path="email",
    ),
    csv(
        "B23", "a candidate who is in it", "person\namara.okoye\n", exit=3, code="case.refused", place="SEL-1"
    ),
    csv("B23", "an assessor", "person\nkofi\n", exit=3, code="case.refused", place="SEL-1"),
    people(
        "B23",
        "managers in a circle",
        "handle,manager\ndario,jonas\n",
        exit=9,
        code="people.cycle",
        place="p.csv:2",
        found="dario → jonas → dario",
        both=True,
    ),
    people(
        "B23",
        "a day of another country",
        "handle,post,since\njonas,vacant,31.12.2025\n",
        exit=9,
        code="import.day",
        place="p.csv:2",
        path="since",
        found="31.12.2025",
        near="2025-12-31",
    ),
    people(
        "B23",
        "a misspelt unit",
        "handle,name,unit,role\nzoe,Zoe,harbor,case-officer\n",
        exit=9,
        code="import.unknown-unit",
        place="p.csv:2",
        path="unit",
        found="harbor",
        near="harbour",
    ),
    steps(
        "B23",
        "a misspelt reference",
        "ref,reason\nAP-1,because\n",
        exit=3,
        says="s.csv:2 AP-1: error: there is no such case",
    ),
    steps(
        "B23",
        "a step that a rule refuses",
        "ref,reason\nREQ-1,because\n",
        exit=3,
        says="s.csv:2 REQ-1: refused: REQ-1: «reject» does not start from «open»",
    ),
    sheet("a text named workbook", b"name\nAda\n", exit=9, code="workbook.kind", place="c.xlsx"),
    sheet("a workbook named text", PLAIN, "c.csv", exit=9, code="import.kind", place="c.csv"),
    sheet(
        "a password",
        OLE + "EncryptedPackage".encode("utf-16-le"),
        exit=9,
        code="workbook.locked",
        place="c.xlsx",
    ),
    sheet(
        "macros", with_part(PLAIN, "xl/vbaProject.bin", b"x"), exit=9, code="workbook.macros", place="c.xlsx"
    ),
    sheet(
        "a bomb",
        lambda: with_part(PLAIN, "xl/x.xml", b"\0" * 210_000_000),
        exit=9,
        code="workbook.large",
        place="c.xlsx",
    ),
    sheet("cut off", PLAIN[:-200], exit=9, code="workbook.damaged", place="c.xlsx"),
    sheet(
        "a hidden sheet",
        book(TOP, ["Ada", ""], hide=True),
        exit=9,
        code="import.sheet-hidden",
        place="c.xlsx",
        found="People",
    ),
    sheet(
        "a formula in a cell",
        book(TOP, ["Ada", "==A1"]),
        exit=9,
        code="import.value",
        place="c.xlsx People!B2",
        path="email",
    ),
    sheet(
        "a date for a text",
        book(["name", "handle"], ["Ada", date(2026, 3, 1)]),
        exit=9,
        code="import.value",
        place="c.xlsx People!B2",
        path="handle",
        found="2026-03-01",
    ),
    sheet(
        "a misspelt column in a sheet",
        book(["nmae", "email"], ["Ada", ""]),
        exit=9,
        code="import.unknown-column",
        place="c.xlsx People!A1",
        found="nmae",
        near="name",
    ),
)
