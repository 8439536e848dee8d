"""Wilder ways to break a plugin: named by owner, place and mend; the others go on."""

from __future__ import annotations

import importlib
import json
from dataclasses import dataclass, field

import pytest

from talenthub.cli.report_rows import run_report
from talenthub.conformance import check_plugin
from talenthub.errors import PluginError
from talenthub.host import Host, State
from talenthub.storage.transaction import SYSTEM
from talenthub.workspace import Workspace
from talenthub.workspace.making import make

HEAD = "from talenthub.hooks import hookimpl, Command, EventHandler, Report, Settings, WorkflowRef\n\n\n"

SETTINGS = """
from pydantic import BaseModel, Field, model_validator

class Ours(BaseModel, extra="forbid", frozen=True):
    days: int = Field(default=3, description="Days.")

    @model_validator(mode="after")
    def look(self):
        raise RuntimeError("no luck")
"""

WORKFLOW = """
from talenthub.sdk import Outcome, State, Transition, Workflow, manager_of, subject

talk = Workflow(
    name="NAME.talk", ref="TLK", version=1, initial="planned", open_by=manager_of(subject), title={title},
    states=[State("planned"), State("held", outcome=Outcome.SUCCESS)], transitions={transitions},
)
"""
EDGES = '[Transition("hold", "planned", "held", by=manager_of(subject))]'

REPORTS = """
def prints(engine, tx):
    print("counting")
    return [{"talks": 1}]


def numbers(engine, tx):
    return [1, 2]


def midway(engine, tx):
    yield {"talks": 1}
    raise LookupError("midway")
"""


def hook(name: str, body: str, start: str = "def") -> str:
    """Return a plugin module with one hook."""
    return f"{HEAD}@hookimpl\n{start} {name}():\n    {body}\n"


@dataclass(frozen=True)
class Wild:
    """A spoilt plugin: where it is named, and how."""

    place: str
    says: str
    plugin: str = ""
    files: dict[str, str] = field(default_factory=dict)


AT_ONCE = {
    "midway": Wild(
        "plugin.py:7", "midway", hook("talenthub_commands", "yield from ()\n    raise LookupError('midway')")
    ),
    "endless": Wild(
        "plugin.py:4",
        "talenthub_reports returns more than 1000 values",
        hook("talenthub_reports", "while True: yield Report('talks', 'Talks.', 'a:b')"),
    ),
    "recursive": Wild(
        "plugin.py:6", "RecursionError", hook("talenthub_reports", "return talenthub_reports()")
    ),
    "awaited": Wild(
        "plugin.py:4",
        "talenthub_workflows is async",
        hook("talenthub_workflows", "return []", start="async def"),
    ),
    "listed": Wild(
        "plugin.py",
        "talenthub_workflows is a list; it must be a function marked with @hookimpl",
        f"{HEAD}talenthub_workflows = [WorkflowRef('PACKAGE.workflows:talk')]\n",
    ),
    "mute": Wild(
        "plugin.py:6", "help is one line", hook("talenthub_commands", "return [Command('mute', None, 'a:b')]")
    ),
    "numbered": Wild(
        "plugin.py:6", "5 is no word", hook("talenthub_commands", "return [Command(5, 'Five.', 'a:b')]")
    ),
    "entitled": Wild(
        "workflows.py:4",
        "title must be a text, not a int",
        files={"workflows": WORKFLOW.format(title=5, transitions=EDGES)},
    ),
    "postponed": Wild(
        "workflows.py:4",
        "transitions must be a list of Transition, not a function",
        files={"workflows": WORKFLOW.format(title="''", transitions=f"lambda: {EDGES}")},
    ),
    "worded": Wild(
        "workflows.py:4",
        "transitions[0] must be a Transition, not a str",
        files={"workflows": WORKFLOW.format(title="''", transitions="['hold']")},
    ),
}
"""Named when a workspace opens, and by the check of hooks or of workflows."""


