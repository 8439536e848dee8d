"""Usage: which stages put the framework to work, and which don't.

Trophy index = 1 - used cells / (stages × competencies); a cell is used when
a stage read the competency for real work within the last 365 days. Over .5
the framework is on the shelf, under .25 it is a working hub.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.framework.library import content, published
from talenthub.framework.tables import framework, framework_version, usage
from talenthub.storage.transaction import Transaction

STAGES = ("selection", "onboarding", "learning", "performance", "career", "succession")
WINDOW = timedelta(days=365)
ON_THE_SHELF = Fraction(1, 2)
WORKING_HUB = Fraction(1, 4)

_insert_sqlite = sqlite.insert(usage).on_conflict_do_nothing()
_insert_postgresql = postgresql.insert(usage).on_conflict_do_nothing()
_used = (
    select(usage.c.stage, usage.c.competency, func.max(usage.c.day).label("last"))
    .join(framework_version, framework_version.c.id == usage.c.version_id)
    .join(framework, framework.c.id == framework_version.c.framework_id)
    .where(
        framework.c.code == bindparam("of_code"),
        usage.c.day > bindparam("after"),
        usage.c.day <= bindparam("until"),
    )
    .group_by(usage.c.stage, usage.c.competency)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrophyIndex:
    """How much of the framework is only for show, 0 to 1."""

    used: Mapping[tuple[str, str], date]
    """(stage, competency) to the last day it was used."""
    competencies: tuple[str, ...]
    """Those that can be rated, in the framework's order."""

    @property
    def cells(self) -> int:
        """Return how many cells there are: stages × competencies."""
        return len(STAGES) * len(self.competencies)

    @property
    def unused(self) -> tuple[tuple[str, str], ...]:
        """Return (stage, competency) of each cell that nobody used."""
        every = ((stage, code) for code in self.competencies for stage in STAGES)
        return tuple(each for each in every if each not in self.used)

    @property
    def index(self) -> Fraction:
        """Return 1 - used / cells."""
        return 1 - Fraction(len(self.used), self.cells) if self.cells else Fraction(1)

    @property
    def verdict(self) -> str:
        """Return what the index says, in words."""
        if self.index > ON_THE_SHELF:
            return "on the shelf"
        return "working hub" if self.index < WORKING_HUB else "partly used"


Use = tuple[int, str, str]
"""Version, stage and competency."""


def record_usages(tx: Transaction, uses: Iterable[Use], day: date | None = None) -> None:
    """Note what was put to work on a day (today); once a day is enough."""
    rows = [
        {"version_id": version_id, "stage": stage, "competency": competency, "day": day or tx.today}
        for version_id, stage, competency in sorted(set(uses))
    ]
    new = [row for row in rows if _key(row) not in tx.memory]
    tx.write(_insert_sqlite if tx.is_sqlite else _insert_postgresql, new)
    tx.memory.update((_key(row), True) for row in new)


def _key(row: Mapping[str, object]) -> tuple[object, ...]:
    return ("framework usage", *row.values())


def trophy_index(tx: Transaction, code: str, on: date | None = None) -> TrophyIndex:
    """Return the index of a framework on a day (today)."""
    day = on or tx.today
    current = content(tx, published(tx, code, day).id)
    known = tuple(each.code for each in current.rateable)
    codes = frozenset(known)
    rows = tx.rows(_used, {"of_code": code, "after": day - WINDOW, "until": day})
    used = {
        (each.stage, each.competency): each.last
        for each in rows
        if each.stage in STAGES and each.competency in codes
    }
    return TrophyIndex(used=used, competencies=known)
