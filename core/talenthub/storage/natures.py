"""Natures: what a statement does, told by its words.

The same statements are sent again and again, and reading one takes as long
as a small one takes to be carried out: each is read once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_ENDS = re.compile(r"\s*(COMMIT|END|ABORT|BEGIN|ROLLBACK(?!\s+(WORK\s+)?TO))\b", re.IGNORECASE)
_ASKS = re.compile(r"\s*(SELECT|WITH|VALUES|EXPLAIN)\b", re.IGNORECASE)
_WITH = re.compile(r"\s*WITH\b", re.IGNORECASE)
_WRITES_NOTHING = re.compile(
    r"\s*(SELECT|VALUES|EXPLAIN|SHOW|SET|PRAGMA|LOCK|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|MERGE\s+INTO|UPDATE|DELETE\s+FROM|COPY)\s+"
    r'(?:OR\s+\w+\s+|ONLY\s+)?"?(?:\w+"?\."?)?(\w+)',
    re.IGNORECASE,
)
"""Also inside of WITH; that `FOR UPDATE OF` seems to write a table `of` is no harm."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What a statement does."""

    ends: bool
    """Whether it begins or ends a transaction."""
    asks: bool
    """Whether it only asks: a SELECT, in whatever form."""
    written: frozenset[str] | None
    """The tables that it writes; None where that cannot be told."""


@lru_cache(maxsize=256)
def nature_of(statement: str) -> Nature:
    """Return what a statement does."""
    return Nature(bool(_ENDS.match(statement)), bool(_ASKS.match(statement)), _written(statement))


def _written(statement: str) -> frozenset[str] | None:
    if _WRITES_NOTHING.match(statement):
        return frozenset()
    written = frozenset(_WRITTEN.findall(statement))
    return written if written or _WITH.match(statement) else None
