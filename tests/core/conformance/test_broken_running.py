"""Broken plugins that hang, leave or fail while they run: each in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from talenthub.conformance import check_plugin, check_walks
from talenthub.conformance.finding import Level
from talenthub.conformance.places import folder_of
from talenthub.conformance.running import stuck_at

WORKFLOW = """\
from pydantic import BaseModel
from talenthub.sdk import Outcome, Stage, State, Transition, Workflow
from talenthub.sdk import allow, effect, guard, manager_of, subject

class Talk(BaseModel, extra="forbid", frozen=True):
    topic: str = ""

@guard()
def sound(ctx):
    {guard}
    return allow("It is sound")

@effect()
def follow(ctx):
    {effect}
    return ()

talk = Workflow(
    name="NAME.talk", ref="TLK", version=1, stage=Stage.CAREER, data=Talk, initial="planned",
    open_by=manager_of(subject),
    states=[State("planned"), State("held", outcome=Outcome.SUCCESS)],
    transitions=[
        Transition("hold", "planned", "held", by=manager_of(subject), guards=[sound], effects=[follow]),
    ],
)
"""


def moving(guard: str = "pass", effect: str = "pass") -> Mapping[str, str]:
    """Return a workflow whose guard and effect do something first."""
    return {"workflows": WORKFLOW.format(guard=guard, effect=effect)}


@pytest.mark.parametrize(
    ("code", "limit", "says"),
    [
        ("import time; time.sleep(600)", 2.5, "it hangs: the check did not end within 2.5 seconds"),
        ("import os; os._exit(3)", 60.0, "the process ended with 3 in the middle of the check"),
    ],
)
def test_one_that_hangs_or_leaves_at_import_is_named_and_asked_no_more(
    code: str, limit: float, says: str, spoil
) -> None:
    spoil("lost", plugin=code)
    (finding,) = check_plugin("lost", limit=limit)
    assert (finding.check, finding.level, finding.problem.text.rstrip(": ")) == ("import", Level.ERROR, says)
    assert "plug_lost/plugin.py" in str(finding.problem.place)
    assert finding.problem.mend


def test_one_that_hangs_in_a_command_spoils_no_other_answer(spoil) -> None:
    found = {
        "plugin": "from talenthub.hooks import Command, hookimpl\n\n@hookimpl\ndef talenthub_commands():\n"
        "    return [Command('slow', 'Slow.', 'PACKAGE.slow:slow')]\n",
        "slow": "import os; os._exit(5)",
    }
    spoil("slow", **found)
    findings = check_plugin("slow", limit=60.0, checks=["hooks", "commands", "personal"])
    assert [(each.check, each.level) for each in findings if each.level is Level.ERROR] == [
        ("commands", Level.ERROR)
    ]


@pytest.mark.storm
def test_a_guard_that_hangs_is_named_with_its_line(spoil) -> None:
    spoil("stuck", **moving(guard="import time; time.sleep(600)"))
    (finding,) = check_plugin("stuck", limit=20.0, checks=["walks"])
    assert (finding.check, finding.level) == ("walks", Level.ERROR)
    assert finding.problem.text == "it hangs: the check did not end within 20 seconds"
    assert str(finding.problem.place).endswith("plug_stuck/workflows.py:10")


def test_what_hangs_is_the_innermost_line_of_the_plugin(spoil) -> None:
    file = folder_of(spoil("stuck")) / "workflows.py"
    told = f"""Thread 0x1 (most recent call first):
  File "/usr/lib/python3/subprocess.py", line 7 in wait
  File "{file}", line 12 in sound
  File "{file}", line 30 in <module>
"""
    assert stuck_at("stuck", told) == f"{file}:12"
    assert stuck_at("stuck", "") is None


@pytest.mark.parametrize(
    ("name", "part", "spoilt", "line"),
    [
        ("raising", "guard sound", {"guard": "1 / 0"}, 10),
        ("leaving", "effect follow", {"effect": "raise SystemExit(3)"}, 15),
    ],
)
def test_what_goes_wrong_as_a_case_moves_is_named(name: str, part: str, spoilt, line: int, spoil) -> None:
    found = spoil(name, **moving(**spoilt))
    ((_, told),) = check_walks.problems(found)
    assert told.text.endswith(f"the plugin {name} failed in {name}.talk, {part} of the step hold")
    assert told.place == f"plug_{name}/workflows.py:{line}"


def test_without_pytest_the_checks_that_need_it_say_so(spoil, tmp_path: Path) -> None:
    spoil("sound")
    (tmp_path / "pytest.py").write_text(
        "raise ModuleNotFoundError('gone', name='pytest')\n", encoding="utf-8"
    )
    (finding,) = check_plugin("sound", checks=["names", "life"])
    assert (finding.check, finding.level) == ("life", Level.WARNING)
    assert finding.problem.text == "this check was left out: it needs pytest, which is not installed"
    assert finding.problem.mend == "pip install pytest"
