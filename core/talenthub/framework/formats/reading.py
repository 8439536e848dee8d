"""Reading a framework from files, whatever their format, and writing one.

A format is a `hooks.FrameworkFormat`: ours are listed in `known`, plugins
bring theirs by the hook. `read` names a function that takes the files
(`sources.Sources`) and returns a `Document`; `write` one that takes a
`Document` and returns the bytes of each file by name. Where formats share a
suffix, a function `recognises(files)` beside `read` tells them apart.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from talenthub.errors import FileError, PluginError, Problem, TalentError, UsageError, nearest, unknown
from talenthub.framework.building import collector_at_rest
from talenthub.framework.content import Document, Origin
from talenthub.framework.formats.known import BUILT_IN
from talenthub.framework.formats.sources import Sources, collect
from talenthub.framework.formats.tabular import require_text
from talenthub.hooks import FrameworkFormat

Reader = Callable[[Sources], Document]
Formats = Callable[[], Iterable[FrameworkFormat]]
"""Tells the formats of plugins; asked only where ours do not do."""


@collector_at_rest()
def read_framework(
    paths: Path | Sequence[Path], more: Formats = tuple, *, named: str | None = None
) -> Document:
    """Return the framework in a file, in several, or in a folder of them.

    `named` forces a format; else it is recognised. FileError if nobody reads
    the files, or with everything that is wrong in them.
    """
    files = collect([paths] if isinstance(paths, Path) else list(paths))
    chosen = _forced(named, more) if named is not None else _recognised(files, more)
    document: Document = _call(chosen, chosen.read or "", files)
    origin = Origin(chosen.name, tuple((each.name, each.digest) for each in files))
    return replace(document, origin=origin)


def write_framework(document: Document, name: str, more: Formats = tuple) -> Mapping[str, bytes]:
    """Return the files that hold a framework in the format `name`."""
    chosen = _named(name, [each for each in _all(more) if each.write is not None])
    written: Mapping[str, bytes] = _call(chosen, chosen.write or "", document)
    return written


def readable(more: Formats = tuple) -> list[FrameworkFormat]:
    """Return every format that can be read."""
    return [each for each in _all(more) if each.read is not None]


def _all(more: Formats) -> list[FrameworkFormat]:
    return [*BUILT_IN, *more()]


def _forced(name: str, more: Formats) -> FrameworkFormat:
    return _named(name, [each for each in BUILT_IN if each.read] if name in _OURS else readable(more))


_OURS = {each.name for each in BUILT_IN}


def _named(name: str, formats: list[FrameworkFormat]) -> FrameworkFormat:
    for each in formats:
        if each.name == name:
            return each
    raise UsageError(unknown("framework format", name, [each.name for each in formats]))


def _recognised(files: Sources, more: Formats) -> FrameworkFormat:
    for formats in (lambda: BUILT_IN, more):
        candidates = [each for each in formats() if each.read and _has_suffix(each, files)]
        found = [each for each in candidates if _is_recognised(each, files)]
        if len(found) == 1:
            return found[0]
        if found:
            raise _unclear(files, found)
    raise _unread(files, readable(more))


def _has_suffix(format_: FrameworkFormat, files: Sources) -> bool:
    return any(each.suffix in format_.suffixes for each in files)


def _is_recognised(format_: FrameworkFormat, files: Sources) -> bool:
    module, _, _ = (format_.read or "").partition(":")
    recognises = getattr(_module(format_, module), "recognises", None)
    return recognises is None or bool(_guarded(format_, recognises, files))


def _unclear(files: Sources, found: list[FrameworkFormat]) -> FileError:
    names = [each.name for each in found]
    return FileError(
        Problem(
            text="the files could be of several formats",
            place=files[0].name,
            allowed=", ".join(names),
            mend=f"--format {names[0]}",
            code="framework.which-format",
        )
    )


def _unread(files: Sources, formats: list[FrameworkFormat]) -> FileError:
    require_text(files)
    suffixes = list(dict.fromkeys(each.suffix for each in files))
    known = sorted({suffix for each in formats for suffix in each.suffixes if suffix})
    fitting = [each for each in formats if set(each.suffixes) & set(suffixes)]
    if not fitting:
        found = ", ".join(filter(None, suffixes)) or files[0].path.name
        close = nearest(suffixes[0], known)
        text = "unknown framework format"
        return FileError(
            Problem(
                text=text,
                place=files[0].name,
                found=found,
                allowed=", ".join(known),
                nearest=close,
                mend="--format NAME says what it is",
                code="unknown-framework-format",
            )
        )
    wanted = ", ".join(each.name for each in fitting)
    text = "no format recognises what is in the file"
    mend = (
        f"--format {fitting[0].name} tells what {fitting[0].name} misses in it; --mapping MAP reads any table"
    )
    place = ", ".join(each.name for each in files[:3])
    return FileError(
        Problem(text=text, place=place, allowed=wanted, mend=mend, code="framework.unrecognised")
    )


def _call(format_: FrameworkFormat, target: str, given: object) -> Any:
    module, _, name = target.partition(":")
    function: Any = _module(format_, module)
    for part in name.split("."):
        function = getattr(function, part, None)
    if function is None:
        raise _broken(format_, f"there is no {target}")
    return _guarded(format_, function, given)


def _module(format_: FrameworkFormat, name: str) -> object:
    if format_.name in _OURS:
        return importlib.import_module(name)
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise _broken(format_, type(error).__name__) from error


def _guarded(format_: FrameworkFormat, function: Callable[[Any], Any], given: object) -> Any:
    try:
        return function(given)
    except TalentError:
        raise
    except Exception as error:
        if format_.name in _OURS:
            raise
        raise _broken(format_, type(error).__name__) from error


def _broken(format_: FrameworkFormat, fault: str) -> PluginError:
    text = f"the plugin's framework format {format_.name} failed: {fault}"
    return PluginError(Problem(text=text, code="plugin.format"))
