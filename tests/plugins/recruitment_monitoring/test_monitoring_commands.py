"""The commands of monitoring, as people type them in the demo."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from talenthub.cli import talent
from talenthub.workspace.making import make


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)["items"]
        return found


Ask = Callable[..., Said]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("monitoring") / "demo", {}, demo=True)


@pytest.fixture
def ask(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that runs `talent` in a demo of its own."""
    folder = tmp_path / "demo"
    shutil.copytree(demo, folder)
    for name in ("TALENTHUB_WORKSPACE", "TALENTHUB_AS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(folder)

    def run(*words: str, who: str = "noor.haddad") -> Said:
        done = CliRunner().invoke(talent, ["--as", who, *words])
        assert "Traceback" not in done.stderr
        return Said(done.exit_code, done.stdout, done.stderr)

    return run


def past(*groups: tuple[str, int, int], name: str = "past.csv", column: str = "sex") -> str:
    lines = [f"{column},outcome"]
    lines += [
        f"{group},{'selected' if place < selected else 'rejected'}"
        for group, number, selected in groups
        for place in range(number)
    ]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def test_lc3_from_a_file(ask: Ask) -> None:
    file = past(("A", 40, 12), ("B", 50, 9))
    rows = ask("recruitment", "monitor", "--from", file, "-o", "json").rows
    best, worse = rows
    assert (best["rate"], worse["rate"]) == (0.3, 0.18)
    assert worse["ratio"] == 0.6
    assert round(worse["p"], 3) == 0.215
    assert round(worse["flip"], 3) == 0.727
    assert worse["flagged"] is True
    assert worse["firm"] is False
    assert worse["flag"] == "flagged, not statistically firm"
    assert "29 CFR 1607.4" in worse["rules"]["ratio"]


def test_the_table_fits_80_columns_and_names_its_rules(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = ask("recruitment", "monitor", "--from", past(("A", 40, 12), ("B", 50, 9)), "-o", "table")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "By sex"
    assert max(map(len, lines)) <= 80
    assert len(lines) == 5
    assert "50     9  0.180  0.600  0.215  0.727  flagged, not" in lines[3]
    assert lines[4].strip() == "statistically firm"
    assert "rate ÷ highest rate" in said.err


def test_a_small_group_of_a_file_is_pooled(ask: Ask) -> None:
    file = past(("F", 40, 12), ("M", 50, 9), ("X", 3, 1))
    said = ask("recruitment", "monitor", "--from", file, "-o", "json")
    assert {(row["group"], row["number"]) for row in said.rows} == {("M", 50), ("others", 43)}
    assert "X" not in {row["group"] for row in said.rows}
    only_few = ask("recruitment", "monitor", "--from", past(("F", 3, 1), ("M", 1, 1)), "-o", "json")
    assert [row["flag"] for row in only_few.rows] == ["withheld: too few people"]
    assert {row["number"] for row in only_few.rows} == {None}


def test_a_file_may_say_steps_and_several_groups(ask: Ask) -> None:
    lines = ["Candidate;Requisition;Sex;Age band;Step;Outcome"]
    for place in range(24):
        step, outcome = (("hire", "hired"), ("screening", "rejected"))[place % 2]
        lines.append(
            f"c{place};R1;{'FM'[place % 4 // 2]};{'young' if place < 12 else 'old'};{step};{outcome}"
        )
    lines.append("c0;R1;F;young;screening;rejected")  # applied twice: counted once
    Path("steps.csv").write_text("\n".join(lines), encoding="utf-8")
    rows = ask("recruitment", "monitor", "--from", "steps.csv", "-o", "json").rows
    assert {row["by"] for row in rows} == {"sex", "age_band"}
    assert {row["step"] for row in rows} == {"bottom line", "screening", "assessment", "offer", "hire"}
    screening = [row for row in rows if row["by"] == "sex" and row["step"] == "screening"]
    assert [(row["group"], row["number"], row["selected"]) for row in screening] == [
        ("F", 12, 6),
        ("M", 12, 6),
    ]
    one = ask("recruitment", "monitor", "--from", "steps.csv", "--group", "sex", "-o", "json").rows
    assert {row["by"] for row in one} == {"sex"}


def test_mistakes_in_a_file_are_told_with_their_places(ask: Ask) -> None:
    Path("bad.csv").write_text("sex,outcome\nF,selcted\nM,no\nM,\n", encoding="utf-8")
    said = ask("recruitment", "monitor", "--from", "bad.csv")
    assert said.code == 9
    assert "bad.csv:2" in said.err
    assert "bad.csv:4" in said.err
    assert "did you mean 'selected'" in said.err
    assert ask("recruitment", "monitor", "--from", "none.csv").code == 9
    Path("bare.csv").write_text("outcome\nyes\n", encoding="utf-8")
    assert ask("recruitment", "monitor", "--from", "bare.csv").code == 2
    unknown = ask("recruitment", "monitor", "--from", past(("A", 9, 5)), "--group", "sax")
    assert (unknown.code, "did you mean 'sex'" in unknown.err) == (2, True)
    both = ask("recruitment", "monitor", "REQ-1", "--from", "past.csv")
    assert both.code == 2


def test_who_may_not_monitor_gets_five_and_nothing_else(ask: Ask) -> None:
    for who in ("maria.costa", "grace.lindqvist", "sami.okafor", "dario.conti"):
        for words in (("REQ-1",), (), ("SEL-77",)):
            said = ask("recruitment", "monitor", *words, who=who)
            assert (said.code, said.out) == (5, "")
    Path("declared.csv").write_text("candidate,sex\nkofi.mensah,M\n", encoding="utf-8")
    assert ask("recruitment", "demographics", "import", "declared.csv", who="maria.costa").code == 5
    nothing = ask("recruitment", "monitor")
    assert (nothing.code, nothing.out.strip()) == (0, "")
    assert "No vacancy closed" in nothing.err


def test_an_import_prints_counts_only(ask: Ask) -> None:
    Path("declared.csv").write_text("candidate,sex\nkofi.mensah,M\nana.ribeiro,F\n", encoding="utf-8")
    dry = ask("recruitment", "demographics", "import", "declared.csv", "--dry-run", "-o", "json")
    done = ask("recruitment", "demographics", "import", "declared.csv", "-o", "json")
    assert dry.rows == done.rows == [{"people": 2, "new": 2, "changed": 0, "removed": 0, "unchanged": 0}]
    assert "kofi" not in done.out + done.err
    again = ask("recruitment", "demographics", "import", "declared.csv", "-o", "json")
    assert again.rows[0]["unchanged"] == 2


def test_no_command_and_no_report_shows_a_declaration(ask: Ask) -> None:
    Path("declared.csv").write_text("candidate,sex\nkofi.mensah,zyxwv\n", encoding="utf-8")
    assert ask("recruitment", "demographics", "import", "declared.csv").code == 0
    for words in (
        ("people", "show", "kofi.mensah"),
        ("search", "zyxwv"),
        ("show", "kofi.mensah"),
        ("evidence", "list", "kofi.mensah"),
        ("recruitment", "monitor"),
    ):
        said = ask(*words, "-o", "json")
        assert "zyxwv" not in said.out.replace('"text": "zyxwv"', "")


def test_raters_of_nothing_say_so(ask: Ask) -> None:
    assert ask("recruitment", "raters", "SEL-1").code == 4
