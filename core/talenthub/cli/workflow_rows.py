"""Rows of `talent workflow`; imported when a command runs, not for help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from talenthub.cli.base import Desk
from talenthub.cli.casework import engine_of, read
from talenthub.cli.output import Column
from talenthub.errors import NotFound, PluginError, unknown
from talenthub.host import Host
from talenthub.host import State as Loading
from talenthub.storage.transaction import Transaction
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.checks import faults_by_plugin
from talenthub.workflow.diagram import mermaid
from talenthub.workflow.engine import Engine
from talenthub.workflow.lookups import open_counts, stored_versions

_LIST = (
    Column("name"),
    Column("ref"),
    Column("version", right=True),
    Column("stage"),
    Column("plugin"),
    Column("open_cases", "Open", right=True),
    Column("title", extra=True),
    Column("parked", extra=True),
)
_PROBLEMS = (
    Column("plugin"),
    Column("place"),
    Column("problem"),
    Column("path", extra=True),
    Column("code", extra=True),
)


def print_list(desk: Desk) -> None:
    """Print every workflow, newest version, and parked ones."""
    desk.emit(read(desk, lambda engine, tx: list(_list(engine, tx))), _LIST)


def _list(engine: Engine, tx: Transaction) -> Iterator[dict[str, Any]]:
    counts = open_counts(tx)
    for each in engine.catalogue:
        workflow = each.workflow
        yield {
            "name": workflow.name,
            "ref": workflow.ref,
            "version": workflow.version,
            "stage": workflow.stage,
            "plugin": each.plugin,
            "open_cases": counts.get(workflow.name, 0),
            "title": workflow.words,
            "parked": False,
        }
    known = set(engine.catalogue.names())
    parked = {name: (version, plugin) for name, version, plugin in stored_versions(tx) if name not in known}
    for name, (version, plugin) in parked.items():
        yield {
            "name": name,
            "version": version,
            "plugin": f"{plugin} (off)",
            "open_cases": counts.get(name, 0),
            "parked": True,
        }


def loaded_by_name(catalogue: Catalogue, name: str) -> Loaded:
    """Return a workflow by its name, or by its last word if only one has it."""
    ending = [each for each in catalogue if each.workflow.name.rpartition(".")[2] == name]
    if name not in catalogue.names() and len(ending) == 1:
        return ending[0]
    if name not in catalogue.names():
        raise NotFound(unknown("workflow", name, catalogue.names(), mend="talent workflow list"))
    return catalogue.newest(name)


def print_graph(desk: Desk, name: str) -> None:
    """Print a workflow as Mermaid."""
    found = loaded_by_name(engine_of(desk).catalogue, name)
    if desk.for_people:
        click.echo(mermaid(found.workflow), nl=False)
    else:
        desk.emit_record({"name": found.workflow.name, "mermaid": mermaid(found.workflow)})


def print_check(desk: Desk, name: str | None) -> None:
    """Print every fault; exit code 8 if there is one.

    The plugins are loaded anew: those with faults are off in the workspace.
    """
    from talenthub.workspace.composing import workflows_of

    workspace = desk.unchecked()
    host = Host(workspace.settings.plugins.enabled)
    loaded = workflows_of(host, workspace.configuration.plugins)
    broken = {each.name: each for each in host.statuses if each.state in (Loading.BROKEN, Loading.MISSING)}
    names = {each.workflow.name for each in loaded} | {each.plugin for each in loaded} | set(broken)
    if name is not None and name not in names:
        raise NotFound(unknown("workflow or plugin", name, names, mend="talent plugin list"))
    rows = [
        {"plugin": plugin, "place": each.place, "problem": _said(each), "path": each.path, "code": each.code}
        for plugin, problems in faults_by_plugin(loaded).items()
        for each in problems
        if name is None or name == plugin or f", {name}" in (each.path or "")
    ]
    rows += [
        {"plugin": plugin, "problem": f"not loaded: {each.error}", "code": "plugin.broken"}
        for plugin, each in broken.items()
        if name in (None, plugin)
    ]
    if rows or not desk.for_people:
        desk.emit(rows, _PROBLEMS)
    checked = sum(1 for each in loaded if name in (None, each.plugin, each.workflow.name))
    desk.say(f"workflows checked: {checked}, problems: {len(rows)}")
    if rows:
        click.get_current_context().exit(PluginError.exit_code)


def _said(problem: Any) -> str:
    parts = [f"{problem.path}: {problem.text}"]
    if problem.found is not None:
        parts.append(f"found {problem.found!r}")
    if problem.allowed is not None:
        parts.append(f"allowed: {problem.allowed}")
    if problem.nearest is not None:
        parts.append(f"did you mean {problem.nearest!r}?")
    if problem.mend is not None:
        parts.append(problem.mend)
    return "; ".join(parts)
