"""The collector rests while large content is built, and works again after."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import FileError
from talenthub.framework.building import collector_at_rest
from talenthub.framework.formats.reading import read_framework


def test_it_rests_inside_and_works_after(harbourline_file: Path, tmp_path: Path) -> None:
    with collector_at_rest():
        assert not gc.isenabled()
        read_framework(harbourline_file)
        assert not gc.isenabled(), "the inner end does not wake it"
    assert gc.isenabled()
    (tmp_path / "broken.yaml").write_text("a: [")
    with pytest.raises(FileError):
        read_framework(tmp_path / "broken.yaml")
    assert gc.isenabled()


def test_who_keeps_it_off_finds_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(gc, "isenabled", lambda: False)
    monkeypatch.setattr(gc, "enable", lambda: asked.append("enable"))
    with collector_at_rest():
        pass
    gc_was_left = not asked
    monkeypatch.undo()
    gc.enable()
    assert gc_was_left
