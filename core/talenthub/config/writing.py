"""Writing: change one setting in a file, with its comments left alone."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from talenthub.errors import FileError, Problem, UsageError

Keys = tuple[str, ...]
_PART = re.compile(r'"([^".]+(?:\.[^".]+)*)"|([^\W\d][\w-]*)')
_WHOLE = re.compile(rf"(?:{_PART.pattern})(?:\.(?:{_PART.pattern}))*")


def keys_of(text: str) -> Keys:
    """Return the parts of `organisation.name`; UsageError if it is no path."""
    # A name with a dot in it stands in quotes: workflow."recruitment.application".title
    parts = tuple(bare or quoted for quoted, bare in _PART.findall(text)) if _WHOLE.fullmatch(text) else ()
    if len(parts) < 2:
        raise UsageError(
            Problem(text="this is no setting", found=text, allowed="SECTION.KEY, such as organisation.name")
        )
    return parts


def value_of(text: str) -> Any:
    """Return `text` as TOML would read it; other text is a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, ValueError):
        return text


def changed(text: str, keys: Keys, value: Any) -> str:
    """Return the file's text with `keys` set to `value`."""
    try:
        document = tomlkit.parse(text)
        table: Any = document
        for key in keys[:-1]:
            if key not in table:
                table[key] = tomlkit.table(is_super_table=False)
            table = table[key]
        table[keys[-1]] = _inline(value)
        return tomlkit.dumps(document)
    except (TOMLKitError, TypeError, AttributeError) as error:
        raise UsageError(
            Problem(text="this setting cannot be written here", found=".".join(keys), mend="edit the file")
        ) from error


def _inline(value: Any) -> Any:
    item = tomlkit.item(value)
    if isinstance(item, Table):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    return item


def replace_file(file: Path, text: str) -> None:
    """Write `text` to `file` wholly or not at all."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            Path(name).chmod(file.stat().st_mode & 0o777)
        else:
            Path(name).chmod(0o644)
        Path(name).replace(file)
    except OSError as error:
        Path(name).unlink(missing_ok=True) if "name" in locals() else None
        raise FileError(
            Problem(text=(error.strerror or "the file cannot be written").lower(), place=str(file))
        ) from None
