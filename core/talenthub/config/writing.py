"""Writing: change one setting in a file, with its comments left alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from talenthub.config.private import write_whole
from talenthub.errors import FileError, Problem, UsageError

READ_BY_ALL = 0o644
"""Settings hold no secrets; whoever works in the workspace reads them."""

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
        write_whole(file, text.encode(), READ_BY_ALL)
    except OSError as error:
        raise FileError(
            Problem(text=(error.strerror or "the file cannot be written").lower(), place=str(file))
        ) from None
