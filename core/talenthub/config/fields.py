"""Fields: which settings a model knows at a path, and what they are."""

from __future__ import annotations

import types
import typing
from typing import Any

from pydantic import BaseModel


def names_at(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the names of the settings below `path`, in order."""
    found: Any = model
    for part in path:
        found = _below(found, part)
    inner = _model_of(found)
    return list(inner.model_fields) if inner is not None else []


def _below(kind: Any, part: str | int) -> Any:
    model = _model_of(kind)
    if model is not None:
        field = model.model_fields.get(str(part))
        return field.annotation if field is not None else None
    arguments = [each for each in typing.get_args(kind) if each is not Ellipsis]
    return arguments[-1] if arguments and not isinstance(arguments[-1], str) else None


def _model_of(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _model_of(typing.get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        return next((found for each in typing.get_args(kind) if (found := _model_of(each))), None)
    return None
