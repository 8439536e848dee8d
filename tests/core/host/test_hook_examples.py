"""The examples of the page about plugins, loaded as one plugin."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub.hooks import CaseEvent
from talenthub.host import Host, State
from talenthub.host.loading import HOOKS, OBSERVERS, SEVERAL

PAGE = Path(__file__).parents[3] / "docs" / "plugins.md"
EXAMPLE = re.compile(r"^```python\n(@hookimpl\ndef .*?)^```", re.MULTILINE | re.DOTALL)
HEAD = """from pathlib import Path
from talenthub.hooks import Campaign, Command, EventHandler, EvidenceSource, FrameworkFormat, PersonalData
from talenthub.hooks import Report, Settings, Tables, WorkflowRef, hookimpl
"""


def test_the_examples_load_and_return_what_the_hooks_ask_for(
    make_plugin, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    module = make_plugin("mentoring", "\n\n".join([HEAD, *examples]))
    (_folder(module) / "migrations").mkdir()
    host = Host(["mentoring"])
    status = host.status("mentoring")
    assert status is not None
    assert (status.state, status.error) == (State.LOADED, None)
    assert set(host.hooks_of("mentoring")) == set(HOOKS)
    for name, kind in SEVERAL.items():
        assert [type(each) for each in getattr(sys.modules[module], name)()] == [kind]
    at = datetime(2026, 1, 5, tzinfo=UTC)
    event = CaseEvent(1, "MEN-1", "mentoring.relationship", "end", "closing", "ended", "success", at)
    for hook in OBSERVERS:
        host.observe("mentoring", hook, event)
    assert capsys.readouterr().out.splitlines() == [
        "MEN-1 was opened",
        "MEN-1 closing -> ended",
        "MEN-1 ended with success",
    ]


def _folder(module: str) -> Path:
    return next(Path(each) for each in sys.path if (Path(each) / f"{module}.py").is_file())
