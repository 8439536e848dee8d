"""Persons in forms and in what a case carries: kept as numbers, told by name."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, PlainSerializer, SerializationInfo

Namer = Callable[[int], object]


def _told(number: int, info: SerializationInfo) -> object:
    return info.context(number) if callable(info.context) else number


PersonNumber = Annotated[int, PlainSerializer(_told)]
"""The number of a person in a field; whoever reads the case sees a name."""


def named(data: Any, name: Namer) -> Any:
    """Return the data of a case as plain values, its persons by name."""
    return data.model_dump(mode="json", context=name) if isinstance(data, BaseModel) else data


def persons_in(data: Any) -> set[int]:
    """Return the numbers of all persons that the data of a case names."""
    found: set[int] = set()

    def note(number: int) -> int:
        found.add(number)
        return number

    named(data, note)
    return found


def numbered(model: type[BaseModel], values: Mapping[str, Any], find: Callable[[str], int]) -> dict[str, Any]:
    """Return a form's plain values with each person's handle as a number.

    However deep it stands: in lists, in tables and in forms inside the form.
    What does not look like its field is left for the form to judge.
    """
    fields = model.model_fields
    return {
        name: _numbered(fields[name].annotation, fields[name].metadata, value, find)
        if name in fields
        else value
        for name, value in values.items()
    }


def _numbered(kind: Any, said: Iterable[Any], value: Any, find: Callable[[str], int]) -> Any:
    if get_origin(kind) is Annotated:
        kind, *said = get_args(kind)
    inside = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        for each in inside:
            value = _numbered(each, (), value, find)
    elif isinstance(value, str):
        return find(value) if _is_person(said) and any(each.isalpha() for each in value) else value
    elif isinstance(value, Mapping):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return numbered(kind, value, find)
        if len(inside) == 2:
            of_key, of_value = inside
            return {
                _numbered(of_key, (), key, find): _numbered(of_value, (), each, find)
                for key, each in value.items()
            }
    elif isinstance(value, list) and inside:
        return [_numbered(inside[0], (), each, find) for each in value]
    return value


def _is_person(said: Iterable[Any]) -> bool:
    return any(isinstance(each, PlainSerializer) and each.func is _told for each in said)
