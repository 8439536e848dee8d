"""Every command of the core and of plugins tells what it does, and docs name it."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from talenthub.cli import COMMANDS, talent
from talenthub.cli.lazy import Entry, load

DOCS = Path(__file__).parents[2] / "docs"
PLUGINS: dict[str, Entry] = runpy.run_path(str(DOCS / "generate.py"))["built_in"]()


def _walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _walk(found, (*words, name))


def _all() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, entry in {**COMMANDS, **PLUGINS}.items():
        yield from _walk(load(name, entry), (name,))


@pytest.mark.parametrize("name", [*COMMANDS, *PLUGINS])
def test_help_of_every_command_runs(name: str) -> None:
    for words, command in _walk(load(name, {**COMMANDS, **PLUGINS}[name]), (name,)):
        # click keeps the names of its help option: they must be those of `talent`.
        done = CliRunner().invoke(
            command, ["--help"], prog_name=f"talent {' '.join(words)}", help_option_names=["-h", "--help"]
        )
        assert done.exit_code == 0, (words, done.output)
        assert "Usage: talent" in done.output
        assert command.get_short_help_str(limit=100), words


def test_the_short_help_fits_a_line() -> None:
    for name, entry in COMMANDS.items():
        assert entry.help.endswith("."), name
        assert len(entry.help) <= 60, name
    assert isinstance(talent, click.Group)


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        (*words, option.opts[0])
        for words, command in _all()
        for option in command.params
        if isinstance(option, click.Option) and not option.help and not option.hidden
    ]
    assert silent == []


def test_every_command_is_in_the_docs() -> None:
    pages = " ".join(" ".join(page.read_text(encoding="utf-8").split()) for page in DOCS.glob("*.md"))
    leaves = [words for words, command in _all() if not isinstance(command, click.Group)]
    assert [words for words in leaves if f"talent {' '.join(words)}" not in pages] == []
