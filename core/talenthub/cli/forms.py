"""Form values from words: `--set field=value`, columns of a file, answers.

Each value is read by the type of its field, so that `7`, `yes`, `+3d`,
`a,b` and `CIT=4` become what the form expects. The form itself judges.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from talenthub.cli.parameters import read_day
from talenthub.errors import Problem, nearest
from talenthub.workflow.forms import form_faults

FindPerson = Callable[[str], int]
"""Returns the number of a person by handle; raises NotFound."""

_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_BOOLEANS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
UNKNOWN_FIELD = "form.unknown-field"
"""The code of the problem that a form has no such field."""

_LISTS = (list, tuple, set, frozenset)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads words into the values of one form."""

    model: type[BaseModel]
    today: date
    find_person: FindPerson

    def put(self, values: MutableMapping[str, Any], key: str, text: str, place: str) -> Problem | None:
        """Put one value where `key` says; return what is wrong with it."""
        found = self._field(key)
        if found is None:
            return unknown_field(self.model, key, place)
        path, kind, info = found
        try:
            value = self._value(kind, text, info)
        except ValueError as error:
            return Problem(text=str(error), place=place, path=key, code="form.value")
        return _put(values, path, value, place)

    def _field(self, key: str) -> tuple[list[str], Any, FieldInfo | None] | None:
        first, dot, rest = key.partition(".")
        fields = self.model.model_fields
        if first not in fields:
            mapping = self._shorthand(key)
            return None if mapping is None else ([mapping, key], _inner(fields[mapping].annotation), None)
        kind = _bare(fields[first].annotation)
        if not dot:
            return [first], kind, fields[first]
        if _is_mapping(kind):
            return [first, rest], _inner(kind), None
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            below = Reader(kind, self.today, self.find_person)._field(rest)
            return None if below is None else ([first, *below[0]], below[1], below[2])
        return None

    def _shorthand(self, key: str) -> str | None:
        """Return the mapping that `CIT=4` goes into: the form's first one.

        A word that looks like a field is a slip of the pen, not a key.
        """
        fields = self.model.model_fields
        if nearest(key, fields) is not None:
            return None
        return next((name for name, info in fields.items() if _is_mapping(_bare(info.annotation))), None)

    def _value(self, kind: Any, text: str, info: FieldInfo | None) -> Any:
        choices = [_bare(each) for each in _alternatives(kind)]
        if not text and type(None) in choices:
            return None
        plain = [each for each in choices if each is not type(None)]
        if len(plain) == 1:
            return self._one(plain[0], text, info)
        return int(text) if int in plain and _WHOLE.fullmatch(text) else text

    def _one(self, kind: Any, text: str, info: FieldInfo | None) -> Any:
        if get_origin(kind) in _LISTS or kind in _LISTS:
            inner = next((each for each in get_args(kind) if each is not Ellipsis), str)
            return [self._value(inner, part.strip(), info) for part in text.split(",") if part.strip()]
        if kind is bool:
            return _BOOLEANS.get(text.strip().lower(), text)
        if kind is date:
            return read_day(text).on(self.today).isoformat()
        if kind is int:
            return self._whole(text.strip(), info)
        if _is_mapping(kind):
            return {
                name.strip(): self._value(_inner(kind), value.strip(), None) for name, value in _pairs(text)
            }
        if get_origin(kind) is Literal and _WHOLE.fullmatch(text) and int(text) in get_args(kind):
            return int(text)
        return text

    def _whole(self, text: str, info: FieldInfo | None) -> Any:
        if _WHOLE.fullmatch(text):
            return int(text)
        # People are named by handle; a number with bounds is never a person.
        is_person = info is not None and not _has_bounds(info) and any(each.isalpha() for each in text)
        return self.find_person(text) if is_person else text


def unknown_field(model: type[BaseModel], key: str, place: str) -> Problem:
    """Return the problem of a field that the form does not have."""
    known = list(model.model_fields)
    return Problem(
        text="there is no such field",
        place=place,
        found=key,
        allowed=", ".join(known) or "this step takes no fields",
        nearest=nearest(key.partition(".")[0], known),
        code=UNKNOWN_FIELD,
    )


def faults_of(model: type[BaseModel] | None, values: Mapping[str, Any], place: str) -> list[Problem]:
    """Return what is wrong with a filled-in form, one problem a field."""
    from pydantic import ValidationError

    if model is None:
        if not values:
            return []
        found = ", ".join(sorted(values))
        return [Problem(text="this step takes no fields", place=place, found=found, code="form.none")]
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        return [Problem(text=fault, place=place, code="form.value") for fault in form_faults(model, error)]
    return []


def fields_line(model: type[BaseModel]) -> str:
    """Return the fields of a form in one line: "reason (needed), note"."""
    parts = [f"{name} (needed)" if info.is_required() else name for name, info in model.model_fields.items()]
    return ", ".join(parts) or "none"


def kind_words(annotation: Any) -> str:
    """Return what a field takes, as a prompt says it."""
    kinds = [_bare(each) for each in _alternatives(_bare(annotation))]
    kind = next((each for each in kinds if each is not type(None)), str)
    if _is_mapping(kind):
        return "name=value, name=value"
    if get_origin(kind) in _LISTS or kind in _LISTS:
        return "with commas between"
    if get_origin(kind) is Literal:
        return " or ".join(str(each) for each in get_args(kind))
    return {bool: "yes or no", int: "a number", Decimal: "a number", date: "a day"}.get(kind, "text")


def _put(values: MutableMapping[str, Any], path: list[str], value: Any, place: str) -> Problem | None:
    here = values
    for part in path[:-1]:
        here = here.setdefault(part, {})
        if not isinstance(here, MutableMapping):
            return Problem(
                text="it is given as a whole and in parts", place=place, path=part, code="form.twice"
            )
    if path[-1] in here:
        return Problem(text="it is given twice", place=place, path=".".join(path), code="form.twice")
    here[path[-1]] = value
    return None


def _bare(annotation: Any) -> Any:
    """Return a type without what `Annotated` says about it."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _alternatives(kind: Any) -> Iterable[Any]:
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)


def _is_mapping(kind: Any) -> bool:
    return any(
        isinstance(origin := get_origin(_bare(each)) or _bare(each), type) and issubclass(origin, Mapping)
        for each in _alternatives(kind)
    )


def _inner(kind: Any) -> Any:
    """Return the type of a mapping's values."""
    for each in _alternatives(_bare(kind)):
        if _is_mapping(each) and len(get_args(_bare(each))) == 2:
            return _bare(get_args(_bare(each))[1])
    return str


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        if part.strip():
            name, mark, value = part.partition("=")
            if not mark:
                raise ValueError(f"{part.strip()!r} is not name=value; several with commas between")
            yield name, value


def _has_bounds(info: FieldInfo) -> bool:
    return any(
        getattr(each, bound, None) is not None
        for each in info.metadata
        for bound in ("ge", "gt", "le", "lt", "multiple_of")
    )
