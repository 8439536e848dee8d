"""The best-fitting people for roles, among those whom a reader may see."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, select

from talenthub.errors import NotFound, unknown
from talenthub.evidence.access import see_standings, visible_among
from talenthub.evidence.fit import Ranked
from talenthub.evidence.levels import levels_of
from talenthub.evidence.ranking import best_fits
from talenthub.evidence.settings import EvidenceSettings
from talenthub.framework import library
from talenthub.people.tables import person
from talenthub.storage.transaction import Transaction

_employed = select(person.c.id).where(person.c.kind == bindparam("kind"))

RoleAtLevel = tuple[str, str]
"""A role's code and its level's."""


def best_people(
    tx: Transaction,
    framework_code: str,
    roles: Collection[str],
    purpose: str,
    settings: EvidenceSettings,
    *,
    most: int = 20,
    least_coverage: float = 0.0,
) -> dict[RoleAtLevel, tuple[Ranked, ...]]:
    """Return the best-fitting employees for each level of these roles.

    For all roles of the framework in force where none is named; among those
    whose standings the reader may see for this purpose.
    """
    content = library.content(tx, library.published(tx, framework_code).id)
    known = {each.code: each.levels for each in content.roles}
    for word in roles:
        if word not in known:
            raise NotFound(unknown("role", word, known))
    demands = {
        (code, level.code): level.requirements
        for code, levels in known.items()
        for level in levels
        if level.requirements and (not roles or code in roles)
    }
    employed = [row.id for row in tx.rows(_employed, {"kind": "employee"})]
    seen = visible_among(tx, see_standings(settings, purpose), employed)
    found = levels_of(tx, seen, framework_code, purpose, settings)
    return best_fits(demands, found, most, least_coverage)
