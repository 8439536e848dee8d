"""`talent people` on the demo: reading, writing, dry runs, refusals."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from talenthub.cli import talent
from talenthub.workspace.making import make

Talent = Callable[..., Result]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("demo") / "harbourline", {("plugins", "enabled"): []}, demo=True)


@pytest.fixture
def folder(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo, tmp_path / "demo"))


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Talent:
    """Return a function that runs `talent people` as somebody."""
    monkeypatch.chdir(folder)

    def people(*words: str, by: str = "maria.costa") -> Result:
        return CliRunner().invoke(talent, ["people", *words, "--as", by])

    return people


def items(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, object]] = json.loads(result.stdout)["items"]
    return found


def test_list_and_org_count_the_same_people(run: Talent) -> None:
    everyone = items(run("list", "-o", "json"))
    assert len(everyone) == 1200
    harbour = items(run("list", "--unit", "harbour", "-o", "json"))
    tree = {each["code"]: each for each in items(run("org", "-o", "json"))}
    assert tree["authority"]["posts"] == 1201
    assert tree["harbour"]["filled"] == len(harbour)
    assert tree["harbour"]["name"] == "Harbour branch"
    vacant = items(run("org", "harbour", "--vacant", "-o", "json"))
    assert [each["holder"] for each in vacant] == [None]
    officers = items(run("list", "--unit", "harbour", "--role", "case-officer", "-o", "json"))
    assert {each["post"] for each in officers} < {each["post"] for each in harbour}


def test_show_gives_the_record_to_hr_and_the_card_to_colleagues(run: Talent) -> None:
    full = json.loads(run("show", "jonas.weber", "-o", "json").stdout)
    assert full["email"] == "jonas.weber@harbourline.example"
    assert full["manager"] == "dario.conti"
    card = json.loads(run("show", "jonas.weber", "-o", "json", by="kofi.mensah").stdout)
    assert "email" not in card
    assert card["name"] == "Jonas Weber"


def test_move_and_leave_and_their_dry_runs(run: Talent) -> None:
    seat = items(run("org", "harbour", "--vacant", "-o", "json"))[0]["post"]
    assert run("move", "kofi.mensah", seat, "--dry-run").exit_code == 0
    assert items(run("org", "harbour", "--vacant", "-o", "json"))[0]["post"] == seat
    assert run("move", "kofi.mensah", seat).exit_code == 0
    assert items(run("org", "harbour", "--vacant", "-o", "json"))[0]["post"] != seat
    assert run("leave", "kofi.mensah").exit_code == 2
    assert run("leave", "kofi.mensah", "--yes").exit_code == 0
    again = run("leave", "kofi.mensah", "--yes")
    assert (again.exit_code, "left already" in again.stderr) == (3, True)
    # A leaver is no longer in the staff list that colleagues know.
    assert run("show", "kofi.mensah", by="jonas.weber").exit_code == 4


@pytest.mark.parametrize(
    ("words", "by", "code", "told"),
    [
        (("show", "jonas.webber"), "maria.costa", 4, "jonas.weber"),
        (("org", "harbor"), "maria.costa", 4, "harbour"),
        (("move", "jonas.weber", "harbour-case-officer-02"), "maria.costa", 3, "the post is filled"),
        (("move", "jonas.weber", "harbour-case-oficer-02"), "maria.costa", 4, "harbour-case-officer-02"),
        (("leave", "jonas.weber", "--yes"), "kofi.mensah", 5, "not yours"),
        (("leave", "maria.costa", "--yes"), "maria.costa", 5, "themselves"),
        (("list", "--kind", "employe"), "maria.costa", 2, "employee"),
        (("grant", "give", "jonas.weber", "recruter"), "noor.haddad", 2, "recruiter"),
        (("grant", "give", "jonas.weber", "admin"), "noor.haddad", 5, "not yours"),
        (("grant", "take", "jonas.weber", "recruiter"), "noor.haddad", 4, "does not hold"),
        (("deputy", "set", "dario.conti", "dario.conti", "--until", "+3d"), "dario.conti", 2, "own deputy"),
        (("import", "nowhere.csv"), "maria.costa", 9, "no such file"),
        (("import",), "maria.costa", 2, "name a file"),
        (("import", "people.csv"), "jonas.weber", 5, "not yours"),
    ],
)
def test_mistakes_are_answered_in_one_line(
    run: Talent, folder: Path, words: tuple[str, ...], by: str, code: int, told: str
) -> None:
    before = (folder / "talenthub.toml").read_bytes()
    result = run(*words, by=by)
    assert result.exit_code == code, result.stderr
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert (folder / "talenthub.toml").read_bytes() == before


def test_import_tells_faults_with_their_place_and_then_changes_once(run: Talent, folder: Path) -> None:
    file = folder / "people.csv"
    header = "handle,name,unit,role,manager,since\n"
    file.write_text(header + "ada.x,Ada X,harbor,case-oficer,dario.cont,2026-01-05\n")
    refused = run("import", "people.csv")
    assert refused.exit_code == 9
    for column, near in (("unit", "harbour"), ("role", "case-officer"), ("manager", "dario.conti")):
        assert any(
            f"people.csv:2 {column}:" in line and near in line for line in refused.stderr.splitlines()
        ), refused.stderr
    file.write_text(header + "ada.x,Ada X,harbour,case-officer,dario.conti,2026-01-05\n")
    assert [each["action"] for each in items(run("import", "people.csv", "--dry-run", "-o", "json"))] == [
        "added"
    ]
    assert [each["key"] for each in items(run("import", "people.csv", "-o", "json"))] == ["ada.x"]
    assert items(run("import", "people.csv", "-o", "json")) == []
    # The story's vacant seat is the one a new case officer of the branch gets.
    assert items(run("org", "harbour", "--vacant", "-o", "json")) == []


def test_grants_and_deputies_are_listed(run: Talent) -> None:
    given = run(
        "grant", "give", "kofi.mensah", "recruiter", "--unit", "harbour", "--until", "+9d", by="noor.haddad"
    )
    assert given.exit_code == 0
    held = items(run("grant", "list", "kofi.mensah", "-o", "json"))
    assert [(each["grant"], each["unit"], each["until"]) for each in held] == [
        ("recruiter", "harbour", "2026-01-14")
    ]
    everyone = items(run("grant", "list", "-o", "json", by="noor.haddad"))
    assert ("maria.costa", "hr_officer") in {(each["handle"], each["grant"]) for each in everyone}
    assert (
        run("grant", "take", "kofi.mensah", "recruiter", "--unit", "harbour", by="noor.haddad").exit_code == 0
    )
    assert items(run("grant", "list", "kofi.mensah", "-o", "json")) == []
    assert "hr_head" in run("grant", "names").stdout
    assert (
        run("deputy", "set", "dario.conti", "ana.ribeiro", "--until", "+7d", by="dario.conti").exit_code == 0
    )
    assert [each["deputy"] for each in items(run("deputy", "list", "-o", "json"))] == ["ana.ribeiro"]
