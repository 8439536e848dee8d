"""What a case of another stage hands over: a hire becomes a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talenthub.sdk import CaseView


def accept(case: CaseView) -> Mapping[str, Any]:
    """Return what a plan carries that a hire hands over.

    Read by the names of its fields, so that whoever hires can hand over:
    `role`, `level`, `starts_on`, what a panel found as `consensus`, and for
    who moves inside the house `kind` = move. The plugin that hands over may
    be off: then they are plain values.
    """
    found = read(case.data, "consensus")
    findings = read(found, "findings") or ()
    return {
        "role": read(case.data, "role"),
        "level": read(case.data, "level"),
        "kind": "move" if read(case.data, "kind") == "move" else "join",
        "first_day": read(case.data, "starts_on"),
        "selection": {read(each, "competency"): str(read(each, "mean")) for each in findings},
    }


def read(value: Any, name: str) -> Any:
    """Return a field of a model or of a mapping; None where there is none."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
