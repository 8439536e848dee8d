"""`talent config`: the settings, where each comes from, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column


@click.group(cls=Group)
def config() -> None:
    """Show, check and change the settings.

    \b
    talent config check
    talent config show evidence --origin
    talent config set reporting.minimum_people 4
    """


@config.command("check")
@reads
def check(desk: Desk) -> None:
    """Tell every problem of the settings, with file and line."""
    from talenthub.cli.table import COMMANDS
    from talenthub.errors import ConfigurationError, Problem
    from talenthub.host import State
    from talenthub.outbound.wording import wordings_of
    from talenthub.workspace.composing import catalogue_of
    from talenthub.workspace.handoff_rules import handoff_problems
    from talenthub.workspace.opening import configure, database_url

    found = configure(desk.folder, reserved=COMMANDS)
    database_url(found)
    missing = [each for each in found.host.statuses if each.state is State.MISSING]
    if missing:
        place = found.layers.origin(("plugins", "enabled")).place
        raise ConfigurationError.of(
            [
                Problem(text=f"plugin {each.name}: {each.error}", place=place, path="plugins.enabled")
                for each in missing
            ]
        )
    wordings_of(found.settings, found.folder)
    if wrong := handoff_problems(found, catalogue_of(found.host, found.plugins, found.written)):
        raise ConfigurationError.of(wrong)
    files = ", ".join(layer.name for layer in found.layers.layers if layer.is_file)
    desk.say(f"The settings are in order: {files}.")


@config.command("show")
@click.argument("section", required=False)
@click.option("--origin", is_flag=True, help="Also where each value came from.")
@reads
def show(desk: Desk, section: str | None, origin: bool) -> None:
    """Show the settings in force, all or those below SECTION.

    Secrets are masked.
    """
    from talenthub.config.showing import shown
    from talenthub.errors import NotFound, unknown

    found = desk.unchecked().configuration
    rows = [each for each in shown(found.settings, found.layers) if not each.setting.startswith("plugin.")]
    for name, settings in found.plugins.items():
        rows += shown(settings, found.layers, ("plugin", name))
    chosen = [each for each in rows if section is None or _is_below(each.setting, section)]
    if section is not None and not chosen:
        raise NotFound(unknown("setting", section, _prefixes([each.setting for each in rows])))
    columns = [Column("setting"), Column("value"), Column("origin", extra=not origin)]
    values = [{"setting": each.setting, "value": each.value, "origin": each.origin} for each in chosen]
    desk.emit(values, columns)


@config.command("set")
@click.argument("setting")
@click.argument("value")
@click.option("--file", "file_name", default=None, metavar="FILE", help="Another file of the workspace.")
@writes
def set_(desk: Desk, setting: str, value: str, file_name: str | None) -> None:
    """Set SETTING to VALUE in talenthub.toml; comments stay.

    VALUE is read as TOML: 4, true, ["a", "b"]; anything else is a text. What
    the settings do not allow is not written.
    """
    from talenthub.config.layers import value_of
    from talenthub.config.loading import dotted
    from talenthub.config.place import FILE
    from talenthub.config.writing import keys_of

    file = _inside(desk.folder, file_name or FILE)
    keys = keys_of(setting)
    _write_setting(desk, file, keys, value_of(value), f"{dotted(keys)} is set.")


@config.command("schema")
@reads
def schema(desk: Desk) -> None:
    """Print the JSON Schema of talenthub.toml, for editors.

    \b
    talent config schema > .talenthub/schema.json
    and as the first line of talenthub.toml:  #:schema ./.talenthub/schema.json
    """
    from talenthub.config.schema import schema as made

    models = desk.unchecked().host.settings_models()
    click.echo(json.dumps(made(models), indent=2, ensure_ascii=False))


def change_setting(desk: Desk, keys: tuple[str, ...], value: object, said: str) -> None:
    """Set one setting in talenthub.toml, if it is sound; say `said`."""
    from talenthub.config.place import FILE

    _write_setting(desk, desk.folder / FILE, keys, value, said)


def _write_setting(desk: Desk, file: Path, keys: tuple[str, ...], value: object, said: str) -> None:
    from talenthub.config.writing import changed, replace_file
    from talenthub.workspace.composing import catalogue_of
    from talenthub.workspace.opening import configure_with

    before = file.read_text(encoding="utf-8") if file.exists() else ""
    after = changed(before, keys, value)
    found = configure_with(desk.folder, file, after)
    if keys[0] == "workflow":
        catalogue_of(found.host, found.plugins, found.written)
    if desk.dry_run:
        desk.say("Dry run: nothing was written.")
        return
    replace_file(file, after)
    desk.say(f"{file.name}: {said}")


def _inside(folder: Path, name: str) -> Path:
    from talenthub.config.place import FILE, LOCAL_FILE, MORE_FILES
    from talenthub.errors import Problem, UsageError

    path = Path(name)
    if name in (FILE, LOCAL_FILE) or (path.parent == Path(MORE_FILES) and path.suffix == ".toml"):
        return folder / path
    raise UsageError(
        Problem(
            text="settings are not read from this file",
            place="--file",
            found=name,
            allowed=f"{FILE}, {LOCAL_FILE}, {MORE_FILES}/NAME.toml",
            code="config.file",
        )
    )


def _is_below(setting: str, section: str) -> bool:
    return setting == section or setting.startswith((f"{section}.", f"{section}["))


def _prefixes(settings: list[str]) -> set[str]:
    found = set(settings)
    for each in settings:
        parts = each.split(".")
        found |= {".".join(parts[:length]).partition("[")[0] for length in range(1, len(parts))}
    return found
