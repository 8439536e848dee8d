"""Write the generated parts of the pages from what they describe: make docs.

A page says between its marks which function here writes it, and cog does so.
With --check nothing is written, and a page that is out of date is an error; a
test does the same.
"""

from __future__ import annotations

import importlib
import json
import sys
import tomllib
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from cogapp import Cog
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from talenthub.cli import COMMANDS
from talenthub.cli.lazy import Entry, load
from talenthub.config.settings import SecretAt, Settings
from talenthub.host.loading import attribute

HERE = Path(__file__).parent
PLUGINS = "Plugins that come with it"
LONGEST = 240
"""A default of more characters is counted, not shown."""
COMMON = {
    *("--workspace", "--as", "--debug", "--output", "--fields", "--no-pager"),
    *("--dry-run", "--request-id", "--yes", "--help"),
}


def plugins() -> dict[str, ModuleType]:
    """Return the plugins that come with talenthub, by name."""
    with (HERE.parent / "pyproject.toml").open("rb") as file:
        modules = tomllib.load(file)["project"]["entry-points"]["talenthub.plugins"]
    return {name: importlib.import_module(module) for name, module in sorted(modules.items())}


def built_in() -> dict[str, Entry]:
    """Return the commands of the plugins that come with talenthub, by name."""
    return {
        command.name: Entry(command.target, command.help, PLUGINS, None, name)
        for name, module in plugins().items()
        for hook in (getattr(module, "talenthub_commands", tuple),)
        for command in hook()
    }


def settings_models() -> Mapping[str, type[BaseModel]]:
    """Return the models of the plugins' settings, by the plugin's name."""
    return {
        name: attribute(module.talenthub_settings().target)
        for name, module in plugins().items()
        if hasattr(module, "talenthub_settings")
    }


def commands() -> str:
    """Return the sections of docs/commands.md, one for each command."""
    parts: list[str] = []
    section = ""
    for name, entry in {**COMMANDS, **built_in()}.items():
        if entry.section != section:
            section = entry.section
            parts.append(f"## {section}\n")
        parts += _describe(load(name, entry), f"talent {name}")
    return "\n".join(parts)


def settings() -> str:
    """Return the sections of docs/settings.md, one for each table."""
    parts: list[str] = []
    for name, info in Settings.model_fields.items():
        if name != "plugin":
            parts += _below(name, info)
    for name, model in settings_models().items():
        parts += _section(f"plugin.{name}", model)
    return "\n".join(parts)


def _below(path: str, info: FieldInfo) -> Iterator[str]:
    model, kinds = _model_of(info.annotation)
    if model is not None and model is not SecretAt:
        path = f"{path}.NAME" if "table" in kinds else path
        yield from _section(path, model, several="list" in kinds)


def _section(path: str, model: type[BaseModel], *, several: bool = False) -> Iterator[str]:
    yield f"## `{'[[' if several else '['}{path}{']]' if several else ']'}`\n"
    yield f"{' '.join((model.__doc__ or '').split())}\n"
    yield "| setting | default | |\n|---|---|---|"
    for name, info in model.model_fields.items():
        yield f"| `{name}` | {_default(info)} | {_cell(info.description or '')} |"
    yield ""
    for name, info in model.model_fields.items():
        yield from _below(f"{path}.{name}", info)


def _model_of(annotation: Any) -> tuple[type[BaseModel] | None, set[str]]:
    """Return the model within an annotation, and what it is wrapped in."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, set()
    wrapped = {Mapping: {"table"}, dict: {"table"}, tuple: {"list"}, list: {"list"}}
    for each in typing.get_args(annotation):
        found, kinds = _model_of(each)
        if found is not None:
            return found, kinds | wrapped.get(typing.get_origin(annotation), set())
    return None, set()


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "must be given"
    value = info.get_default(call_default_factory=True)
    if value is None or value in ("", (), {}) or isinstance(value, BaseModel):
        return ""
    text = _cell(json.dumps(value, default=_plain, ensure_ascii=False))
    return f"`{text}`" if len(text) <= LONGEST else f"{len(value)} of them"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return dict(value) if isinstance(value, Mapping) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", chr(92) + "|")


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
    return f"| `{_cell(names)}` | {_cell(text)} |"


PAGES = ("commands.md", "settings.md")


def write(*, check: bool = False) -> int:
    """Have cog write the pages, or look at them only; return its exit code."""
    how = ["--check", "--diff"] if check else ["-r"]
    pages = (str(HERE / name) for name in PAGES)
    return int(Cog().main(["cog", *how, "--verbosity=1", "-I", str(HERE), *pages]))


if __name__ == "__main__":
    sys.exit(write(check=sys.argv[1:] == ["--check"]))
