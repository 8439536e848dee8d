"""Plugins for tests: a module and a fake dist-info folder on the path."""

from __future__ import annotations

import itertools
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

MakePlugin = Callable[..., str]


@pytest.fixture
def make_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakePlugin:
    """Return a function that installs a plugin and returns its module's name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    count = itertools.count()

    def make(name: str, code: str, *, distribution: str | None = None, version: str = "1.0") -> str:
        module = f"plugin_{name.replace('-', '_')}_{next(count)}"
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(code))
        owner = distribution or f"talent-{name}"
        folder = tmp_path / f"{owner.replace('-', '_')}-{version}.dist-info"
        folder.mkdir(exist_ok=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {owner}\nVersion: {version}\n")
        (folder / "entry_points.txt").write_text(f"[talenthub.plugins]\n{name} = {module}\n")
        monkeypatch.delitem(sys.modules, module, raising=False)
        return module

    return make
