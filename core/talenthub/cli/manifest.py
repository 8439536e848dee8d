"""The manifest: which commands plugins bring, known without importing them.

`.talenthub/plugins.json` in the workspace is written whenever plugins are
loaded and something about their commands has changed.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talenthub.cli.lazy import Entry
from talenthub.config.layers import enabled_plugins
from talenthub.config.place import MANIFEST, nearest_folder
from talenthub.errors import TalentError

if TYPE_CHECKING:
    from talenthub.host import Host

_NOWHERE = "and there is no workspace here: talent init DIR."


def plugin_entries(folder: str | None, section: str) -> dict[str, Entry]:
    """Return the commands of the workspace's enabled plugins, by name.

    Never fails: without a workspace, or with a damaged one, there are none;
    the command that then runs says what is wrong.
    """
    try:
        found = nearest_folder(Path(folder) if folder else None)
        if found is None:
            return {}
        enabled = enabled_plugins(found)
        stored = json.loads((found / MANIFEST).read_text(encoding="utf-8"))
        return _entries(stored["plugins"], enabled, section)
    except (TalentError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _entries(stored: Mapping[str, Any], enabled: tuple[str, ...], section: str) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for name in enabled:
        known = stored.get(name)
        if known is None:
            continue
        if known.get("error"):
            entries[name] = Entry("", f"Plugin {name}.", section, known["error"], name)
        for command in known.get("commands", ()):
            entries[command["name"]] = Entry(command["target"], command["help"], section, None, name)
    return entries


def commands_off(folder: str | None) -> dict[str, str]:
    """Return the commands of installed plugins that are off, and why.

    Nothing is imported: a plugin brings a command of its own name, or those
    that it had when it was on.
    """
    from talenthub.host.discovery import installed

    found = nearest_folder(Path(folder) if folder else None)
    owners = {name: name for name in installed()}
    if found is None:
        return {word: f"It comes from the plugin {word}, {_NOWHERE}" for word in owners}
    owners |= {each: name for name, known in _stored(found).items() for each in _names(known)}
    on = _enabled(found)
    return {
        word: f"The plugin {name} is off: talent plugin enable {name}."
        for word, name in owners.items()
        if name not in on
    }


def _names(known: Mapping[str, Any]) -> list[str]:
    return [each["name"] for each in known.get("commands", ())]


def _stored(folder: Path) -> Mapping[str, Any]:
    try:
        plugins: Mapping[str, Any] = json.loads(_text(folder) or "")["plugins"]
    except (ValueError, KeyError, TypeError):
        return {}
    return plugins


def refresh(folder: Path, host: Host) -> None:
    """Write the manifest anew if it no longer says what `host` loaded."""
    text = json.dumps(_manifest(host, _stored(folder)), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    file = folder / MANIFEST
    # Help without plugins is better than no command at all on a full or
    # read-only disk.
    with contextlib.suppress(OSError):
        if _text(folder) == text:
            return
        if not file.parent.exists():
            file.parent.mkdir()
            file.parent.chmod(0o755)
        written = file.with_name(f"{file.name}.{os.getpid()}")
        written.write_text(text, encoding="utf-8")
        written.chmod(0o644)  # it names plugins, and everybody at the workspace reads it
        written.replace(file)


def renew(folder: str | None, reserved: Collection[str]) -> bool:
    """Load the plugins and write the manifest; return whether it changed.

    Somebody may have edited the list of plugins, or installed another version.
    """
    found = nearest_folder(Path(folder) if folder else None)
    if found is None or not _enabled(found):
        return False
    from talenthub.workspace.opening import configure

    before = _text(found)
    try:
        refresh(found, configure(found, reserved=reserved).host)
    except TalentError:
        return False
    return _text(found) != before


def _enabled(folder: Path) -> tuple[str, ...]:
    try:
        return enabled_plugins(folder)
    except TalentError:
        return ()


def _text(folder: Path) -> str | None:
    try:
        return (folder / MANIFEST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _manifest(host: Host, before: Mapping[str, Any]) -> dict[str, Any]:
    commands: dict[str, list[dict[str, str]]] = {}
    for each in host.commands():
        value = each.value
        commands.setdefault(each.plugin, []).append(
            {"name": value.name, "help": value.help, "target": value.target}
        )
    known = {
        status.name: {
            "version": status.version,
            "error": status.error,
            "commands": commands.get(status.name, []),
        }
        for status in host.statuses
        if status.state != "off"
    }
    # What a plugin brought before it was turned off, so that its commands can be told apart from typos.
    off = {each.name: before[each.name] for each in host.statuses if each.name in before}
    return {"plugins": off | known}
