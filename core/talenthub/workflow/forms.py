"""Forms: filled in as plain values, checked by their pydantic model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from talenthub.errors import nearest
from talenthub.patience import called
from talenthub.verdict import Verdict, allow, refuse
from talenthub.workflow.definition import Added
from talenthub.workflow.exact import likely_number
from talenthub.workflow.keeping import unkept

_SENTENCES = {
    "missing": "is needed",
    "string_too_short": "must be written out: at least {min_length} characters",
    "string_too_long": "is too long: at most {max_length} characters",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}",
    "less_than": "must be less than {lt}",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text",
    "bool_parsing": "must be yes or no",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "finite_number": "must be a number",
    "date_from_datetime_parsing": "must be a day such as 2026-11-30",
    "date_parsing": "must be a day such as 2026-11-30",
    "date_type": "must be a day such as 2026-11-30",
    "dict_type": "must be a table of names and values",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must have {min_length} or more",
    "too_long": "may have {max_length} at most",
}

_FORM = ("form", "form")
"""Name and kind of the verdicts on forms."""
_COMPLETE = allow("The form is complete").of(*_FORM)
_NOT_NEEDED = allow("No form is needed").of(*_FORM)


class Form(BaseModel):
    """The base of every form: an unknown field is a mistake."""

    # A command knows every form there is and fills in one: each is built when first used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def check_form(model: type[BaseModel] | None, given: Mapping[str, Any]) -> tuple[Any, Verdict]:
    """Return the filled-in form (None if it is wrong) and the verdict on it."""
    if model is None:
        return None, _unexpected(given) if given else _NOT_NEEDED
    try:
        filled = called(model.model_validate, given)
    except ValidationError as error:
        return None, refuse("The form is complete", *form_faults(model, error)).of(*_FORM)
    if faults := list(unkept(filled.model_dump())):
        return None, refuse("The form is complete", *faults).of(*_FORM)
    return filled, _COMPLETE


def without_added(added: Added | None, filled: Any, given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the plugin's own form, and what was added to it as plain values."""
    if added is None or filled is None:
        return filled, {}
    own = {name: value for name, value in given.items() if name not in added.names}
    form = added.own_form.model_validate(own) if added.own_form is not None else None
    return form, filled.model_dump(mode="json", include=set(added.names))


def form_faults(model: type[BaseModel], error: ValidationError) -> list[str]:
    """Return what is wrong with a form, one sentence for each field."""
    faults = error.errors(include_url=False)
    # An entry that is wrong is missing from its list: the list is not too short besides.
    inside = {each["loc"][:depth] for each in faults for depth in range(len(each["loc"]))}
    return [
        _fault(model, dict(each))
        for each in faults
        if each["type"] != "too_short" or each["loc"] not in inside
    ]


def _unexpected(given: Mapping[str, Any]) -> Verdict:
    return refuse("No form belongs to this", f"found: {', '.join(sorted(given))}").of(*_FORM)


def _fault(model: type[BaseModel], error: dict[str, Any]) -> str:
    path = ".".join(str(part) for part in error["loc"]) or "the form"
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "extra_forbidden":
        return _unknown_field(model, path)
    if kind in ("literal_error", "enum"):
        return f"{path}: found {error['input']!r}; allowed: {context.get('expected')}"
    if kind in _SENTENCES:
        whole = kind == "missing" or isinstance(error["input"], dict | list | tuple)
        found = "" if whole else f"; found {error['input']!r}"
        if kind == "decimal_parsing":
            found += likely_number(str(error["input"]))
        return f"{path}: {_SENTENCES[kind].format(**context)}{found}"
    return f"{path}: {error['msg'].removeprefix('Value error, ')}"


def _unknown_field(model: type[BaseModel], path: str) -> str:
    known = list(model.model_fields)
    likely = nearest(path, known)
    hint = f"; did you mean {likely!r}?" if likely else ""
    return f"{path}: there is no such field; allowed: {', '.join(known)}{hint}"
