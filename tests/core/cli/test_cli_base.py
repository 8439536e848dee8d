"""The desk, the failures and the parameters that all commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from talenthub import errors
from talenthub.cli import Talent
from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.failures import guarded
from talenthub.cli.lazy import Entry, Group, LazyGroup
from talenthub.cli.parameters import DAY, PERSON, DateWord, OneOf, read_day
from talenthub.errors import nearest
from talenthub.storage.hub import read_setting, write_setting
from talenthub.verdict import allow, refuse


@click.group(cls=Talent)
@click.option("--debug", is_flag=True)
def root(debug: bool) -> None:
    """Stand in for the root group."""


@root.command()
@click.argument("kind")
def fail(kind: str) -> None:
    if kind in ("Refused", "NotPermitted"):
        verdicts = [allow("You may do this"), refuse("All are in", "2 of 3", mend="talent remind")]
        raise getattr(errors, kind)("it is not possible yet", verdicts)
    if kind == "KeyboardInterrupt":
        raise KeyboardInterrupt
    if kind == "OSError":
        raise FileNotFoundError(2, "No such file or directory", "gone.csv")
    if kind == "BrokenPipeError":
        raise BrokenPipeError
    if kind == "secret":
        raise ValueError("Amara Okoye is 41")
    raise getattr(errors, kind)(errors.Problem(text="it is wrong", found="x", allowed="y", mend="mend it"))


@root.command()
@click.argument("value")
@writes
def put(desk: Desk, value: str) -> None:
    desk.run(lambda tx: write_setting(tx, "put", value))
    desk.say(f"put {value}, request {desk.request_id}")


@root.command()
@reads
def get(desk: Desk) -> None:
    value = desk.run(lambda tx: read_setting(tx, "put"))
    desk.emit([{"value": value}], [])
    click.echo(value)


@root.command()
@reads
def sneak(desk: Desk) -> None:
    desk.run(lambda tx: write_setting(tx, "put", "sneaked"))


@root.command()
@writes
def destroy(desk: Desk) -> None:
    desk.confirm("Really?")
    click.echo("destroyed")


@root.command()
@click.argument("day", type=DAY)
@click.argument("person", type=PERSON)
@click.option("--kind", type=OneOf("kind", ["past", "situational"]))
def take(day: DateWord, person: str, kind: str | None) -> None:
    click.echo(f"{day.on(date(2026, 1, 5))} {person} {kind}")


def _run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(root, list(words))
    return result.exit_code, result.stdout, result.stderr


CODES = {
    "TalentError": 1,
    "UsageError": 2,
    "NotFound": 4,
    "Conflict": 6,
    "ConfigurationError": 7,
    "PluginError": 8,
    "FileError": 9,
    "StorageError": 10,
    "IntegrityError": 10,
}


@pytest.mark.parametrize(("kind", "code"), CODES.items())
def test_each_error_is_one_line_and_its_code(kind: str, code: int) -> None:
    found, out, err = _run("fail", kind)
    assert (found, out) == (code, "")
    assert err.count("\n") == 1
    assert "it is wrong; found 'x'; allowed: y; mend it" in err


@pytest.mark.parametrize(("kind", "code"), [("Refused", 3), ("NotPermitted", 5)])
def test_a_refusal_shows_its_verdicts(kind: str, code: int) -> None:
    found, _, err = _run("fail", kind)
    assert found == code
    assert err.splitlines()[1:] == [
        "  ✘ All are in",
        "      2 of 3",
        "    → talent remind",
        "  ✔ You may do this",
    ]


def test_the_unexpected_is_told_without_its_text() -> None:
    code, _, err = _run("fail", "secret")
    assert code == 1
    assert err == "error: unexpected ValueError; --debug shows where it came from\n"


def test_debug_shows_the_traceback() -> None:
    code, _, err = _run("--debug", "fail", "secret")
    assert code == 1
    assert "Traceback" in err


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [("KeyboardInterrupt", 130, "Interrupted"), ("OSError", 9, "gone.csv"), ("BrokenPipeError", 0, "")],
)
def test_what_comes_from_outside(kind: str, code: int, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("talenthub.cli.failures._let_go_of_stdout", lambda: None)
    found, _, err = _run("fail", kind)
    assert found == code
    assert says in err
    assert "Traceback" not in err


def test_a_write_stands_and_a_read_sees_it(folder: Path) -> None:
    assert _run("put", "one", "--request-id", "r1") == (0, "", "put one, request r1\n")
    code, out, _ = _run("get")
    assert (code, out.split()) == (0, ["one"])


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    code, _, err = _run("put", "two", "--dry-run")
    assert code == 0
    assert "nothing was written" in err
    assert "two" not in _run("get")[1]


def test_the_workspace_can_be_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = _run("get")
    assert code == 7
    assert "talent init" in err
    assert _run("get", "--workspace", str(folder))[0] == 0
    monkeypatch.setenv("TALENTHUB_WORKSPACE", str(folder))
    assert _run("get")[0] == 0


def test_without_a_terminal_nothing_is_asked(folder: Path) -> None:
    code, out, err = _run("destroy")
    assert (code, out) == (2, "")
    assert "--yes" in err
    assert _run("destroy", "--yes")[:2] == (0, "destroyed\n")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("today", date(2026, 1, 5)),
        ("Tomorrow", date(2026, 1, 6)),
        ("yesterday", date(2026, 1, 4)),
        ("+3d", date(2026, 1, 8)),
        ("-2w", date(2025, 12, 22)),
    ],
)
def test_days_are_read(text: str, day: date) -> None:
    assert read_day(text).on(date(2026, 1, 5)) == day


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31/12", "is not a day"),
        ("2026-02-30", "not in the calendar"),
        ("tomorow", "did you mean 'tomorrow'"),
        ("", "is not a day"),
        ("+3m", "is not a day"),
        ("２０２６-01-05", "is not a day"),
        ("0000-01-01", "not in the calendar"),
        ("2026-1-5", "is not a day"),
    ],
)
def test_what_is_no_day_is_told(text: str, says: str) -> None:
    code, out, err = _run("take", "--", text, "ana.silva")
    assert (code, out) == (2, "")
    assert says in err
    assert "2026-11-30" in err


def test_a_day_too_far_is_told() -> None:
    with pytest.raises(errors.UsageError, match="beyond the calendar"):
        read_day("+9999w").on(date(9990, 1, 5))


@pytest.mark.parametrize("word", ["", "   ", "a\x00b", "x" * 201, "a\x1b[31m", "a\u202eb"])
def test_what_is_no_name_is_told(word: str) -> None:
    code, out, err = _run("take", "today", word)
    assert (code, out) == (2, "")
    assert "person" in err
    assert "\x1b" not in err


def test_a_choice_suggests_the_nearest() -> None:
    code, _, err = _run("take", "today", "ana", "--kind", "pasd")
    assert code == 2
    assert "did you mean 'past'" in err


@pytest.mark.parametrize(
    "words", [["gett"], ["take"], ["take", "a", "b", "c"], ["get", "--wrong"], ["get", "-o", "jsn"]]
)
def test_wrong_words_are_usage(words: list[str]) -> None:
    code, out, err = _run(*words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_a_misspelt_command_suggests_the_nearest() -> None:
    assert "Did you mean 'get'?" in _run("gett")[2]


@click.group(
    cls=LazyGroup,
    entries={
        "gone": Entry("no_such_module:x", "Gone.", owner="sick"),
        "leaves": Entry("tests_leaving:x", "Leaves.", owner="sick"),
        "off": Entry("", "Off.", fault="RuntimeError: no luck", owner="sick"),
        "text": Entry("sys:version", "Text.", owner="sick"),
    },
)
def lazy() -> None:
    """A group of broken commands."""


@pytest.mark.parametrize("name", ["gone", "leaves", "off", "text"])
def test_a_broken_plugins_command_says_why(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests_leaving.py").write_text("raise SystemExit(0)")
    monkeypatch.syspath_prepend(str(tmp_path))
    result = CliRunner().invoke(lazy, [name, "some", "--word", "-x"])
    assert isinstance(result.exception, errors.PluginError)
    assert "plugin sick" in str(result.exception)
    assert "talent plugin info sick" in str(result.exception)
    assert CliRunner().invoke(lazy, ["--help"]).exit_code == 0


def test_help_of_a_group_wraps_its_lines_and_the_nearest_command_is_named() -> None:
    line = "Tell of each of those who are asked by whom, since when and for how long they have not answered"

    @click.group(cls=Group)
    def house() -> None:
        """Return a group with one command of a long line."""

    house.add_command(click.Command("asked", help=f"{line}."))
    told = CliRunner().invoke(house, ["--help"]).output
    assert line in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80
    assert "Did you mean 'asked'?" in CliRunner().invoke(house, ["askd"]).output


def test_a_broken_core_command_is_not_hidden() -> None:
    group = LazyGroup(entries={"gone": Entry("no_such_module:x", "Gone.")})
    with pytest.raises(ModuleNotFoundError):
        group.get_command(click.Context(group), "gone")


def test_a_reading_command_cannot_write(folder: Path) -> None:
    assert _run("sneak")[0] == 10
    assert "sneaked" not in _run("get")[1]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1,000", "'1,000' is no whole number; allowed: 1 to 500; did you mean '1000'?"),
        ("3,5", "'3,5' is no whole number; allowed: 1 to 500\n"),
        ("many", "'many' is no whole number; allowed: 1 to 500\n"),
        ("501", "found 501; allowed: 1 to 500\n"),
    ],
)
def test_a_number_that_is_none_is_told_with_what_is_allowed(
    typed: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command(help="\b\npositions 3")
    @click.argument("number", type=click.IntRange(1, 500))
    def positions(number: int) -> None: ...

    assert guarded(lambda: positions.main([typed], standalone_mode=False), debug=False) == 2
    assert told in capsys.readouterr().err


def test_half_a_word_means_what_begins_so() -> None:
    people = ["tamar.rao", "amara.okoye", "amaranth.okoye", "ama.ox"]
    assert nearest("amara", people) == "amara.okoye"
    assert nearest("Amara.O", people) == "amara.okoye"
    assert nearest("tamra.rao", people) == "tamar.rao"
    assert nearest("am", ["amara"]) is None
