"""Persons in what a case carries: kept as numbers, told by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

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
