"""Filling: values that a model's schema allows, the strangest among them."""

from __future__ import annotations

import random
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

TRIES: Final = 6
"""How often a field is filled in anew that its own type refuses."""

ODD_TEXTS: Final = (
    *("", " ", "nan", "inf", "-1", "0", "1/0", "1e400", "1e999999999", "1_000", "9" * 5000),
    *("x" * 4000, "\x00", "\ud800", "%s {0}", "🙂", "\uff11"),
)
ODD_NUMBERS: Final = (-1, 6, 100, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30)
ODD_DAYS: Final = (date.min, date(2024, 2, 29), date.max)
ODD: Final = 0.2
"""How many of the values are odd ones, where a filler is odd at all."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills in forms, and what cases carry, by their types alone."""

    chance: random.Random
    today: date
    texts: Sequence[str]
    """Words that mean something where they stand: codes, handles."""
    numbers: Sequence[int]
    """Numbers that mean something: of persons and of cases."""
    is_odd: bool = False

    def model(self, model: type[BaseModel]) -> dict[str, Any]:
        """Return values for a model that each field's own type allows.

        What a model says of several fields together may still refuse them.
        """
        values: dict[str, Any] = {}
        for name, info in model.model_fields.items():
            if info.is_required() or self.chance.random() < 0.6:
                values |= self._field(name, info)
        return values

    def _field(self, name: str, info: FieldInfo) -> dict[str, Any]:
        kind: Any = info.annotation
        if info.metadata:
            kind = typing.Annotated[(kind, *info.metadata)]
        for _ in range(TRIES):
            value = self._of(kind)
            try:
                TypeAdapter(kind).validate_python(value)
            except ValidationError:
                continue
            return {name: value}
        return {}

    def _of(self, kind: Any) -> Any:
        origin, inside = typing.get_origin(kind), typing.get_args(kind)
        if origin is typing.Annotated:
            return self._of(inside[0])
        if origin in (typing.Union, types.UnionType):
            return self._of(self.chance.choice(inside))
        if origin is typing.Literal:
            return self.chance.choice(inside)
        if origin in (dict, Mapping):
            return {self._of(inside[0]): self._of(inside[1]) for _ in self._few()}
        if origin is tuple and inside[-1:] != (Ellipsis,):
            return [self._of(each) for each in inside]
        if origin in (list, tuple, set, frozenset):
            return [self._of(inside[0]) for _ in self._few()]
        return self._plain(kind)

    def _few(self) -> range:
        return range(self.chance.randint(0, 4))

    def _plain(self, kind: Any) -> Any:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self.chance.choice(list(kind)).value
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self.model(kind)
        makers: Mapping[Any, Callable[[], Any]] = {
            bool: lambda: self.chance.random() < 0.5,
            int: lambda: self._one_of((*range(6), *self.numbers), ODD_NUMBERS),
            float: lambda: self._one_of((0.0, 1.0, 2.5, 3.7), (-1.0, 1e308)),
            str: lambda: self._one_of(self.texts, ODD_TEXTS),
            date: lambda: self._day().isoformat(),
        }
        return makers[kind]() if kind in makers else None

    def _day(self) -> date:
        near = [self.today + timedelta(days=self.chance.randint(-20, 60))]
        return typing.cast("date", self._one_of(near, ODD_DAYS))

    def _one_of(self, usual: Sequence[Any], odd: Sequence[Any]) -> Any:
        return self.chance.choice(odd if self.is_odd and self.chance.random() < ODD else usual)
