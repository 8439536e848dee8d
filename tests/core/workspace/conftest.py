"""Workspaces on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from talenthub.workspace import Workspace


@pytest.fixture
def folder(database_url: str, tmp_path: Path) -> Path:
    """Return the folder of an empty workspace; the test runs on each database."""
    made = tmp_path / "workspace"
    made.mkdir()
    (made / "talenthub.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    return made


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    """Return the open workspace."""
    opened = Workspace.open(folder)
    yield opened
    opened.close()
