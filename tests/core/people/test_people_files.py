"""Workbooks out and in, leavers, copies with faults, and one change for many."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import event, func, select

from talenthub.cli import talent
from talenthub.people import tables
from talenthub.people.exporting import as_csv, as_workbook, people_rows
from talenthub.people.faulty_copy import write_copies
from talenthub.people.filerows import ImportFaults
from talenthub.people.grants import give
from talenthub.people.import_plan import KnownRole
from talenthub.people.importing import import_files
from talenthub.people.persons import add_person, person
from talenthub.people.posts import posts_of
from talenthub.people.template import template
from talenthub.sheets.reading import read_workbook
from talenthub.storage.hub import hub_event
from talenthub.workspace.making import make

ROLES = (KnownRole("core", "case-officer", "Case Officer", "L2"), KnownRole("core", "lead", "Lead", "L3"))


@pytest.fixture
def load(world, tmp_path: Path):
    def run(data: bytes | str, name: str = "p.csv"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return import_files(world.tx, people=path, roles=ROLES)

    return run


@pytest.mark.parametrize("form", ["p.csv", "p.xlsx"])
def test_what_is_exported_is_imported_without_a_change(world, load, form: str) -> None:
    from talenthub.people.changes import leave

    for name in ("=HYPERLINK(1)", "-Dash", "'quoted", "''twice", "@at", "+plus", 'a"b', "a,b;c"):
        add_person(world.tx, name, kind="external", email="x@example.org")
    give(world.tx, world.id("maria"), "hr_officer", world.units["harbour"].id)
    leave(world.tx, world.id("kofi"), date(2026, 1, 2))
    rows = people_rows(world.tx)
    data = as_csv(rows) if form == "p.csv" else as_workbook(world.tx, rows, ["lead"])
    report = load(data, form)
    assert report.changes == ()
    assert report.unchanged == len(rows) == world.tx.value(select(func.count()).select_from(tables.person))


def test_no_cell_of_a_csv_can_be_taken_for_a_formula(world) -> None:
    add_person(world.tx, "=1+1", kind="external")
    cells = [cell for row in csv.reader(as_csv(people_rows(world.tx)).decode().splitlines()) for cell in row]
    assert "'=1+1" in cells
    assert not [each for each in cells if each.startswith(("=", "+", "@", "-"))]


def test_an_export_holds_whom_the_actor_may_see_and_logins_of_whom_they_keep(world) -> None:
    rows = people_rows(world.as_("tomas"))
    assert [row[0] for row in rows] == ["dario", "jonas", "kofi", "tomas"]
    assert {row[9] for row in rows} == {None}


def test_a_template_is_read_back_and_its_example_passed_over(world, load) -> None:
    data = template(world.tx, ["lead", "case-officer"])
    people, lists = read_workbook(data, "t.xlsx")
    assert (people.name, lists.name, lists.hidden) == ("People", "Lists", True)
    assert people.rows[0][0] == "handle"
    assert load(data, "t.xlsx").changes == ()


def test_who_leaves_by_file_loses_everything_at_once(world, load) -> None:
    give(world.tx, world.id("kofi"), "recruiter")
    report = load("handle,left_on,post\nkofi,2026-01-04,officer-2\n")
    assert [(each.key, each.action) for each in report.changes] == [("kofi", "left")]
    row = world.tx.row(select(tables.person).where(tables.person.c.handle == "kofi"))
    assert (row.kind, row.login, row.closed_on) == ("leaver", None, date(2026, 1, 4))
    assert posts_of(world.tx, [row.id], date(2026, 1, 3))[row.id].code == "officer-2"
    assert posts_of(world.tx, [row.id], date(2026, 1, 4))[row.id] is None
    held = select(tables.grant_held.c.until).where(tables.grant_held.c.person_id == row.id)
    assert world.tx.value(held) == date(2026, 1, 4)
    kinds = [each.kind for each in world.tx.rows(select(hub_event.c.kind).order_by(hub_event.c.id))]
    assert kinds[-2:] == ["person.left", "post.vacated"]
    assert load("handle,left_on\nkofi,2026-01-04\n").changes == ()
    again = load("handle,name,post,left_on\nkofi,,officer-3,\nnew,New,,2025-03-01\n")
    assert again.counts == {"person changed": 1, "person added": 1}
    assert person(world.tx, "kofi").kind == "employee"


def test_a_leaver_makes_room_for_a_successor_in_the_same_file(world, load) -> None:
    report = load("handle,name,post,since,left_on\nkofi,,,,2026-01-05\nada,Ada,officer-2,2026-01-05,\n")
    assert report.counts == {"person left": 1, "person added": 1}


@pytest.mark.parametrize("name", ["p.csv", "p.xlsx"])
def test_a_copy_tells_each_fault_in_its_row_and_is_imported_once_mended(world, load, name: str) -> None:
    world.unit("old-town", "operations")
    rows = [
        ["handle", "name", "unit", "role", "since"],
        ["ada", "Ada", "harbor", "laed", "31.12.2025"],
        ["bo", "Bo", "harbour", "lead", "2026-01-02"],
    ]
    from talenthub.sheets.writing import Page, write_workbook

    def written(lines: list[list[str]]) -> bytes | str:
        if name == "p.csv":
            text = io.StringIO()
            csv.writer(text, delimiter=";").writerows(lines)
            return text.getvalue()
        return write_workbook([Page("People", lines[0], lines[1:])])

    with pytest.raises(ImportFaults) as caught:
        load(written(rows), name)
    (copy,) = write_copies(caught.value)
    assert copy.name == f"p.errors{copy.suffix}"
    if name == "p.csv":
        found = list(csv.reader(copy.read_text("utf-8-sig").splitlines(), delimiter=";"))
    else:
        found = [list(row) for row in read_workbook(copy.read_bytes(), "x")[0].rows]
    assert found[0] == [*rows[0], "problems"]
    for word in ("'harbour'", "'lead'", "'2025-12-31'"):
        assert f"did you mean {word}?" in found[1][-1]
    assert found[2] == [*rows[2], ""]
    assert write_copies(caught.value)[0].name == f"p.errors-2{copy.suffix}"
    found[1][2:5] = "harbour", "lead", "2025-12-31"
    report = load(written([[str(cell) for cell in row] for row in found]), name)
    assert report.counts == {"post added": 2, "person added": 2}


def test_the_number_of_statements_does_not_grow_with_the_file(world, load) -> None:
    counted = []
    head = "handle,name,unit,role,grants,manager\n"

    def count(size: int, letter: str) -> int:
        del counted[:]
        lines = (f"{letter}{n},P,harbour,case-officer,recruiter,dario\n" for n in range(size))
        load(head + "".join(lines))
        load("handle,left_on\n" + "".join(f"{letter}{n},2026-01-05\n" for n in range(size)))
        return len(counted)

    event.listen(world.tx.connection, "before_cursor_execute", lambda *each: counted.append(each[2]))
    assert count(10, "a") == count(300, "b") < 80


Talent = Callable[..., Result]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("demo") / "harbourline", {("plugins", "enabled"): []}, demo=True)


@pytest.fixture
def run(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talent:
    monkeypatch.chdir(shutil.copytree(demo, tmp_path / "demo"))

    def people(*words: str, by: str = "maria.costa") -> Result:
        return CliRunner().invoke(talent, ["people", *words, "--as", by])

    return people


def rows_of(result: Result) -> list[dict[str, object]]:
    return list(json.loads(result.stdout)["items"])


def test_a_template_and_an_export_become_an_import(run: Talent) -> None:
    assert run("template", "-O", "people.xlsx").exit_code == 0
    assert run("template", "-O", "people.xlsx").exit_code == 9
    assert run("export", "-O", "all.xlsx").exit_code == 0
    assert "Nothing to change" in run("import", "all.xlsx", "--dry-run").stderr
    some = run("export", "--where", "unit=harbour role=case-officer")
    Path("some.csv").write_text(some.stdout.replace("employee", "employe", 1))
    refused = run("import", "some.csv")
    assert refused.exit_code == 9
    assert "some.errors.csv" in refused.stderr
    assert "kind: unknown kind of person" in Path("some.errors.csv").read_text()
    assert run("export", "-O", "all.pdf").exit_code == 9


def test_one_change_for_many_refuses_some_and_does_the_others(run: Talent) -> None:
    where = ("--where", "unit=harbour role=case-officer kind=employee")
    given = run("grant", "give", *where, "recruiter", "-o", "json", by="noor.haddad")
    assert (given.exit_code, len(rows_of(given))) == (0, 18)
    again = run("grant", "give", *where, "recruiter", by="noor.haddad")
    assert again.exit_code == 3
    assert again.stderr.count("holds this grant already") == 18
    left = run("leave", "jonas.weber", "maria.costa", "jonas.webber", "--yes", "-o", "json")
    assert left.exit_code == 3
    assert [bool(each["done"]) for each in rows_of(left)] == [True, False, False]
    assert "1 done, 2 refused" in left.stderr
    assert "jonas.weber" in left.stderr


def test_a_request_id_is_answered_once(run: Talent) -> None:
    words = ("grant", "give", "kofi.mensah", "jonas.weber", "recruiter", "--request-id", "monday")
    first, second = run(*words, by="noor.haddad"), run(*words, by="noor.haddad")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout
    other = run(*words[:4], "hr_partner", *words[-2:], by="noor.haddad")
    assert (other.exit_code, "something else" in other.stderr) == (2, True)


def test_moving_many_by_file_and_to_a_unit(run: Talent) -> None:
    seat = rows_of(run("org", "harbour", "--vacant", "-o", "json"))[0]["post"]
    Path("moves.csv").write_text(f"handle;post;on\nkofi.mensah;{seat};\njonas.weber;{seat};2026-01-20\n")
    dry = run("move", "--from", "moves.csv", "--dry-run")
    assert (dry.exit_code, "nothing was written" in dry.stderr) == (3, True)
    moved = run("move", "--from", "moves.csv")
    assert "1 done, 1 refused" in moved.stderr
    assert "moves.csv:3 jonas.weber: the post is filled" in moved.stderr
    back = run("move", "jonas.weber", "dario.conti", "--unit", "harbour")
    assert back.stderr.count("in this unit already") == 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("leave", "--where", "unit=harbur", "--yes"), 4, "harbour"),
        (("leave", "--where", "unti=harbour", "--yes"), 2, "unit"),
        (("leave", "--where", "kind=employe", "--yes"), 2, "employee"),
        (("leave", "--where", "", "--yes"), 2, "empty"),
        (("leave", "--where", "unit", "--yes"), 2, "a name and a value"),
        (("leave", "--where", "role=case-oficer", "--yes"), 4, "case-officer"),
        (("leave", "--where", "kind=leaver unit=harbour", "--yes"), 4, "nobody fits"),
        (("leave", "jonas.weber", "--where", "unit=harbour", "--yes"), 2, "in one way"),
        (("leave", "jonas.weber", "jonas.weber", "--yes"), 2, "named twice"),
        (("leave", "--yes"), 2, "name a person"),
        (("leave", "--from", "none.csv", "--yes"), 9, "no such file"),
        (("move", "a", "b", "c"), 2, "one post is one seat"),
        (("grant", "give"), 2, "name the grant"),
        (("grant", "take", "jonas.weber", "recruter"), 2, "recruiter"),
    ],
)
def test_mistakes_in_saying_whom(run: Talent, words: tuple[str, ...], code: int, told: str) -> None:
    result = run(*words)
    assert (result.exit_code, told in result.stderr) == (code, True), result.stderr
