"""Fields: which settings a model knows at a path, and what they are."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, SecretBytes, SecretStr


def names_at(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the names of the settings below `path`, in order."""
    inner = _model_of(kind_at(model, path))
    return list(inner.model_fields) if inner is not None else []


def kind_at(model: type[BaseModel], path: tuple[str | int, ...]) -> Any:
    """Return the annotation of the setting at `path`, or None."""
    kind: Any = model
    for part in path:
        kind = _below(kind, part)
    return kind


def is_secret(kind: Any) -> bool:
    """Return whether a setting of this annotation must be a reference."""
    return any(each in (SecretStr, SecretBytes) for each in _alternatives(kind))


def is_table(kind: Any) -> bool:
    """Return whether a setting of this annotation is a table."""
    return any(
        each is dict or typing.get_origin(each) in (dict, Mapping) or _is_model(each)
        for each in _alternatives(kind)
    )


def _alternatives(kind: Any) -> list[Any]:
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _alternatives(typing.get_args(kind)[0])
    if origin in (typing.Union, types.UnionType):
        return [inner for each in typing.get_args(kind) for inner in _alternatives(each)]
    return [kind]


def _below(kind: Any, part: str | int) -> Any:
    model = _model_of(kind)
    if model is not None:
        field = model.model_fields.get(str(part))
        return field.annotation if field is not None else None
    for each in _alternatives(kind):
        arguments = [inner for inner in typing.get_args(each) if inner is not Ellipsis]
        if arguments:
            return arguments[-1]
    return None


def _model_of(kind: Any) -> type[BaseModel] | None:
    return next((each for each in _alternatives(kind) if _is_model(each)), None)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
