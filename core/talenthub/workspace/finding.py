"""Finding: one thing that doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    text: str
    mend: str = ""
    """What a person does about it; of one that is well enough: may do."""
    exit_code: int = 0
