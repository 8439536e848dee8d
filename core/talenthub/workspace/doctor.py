"""Doctor: looks at every part and says what is wrong and what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from talenthub.errors import ConfigurationError, PluginError, Problem, TalentError
from talenthub.framework.library import versions
from talenthub.host import State
from talenthub.outbound.jobs import dead_jobs
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.adjusting.adjustments import parked_adjustments
from talenthub.workflow.handoffs import pending_handoffs
from talenthub.workflow.pinning import changed_versions
from talenthub.workflow.versions.parked import parked, parked_calls
from talenthub.workspace.finding import Finding
from talenthub.workspace.handoff_rules import handoff_problems
from talenthub.workspace.surroundings import lateness, rights, room, server
from talenthub.workspace.upkeep import check_database, table_states
from talenthub.workspace.workspace import Workspace


def examine(folder: Path) -> list[Finding]:
    """Return what was found in the workspace; it never raises a TalentError."""
    try:
        workspace = Workspace.bare(folder)
    except TalentError as error:
        return list(_failed("settings", error))
    try:
        return list(_examined(workspace))
    finally:
        workspace.close()


def _examined(workspace: Workspace) -> Iterator[Finding]:
    files = [each.name for each in workspace.configuration.layers.layers if each.is_file]
    yield Finding("settings", True, f"in order: {', '.join(files)}")
    yield from _plugins(workspace)
    tables = list(_guarded("tables", lambda: _tables(workspace)))
    yield from tables
    adjusting = list(_guarded("settings", lambda: _adjusting(workspace)))
    yield from adjusting
    if all(each.ok for each in (*tables, *adjusting)):
        yield from _guarded("workflows", lambda: _workflows(workspace))
        yield from _guarded("parked", lambda: _parked(workspace))
        yield from _guarded("data", lambda: _data(workspace))
        yield from _guarded("handoffs", lambda: _handoffs(workspace))
        yield from _guarded("framework", lambda: _frameworks(workspace))
        yield from _guarded("jobs", lambda: _jobs(workspace))
        yield from _guarded("jobs", lambda: lateness(workspace))
        yield from _guarded("room", lambda: room(workspace))
        yield from _guarded("rights", lambda: rights(workspace))
        yield from _guarded("line", lambda: server(workspace))


def _plugins(workspace: Workspace) -> Iterator[Finding]:
    for status in workspace.host.statuses:
        if status.state is State.LOADED:
            yield Finding("plugin", True, f"{status.owner} is loaded")
        elif status.state is not State.OFF:
            mend = f"talent plugin info {status.name}"
            text = f"{status.owner} is {status.state}: {status.error}"
            yield Finding("plugin", False, text, mend, PluginError.exit_code)


def _tables(workspace: Workspace) -> Iterator[Finding]:
    workspace.check_tables()
    for each in table_states(workspace):
        yield Finding("tables", True, f"{each.owner}: {each.current}, {each.state}")


def _adjusting(workspace: Workspace) -> Iterator[Finding]:
    if adjusted := [each.workflow.name for each in workspace.catalogue if each.adjustment]:
        kind = "workflow is" if len(adjusted) == 1 else "workflows are"
        text = f"{len(adjusted)} {kind} adjusted: {', '.join(adjusted)}"
        yield Finding("settings", True, text)


def _workflows(workspace: Workspace) -> Iterator[Finding]:
    names = workspace.catalogue.names()
    yield Finding("workflows", True, ", ".join(names) or "no plugin brings any")
    for rule in workspace.engine.handoffs:
        if rule.opens not in names:
            yield Finding("handoffs", True, f"{rule}: nothing brings {rule.opens} yet, so it waits")
    for problem in handoff_problems(workspace.configuration, workspace.catalogue):
        yield Finding("handoffs", False, str(problem), "talent config check", ConfigurationError.exit_code)


def _parked(workspace: Workspace) -> Iterator[Finding]:
    def look(tx: Transaction) -> list[Problem]:
        workspace.engine.hearing.read(tx)
        return [
            *parked(tx, workspace.catalogue),
            *parked_adjustments(tx, workspace.catalogue),
            *parked_calls(tx, workspace.engine),
        ]

    for each in workspace.run(SYSTEM, look, read_only=True):
        # Well enough: somebody may have turned the plugin off on purpose.
        yield Finding("parked", True, f"{each.found}: {each.text}", each.mend or "")
    for each in workspace.run(SYSTEM, lambda tx: changed_versions(tx, workspace.catalogue), read_only=True):
        yield Finding("workflows", False, each.text, each.mend or "", PluginError.exit_code)


def _data(workspace: Workspace) -> Iterator[Finding]:
    for line in check_database(workspace):
        yield Finding("data", True, line)


def _handoffs(workspace: Workspace) -> Iterator[Finding]:
    waiting = workspace.run(SYSTEM, lambda tx: pending_handoffs(workspace.engine.enter(tx)), read_only=True)
    for each in waiting:
        yield Finding("handoffs", True, f"{each.case.ref} waits: {each.rule}; {each.error}", "talent tick")


def _jobs(workspace: Workspace) -> Iterator[Finding]:
    for each in workspace.run(SYSTEM, dead_jobs, read_only=True):
        text = f"{each.name}, {each.what}: tried {each.attempts} times; {each.error}"
        yield Finding("jobs", False, text, f"talent jobs retry {each.name}", TalentError.exit_code)


def _frameworks(workspace: Workspace) -> Iterator[Finding]:
    found, today = workspace.run(SYSTEM, lambda tx: (versions(tx), tx.today), read_only=True)
    for each in found:
        if each.is_stale(today):
            mend = f"talent framework reviewed {each.code}"
            yield Finding("framework", True, f"{each.name} is stale: not reviewed for 365 days", mend)


def _guarded(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except TalentError as error:
        yield from _failed(what, error)


def _failed(what: str, error: TalentError) -> Iterator[Finding]:
    for problem in error.problems:
        yield Finding(what, False, str(problem), problem.mend or "", error.exit_code)