@pytest.mark.parametrize("name", AT_ONCE)
def test_it_is_off_and_named_and_the_rest_works(name: str, spoil) -> None:
    wild = AT_ONCE[name]
    files = dict(wild.files) | ({"plugin": wild.plugin} if wild.plugin else {})
    found = spoil(name, **files)
    spoil("decent")
    check = importlib.import_module(f"talenthub.conformance.check_{'workflows' if wild.files else 'hooks'}")
    told = [problem for _, problem in check.problems(found) if wild.says in problem.text]
    assert told
    assert wild.place in str(told[0].place)
    host = Host([name, "decent"])
    assert [each.value.name for each in host.workflows()] == ["decent.talk"]
    status = host.status(name)
    assert status is not None
    assert status.state is State.BROKEN
    assert wild.says in str(status.error)


def test_a_handler_that_nobody_would_await_is_refused(spoil) -> None:
    plugin = hook("talenthub_event_handlers", "return [EventHandler('hear', '*', 'PACKAGE.hearing:hear')]")
    found = spoil("lazy", plugin=plugin, hearing="async def hear(tx, case, event):\n    pass\n")
    check = importlib.import_module("talenthub.conformance.check_hooks")
    ((_, problem),) = check.problems(found)
    assert "must not be async" in problem.text
    assert "hearing.py:1" in str(problem.place)
    host = Host(["lazy"])
    assert host.function("lazy", "plug_lazy.hearing:hear") is None
    assert "must not be async" in str(host.status("lazy"))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("sdk.allow = None", "sdk.allow"),
        ("setattr(sdk, 'allow', None)", "setattr(sdk, 'allow', None)"),
        ("del sdk.engine.fire", "sdk.engine.fire"),
    ],
)
def test_what_changes_talenthub_itself_is_found(line: str, found: str, spoil) -> None:
    spoilt = spoil("patches", guards=f"from talenthub import sdk\n\nmine = object()\n{line}\nmine.own = 1\n")
    check = importlib.import_module("talenthub.conformance.check_names")
    told = [each for _, each in check.problems(spoilt) if each.code == "plugin.patches"]
    assert [each.found for each in told] == [found]
    assert "guards.py:4" in str(told[0].place)
    assert "hook" in str(told[0].mend)


def test_a_thread_left_running_is_found(spoil) -> None:
    wait = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), name='mine').start()\n"
    spoil("threads", plugin=wait)
    (finding,) = check_plugin("threads", checks=["import"])
    assert "starts a thread" in finding.problem.text
    assert finding.problem.found == "mine"
    assert "at import" in str(finding.problem.mend)


def test_no_plugin_spoils_a_workspace_by_its_settings_or_its_reports(spoil, tmp_path, capsys) -> None:
    spoil(
        "strict",
        plugin=hook("talenthub_settings", "return Settings('PACKAGE.ours:Ours')"),
        ours=SETTINGS,
    )
    given = ", ".join(f"Report('{each}', 'Talks.', 'PACKAGE.rep:{each}')" for each in REPORTED)
    spoil("counts", plugin=hook("talenthub_reports", f"return [{given}]"), rep=REPORTS)
    make(tmp_path / "house", {("plugins", "enabled"): ["strict", "counts"]})
    workspace = Workspace.open(tmp_path / "house")
    try:
        (warning,) = workspace.warnings
        assert "plugin strict (talent-strict 1.0) is broken: RuntimeError: no luck" in warning
        assert "plug_strict/ours.py:9" in warning

        def rows(name: str) -> object:
            return workspace.run(SYSTEM, lambda tx: run_report(workspace, tx, name), read_only=True)

        assert json.dumps(rows("prints")) == '[{"talks": 1}]'
        assert capsys.readouterr() == ("", "counting\n")
        for name, says in list(REPORTED.items())[1:]:
            with pytest.raises(PluginError, match=says) as caught:
                rows(name)
            assert f"the plugin counts failed in the report {name}" in str(caught.value)
            assert str(caught.value).startswith("plug_counts/rep.py:")
    finally:
        workspace.close()


REPORTED = {"prints": "", "numbers": "a int as a row, not a mapping", "midway": "LookupError: midway"}
