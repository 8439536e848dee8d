"""Write docs/commands.md from the commands themselves: make docs.

A test compares the page with what this returns, so it is never out of date.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

from talenthub.cli import COMMANDS
from talenthub.cli.lazy import Entry, load

PAGE = Path(__file__).parent / "commands.md"
PLUGINS = "Plugins that come with it"
HEAD = """# Commands

Every command, as it describes itself; `make docs` writes this page. All
commands take `--workspace DIR`, `--as PERSON` and `--debug`; those that print
take `-o table|json|jsonl|csv|tsv|yaml`, `--fields A,B` and `--no-pager`; those
that write take `--dry-run`, `--request-id ID` and `--yes`. What they leave
behind as an exit code stands in [errors.md](errors.md).
"""
COMMON = {
    *("--workspace", "--as", "--debug", "--output", "--fields", "--no-pager"),
    *("--dry-run", "--request-id", "--yes", "--help"),
}


def built_in() -> dict[str, Entry]:
    """Return the commands of the plugins that come with talenthub, by name."""
    with (Path(__file__).parents[1] / "pyproject.toml").open("rb") as file:
        modules = tomllib.load(file)["project"]["entry-points"]["talenthub.plugins"]
    return {
        command.name: Entry(command.target, command.help, PLUGINS, None, name)
        for name, module in sorted(modules.items())
        for hook in (getattr(importlib.import_module(module), "talenthub_commands", tuple),)
        for command in hook()
    }


def page() -> str:
    """Return docs/commands.md."""
    parts = [HEAD]
    section = ""
    for name, entry in {**COMMANDS, **built_in()}.items():
        if entry.section != section:
            section = entry.section
            parts.append(f"## {section}\n")
        parts += _describe(load(name, entry), f"talent {name}")
    return "\n".join(parts)


def _describe(command: click.Command, words: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=words)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _describe(found, f"{words} {name}")
        return
    context = click.Context(command, info_name=words)
    usage = " ".join([words, *command.collect_usage_pieces(context)])
    yield f"### {words}\n\n{_first_paragraph(command)}\n\n```\n{usage}\n```\n"
    options = [_option(each, context) for each in command.params if isinstance(each, click.Option)]
    told = [each for each in options if each is not None]
    if told:
        yield "| option | |\n|---|---|\n" + "\n".join(told) + "\n"


def _first_paragraph(command: click.Command) -> str:
    text = (command.help or "").split("\n\n")[0].split("\b")[0]
    return " ".join(text.split())


def _option(option: click.Option, context: click.Context) -> str | None:
    record = option.get_help_record(context)
    if record is None or COMMON & set(option.opts):
        return None
    names, text = record
    return f"| `{names.replace('|', chr(92) + '|')}` | {' '.join(text.split()).replace('|', chr(92) + '|')} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
