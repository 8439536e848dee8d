"""The host: what works is loaded, what does not is off and named."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub import hooks
from talenthub.errors import PluginError
from talenthub.host import Host, State
from talenthub.host.loading import HOOKS

GOOD = """
    from talenthub.hooks import Command, hookimpl

    @hookimpl
    def talenthub_commands():
        return [Command("good", "A good one.", "nowhere:group")]
"""

BROKEN = {
    "raises": ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
    "leaves": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "misses": ("import no_such_module_here", "No module named 'no_such_module_here'"),
    "syntax": ("def x(:", "SyntaxError"),
    "misspelt": (
        """
        from talenthub.hooks import hookimpl
        @hookimpl
        def talenthub_comands():
            return []
        """,
        "did you mean 'talenthub_commands'?",
    ),
    "unmarked": (
        """
        def talenthub_commands():
            return []
        """,
        "not marked with @hookimpl",
    ),
    "signature": (
        """
        from talenthub.hooks import hookimpl
        @hookimpl
        def talenthub_commands(group):
            return []
        """,
        "group",
    ),
    "wrong-value": (
        """
        from talenthub.hooks import hookimpl
        @hookimpl
        def talenthub_commands():
            return ["mentoring"]
        """,
        "talenthub_commands must return Command values, not a str",
    ),
    "wrong-type": (
        """
        from talenthub.hooks import hookimpl
        @hookimpl
        def talenthub_workflows():
            return "a.b:c"
        """,
        "must return a list of WorkflowRef, not a str",
    ),
    "wrong-one": (
        """
        from talenthub.hooks import hookimpl
        @hookimpl
        def talenthub_settings():
            return "a:B"
        """,
        "talenthub_settings must return Settings values",
    ),
    "hook-raises": (
        """
        from talenthub.hooks import hookimpl
        @hookimpl
        def talenthub_reports():
            return 1 / 0
        """,
        "ZeroDivisionError: division by zero at plugin_hook_raises",
    ),
    "hook-leaves": (
        """
        from talenthub.hooks import hookimpl
        @hookimpl
        def talenthub_reports():
            raise SystemExit
        """,
        "SystemExit",
    ),
    "bad-target": (
        """
        from talenthub.hooks import WorkflowRef, hookimpl
        @hookimpl
        def talenthub_workflows():
            return [WorkflowRef("no target")]
        """,
        "'no target' is not module:attribute",
    ),
    "newer": ("CONTRACT = '2'", "it speaks contract '2'; this talenthub speaks '1'"),
    "prefix": (
        """
        from pathlib import Path
        from talenthub.hooks import Tables, hookimpl
        @hookimpl
        def talenthub_tables():
            return Tables("person_", Path(__file__).parent)
        """,
        "the prefix is 'person_'; it must be 'prefix_'",
    ),
    "no-migrations": (
        """
        from pathlib import Path
        from talenthub.hooks import Tables, hookimpl
        @hookimpl
        def talenthub_tables():
            return Tables("no_migrations_", Path(__file__).parent / "gone")
        """,
        "'gone' of migrations is not there",
    ),
    "core-command": (
        """
        from talenthub.hooks import Command, hookimpl
        @hookimpl
        def talenthub_commands():
            return [Command("inbox", "Mine.", "a:b")]
        """,
        "the command 'inbox' is provided by talenthub itself and by core-command (talent-core-command 1.0)",
    ),
    "twice-itself": (
        """
        from talenthub.hooks import Report, hookimpl
        @hookimpl
        def talenthub_reports():
            return [Report("same", "One.", "a:b"), Report("same", "Two.", "a:c")]
        """,
        "the report 'same' is provided by",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_off_and_named_and_the_rest_works(name: str, make_plugin) -> None:
    code, says = BROKEN[name]
    make_plugin(name, code)
    make_plugin("good", GOOD)
    host = Host([name, "good"], reserved=["inbox"])
    status = host.status(name)
    assert status is not None
    assert (status.state, status.distribution, status.version) == (State.BROKEN, f"talent-{name}", "1.0")
    assert says in str(status.error), status.error
    assert "\n" not in str(status.error)
    assert host.loaded == ("good",)
    assert [each.value.name for each in host.commands()] == ["good"]


def test_a_keyboard_interrupt_is_never_swallowed(make_plugin) -> None:
    make_plugin("slow", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        Host(["slow"])


def test_only_enabled_plugins_are_imported(make_plugin) -> None:
    module = make_plugin("good", GOOD)
    host = Host([])
    status = host.status("good")
    assert status is not None
    assert status.state is State.OFF
    assert module not in sys.modules
    assert host.commands() == []


def test_a_missing_plugin_says_how_to_get_it(make_plugin) -> None:
    make_plugin("mentoring", GOOD)
    host = Host(["mentorin"])
    status = host.status("mentorin")
    assert status is not None
    assert status.state is State.MISSING
    assert "did you mean 'mentoring'?" in str(status.error)
    assert "talent plugin disable mentorin" in str(status.error)


def test_two_distributions_with_one_name_are_both_named(make_plugin) -> None:
    make_plugin("twin", GOOD, distribution="talent-a")
    make_plugin("twin", GOOD, distribution="talent-b", version="2.0")
    status = Host(["twin"]).status("twin")
    assert status is not None
    assert status.state is State.BROKEN
    assert "talent-a 1.0" in str(status.error)
    assert "talent-b 2.0" in str(status.error)


def test_a_command_of_two_plugins_names_both_owners(make_plugin) -> None:
    make_plugin("first", GOOD)
    make_plugin("second", GOOD)
    host = Host(["first", "second"])
    assert host.loaded == ("first",)
    status = host.status("second")
    assert status is not None
    assert (
        status.error
        == "the command 'good' is provided by first (talent-first 1.0) and by second (talent-second 1.0)"
    )


WORKFLOWS = """
    from talenthub.hooks import WorkflowRef, hookimpl
    from talenthub.workflow.definition import Outcome, State, Transition, Workflow
    from talenthub.workflow.relations import subject

    def made(name):
        return Workflow(
            name=name, ref="TST", version=1, initial="open",
            states=[State("open"), State("done", outcome=Outcome.SUCCESS)],
            transitions=[Transition("finish", "open", "done", by=subject)],
        )

    one = made("{plugin}.one")
    other = made("elsewhere.other")
    text = "no workflow"

    @hookimpl
    def talenthub_workflows():
        return [WorkflowRef(__name__ + ":{attribute}")]
