"""What an author's slips are told as: by the check, at the load, at the step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from talenthub import conformance
from talenthub.cli.failures import told
from talenthub.cli.plugin_check import check
from talenthub.conformance import Finding, Level
from talenthub.conformance.running import _causes
from talenthub.errors import PluginError, Problem, UsageError
from talenthub.sdk import (
    AddParticipant,
    Context,
    Intent,
    Opening,
    Outcome,
    State,
    Transition,
    Workflow,
    children,
    effect,
    subject,
)
from talenthub.workflow.calling import intents_of
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.checks import problems
from talenthub.workflow.opening import _data


class Torn(BaseModel, extra="forbid"):
    """A form with a field of a type that there is not."""

    text: Acount  # type: ignore[name-defined]  # noqa: F821


def talk(form: type[BaseModel] | None = None) -> Workflow:
    """Return a small workflow in which one kind of people takes part."""
    return Workflow(
        name="coffee.talk",
        ref="COF",
        version=1,
        initial="planned",
        open_by=subject,
        participants=("colleague",),
        states=[State("planned"), State("held", outcome=Outcome.SUCCESS)],
        transitions=[Transition("hold", "planned", "held", by=subject, form=form)],
    )


def test_a_finding_is_told_in_one_line_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = f"{tmp_path}/talenthub_coffee/effects.py:8"
    slip = Problem(text="there is no such name", place=place, found="FireCases", nearest="FireCase")
    one = type("One", (), {"name": "coffee"})()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(conformance, "plugins_of", lambda _: [one])
    monkeypatch.setattr(conformance, "check_plugin", lambda *_, **__: [Finding("names", Level.ERROR, slip)])
    answer = CliRunner().invoke(check, ["."])
    assert isinstance(answer.exception, PluginError)
    said = "error names: talenthub_coffee/effects.py:8: there is no such name; found 'FireCases'"
    assert answer.stdout == f"{said}; did you mean 'FireCase'?\n"


def test_what_only_follows_from_a_fault_is_not_told_again() -> None:
    fault = Finding("workflows", Level.ERROR, Problem(text="unknown source state", code="state"))
    echo = Finding("life", Level.ERROR, Problem(text="talent inbox warns", code="plugin.life"))
    assert list(_causes([fault, echo])) == [fault]
    assert list(_causes([echo])) == [echo]


def test_a_command_that_raises_is_told_with_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "talenthub_career"
    package.mkdir()
    (package / "__init__.py").write_text("")
    code = compile("def ask():\n    return handel\n", str(package / "commands.py"), "exec")
    names: dict[str, Any] = {}
    exec(code, names)
    with pytest.raises(NameError) as raised:
        names["ask"]()
    assert raised.tb.tb_next is not None, "without the line of this test"
    assert told(raised.value.with_traceback(raised.tb.tb_next), debug=False) == 1
    assert "error: unexpected NameError at talenthub_career/commands.py:2;" in capsys.readouterr().err


def test_a_field_of_no_type_is_a_fault_of_the_workflow() -> None:
    assert problems(talk(), plugin="coffee") == []
    (problem,) = problems(talk(Torn), plugin="coffee")
    assert problem.text == "form has a field of a type that there is not"
    assert problem.found == "Torn: Acount"
    assert "transition 'hold'" in str(problem)


@effect()
def invite(ctx: Context) -> Iterator[Intent]:
    """Let somebody take part under a name that is wrong."""
    yield AddParticipant("coleague", 7)


def test_nobody_takes_part_in_a_role_that_is_not_declared() -> None:
    owner = Loaded(talk(), "coffee")
    context: Any = SimpleNamespace(transition="hold")
    with pytest.raises(PluginError, match=r"effect invite of the step hold.*'coleague'; allowed: colleague"):
        intents_of(owner, [invite], context)
    with pytest.raises(UsageError, match="did you mean 'colleague'"):
        _data(owner, Opening("coffee.talk", participants={"coleague": (7,)}))


def test_a_fact_that_was_not_asked_for_is_named() -> None:
    context: Any = SimpleNamespace(facts={}, case=SimpleNamespace(id=1))
    with pytest.raises(KeyError, match=r"children:coffee.word' is not declared"):
        Context.fact(context, children("coffee.word"))
