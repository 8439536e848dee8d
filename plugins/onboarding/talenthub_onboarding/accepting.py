"""What a case of another stage hands over: a hire becomes a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talenthub.sdk import CaseView, field_of


def accept(case: CaseView) -> Mapping[str, Any]:
    """Return what a plan carries that a hire hands over.

    Read by the names of its fields, so that whoever hires can hand over:
    `role`, `level`, `starts_on`, what a panel found as `consensus`, and for
    who moves inside the house `kind` = move. The plugin that hands over may
    be off: then they are plain values.
    """
    found = field_of(case.data, "consensus")
    findings = field_of(found, "findings") or ()
    return {
        "role": field_of(case.data, "role"),
        "level": field_of(case.data, "level"),
        "kind": "move" if field_of(case.data, "kind") == "move" else "join",
        "first_day": field_of(case.data, "starts_on"),
        "selection": {field_of(each, "competency"): str(field_of(each, "mean")) for each in findings},
    }