"""


def test_workflows_are_fetched_when_asked_for(make_plugin) -> None:
    make_plugin("flow", WORKFLOWS.format(plugin="flow", attribute="one"))
    host = Host(["flow"])
    assert [(each.plugin, each.value.name) for each in host.workflows()] == [("flow", "flow.one")]


@pytest.mark.parametrize(
    ("attribute", "says"),
    [
        ("oen", "there is no 'oen' in it; did you mean 'one'?"),
        ("text", "must be a Workflow, not a str"),
        ("other", "must be called flow.SOMETHING"),
    ],
)
def test_a_workflow_that_cannot_be_fetched_turns_its_plugin_off(
    attribute: str, says: str, make_plugin
) -> None:
    make_plugin("flow", WORKFLOWS.format(plugin="flow", attribute=attribute))
    host = Host(["flow"])
    assert host.workflows() == []
    status = host.status("flow")
    assert status is not None
    assert status.state is State.BROKEN
    assert says in str(status.error)
    assert host.loaded == ()


SETTINGS = """
    from pydantic import BaseModel
    from talenthub.hooks import Settings, hookimpl

    class Strict(BaseModel, extra="forbid", frozen=True):
        pairs: int = 3

    class Loose(BaseModel):
        pairs: int = 3

    @hookimpl
    def talenthub_settings():
        return Settings(__name__ + ":{attribute}")
"""


def test_a_settings_model_must_be_strict(make_plugin) -> None:
    make_plugin("strict", SETTINGS.format(attribute="Strict"))
    make_plugin("loose", SETTINGS.format(attribute="Loose"))
    host = Host(["strict", "loose"])
    assert list(host.settings_models()) == ["strict"]
    status = host.status("loose")
    assert status is not None
    assert 'extra="forbid"' in str(status.error)


OBSERVER = """
    from talenthub.hooks import hookimpl
    seen = []

    @hookimpl
    def talenthub_case_fired(event):
        seen.append(event.ref)
        {what}
"""


def test_observers_are_called_one_by_one_and_a_fault_stays_one(make_plugin) -> None:
    modules = [
        make_plugin("first", OBSERVER.format(what="raise ValueError('mine')")),
        make_plugin("second", OBSERVER.format(what="raise SystemExit")),
        make_plugin("third", OBSERVER.format(what="")),
    ]
    host = Host(["first", "second", "third"])
    event = hooks.CaseEvent(1, "TST-1", "t.one", "go", "a", "b", None, datetime(2026, 1, 5, tzinfo=UTC))
    assert host.observers() == [(name, "talenthub_case_fired") for name in ("first", "second", "third")]
    with pytest.raises(PluginError, match="plugin first, talenthub_case_fired: ValueError: mine"):
        host.observe("first", "talenthub_case_fired", event)
    with pytest.raises(PluginError, match="plugin second"):
        host.observe("second", "talenthub_case_fired", event)
    host.observe("third", "talenthub_case_fired", event)
    assert [sys.modules[each].seen for each in modules] == [["TST-1"]] * 3


def test_the_host_lists_the_hooks_of_a_plugin(make_plugin) -> None:
    make_plugin("good", GOOD)
    assert Host(["good"]).hooks_of("good") == ("talenthub_commands",)


def test_every_hook_is_specified_and_known_to_the_host() -> None:
    specified = {name for name in vars(hooks) if name.startswith("talenthub_")}
    assert specified == set(HOOKS)


def test_every_hook_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "plugins.md").read_text()
    for name in HOOKS:
        assert f"[`{name}(" in text, name


@pytest.mark.parametrize(
    "make",
    [
        lambda: hooks.Command("Big Name", "Help.", "a:b"),
        lambda: hooks.Command("name", "Two\nlines.", "a:b"),
        lambda: hooks.Command("name", "Help.", "a.b"),
        lambda: hooks.EventHandler("name", "hired", "a:b"),
        lambda: hooks.EvidenceSource("name", 2.0, "selection"),
        lambda: hooks.PersonalData("t", "c", "name", "why", "forget"),
        lambda: hooks.Tables("prefix", Path()),
        lambda: hooks.FrameworkFormat("name", "Help.", (".x",)),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_where_it_is_made(make) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text differs by case
        make()
