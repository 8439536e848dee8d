"""Blame: whose code went wrong, in which line, said in one sentence."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from talenthub.errors import PluginError, Problem, TalentError

OURS: Final = (TalentError, KeyboardInterrupt)
"""What passes through where a plugin is called: a reason, or the user's end."""

_CALLED = ("/pluggy/", "/pydantic/", "/alembic/", "/click/")
"""Libraries that come back to what a plugin wrote."""

_CORE = str(Path(__file__).parent)
_STANDARD = str(Path(os.__file__).parent)


def line_of(error: BaseException) -> str | None:
    """Return `package/module.py:12`, the plugin's line that went wrong.

    The last line of the first code below talenthub's own: what it called may
    be a library, and no library is at fault. None where no such line is.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shown(error.filename)}:{error.lineno}"
    own: list[tuple[str, int]] = []
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if not _is_between(file):
            own.append((file, step.tb_lineno))
        step = step.tb_next
    if not own:
        return None
    package = _package(own[0][0])
    file, line = [each for each in own if _package(each[0]) == package][-1]
    return f"{shown(file)}:{line}"


def shown(file: str) -> str:
    """Return a file's name from its package on: `talenthub_coffee/guards.py`."""
    path = Path(file)
    root = path.parent
    while (root / "__init__.py").is_file():
        root = root.parent
    return path.relative_to(root).as_posix()


def declared_at(function: Callable[..., Any]) -> str | None:
    """Return the line a function is declared at; None if it has none."""
    code = getattr(function, "__code__", None)
    return f"{shown(code.co_filename)}:{code.co_firstlineno}" if code is not None else None


def words_of(error: BaseException) -> str:
    """Return what was raised, without the rows a driver would repeat."""
    # A driver's error shows statement and parameters: those may be personal.
    said = str(getattr(error, "orig", None) or error)
    return f"{type(error).__name__}: {said[:200]}" if said else type(error).__name__


def broken(
    plugin: str, part: str, error: BaseException, function: Callable[..., Any] | None = None
) -> PluginError:
    """Return the error of a plugin's function that raised or misbehaved.

    `function` is what misbehaved, where nothing was raised in it.
    """
    return PluginError(
        Problem(
            text=f"the plugin {plugin} failed in {part}",
            place=line_of(error) or (declared_at(function) if function is not None else None),
            found=words_of(error),
            mend=f"talent plugin info {plugin}; nothing was changed",
            code="plugin.failed",
        )
    )


def _is_between(file: str) -> bool:
    """Return whether talenthub, a library that it calls or Python itself stands in this frame."""
    if file.startswith(("<", _CORE)) or any(each in file for each in _CALLED):
        return True
    return file.startswith(_STANDARD) and "site-packages" not in file


def _package(file: str) -> str:
    return shown(file).partition("/")[0]
