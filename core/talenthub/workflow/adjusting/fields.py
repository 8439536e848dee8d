"""The form of a transition with the fields an organisation added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, create_model

from talenthub.config.adjusting import AddedField
from talenthub.workflow.definition import Added, Transition

LONGEST_TEXT = 4_000
"""Characters of an added field."""


class Nothing(BaseModel, extra="forbid", frozen=True):
    """The form of a transition that had none."""


def with_fields(edge: Transition, fields: Sequence[AddedField]) -> Transition:
    """Return the transition with a form that asks for more."""
    own = edge.form
    more: dict[str, Any] = {each.name: _field(each) for each in fields}
    form = create_model(own.__name__ if own else "Form", __base__=own or Nothing, **more)
    return replace(edge, form=form, added=Added(own, tuple(each.name for each in fields)))


def _field(field: AddedField) -> tuple[Any, Any]:
    kind = _kind(field)
    if field.required:
        return kind, Field(title=field.title)
    return kind | None, Field(default=None, title=field.title)


def _kind(field: AddedField) -> Any:
    if field.kind == "choice":
        return Literal[field.choices]
    if field.kind == "text":
        return Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]
    return {"number": Decimal, "date": date, "yes_no": bool}[field.kind]
