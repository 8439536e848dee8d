"""What cases of other stages hand over: somebody inside applies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talenthub.sdk import CaseView


def accept(case: CaseView) -> Mapping[str, Any]:
    """Return whom the selection opens an application for, as its form."""
    return {"persons": [case.subject], "source": "internal"}
