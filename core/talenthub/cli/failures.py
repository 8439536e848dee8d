"""Failures: how an error is told, and the exit code it ends in."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from talenthub.blame import line_of
from talenthub.cli.examples import examples
from talenthub.cli.output import MEND, NOT_OK, OK, clean, file_problem
from talenthub.cli.screen import fitted
from talenthub.errors import ConfigurationError, FileError, NotPermitted, Refused, TalentError
from talenthub.verdict import Verdict

_THOUSANDS = re.compile(r"\d{1,3}([,.'\u00a0 ]\d{3})+")
_DOTS = re.compile(r"\D")
_NO_NUMBER = re.compile(r"(.+?) is not (?:(a valid integer)|in the range).*")

_ROW_CONTENTS = re.compile(r"^(DETAIL|CONTEXT): .*?(?=^\[SQL: |^\n(The above|During) |\Z)", re.M | re.S)
"""What PostgreSQL adds to a fault: the row itself, of any number of lines."""

UNEXPECTED = 1
INTERRUPTED = 130


def guarded(call: Callable[[], Any], *, debug: bool) -> int:
    """Run `call`; tell what goes wrong; return the exit code."""
    try:
        code = call()
        sys.stdout and sys.stdout.flush()
    except click.ClickException as error:
        _print(_shown(error).splitlines())
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _print(["Interrupted."])
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except Exception as error:
        return told(error, debug=debug)
    return code if isinstance(code, int) else 0


def told(error: Exception, *, debug: bool) -> int:
    """Print `error` for people and return its exit code."""
    known = _known(error)
    if debug:
        sys.stderr.write(_ROW_CONTENTS.sub("", "".join(traceback.format_exception(error))))
    if known is None:
        # Its text may hold rows, and so personal data: only its kind is shown.
        kind = type(error).__name__
        _print([f"error: unexpected {kind}{_in_plugin(error)}; --debug shows where it came from"])
        return UNEXPECTED
    _print(list(lines_of(known)))
    return known.exit_code


def _in_plugin(error: Exception) -> str:
    """Return where in a plugin it was raised; empty where none is at fault."""
    from importlib.metadata import entry_points

    from talenthub.hooks import GROUP

    place = line_of(error)
    packages = {each.value.partition(".")[0] for each in entry_points(group=GROUP)}
    return f" at {place}" if place is not None and place.partition("/")[0] in packages else ""


def lines_of(error: TalentError) -> Iterator[str]:
    """Return the lines that tell `error`."""
    if len(error.problems) > 1:
        yield f"{_head(error)}: {len(error.problems)} problems"
        yield from (f"  {problem}" for problem in error.problems)
    else:
        yield f"{_head(error)}: {error.problems[0]}"
    if isinstance(error, Refused | NotPermitted):
        said = {problem.text for problem in error.problems}
        yield from verdict_lines([each for each in error.verdicts if each.text not in said])


def verdict_lines(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Return verdicts as people read them: the unmet ones first."""
    for verdict in sorted(verdicts, key=lambda each: each.ok):
        yield f"  {OK if verdict.ok else NOT_OK} {verdict.text}"
        yield from (f"      {detail.text}" for detail in verdict.details)
        if verdict.mend and not verdict.ok:
            yield f"    {MEND} {verdict.mend}"


def _head(error: TalentError) -> str:
    if isinstance(error, Refused):
        return "refused"
    return "configuration" if isinstance(error, ConfigurationError) else "error"


def _known(error: Exception) -> TalentError | None:
    if isinstance(error, TalentError):
        return error
    return FileError(file_problem(error)) if isinstance(error, OSError) else None


def _print(lines: list[str]) -> None:
    with contextlib.suppress(OSError):
        for line in lines:
            click.echo(fitted(clean(line, keep_lines=True), sys.stderr), err=True)


def _shown(error: click.ClickException) -> str:
    text = io.StringIO()
    error.show(file=text)
    context = error.ctx if isinstance(error, click.UsageError) else None
    group = context.command if context is not None else None
    if context is not None and not isinstance(group, click.Group):
        text.write(f"For example: {examples(context)[0]}\n")
    elif context is not None and isinstance(group, click.Group) and isinstance(error, click.NoSuchCommand):
        text.write(f"Allowed: {', '.join(group.list_commands(context))}\n")
    kind = error.param.type if isinstance(error, click.BadParameter) and error.param is not None else None
    return text.getvalue().replace(error.message, _in_words(error.message, kind))


def _in_words(message: str, kind: click.ParamType[Any] | None) -> str:
    """Return what click says of a number, with what is allowed."""
    found = _NO_NUMBER.match(message)
    if found is None:
        return message
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    span = f"{least} to {most}" if None not in (least, most) else f"{least} or more"
    allowed = f"; allowed: {span}" if least is not None else ""
    word = found[1].strip("'")
    hint = f"; did you mean '{_DOTS.sub('', word)}'?" if _THOUSANDS.fullmatch(word) else ""
    return f"{word!r} is no whole number{allowed}{hint}" if found[2] else f"found {word}{allowed}"


def _let_go_of_stdout() -> None:
    # The reader has gone; the flush at the end of Python must not complain.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
