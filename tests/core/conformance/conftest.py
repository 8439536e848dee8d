"""Broken plugins for tests: a sound package, of which one file is spoilt."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from talenthub.host import Installed, installed
from talenthub.storage.types import metadata

Spoil = Callable[..., Installed]

PLUGIN = """
from talenthub.hooks import WorkflowRef, hookimpl

CONTRACT = "1"


@hookimpl
def talenthub_workflows():
    return [WorkflowRef("PACKAGE.workflows:talk")]
"""

WORKFLOWS = """
from pydantic import BaseModel
from talenthub.sdk import Outcome, Stage, State, Transition, Workflow, manager_of, subject, system


class Talk(BaseModel, extra="forbid", frozen=True):
    topic: str = ""


talk = Workflow(
    name="NAME.talk", ref="TLK", version=1, stage=Stage.CAREER, data=Talk, initial="planned",
    open_by=manager_of(subject),
    states=[State("planned"), State("held", outcome=Outcome.SUCCESS)],
    transitions=[Transition("hold", "planned", "held", by=manager_of(subject))],
)
"""


@pytest.fixture
def spoil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoil]:
    """Return a function that installs a plugin with some of its files given."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    tables, modules = set(metadata.tables), set(sys.modules)

    def make(name: str, **files: str) -> Installed:
        package = f"plug_{name}"
        folder = tmp_path / package
        folder.mkdir()
        given = {"__init__": "", "plugin": PLUGIN, "workflows": WORKFLOWS} | files
        for file, code in given.items():
            text = textwrap.dedent(code).replace("PACKAGE", package).replace("NAME", name)
            path = folder / f"{file.replace('__in__', '/')}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        about = tmp_path / f"talent_{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: talent-{name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[talenthub.plugins]\n{name} = {package}.plugin\n")
        return installed()[name][0]

    yield make
    for each in set(metadata.tables) - tables:
        metadata.remove(metadata.tables[each])
    for module in set(sys.modules) - modules:
        if module.startswith("plug_"):
            del sys.modules[module]
