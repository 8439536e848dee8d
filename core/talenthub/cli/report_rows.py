"""Running reports and writing them to files; imported when one is run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talenthub.cli.output import Column, as_text, file_problem, plain
from talenthub.errors import (
    FileError,
    NotFound,
    NotPermitted,
    PluginError,
    Problem,
    TalentError,
    UsageError,
    unknown,
)
from talenthub.hooks import Report
from talenthub.people.grants import grants_of
from talenthub.storage.transaction import Transaction

if TYPE_CHECKING:
    from talenthub.host import Host
    from talenthub.workspace import Workspace

Row = Mapping[str, Any]
Writer = Callable[[str, Sequence[Row]], bytes]


def listed(host: Host, tx: Transaction) -> list[Row]:
    """Return the reports of all plugins, and whether the actor may run them."""
    return [
        {
            "name": each.value.name,
            "help": each.value.help,
            "plugin": each.plugin,
            "yours": _may_run(tx, each.value),
        }
        for each in sorted(host.reports(), key=lambda each: each.value.name)
    ]


def run_report(workspace: Workspace, tx: Transaction, name: str) -> list[Row]:
    """Return the rows of a report; NotPermitted without one of its grants."""
    reports = {each.value.name: each for each in workspace.host.reports()}
    if name not in reports:
        raise NotFound(unknown("report", name, reports, mend="talent report list"))
    plugin, wanted = reports[name].plugin, reports[name].value
    if not _may_run(tx, wanted):
        needed = ", ".join(each.replace("_", " ") for each in wanted.grants)
        raise NotPermitted(Problem(text=f"only {needed} may run {name}", place=name, code="report.right"))
    function = workspace.host.function(plugin, wanted.target)
    if function is None:
        mend = f"talent plugin info {plugin}"
        raise PluginError(
            Problem(text=f"the report {name} cannot be loaded", mend=mend, code="plugin.broken")
        )
    workspace.engine.enter(tx)
    try:
        return list(function(workspace.engine, tx))
    except TalentError:
        raise
    except Exception as error:
        text = f"the plugin {plugin} failed in the report {name}: {type(error).__name__}"
        mend = f"talent plugin info {plugin}; nothing was changed"
        raise PluginError(
            Problem(text=text, found=str(error)[:200] or None, mend=mend, code="plugin.failed")
        ) from error


def _may_run(tx: Transaction, report: Report) -> bool:
    if tx.actor.person is None or not report.grants:
        return True
    held = {each.name for each in grants_of(tx, [tx.actor.person])[tx.actor.person]}
    return bool(held & set(report.grants))


def columns_of(rows: Sequence[Row], *, with_rows: bool = False) -> list[Column]:
    """Return the columns of a report: the cases behind a number on request."""
    return [
        Column(name, right=_is_figure(rows, name), extra=_is_list(rows, name) and not with_rows)
        for name in (rows[0] if rows else ())
    ]


def _is_list(rows: Sequence[Row], name: str) -> bool:
    return any(isinstance(each[name], list | tuple) for each in rows)


def _is_figure(rows: Sequence[Row], name: str) -> bool:
    values = [plain(each[name]) for each in rows if each[name] is not None]
    return bool(values) and all(isinstance(each, int | float) for each in values)


def writer_for(file: Path) -> Writer:
    """Return what writes a file of this kind; UsageError names the others."""
    if file.suffix.lower() not in _WRITERS:
        problem = unknown("kind of file", file.suffix or str(file), _WRITERS, place="--to")
        raise UsageError(problem)
    return _WRITERS[file.suffix.lower()]


def write_report(file: Path, writer: Writer, name: str, rows: Sequence[Row]) -> None:
    """Write a report to a file."""
    content = writer(name, rows)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise FileError(file_problem(error)) from None


def _as_json(_name: str, rows: Sequence[Row]) -> bytes:
    return (json.dumps({"items": plain(rows)}, ensure_ascii=False, indent=2) + "\n").encode()


def _as_csv(_name: str, rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0] if rows else ())
    writer.writerows([_harmless(each) for each in row.values()] for row in rows)
    return text.getvalue().encode()


def _harmless(value: Any) -> str:
    # A spreadsheet would run text that begins so as a formula.
    text = as_text(value)
    return f"'{text}" if isinstance(value, str) and text.lstrip().startswith(("=", "+", "-", "@")) else text


def _as_html(name: str, rows: Sequence[Row]) -> bytes:
    head = "".join(f"<th scope=col>{escape(each.heading)}</th>" for each in columns_of(rows))
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(as_text(each))}</td>" for each in row.values()) + "</tr>\n"
        for row in rows
    )
    title = escape(name.replace("-", " ").capitalize())
    page = (
        f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>{title}</title>\n"
        f"<h1>{title}</h1>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</html>\n"
    )
    return page.encode()


def _as_workbook(name: str, rows: Sequence[Row]) -> bytes:
    from talenthub.sheets.writing import Page, write_workbook

    header = list(rows[0]) if rows else ["nothing"]
    cells = [[_cell(each) for each in row.values()] for row in rows]
    return write_workbook([Page(name[:31], header, cells)])


def _cell(value: Any) -> Any:
    simple = plain(value)
    return simple if isinstance(simple, int | float | str) or simple is None else as_text(value)


_WRITERS: dict[str, Writer] = {
    ".csv": _as_csv,
    ".json": _as_json,
    ".html": _as_html,
    ".xlsx": _as_workbook,
}
