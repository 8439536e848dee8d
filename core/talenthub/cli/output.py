"""Output: one place that prints rows, records and messages.

Standard output carries data, standard error carries messages. A terminal
gets a table; a pipe gets tab-separated lines without a header.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Literal

import click

from talenthub.cli.screen import fitted, is_terminal, print_page
from talenthub.errors import Problem, UsageError, unknown

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "yaml")
OK = "✔"
NOT_OK = "✘"
MEND = "→"
NOTHING = "Nothing to list."

_NARROWEST = 8
"""Characters that a column keeps while others can still give way."""

_BEGIN_FORMULAS = tuple("=+-@＝＋－＠")
"""Signs that a spreadsheet takes for the begin of a formula, wide ones in some languages."""

_LEAST = 3
"""Characters that it keeps however many columns share a narrow screen."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a row and how a table shows it."""

    name: str
    """The key in the row, and the field's name in every other format."""
    title: str = ""
    """The heading; empty: the name, with a capital."""
    right: bool = False
    """Whether the table sets it flush right, as numbers are."""
    extra: bool = False
    """Left out of table and tsv unless `--fields` names it."""
    show: Callable[[Any], str] | None = None
    """What a table shows for a value; None: its plain text."""

    @property
    def heading(self) -> str:
        """Return the heading of the table's column."""
        return self.title or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Style:
    """What the user asked of the output: `-o`, `--fields`, `--no-pager`."""

    form: str | None = None
    fields: tuple[str, ...] = ()
    pager: bool = True

    @property
    def chosen(self) -> str:
        """Return the format: the one asked for, else by where it goes."""
        return self.form or ("table" if on_terminal() else "tsv")


PLAIN = Style()


def on_terminal() -> bool:
    """Return whether standard output is a terminal."""
    return is_terminal(sys.stdout)


def say(message: str) -> None:
    """Print a message for the person; never part of the data."""
    click.echo(fitted(clean(message, keep_lines=True), sys.stderr), err=True)


def emit(
    rows: Iterable[Row],
    columns: Sequence[Column],
    style: Style = PLAIN,
    *,
    title: str | None = None,
    following: str | None = None,
) -> None:
    """Print rows in the chosen format.

    `title` heads the table only; `following` is the `next` of the JSON form.
    """
    shown = _chosen_columns(columns, style)
    _FORMS[style.chosen](list(rows), shown, _Sheet(style, title, following))


def emit_groups(
    groups: Sequence[Group], columns: Sequence[Column], style: Style = PLAIN, *, title: str | None = None
) -> None:
    """Print groups of rows: tables under their titles, else one list.

    All tables share the widths of their columns and one page.
    """
    shown = _chosen_columns(columns, style)
    rows = [row for group in groups for row in group.rows]
    if style.chosen != "table":
        _FORMS[style.chosen](rows, shown, _Sheet(style, None, None))
        return
    parts = [clean(title) + "\n"] if title else []
    for group in groups:
        kept = [column for column in shown if column.name not in group.without]
        widths = _widths([row for each in groups if each.without == group.without for row in each.rows], kept)
        parts.append(_table(group.rows, kept, _Sheet(style, group.title, None), widths))
    print_page("\n".join(part for part in parts if part), may_page=on_terminal() and style.pager)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that a table shows under a title of their own."""

    title: str
    rows: Sequence[Row]
    without: tuple[str, ...] = ()
    """Columns that say nothing here."""


def emit_record(record: Row, style: Style = PLAIN, *, title: str | None = None) -> None:
    """Print one record: field and value, or one object."""
    columns = _chosen_columns([Column(name) for name in record], style)
    form = style.chosen
    if form in ("json", "yaml"):
        kept = {column.name: plain(record.get(column.name)) for column in columns}
        _print_yaml(kept) if form == "yaml" else click.echo(_json(kept, indent=2))
    elif form in ("table", "tsv"):
        pairs = [{"field": each.heading, "value": record.get(each.name)} for each in columns]
        _FORMS[form](pairs, [Column("field"), Column("value")], _Sheet(style, title, None, heading=False))
    else:
        _FORMS[form]([record], columns, _Sheet(style, title, None))


def plain(value: Any) -> Any:
    """Return `value` as what JSON knows; moments in UTC with a Z."""
    if value is None or isinstance(value, str | bool | int | float):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction | Decimal):
        return float(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    return str(value)


def as_text(value: Any) -> str:
    """Return `value` as the text of one cell; nothing for None."""
    simple = plain(value)
    if simple is None:
        return ""
    if isinstance(simple, bool):
        return "yes" if simple else "no"
    if isinstance(simple, float):
        return f"{simple:.9f}".rstrip("0").rstrip(".")
    if isinstance(simple, list) and not any(isinstance(each, dict | list) for each in simple):
        return ", ".join(as_text(each) for each in simple)
    return (
        simple
        if isinstance(simple, str)
        else str(_json(simple) if isinstance(simple, dict | list) else simple)
    )


def clean(text: str, *, keep_lines: bool = False) -> str:
    """Return `text` without the control characters that steer a terminal."""
    if text.isprintable():
        return text
    kept = "\n" if keep_lines else ""
    return "".join(each if each.isprintable() or each in kept else " " for each in text)


@dataclass(frozen=True, slots=True)
class _Sheet:
    style: Style
    title: str | None
    following: str | None
    heading: bool = True


def _chosen_columns(columns: Sequence[Column], style: Style) -> list[Column]:
    by_name = {column.name: column for column in columns}
    problems = [
        unknown("field", name, by_name, place="--fields") for name in style.fields if name not in by_name
    ]
    if problems:
        raise UsageError.of(problems)
    if style.fields:
        return [by_name[name] for name in style.fields]
    everything = style.chosen in ("json", "jsonl", "yaml", "csv")
    return [column for column in columns if everything or not column.extra]


def _json(value: Any, indent: int | None = None) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    if text.replace("\n", "").isprintable():
        return text
    # JSON leaves as they are what ends a line, turns it round or steers a terminal.
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def _items(rows: Sequence[Row], columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [{column.name: plain(row.get(column.name)) for column in columns} for row in rows]


def _print_json(rows: Sequence[Row], columns: Sequence[Column], sheet: _Sheet) -> None:
    click.echo(_json({"items": _items(rows, columns), "next": sheet.following}, indent=2))


def _print_jsonl(rows: Sequence[Row], columns: Sequence[Column], _sheet: _Sheet) -> None:
    for item in _items(rows, columns):
        click.echo(_json(item))


def _print_yaml_rows(rows: Sequence[Row], columns: Sequence[Column], sheet: _Sheet) -> None:
    _print_yaml({"items": _items(rows, columns), "next": sheet.following})


def _print_yaml(value: Any) -> None:
    from ruamel.yaml import YAML

    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    text = io.StringIO()
    writer.dump(value, text)
    click.echo(_shown(text.getvalue()), nl=False)


def _print_tsv(rows: Sequence[Row], columns: Sequence[Column], _sheet: _Sheet) -> None:
    for row in rows:
        click.echo("\t".join(clean(as_text(row.get(column.name))) for column in columns))


def _print_csv(rows: Sequence[Row], columns: Sequence[Column], _sheet: _Sheet) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([harmless(row.get(column.name)) for column in columns])
    click.echo(_shown(text.getvalue()), nl=False)


def _shown(text: str) -> str:
    """Return a file's text as it is, but for a terminal that it could steer."""
    return clean(text, keep_lines=True) if on_terminal() else text


