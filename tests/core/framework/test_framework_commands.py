"""`talent framework` in a demo workspace: what it prints and how it leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from talenthub.cli import talent
from talenthub.testing import World

EDITOR, OWNER, NOBODY = "noor.haddad", "maria.costa", "yara.khoury"


@pytest.fixture(scope="module")
def folder(demo: World) -> Path:
    return demo.folder


def run(folder: Path | None, *words: str, by: str = EDITOR) -> Result:
    where = [] if folder is None else ["--workspace", str(folder), "--as", by]
    return CliRunner().invoke(talent, [*where, "framework", *words], prog_name="talent")


def rows(folder: Path, *words: str) -> Any:
    result = run(folder, *words, "-o", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_file_is_checked_without_a_workspace(harbourline_file: Path, tmp_path: Path) -> None:
    good = run(None, "check", str(harbourline_file))
    assert good.exit_code == 0, good.output
    assert "coverage 1.000" in good.stderr
    assert "CIT 2–3, 0.077" in good.stderr
    text = harbourline_file.read_text(encoding="utf-8")
    second = text.split("  - id: COM")[1].split("descriptor: ")[2].split("\n")[0]
    third = text.split("  - id: COM")[1].split("descriptor: ")[3].split("\n")[0]
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace(third, second), encoding="utf-8")
    refused = run(None, "check", str(bad))
    assert refused.exit_code == 3
    assert "distinctness\tCOM 2–3" in refused.stdout
    assert run(None, "check", str(bad), "--profile", "lenient").exit_code == 0
    bad.write_text(text.replace("critical: [TRU, JDG]", "critical: [TRV, JDG]", 1), encoding="utf-8")
    broken = run(None, "check", str(bad))
    assert broken.exit_code == 9
    assert "did you mean 'TRU'" in broken.stderr
    assert broken.stdout == ""


def test_it_is_read_in_every_way(folder: Path, tmp_path: Path) -> None:
    listed = rows(folder, "list")["items"]
    assert ("hpsa-core", "1.0.0") in [(each["code"], each["number"]) for each in listed]
    assert rows(folder, "show")["indicators"] == 120
    asked = rows(folder, "show", "--role", "case-officer")["items"]
    assert [each["competency"] for each in asked if each["critical"]] == ["TRU", "JDG"]
    assert {each["competency"] for each in asked if each["words_of"] == "role"} == {"COM", "JDG"}
    assert len(rows(folder, "show", "--competency", "COM")["items"]) == 5
    kinds = [each["kind"] for each in rows(folder, "tree")["items"]]
    assert kinds.count("level") == 40
    target = tmp_path / "case-officer.html"
    assert run(folder, "handbook", "--role", "case-officer", "--to", str(target)).exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run(folder, "handbook", "--role", "case-officer").stdout.startswith("# Case Officer")


@pytest.mark.parametrize(
    ("words", "code", "near"),
    [
        (("show", "hpsa-cor"), 4, "hpsa-core"),
        (("show", "--role", "case-oficer"), 4, "case-officer"),
        (("show", "--competency", "COMM"), 4, "COM"),
        (("show", "1.0.9"), 4, "1.0.0"),
        (("handbook", "--role", "director", "--level", "directr"), 4, "director"),
        (("publish", "--effective", "tomorow"), 2, "tomorrow"),
        (("check", "none.yaml"), 9, None),
        (("import", "none.yaml"), 9, None),
        (("import", "framework.yam"), 9, None),
    ],
)
def test_a_mistyped_name_is_answered(
    folder: Path, words: tuple[str, ...], code: int, near: str | None
) -> None:
    result = run(folder, *words)
    assert result.exit_code == code, result.output
    assert near is None or f"did you mean '{near}'" in result.stderr
    assert "Traceback" not in result.output


def test_from_a_file_to_what_is_in_force(folder: Path, harbourline_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "next.yaml"
    text = harbourline_file.read_text(encoding="utf-8")
    file.write_text(text.replace("version: 1.0.0", "version: 1.1.0"), encoding="utf-8")
    before = rows(folder, "list")
    assert run(folder, "import", str(file), "--dry-run").exit_code == 0
    assert rows(folder, "list") == before
    assert run(folder, "import", str(file), by=NOBODY).exit_code == 5
    assert rows(folder, "import", str(file))["outcome"] == "created"
    assert rows(folder, "import", str(file))["outcome"] == "unchanged"
    own = run(folder, "publish")
    assert own.exit_code == 3
    assert "edited it last" in own.stderr
    assert run(folder, "publish", "--dry-run", by=OWNER).exit_code == 0
    assert run(folder, "publish", "--effective", "+3d", by=OWNER).exit_code == 0
    assert rows(folder, "show")["number"] == "1.0.0"
    assert [each["status"] for each in rows(folder, "list")["items"]] == ["superseded", "published"]
    assert run(folder, "withdraw", "1.1.0", by=OWNER).exit_code == 2
    assert run(folder, "withdraw", "1.1.0", "--yes", by=OWNER).exit_code == 0
    assert [each["status"] for each in rows(folder, "list")["items"]] == ["published", "withdrawn"]


def test_a_framework_of_others_comes_in_and_goes_out(
    folder: Path, samples: Any, laid: Any, tmp_path: Path
) -> None:
    source = laid(tmp_path / "bakery", samples["uk-gdad"])
    checked = rows(folder, "check", str(source))["items"]
    assert [each["severity"] for each in checked].count("deviation") == 16
    words = ("import", str(source), "--code", "bakery", "--number", "2026.1")
    done = rows(folder, *words, "--profile", "lenient")
    assert (done["format"], done["deviations"], done["blocking"]) == ("uk-gdad", 16, 0)
    assert len(done["deviations_listed"]) == 16
    kept = rows(folder, "show", "bakery", "--deviations")["items"]
    assert kept == done["deviations_listed"]
    again = run(folder, *words)
    assert "Deviations listed" not in again.stdout
    assert "16 deviations in the files were mended or left out" in again.stderr
    assert run(folder, "publish", "bakery", by=OWNER).exit_code == 0
    tree = run(folder, "tree", "bakery", "-o", "table").stdout
    assert "  Kitchen\n    baker  Baker\n      junior-baker  Junior baker" in tree
    for form, target in (("yaml", "b.yaml"), ("csv", "b"), ("xlsx", "b.xlsx")):
        out = tmp_path / target
        assert run(folder, "export", "bakery", "2026.1", "-f", form, "-O", str(out)).exit_code == 0
        assert run(folder, "export", "bakery", "-f", form, "-O", str(out)).exit_code == 9
        assert run(folder, "export", "bakery", "-f", form, "-O", str(out), "--force").exit_code == 0
        assert rows(folder, "import", str(out))["outcome"] == "unchanged"
    assert run(folder, "export", "bakery").stdout.startswith("# Contains public sector information")
    assert run(folder, "export", "bakery", "-f", "xlsx").exit_code == 2
    assert "did you mean 'xlsx'" in run(folder, "export", "bakery", "-f", "xlxs").stderr


def test_the_template_is_checked_without_a_workspace(tmp_path: Path) -> None:
    file = tmp_path / "ours.xlsx"
    assert run(None, "template", "-O", str(file)).exit_code == 0
    assert run(None, "check", str(file)).exit_code == 0
    forced = run(None, "check", str(file), "--format", "uk-gdad")
    assert forced.exit_code == 9
    assert "the file of skills is not among them" in forced.stderr
    assert run(None, "check", str(file), "--format", "gdad").exit_code == 2


def test_the_heat_map_lists_what_nobody_used(folder: Path, tmp_path: Path) -> None:
    cells = rows(folder, "usage", "hpsa-core")["items"]
    assert len(cells) == 48
    unused = rows(folder, "usage", "hpsa-core", "--unused")["items"]
    assert [(each["competency"], each["stage"]) for each in unused] == [
        (each["competency"], each["stage"]) for each in cells if each["last_used"] is None
    ]
    table = run(folder, "usage", "hpsa-core", "-o", "table")
    assert "Onboarding" in table.stdout
    assert max(map(len, table.stdout.splitlines())) <= 80
    assert run(folder, "usage", "hpsa-core", "--to", str(tmp_path / "u.svg")).exit_code == 0
    assert "trophy index" in (tmp_path / "u.svg").read_text("utf-8")


def test_the_cascade_is_a_document(folder: Path, tmp_path: Path) -> None:
    for name in ("c.html", "c.md"):
        assert run(folder, "tree", "hpsa-core", "--to", str(tmp_path / name)).exit_code == 0
    told = (tmp_path / "c.md").read_text("utf-8")
    assert told.count("\n## ") == 5, "a part for each value"
    part = told.split("## People first")[1].split("\n## ")[0]
    assert [code for code in ("CIT", "TRU", "COM", "DEL") if f"({code})" in part] == ["CIT", "COM", "DEL"]
    assert "Keeps a team informed" in part
    assert "<table" in (tmp_path / "c.html").read_text("utf-8")
