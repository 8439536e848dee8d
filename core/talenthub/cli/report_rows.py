"""Running reports and drawing them; imported when one is run."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from talenthub.blame import OURS, broken
from talenthub.cli.output import Column, plain
from talenthub.errors import NotFound, NotPermitted, PluginError, Problem, unknown
from talenthub.hooks import Report
from talenthub.people.grants import grants_of
from talenthub.pictures import Picture
from talenthub.storage.transaction import Transaction

if TYPE_CHECKING:
    from talenthub.host import Host
    from talenthub.workspace import Workspace

Row = Mapping[str, Any]


def listed(host: Host, tx: Transaction) -> list[Row]:
    """Return the reports of all plugins, and whether the actor may run them."""
    return [
        {
            "name": each.value.name,
            "help": each.value.help,
            "plugin": each.plugin,
            "picture": each.value.picture is not None,
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
        raise _unloaded(plugin, name)
    workspace.engine.enter(tx)
    try:
        # What it prints is no row: it would spoil what programs read.
        with redirect_stdout(sys.stderr):
            rows = list(function(workspace.engine, tx))
    except OURS:
        raise
    except BaseException as error:
        raise broken(plugin, f"the report {name}", error) from error
    for each in rows:
        if not isinstance(each, Mapping):
            wrong = TypeError(f"it returned a {type(each).__name__} as a row, not a mapping")
            raise broken(plugin, f"the report {name}", wrong, function)
    return rows


def picture_of(workspace: Workspace, name: str, rows: Sequence[Row]) -> Picture | None:
    """Return the picture of a report's rows; None where it has none."""
    plugin, wanted = next(
        (each.plugin, each.value) for each in workspace.host.reports() if each.value.name == name
    )
    if wanted.picture is None:
        return None
    function = workspace.host.function(plugin, wanted.picture)
    if function is None:
        raise _unloaded(plugin, name)
    try:
        drawn: Picture = function(rows)
    except OURS:
        raise
    except BaseException as error:
        raise broken(plugin, f"the picture of the report {name}", error) from error
    return drawn


def _unloaded(plugin: str, name: str) -> PluginError:
    text = f"the report {name} cannot be loaded"
    return PluginError(Problem(text=text, mend=f"talent plugin info {plugin}", code="plugin.broken"))


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
