"""Levels of many people: one column of numbers a competency."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import nan

from sqlalchemy import String, bindparam, func, select

from talenthub.evidence import sums
from talenthub.evidence.exact import rounded
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import standing_sum
from talenthub.storage.transaction import Transaction

_kept = standing_sum.c
_everyone = (
    select(
        _kept.person_id,
        _kept.competency,
        (func.sum(_kept.ladder_sum) / func.sum(_kept.weight_sum)).label("level"),
    )
    .where(
        _kept.framework_code == bindparam("framework"),
        _kept.purpose.in_(bindparam("purposes", expanding=True, type_=String)),
    )
    .group_by(_kept.person_id, _kept.competency)
)
_versions = (
    select(_kept.version)
    .where(
        _kept.framework_code == bindparam("framework"),
        _kept.purpose.in_(bindparam("purposes", expanding=True, type_=String)),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Levels:
    """Where many people stand; what is unknown is not a number."""

    people: Sequence[int]
    """Rising."""
    columns: Mapping[str, array[float]]
    """By competency, in the order of `people`."""


def levels_of(
    tx: Transaction,
    people: Collection[int],
    framework_code: str,
    purpose: str,
    settings: EvidenceSettings,
) -> Levels:
    """Return the standings of these persons today, as columns.

    One look-up of kept sums; a number for each person and competency is all
    that is kept. IntegrityError if the sums were kept with other settings.
    """
    parameters = {"framework": framework_code, "purposes": settings.usable(purpose)}
    sums.refuse_stale((row.version for row in tx.rows(_versions, parameters)), settings)
    ordered = sorted(people)
    places = {person: place for place, person in enumerate(ordered)}
    columns: dict[str, array[float]] = {}
    for person, competency, level in tx.connection.execute(_everyone, parameters):
        place = places.get(person)
        if place is None:
            continue
        if competency not in columns:
            columns[competency] = array("d", [nan]) * len(ordered)
        columns[competency][place] = rounded(level)
    return Levels(ordered, columns)
