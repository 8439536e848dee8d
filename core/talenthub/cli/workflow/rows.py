"""Rows of `talent workflow`; imported when a command runs, not for help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
)
_PROBLEMS = (
    Column("plugin"),
    Column("place"),
    Column("problem"),
    Column("path", extra=True),
    Column("code", extra=True),
)


def print_list(desk: Desk) -> None:
    """Print every workflow, newest version first, with those still in use."""
    rows = read(desk, lambda engine, tx: list(_list(engine, tx)))
    is_parked = any(each["parked"] for each in rows)
    desk.emit(rows, (*_LIST, Column("parked", show=lambda yes: "yes" if yes else "", extra=not is_parked)))
    if is_parked:
        desk.say("What is parked can be read, and waits: talent doctor says for what.")


def _list(engine: Engine, tx: Transaction) -> Iterator[dict[str, Any]]:
    counts = open_counts(tx)
    loaded = {(each.workflow.name, each.workflow.version): each for each in engine.catalogue.versions()}
    newest = {each.workflow.name: each for each in engine.catalogue}
    for each in newest.values():
        workflow = each.workflow
        yield _version(workflow.name, workflow.version, each, counts)
        for name, version in sorted(counts, reverse=True):
            if name == workflow.name and version != workflow.version:
                yield _version(name, version, loaded.get((name, version)), counts, each.plugin)
    stored = stored_versions(tx)
    last = {name: version for name, version, _ in stored}
    for name, version, plugin in stored:
        if name not in newest and (version == last[name] or (name, version) in counts):
            yield _version(name, version, None, counts, f"{plugin} (off)")


def _version(
    name: str, version: int, found: Loaded | None, counts: Mapping[tuple[str, int], int], plugin: str = ""
) -> dict[str, Any]:
    workflow = found.workflow if found is not None else None
    return {
        "name": name,
        "ref": workflow.ref if workflow is not None else None,
        "version": version,
        "stage": workflow.stage if workflow is not None else None,
        "plugin": found.plugin if found is not None else plugin,
        "open_cases": counts.get((name, version), 0),
        "title": workflow.words if workflow is not None else None,
        "parked": found is None,
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
    from talenthub.workspace.composing import adjustment_faults, workflows_of

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
    rows += [
        {"plugin": plugin, "place": each.place, "problem": _said(each), "path": each.path, "code": each.code}
        for plugin, workflow, each in adjustment_faults(workspace.configuration)
        if name in (None, plugin, workflow)
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
