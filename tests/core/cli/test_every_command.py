"""What HR people hate, asked of every command there is, the plugins' too."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from talenthub.cli import COMMANDS, talent
from talenthub.cli.lazy import Entry, load
from talenthub.cli.parameters import DAY, DAY_FORMS, OneOf

DOCS = Path(__file__).parents[3] / "docs"
ALONE = {"init", "completion"}
"""They work without a workspace and print what they are asked for, in one form."""

READING = {"--output", "--fields", "--as", "--workspace", "--no-pager", "--debug", "--help"}
WRITING = {"--dry-run", "--request-id", "--yes"}
MANY = {"--from", "--file", "--where", "--all", "--unit"}
"""What a command takes many by, beside several words."""


@dataclass(frozen=True)
class Leaf:
    """A command that does something, and how one comes to it."""

    context: click.Context

    @property
    def words(self) -> str:
        return self.context.command_path.removeprefix("talent ")

    @property
    def options(self) -> set[str]:
        return {
            word
            for each in self.context.command.params
            for word in (*each.opts, *each.secondary_opts)
            if isinstance(each, click.Option)
        }


def below(context: click.Context) -> Iterator[click.Context]:
    command = context.command
    yield context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from below(click.Context(found, info_name=name, parent=context))


@pytest.fixture(scope="module")
def contexts() -> list[click.Context]:
    built_in: dict[str, Entry] = runpy.run_path(str(DOCS / "generate.py"))["built_in"]()
    # As `talent` runs them: 80 columns, and -h beside --help.
    width = {"terminal_width": 80, "help_option_names": ["-h", "--help"]}
    root = click.Context(talent, info_name="talent", **width)
    every = {**COMMANDS, **built_in}.items()
    tops = [click.Context(load(name, entry), info_name=name, parent=root) for name, entry in every]
    return [each for top in tops for each in below(top)]


@pytest.fixture(scope="module")
def leaves(contexts: list[click.Context]) -> list[Leaf]:
    found = [Leaf(each) for each in contexts if not isinstance(each.command, click.Group)]
    assert len(found) > 250
    return found


def help_of(context: click.Context) -> str:
    """Return what `--help` shows, as a terminal of 80 columns gets it."""
    words = context.command_path.removeprefix("talent ").split()
    above = context.parent
    assert above is not None
    done = CliRunner(env={"COLUMNS": "80"}).invoke(
        context.command, ["--help"], prog_name=words[-1], parent=above, terminal_width=80
    )
    assert done.exit_code == 0, (words, done.output)
    return done.output


def test_every_command_reads_in_any_format_and_every_write_runs_dry(leaves: list[Leaf]) -> None:
    lacking = {each.words: READING - each.options for each in leaves if READING - each.options}
    assert set(lacking) <= {*ALONE, "plugin new", "plugin check"}, lacking
    torn = [each.words for each in leaves if WRITING & each.options and not each.options >= WRITING]
    assert torn == ["plugin new"]
    assert sum(each.options >= WRITING for each in leaves) > 150


def test_help_fits_the_screen_and_shows_how_a_command_is_typed(contexts: list[click.Context]) -> None:
    wide, silent, wrong = [], [], []
    for each in contexts:
        shown = help_of(each)
        wide += [line for line in shown.splitlines() if len(line) > 80]
        if isinstance(each.command, click.Group):
            continue
        own = f"{each.command_path} "
        typed = [line.strip() for line in shown.splitlines() if f"{line.strip()} ".startswith(own)]
        silent += [] if typed or each.command_path == "talent init" else [each.command_path]
        whole = [line for line in typed if not line.endswith("\\")]
        wrong += [f"{line}: {why}" for line in whole if (why := fault_of(each, line))]
    assert wide == []
    assert silent == []
    assert wrong == []


def fault_of(context: click.Context, line: str) -> str | None:
    """Return why an example could not be typed; nothing is run."""
    # What it says of itself comes after two blanks, where it goes after > or |.
    typed = re.split(r"  | >+ | \| ", line)[0]
    words = shlex.split(typed)[len(context.command_path.split()) :]
    try:
        context.command.make_context(context.info_name, words, parent=context.parent)
    except click.ClickException as error:
        return error.format_message()
    return None


def test_nothing_asks_where_nobody_answers(
    leaves: list[Leaf], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a workspace, a terminal or a word: told what is missing, at once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TALENTHUB_WORKSPACE", raising=False)
    for each in leaves:
        if each.words in ALONE:
            continue
        done = CliRunner().invoke(
            each.context.command, ["--yes"] if "--yes" in each.options else [], parent=each.context.parent
        )
        told = getattr(done.exception, "problems", None) or done.exception
        assert isinstance(told, (tuple, SystemExit, click.ClickException)), (each.words, told)
        assert done.exit_code in (1, 2), (each.words, done.output)
    assert not list(tmp_path.iterdir())


def test_a_slip_in_an_option_or_a_choice_is_answered_with_the_nearest(leaves: list[Leaf]) -> None:
    for each in leaves:
        for option in each.options & {"--dry-run", "--output", "--workspace"}:
            with pytest.raises(click.NoSuchOption) as slip:
                each.context.command.make_context("slip", [f"{option}x"], parent=each.context.parent)
            assert f"'{option}'" in slip.value.format_message(), each.words
        for given in each.context.command.params:
            assert not isinstance(given.type, click.Choice), (each.words, "OneOf names the nearest")
            if isinstance(given.type, OneOf):
                word = max(given.type.words, key=len)
                told = refused(given, f"{word}{word[-1]}", each.context)
                assert f"did you mean '{word}'?" in told
                assert all(known in told for known in given.type.words)


def test_a_day_that_is_none_is_answered_with_what_is(leaves: list[Leaf]) -> None:
    asked = [(each, given) for each in leaves for given in each.context.command.params if given.type is DAY]
    assert len(asked) > 30
    for each, given in asked:
        for word in ("3/4/26", "2026-13-01", "30.2.2026", "friday"):
            assert DAY_FORMS in refused(given, word, each.context), (each.words, word)
        assert "did you mean 'tomorrow'?" in refused(given, "tomorow", each.context)
        assert "did you mean '2026-12-31'?" in refused(given, "31.12.2026", each.context)


def refused(given: click.Parameter, word: str, context: click.Context) -> str:
    """Return what is said of a word that a parameter does not take."""
    with pytest.raises(click.BadParameter) as told:
        given.type.convert(word, given, context)
    return told.value.format_message()


def test_a_write_takes_many_or_the_page_says_why_it_takes_one(leaves: list[Leaf]) -> None:
    page = (DOCS / "everyday.md").read_text(encoding="utf-8").split("## One or many")[1].split("## ")[0]
    rows = [line for line in page.splitlines() if line.startswith("| it is")]
    told = {command for row in rows for command in re.findall("`(.+?)`", row)}
    assert told <= {each.words for each in leaves}, "the page names what is gone"
    alone = {each.words for each in leaves if "--dry-run" in each.options and not takes_many(each)}
    assert alone <= told, "give it the shared manner, or say on the page why it takes one"


def takes_many(leaf: Leaf) -> bool:
    """Return whether a command takes several words, a file or a filter."""
    given = leaf.context.command.params
    words = [each for each in given if isinstance(each, click.Argument)]
    ways = {name for each in given for name in each.opts if not is_day(each)}
    return bool(ways & MANY) or any(each.nargs == -1 or isinstance(each.type, click.Path) for each in words)


def is_day(given: click.Parameter) -> bool:
    """Return whether `--from` means a day, or what a version is derived from."""
    return given.type is DAY or (given.name == "source" and given.type.name == "version")


def test_each_complaint_names_tests_that_are_there() -> None:
    page = (DOCS / "complaints.md").read_text(encoding="utf-8")
    named = re.findall(r"`(\S+\.py)::(test_\w+)`", page)
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 15
    assert all(".py::test_" in row for row in rows)
    tests = DOCS.parent / "tests"
    gone = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (tests / file).read_text()]
    assert gone == []
