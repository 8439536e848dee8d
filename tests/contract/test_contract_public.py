"""The public names: written down, explained, and nothing of the inside."""

from __future__ import annotations

import inspect
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import Connection, MetaData, Table
from sqlalchemy.engine import Engine as DatabaseEngine
from sqlalchemy.orm import Session

from talenthub import hooks, sdk, testing
from talenthub.config.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "public-names.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (\S.*) \|$", re.MULTILINE)

MARKS = ("CONTRACT", "GROUP", "PROJECT", "hookimpl", "hookspec")
KNOWN_TABLES = {"case_event", "case_participant", "metadata", "workflow_case"}
"""Published on purpose: read, and referred to by plugins' own tables."""

PUBLIC_MODULES = {"pages", "pictures"}
"""Modules whose names are public as they stand; a test of each holds them to it."""

MODULES = (hooks, sdk, testing)


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


def test_no_public_name_is_a_session_a_table_or_a_private_module() -> None:
    inside = (Table, MetaData, Connection, DatabaseEngine, Session)
    public = {(room.__name__, name): getattr(room, name) for room in MODULES for name in ROOMS[room.__name__]}
    found = {name for (_, name), value in public.items() if isinstance(value, inside)}
    assert found == KNOWN_TABLES
    kinds = [name for name, value in public.items() if inspect.isclass(value) and issubclass(value, inside)]
    assert kinds == []
    assert {name for (_, name), value in public.items() if inspect.ismodule(value)} == PUBLIC_MODULES
    assert [name for _, name in public if name.startswith("_")] == []


def _is_hook(name: str) -> bool:
    return name.startswith("talenthub_")


@pytest.mark.parametrize("name", sorted(filter(_is_hook, ROOMS["talenthub.hooks"])))
def test_each_hook_has_its_page(name: str) -> None:
    text = (DOCS / "hooks" / f"{name}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {name}\n")
    for part in ("**Called** ", "**Returns** ", "## Example\n", "## When it fails\n"):
        assert part in text
    assert f"def {name}(" in text
    asked = inspect.signature(getattr(hooks, name))
    assert [each for each in asked.parameters if f"- `{each}`: " not in text] == []
    call = f"`{name}({', '.join(asked.parameters)})`"
    assert f"[{call}](hooks/{name}.md)" in (DOCS / "plugins.md").read_text(encoding="utf-8")


def test_each_value_of_a_hook_is_used_on_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (DOCS / "hooks").glob("*.md"))
    values = ROOMS["talenthub.hooks"] - set(MARKS) - set(filter(_is_hook, ROOMS["talenthub.hooks"]))
    assert [each for each in values if f"`{each}" not in pages] == []


def test_what_tests_are_given_is_explained() -> None:
    text = (DOCS / "first-plugin.md").read_text(encoding="utf-8")
    inner = {"Answer", "Servers", "Walk", "World", "stored_tables", "world_templates"}
    assert [name for name in testing.__all__ if name not in inner and name not in text] == []


GENERATE = runpy.run_path(str(DOCS / "generate.py"))


def _silent(place: str, model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        inner, _ = GENERATE["_model_of"](info.annotation)
        if inner is None and not (info.description or "").strip():
            yield f"{place}.{name}"
        if inner is not None and inner is not model:
            yield from _silent(f"{place}.{name}", inner)


def test_every_setting_of_the_core_is_explained() -> None:
    assert list(_silent("", Settings)) == []
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


def test_every_setting_of_a_plugin_is_explained() -> None:
    models = GENERATE["settings_models"]()
    assert set(models) == set(GENERATE["plugins"]())
    assert [each for name, model in models.items() for each in _silent(name, model)] == []
