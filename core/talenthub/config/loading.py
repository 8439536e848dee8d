"""Loading: layers in, frozen settings out, or every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from talenthub.config.fields import names_at
from talenthub.config.layers import Layers, read_layers
from talenthub.config.lines import KeyPath
from talenthub.config.secrets import resolved, without_passwords
from talenthub.config.settings import Settings
from talenthub.errors import ConfigurationError, Problem, nearest

M = TypeVar("M", bound=BaseModel)


def load(folder: Path, **more: Any) -> Settings:
    """Return the core's settings alone; plugin tables stay unchecked."""
    settings, problems = checked(Settings, read_layers(folder, **more))
    if settings is None or problems:
        raise ConfigurationError.of(problems)
    return settings


def checked(model: type[M], layers: Layers, path: KeyPath = ()) -> tuple[M | None, list[Problem]]:
    """Return the part of `layers` at `path` as `model`, or its problems."""
    values: Any = layers.values
    for part in path:
        values = values.get(part, {}) if isinstance(values, Mapping) else {}
    values, problems = resolved(model, values, layers, path)
    try:
        return model.model_validate(values), problems
    except ValidationError as error:
        return None, problems + problems_of(model, layers, path, error)


def problems_of(
    model: type[BaseModel], layers: Layers, path: KeyPath, error: ValidationError
) -> list[Problem]:
    """Return what pydantic says of what stands at `path`, each with its line."""
    problems: dict[tuple[KeyPath, str], Problem] = {}
    for fault in error.errors(include_url=False):
        where = (*path, *_real(layers, path, fault["loc"]))
        problem = _problem(model, layers, path, where, fault)
        problems.setdefault((where, problem.text), problem)
    return list(problems.values())


def _real(layers: Layers, path: KeyPath, location: Iterable[str | int]) -> KeyPath:
    # pydantic puts the names of union members into a location; only what
    # stands in a layer, or the last word after it, is part of the path.
    real: KeyPath = ()
    parts = tuple(location)
    for index, part in enumerate(parts):
        if layers.is_set((*path, *real, part)) or (index == len(parts) - 1 and _is_key(part)):
            real = (*real, part)
    return real


def _is_key(part: str | int) -> bool:
    return isinstance(part, int) or (
        re.fullmatch(r"[\w.-]+", part) is not None and part not in ("str", "function-before")
    )


def _problem(
    model: type[BaseModel], layers: Layers, path: KeyPath, where: KeyPath, fault: Mapping[str, Any]
) -> Problem:
    origin = layers.near(where)
    context = fault.get("ctx") or {}
    text, allowed, close = _said(fault), context.get("allowed"), context.get("nearest") or None
    if fault["type"] == "extra_forbidden":
        known = names_at(model, where[len(path) : -1])
        allowed = ", ".join(known) or "no settings"
        close = nearest(str(where[-1]), known)
    return Problem(
        text=text,
        place=origin.place,
        path=dotted(where),
        found=None if fault["type"] == "missing" else _shown(origin.line),
        allowed=allowed,
        nearest=close,
        code=f"config.{fault['type'].replace('_', '-')}",
    )


def dotted(path: KeyPath) -> str:
    """Return a path as people write it: `handoff[0].on`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else ("." if text else "") + _quoted(part)
    return text


def _quoted(part: str) -> str:
    return f'"{part}"' if "." in part else part


def _shown(line: str | None) -> str | None:
    if line is None:
        return None  # a variable may hold a secret; its name says enough
    return without_passwords(line)


_TYPES = {
    "int": "whole number",
    "float": "number",
    "string": "text",
    "bool": "true or false",
    "tuple": "list",
    "dict": "table",
    "model": "table",
}


def _said(fault: Mapping[str, Any]) -> str:
    kind, context = fault["type"], fault.get("ctx") or {}
    if kind == "extra_forbidden":
        return "unknown setting"
    if kind == "missing":
        return "this setting is missing"
    wanted = _TYPES.get(kind.removesuffix("_type").removesuffix("_attributes"))
    if wanted is not None and kind.endswith(("_type", "_attributes_type")):
        return f"this must be a {wanted}, not a {_kind_of(fault.get('input'))}"
    parsed = _TYPES.get(kind.removesuffix("_parsing").removesuffix("_from_float"))
    if parsed is not None and kind.endswith(("_parsing", "_from_float")):
        return f"this must be a {parsed}"
    bounds = {
        "greater_than": "above",
        "greater_than_equal": "at least",
        "less_than": "below",
        "less_than_equal": "at most",
    }
    if kind in bounds:
        return f"this must be {bounds[kind]} {next(iter(context.values()))}"
    if kind == "finite_number":
        return "this must be a finite number"
    if kind == "string_pattern_mismatch":
        return "this has another form than expected"
    said: str = fault["msg"]
    return said[:1].lower() + said[1:]


def _kind_of(value: Any) -> str:
    names = {
        bool: "true or false",
        int: "whole number",
        float: "number",
        str: "text",
        list: "list",
        dict: "table",
    }
    return names.get(type(value), type(value).__name__)
