"""Above: the parents and grandparents that transitions declare to lock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, union

from talenthub.workflow.catalogue import Catalogue
from talenthub.workflow.tables import workflow_case

_asked = workflow_case.alias("asked")
_above = workflow_case.alias("above")
_by_ref = _asked.c.ref.in_(bindparam("refs", expanding=True))
_by_id = _asked.c.id.in_(bindparam("ids", expanding=True))
_asks_for_parent = _asked.c.workflow.in_(bindparam("parents", expanding=True))
_asks_for_grandparent = _asked.c.workflow.in_(bindparam("grandparents", expanding=True))

ASKED_AND_ABOVE = union(
    *(
        each
        for named in (_by_ref, _by_id)
        for each in (
            select(_asked.c.id).where(named),
            select(_asked.c.parent_id).where(named, _asks_for_parent),
            select(_above.c.parent_id)
            .join(_asked, _asked.c.parent_id == _above.c.id)
            .where(named, _asks_for_grandparent),
        )
    )
)
"""The ids of cases, by `refs` and `ids`, and of those above that they declare."""


@dataclass(frozen=True, slots=True)
class Above:
    """Workflows whose cases have something above them locked too."""

    parents: frozenset[str] = frozenset()
    grandparents: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Return whether anything above is asked for."""
        return bool(self.parents or self.grandparents)

    def parameters(self, refs: Collection[str], ids: Collection[int]) -> Mapping[str, Any]:
        """Return the parameters of ASKED_AND_ABOVE."""
        lists = {"refs": refs, "ids": ids, "parents": self.parents, "grandparents": self.grandparents}
        return {name: sorted(each) for name, each in lists.items()}


def above(catalogue: Catalogue, transitions: Collection[str]) -> Above:
    """Return what transitions of these names lock above their cases."""
    found = [catalogue.locking[each] for each in transitions if each in catalogue.locking]
    if not found:
        return Above()
    return Above(
        frozenset(name for each in found for name in each["parent"]),
        frozenset(name for each in found for name in each["grandparent"]),
    )
