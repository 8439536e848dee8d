"""What every test may use, and which tests only `make storm` runs."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["talenthub.testing"]

PLUGINS = Path(__file__).parent / "plugins"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the plugins' details on PostgreSQL to `make storm`.

    The rooms of the core and the scenarios of every plugin run on both
    databases each time; twice the details would not fit into minutes.
    """
    for item in items:
        if item.path.is_relative_to(PLUGINS) and "postgresql" in item.name:
            item.add_marker(pytest.mark.storm)