def harmless(value: Any) -> str:
    """Return the text of a cell that no spreadsheet takes for a formula."""
    # A spreadsheet runs text that begins so as a formula; numbers are safe.
    text = as_text(value)
    is_number = isinstance(value, int | float | Fraction | Decimal)
    begins = text.startswith(("\t", "\r")) or text.lstrip().startswith(_BEGIN_FORMULAS)
    return "'" + text if begins and not is_number else text


def _print_table(rows: Sequence[Row], columns: Sequence[Column], sheet: _Sheet) -> None:
    if not rows:
        click.echo("\n".join(filter(None, [sheet.title and clean(sheet.title), NOTHING])))
        return
    widths = _widths(rows, columns)
    print_page(_table(rows, columns, sheet, widths), may_page=on_terminal() and sheet.style.pager)


def _widths(rows: Sequence[Row], columns: Sequence[Column]) -> list[int]:
    """Return widths that fit the screen, with as few cells folded as can be.

    Words are broken only where there is no other way.
    """
    cells = [[each.heading, *(_cell(each, row.get(each.name)) for row in rows)] for each in columns]
    lengths = [[len(text) for text in each] for each in cells]
    widths = [max(each) for each in lengths]
    words = [max((len(word) for text in each for word in text.split()), default=0) for each in cells]
    room = shutil.get_terminal_size().columns - 2 * (len(widths) - 1)
    whole_words = [max(each, _NARROWEST) for each in words]
    for floors in (whole_words, [_NARROWEST] * len(words), [_LEAST] * len(words)):
        while sum(widths) > room:
            wide = [index for index, width in enumerate(widths) if width > floors[index]]
            if not wide:
                break
            folded = {index: sum(each >= widths[index] for each in lengths[index]) for index in wide}
            widths[min(wide, key=lambda index: (folded[index], -widths[index]))] -= 1
    return widths


def _table(
    rows: Sequence[Row], columns: Sequence[Column], sheet: _Sheet, widths: Sequence[int] | None = None
) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=sheet.heading, header_style="bold")
    for column, width in zip_longest(columns, widths or ()):
        justify: Literal["left", "right"] = "right" if column.right else "left"
        table.add_column(Text(column.heading), justify=justify, overflow="fold", width=width)
    for row in rows:
        table.add_row(*(Text(_cell(column, row.get(column.name))) for column in columns))
    text = io.StringIO()
    width = shutil.get_terminal_size().columns
    console = Console(file=text, width=width, force_terminal=on_terminal() or None, highlight=False)
    if sheet.title:
        console.print(Text(clean(sheet.title, keep_lines=True)))
    console.print(table)
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    return "\n".join(lines) + "\n" if lines else ""


def _cell(column: Column, value: Any) -> str:
    text = column.show(value) if column.show is not None else _for_people(value)
    return clean(text, keep_lines=True)


def _for_people(value: Any) -> str:
    """Return the text of a cell; a figure to three decimals, whole ones plain."""
    if isinstance(value, float | Fraction | Decimal) and value != int(value):
        return f"{float(value):.3f}"
    return as_text(value)


_FORMS: dict[str, Callable[[Sequence[Row], Sequence[Column], _Sheet], None]] = {
    "table": _print_table,
    "json": _print_json,
    "jsonl": _print_jsonl,
    "csv": _print_csv,
    "tsv": _print_tsv,
    "yaml": _print_yaml_rows,
}


def file_problem(error: OSError) -> Problem:
    """Return what is wrong with a file or stream that failed us."""
    return Problem(
        text=(error.strerror or "the file cannot be used").lower(),
        place=str(error.filename) if error.filename else None,
        code="file.unusable",
    )
