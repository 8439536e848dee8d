"""The settings: a model that stands by itself, and words for each field."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.host import Host, Installed, State


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield settings without a default, without words, or not frozen."""
    host = Host([plugin.name])
    models = host.settings_models()
    status = host.status(plugin.name)
    if status is not None and status.state is State.BROKEN:
        yield fault(
            status.error or "it does not load",
            place=status.place or plugin_file(plugin),
            code="plugin.settings",
        )
    if plugin.name in models:
        yield from _fields(models[plugin.name])


def _fields(model: type[BaseModel]) -> Iterator[tuple[Level, Problem]]:
    place = _place(model)
    for name, info in model.model_fields.items():
        if info.is_required():
            yield fault(
                "a setting has no default: nobody could just turn the plugin on",
                place=place,
                path=name,
                mend="give it one",
                code="plugin.setting-default",
            )
        if not (info.description or "").strip():
            yield fault(
                "a setting is not explained, so that nobody can set it",
                place=place,
                path=name,
                mend='Field(default=…, description="…")',
                code="plugin.setting-words",
            )
    if any(info.is_required() for info in model.model_fields.values()):
        return
    try:
        model()
    except ValueError as error:
        yield fault(f"the defaults do not pass their own checks: {error}", place=place, code="plugin.setting")
    if not (model.__doc__ or "").strip():
        yield doubt("the model of the settings has no docstring", place=place, code="plugin.setting-words")


def _place(model: type[Any]) -> str:
    file = inspect.getsourcefile(model) or "?"
    return f"{file}:{inspect.getsourcelines(model)[1]}"
