"""The bytes of files: CSV, JSON, a page, a workbook; imported on demand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from talenthub.cli.output import Column, as_text, harmless, plain
from talenthub.pictures import Picture
from talenthub.sheets.writing import Page, write_workbook

Row = Mapping[str, Any]

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
svg{max-width:100%;height:auto}
table{border-collapse:collapse}
th,td{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #8886;vertical-align:top}
.figure{text-align:right;font-variant-numeric:tabular-nums}
@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr,svg{break-inside:avoid}}
"""


def as_json(rows: Sequence[Row]) -> bytes:
    """Return rows as `{"items": […]}`."""
    return (json.dumps({"items": plain(rows)}, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(rows: Sequence[Row]) -> bytes:
    """Return rows with a header; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0] if rows else ())
    writer.writerows([harmless(each) for each in row.values()] for row in rows)
    return text.getvalue().encode()


def as_page(title: str, rows: Sequence[Row], columns: Sequence[Column], picture: Picture | None) -> bytes:
    """Return a page that stands alone: the picture, and its rows below."""
    kept = [each for each in columns if not each.extra]
    head = "".join(f"<th scope=col{_look(each)}>{escape(each.heading)}</th>" for each in kept)
    body = "".join(f"<tr>{''.join(_cell(each, row) for each in kept)}</tr>\n" for row in rows)
    drawn = f"<figure>\n{picture.svg()}</figure>\n" if picture is not None else ""
    name = escape(title)
    return (
        f"<!doctype html>\n<html lang=en><meta charset=utf-8>"
        f"<meta name=viewport content='width=device-width'><title>{name}</title>\n<style>{_STYLE}</style>\n"
        f"<h1>{name}</h1>\n{drawn}<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n"
        "</table>\n</html>\n"
    ).encode()


def _look(column: Column) -> str:
    return " class=figure" if column.right else ""


def _cell(column: Column, row: Row) -> str:
    return f"<td{_look(column)}>{escape(as_text(row.get(column.name)))}</td>"


def as_workbook(title: str, rows: Sequence[Row]) -> bytes:
    """Return a workbook with one sheet."""
    header = list(rows[0]) if rows else ["nothing"]
    cells = [[_simple(each) for each in row.values()] for row in rows]
    return write_workbook([Page(_sheet_name(title), header, cells)])


def _sheet_name(title: str) -> str:
    # A workbook refuses these characters, and more than 31 of any.
    return "".join(" " if each in "[]:*?/\\" else each for each in title)[:31].strip("' ") or "Rows"


def _simple(value: Any) -> Any:
    simple = plain(value)
    return simple if isinstance(simple, int | float | str) or simple is None else as_text(value)
