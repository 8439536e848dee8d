"""Rows as a file or a page: CSV, JSON, HTML, a workbook, a picture.

    @command("radar")
    @draws
    def radar(desk: Desk, file: Path | None) -> None:
        rows = desk.run(…)
        deliver(desk, Made("Amara Okoye", rows, COLUMNS, lambda: pictures.radar(…)), file)

`-o KIND` says what is made and `--to FILE` where it goes; either is enough.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

from talenthub.cli import output
from talenthub.cli.base import Desk, Wrapped, reads_as
from talenthub.cli.output import Column
from talenthub.config.private import write_whole
from talenthub.errors import FileError, Problem, UsageError, unknown

if TYPE_CHECKING:
    from talenthub.pictures import Picture

P = ParamSpec("P")
Row = Mapping[str, Any]

PAGES = ("html", "xlsx", "svg")
"""Formats beside those that every command prints."""
KINDS = ("csv", "json", *PAGES)
"""What a file may be."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a command has made: rows, and perhaps a picture of them."""

    title: str
    rows: Sequence[Row]
    columns: Sequence[Column]
    picture: Callable[[], Picture | None] = lambda: None
    """Draws the rows when it is asked for; None: they have no picture."""


def draws(body: Callable[Concatenate[Desk, P], None]) -> Wrapped:
    """Return `body` as a reading command with `--to` and more formats."""
    path = click.Path(path_type=Path, dir_okay=False)
    to = click.option("--to", "file", type=path, metavar="FILE", help=f"Write FILE: .{', .'.join(KINDS)}.")
    return to(reads_as(*PAGES)(body))


def deliver(desk: Desk, made: Made, file: Path | None = None) -> None:
    """Print what was made, or write it to `file`."""
    form = desk.common.style.form
    if file is None and form not in PAGES:
        desk.emit(made.rows, made.columns, title=made.title)
        return
    kind = form or "" if file is None else kind_of(file, form)
    content = _content(kind, made)
    if file is None:
        _print(kind, content)
        return
    _write(file, content)
    desk.say(
        f"{file}: {len(made.rows)} rows" if kind != "svg" else f"{file}: a picture of {len(made.rows)} rows"
    )


def kind_of(file: Path, form: str | None = None) -> str:
    """Return what a file is to be: as `-o` says, else as its name ends."""
    named = file.suffix.lower().removeprefix(".")
    kind = form or named
    if kind not in KINDS:
        raise UsageError(unknown("kind of file", kind or str(file), KINDS, place="-o" if form else "--to"))
    if named in KINDS and named != kind:
        text = f"the name says {named}, and -o says {kind}"
        raise UsageError(Problem(text=text, place="--to", found=str(file), code="cli.kind"))
    return kind


def _content(kind: str, made: Made) -> bytes:
    from talenthub.cli import writers

    if kind in ("csv", "json"):
        return (writers.as_csv if kind == "csv" else writers.as_json)(made.rows)
    if kind == "xlsx":
        return writers.as_workbook(made.title, made.rows)
    picture = made.picture()
    if kind == "html":
        return writers.as_page(made.title, made.rows, made.columns, picture)
    if picture is None:
        text, mend = f"{made.title} has no picture", "-o html, xlsx, csv or json"
        raise UsageError(Problem(text=text, mend=mend, code="report.picture"))
    return picture.svg().encode()


def _print(kind: str, content: bytes) -> None:
    if kind == "xlsx" and sys.stdout.isatty():
        text, mend = "a workbook is not for a terminal", "--to FILE.xlsx"
        raise UsageError(Problem(text=text, mend=mend, code="cli.kind"))
    click.echo(content if kind == "xlsx" else content.decode(), nl=False)


def _write(file: Path, content: bytes) -> None:
    try:
        write_whole(file, content)
    except OSError as error:
        error.filename = str(file)
        raise FileError(output.file_problem(error)) from None
