"""Output: the same rows in every format."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from ruamel.yaml import YAML

from talenthub.cli import output
from talenthub.cli.output import Column, Style, as_text, emit, emit_record, plain
from talenthub.errors import UsageError

ROWS = [
    {
        "handle": "ana.silva",
        "day": date(2026, 1, 5),
        "level": Fraction(7, 3),
        "tags": ("a", "b"),
        "more": None,
    },
    {"handle": "=cmd()", "day": None, "level": -1.5, "tags": (), "more": "two\nlines\tand \x1b[31mred"},
]
COLUMNS = [
    Column("handle"),
    Column("day"),
    Column("level", right=True),
    Column("tags"),
    Column("more", extra=True),
]


def _emitted(capsys: pytest.CaptureFixture[str], form: str | None, *fields: str) -> str:
    emit(ROWS, COLUMNS, Style(form, fields), title="Two", following="next-page")
    return capsys.readouterr().out


def test_a_pipe_gets_tabs_without_a_header(capsys: pytest.CaptureFixture[str]) -> None:
    assert _emitted(capsys, None) == "ana.silva\t2026-01-05\t2.333333333\ta, b\n=cmd()\t\t-1.5\t\n"


def test_json_has_items_and_next(capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads(_emitted(capsys, "json"))
    assert made["next"] == "next-page"
    assert made["items"][0] == {
        "handle": "ana.silva",
        "day": "2026-01-05",
        "level": 7 / 3,
        "tags": ["a", "b"],
        "more": None,
    }


def test_jsonl_has_a_row_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _emitted(capsys, "jsonl").splitlines()
    assert [json.loads(line)["handle"] for line in lines] == ["ana.silva", "=cmd()"]


def test_yaml_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    text = _emitted(capsys, "yaml")
    assert YAML(typ="safe").load(text) == json.loads(_emitted(capsys, "json"))
    assert text.index("items") < text.index("next")


def test_csv_runs_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(io.StringIO(_emitted(capsys, "csv"))))
    assert rows[1]["handle"] == "'=cmd()"
    assert rows[1]["level"] == "-1.5"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t", "\r", " =", "\n="])
def test_csv_takes_the_sting_out_of_every_start(capsys: pytest.CaptureFixture[str], start: str) -> None:
    emit([{"a": f"{start}1+1"}], [Column("a")], Style("csv"))
    assert "'" in capsys.readouterr().out


def test_a_table_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    text = _emitted(capsys, "table", "handle", "more")
    assert "\x1b" not in text
    assert text.startswith("Two\nHandle")


STEERING = "\x1b[2J\x9b2J\u202etxt.exe\u2028\x07"
"""Clears the screen, in seven and eight bits; turns the reading round; ends a line; rings."""


@pytest.mark.parametrize("form", ["table", "tsv", "json", "jsonl", "yaml", "csv"])
def test_no_format_steers_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    emit([{"handle": f"a{STEERING}b"}], [Column("handle")], Style(form, (), pager=False))
    emit_record({"handle": f"a{STEERING}b"}, Style(form, (), pager=False))
    printed = capsys.readouterr().out.replace("\x1b[1m", "").replace("\x1b[0m", "")  # a bold heading
    assert [each for each in printed if not each.isprintable() and each not in "\n\t"] == []


@pytest.mark.parametrize("form", ["json", "jsonl", "yaml"])
def test_what_programs_read_is_what_was_there(capsys: pytest.CaptureFixture[str], form: str) -> None:
    emit_record({"handle": f"a{STEERING}\U000e0041b"}, Style(form))
    text = capsys.readouterr().out
    read = YAML(typ="safe").load(text) if form == "yaml" else json.loads(text)
    assert read == {"handle": f"a{STEERING}\U000e0041b"}


@pytest.mark.parametrize("form", ["table", "tsv"])
def test_extra_columns_wait_to_be_asked_for(capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert "lines" not in _emitted(capsys, form)
    assert "lines" in _emitted(capsys, form, "more")


def test_fields_choose_and_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert _emitted(capsys, "tsv", "level", "handle").splitlines()[0] == "2.333333333\tana.silva"


def test_an_unknown_field_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match=r"--fields.*found 'handel'.*day, handle.*did you mean 'handle'"):
        _emitted(capsys, "json", "handel")


@pytest.mark.parametrize(("columns", "expected"), [("30", 30), ("200", 200)])
def test_a_table_keeps_to_the_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, expected: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    emit([{"a": "word " * 60, "b": "x" * 90}], [Column("a"), Column("b")], Style("table"))
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= expected
    assert "".join(lines).count("x") == 90


@pytest.mark.parametrize("many", range(1, 17))
def test_any_number_of_columns_fits_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    names = [f"column{each}" for each in range(many)]
    emit([dict.fromkeys(names, "some words, andaverylongone " * 3)], list(map(Column, names)), Style("table"))
    assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 80


@pytest.mark.parametrize("no_color", [True, False])
def test_no_color_means_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, no_color: bool
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)
    emit(ROWS, COLUMNS, Style("table", pager=False))
    assert "\x1b[3" not in capsys.readouterr().out


def test_only_a_long_table_on_a_terminal_is_paged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paged: list[str] = []
    monkeypatch.setattr("click.echo_via_pager", paged.append)
    many = [{"a": str(number)} for number in range(200)]
    for terminal, pager, rows in ((False, True, many), (True, False, many), (True, True, many[:3])):
        monkeypatch.setattr(output, "on_terminal", lambda terminal=terminal: terminal)
        emit(rows, [Column("a")], Style("table", pager=pager))
        assert paged == []
    emit(many, [Column("a")], Style("table"))
    assert len(paged) == 1


@pytest.mark.parametrize("form", output.FORMATS)
def test_no_rows_are_fine(capsys: pytest.CaptureFixture[str], form: str) -> None:
    emit([], COLUMNS, Style(form))
    out = capsys.readouterr().out
    assert out == ("Nothing to list.\n" if form == "table" else out)
    assert out == "" or form in ("json", "yaml", "csv", "table")


@pytest.mark.parametrize("form", output.FORMATS)
def test_a_record_has_each_field_once(capsys: pytest.CaptureFixture[str], form: str) -> None:
    emit_record({"handle": "ana.silva", "post": {"code": "p1"}}, Style(form))
    out = capsys.readouterr().out
    assert out.count("ana.silva") == 1
    assert "p1" in out


def test_values_have_one_plain_form() -> None:
    lisbon = datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=1)))
    assert plain(lisbon) == "2026-07-01T09:00:00Z"
    assert plain(
        {
            "a": {
                1,
            },
            2: Fraction(1, 2),
        }
    ) == {"a": [1], "2": 0.5}
    assert plain(datetime(2026, 1, 5, tzinfo=UTC)) == "2026-01-05T00:00:00Z"
    assert [as_text(each) for each in (True, None, 3.0, 1 / 3, [1, 2])] == [
        "yes",
        "",
        "3",
        "0.333333333",
        "1, 2",
    ]
