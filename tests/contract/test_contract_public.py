"""The public names: written down, explained, and nothing of the inside."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.engine import Engine as DatabaseEngine

from talenthub import hooks, sdk, testing
from talenthub.config.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "public-names.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (\S.*) \|$", re.MULTILINE)

MARKS = ("CONTRACT", "GROUP", "PROJECT", "hookimpl", "hookspec")
KNOWN_TABLES = {"case_event", "case_participant", "metadata", "workflow_case"}
"""Published on purpose: read, and referred to by plugins' own tables."""


def _hooks() -> set[str]:
    own = {name for name, value in vars(hooks).items() if getattr(value, "__module__", "") == hooks.__name__}
    return {name for name in own if not name.startswith("_")} | set(MARKS)


ROOMS = {
    "talenthub.hooks": _hooks(),
    "talenthub.sdk": set(sdk.__all__),
    "talenthub.testing": set(testing.__all__),
}


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_written_down_and_explained(room: str) -> None:
    _, _, rest = PAGE.partition(f"## `{room}`\n")
    written = dict(ROW.findall(rest.partition("\n## ")[0]))
    assert set(written) == ROOMS[room]


@pytest.mark.parametrize("room", [sdk, hooks, testing])
def test_every_public_function_and_class_says_what_it_is(room: object) -> None:
    names = ROOMS[room.__name__]  # type: ignore[attr-defined]
    values = {name: getattr(room, name) for name in names}
    asked = {name: each for name, each in values.items() if inspect.isclass(each) or inspect.isfunction(each)}
    assert [name for name, each in asked.items() if not (each.__doc__ or "").strip()] == []


def test_no_public_name_is_a_connection_or_a_table_but_the_published_ones() -> None:
    inside = (Table, MetaData, Connection, DatabaseEngine)
    found = {name for name in sdk.__all__ if isinstance(getattr(sdk, name), inside)}
    assert found == KNOWN_TABLES
    classes = [getattr(sdk, name) for name in sdk.__all__ if inspect.isclass(getattr(sdk, name))]
    assert [each for each in classes if issubclass(each, inside)] == []


def test_each_hook_is_explained_with_its_arguments_and_its_values() -> None:
    text = (DOCS / "plugins.md").read_text(encoding="utf-8")
    for name in ROOMS["talenthub.hooks"] - set(MARKS):
        value = getattr(hooks, name)
        if inspect.isfunction(value):
            assert f"### `{name}({', '.join(inspect.signature(value).parameters)})`" in text, name
        else:
            assert f"`{name}" in text, name


def test_what_tests_are_given_is_explained() -> None:
    text = (DOCS / "first-plugin.md").read_text(encoding="utf-8")
    inner = {"Answer", "Servers", "Walk", "World", "stored_tables", "world_templates"}
    assert [name for name in testing.__all__ if name not in inner and name not in text] == []


def test_every_setting_is_explained() -> None:
    text = (Path(__file__).parents[2] / "config" / "talenthub.toml").read_text(encoding="utf-8")
    text += (DOCS / "configuration.md").read_text(encoding="utf-8")
    missing = []
    for table, info in Settings.model_fields.items():
        model = info.annotation
        fields = (
            model.model_fields if inspect.isclass(model) and issubclass(model, BaseModel) else {table: info}
        )
        missing += [f"{table}.{name}" for name in fields if not re.search(rf"\b{name}\b", text)]
    assert missing == []
