"""Showing: every setting with its value and where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretBytes, SecretStr

from talenthub.config.layers import Layers, is_reference
from talenthub.config.lines import KeyPath
from talenthub.config.loading import dotted
from talenthub.config.secrets import MASK, without_passwords


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting, as `talent config show` prints it."""

    setting: str
    value: Any
    origin: str
    """`default`, `talenthub.toml:4`, `env …` or `command line`."""


def shown(model: BaseModel, layers: Layers, path: KeyPath = ()) -> Iterator[Shown]:
    """Return every setting of `model`; secrets are masked."""
    for name in type(model).model_fields:
        yield from _value(getattr(model, name), layers, (*path, name))


def _written(model: BaseModel, layers: Layers, path: KeyPath) -> Iterator[Shown]:
    """Return what stands in a table that the organisation itself has named."""
    for name in (*type(model).model_fields, *(model.model_extra or ())):
        if layers.is_set((*path, name)):
            yield from _value(getattr(model, name), layers, (*path, name))


def _value(value: Any, layers: Layers, path: KeyPath) -> Iterator[Shown]:
    if isinstance(value, BaseModel):
        yield from shown(value, layers, path)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            show = _written if isinstance(each, BaseModel) else _value
            yield from show(each, layers, (*path, key))
    elif isinstance(value, Sequence) and value and isinstance(value[0], BaseModel):
        show = _written if path[0] == "workflow" else shown
        for index, each in enumerate(value):
            yield from show(each, layers, (*path, index))
    else:
        yield Shown(dotted(path), _masked(value, layers.written(path)), layers.origin(path).place)


def _masked(value: Any, written: Any) -> Any:
    if is_reference(written):
        (where, name), *_ = written.items()
        return f"{where} {name}: {MASK}"
    if isinstance(value, SecretStr | SecretBytes):
        return MASK
    return without_passwords(value) if isinstance(value, str) else value
