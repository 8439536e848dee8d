"""Carrying back: what a withdrawn version had carried over counts as before.

The ledger only grows: a row that a version weighed down is superseded by one
with the weight it was given, a row under a code of that version by one
without weight. What a later version carried on stays with that one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, bindparam

from talenthub.evidence.carrying import CHUNK, ORIGIN, carried_rows
from talenthub.evidence.entries import NewEvidence, copy_of
from talenthub.evidence.exact import stored
from talenthub.evidence.ledger import record
from talenthub.evidence.rows import Carried, carried_of
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import evidence
from talenthub.storage.transaction import Transaction

_carried: Select[Any] = carried_rows(
    ORIGIN.c.competency.label("origin_competency"),
    ORIGIN.c.weight.label("origin_weight"),
    ORIGIN.c.carried_from.label("origin_from"),
    ORIGIN.c.carried_by.label("origin_by"),
    ORIGIN.c.carried_strength.label("origin_strength"),
).where(evidence.c.carried_by == bindparam("version"))


def carry_back(tx: Transaction, version_id: int, settings: EvidenceSettings) -> int:
    """Take back what a withdrawn version carried over; return how many rows."""
    waiting = [row for row in tx.rows(_carried, {"version": version_id}) if _counts(row)]
    for start in range(0, len(waiting), CHUNK):
        record(tx, [_restored(row) for row in waiting[start : start + CHUNK]], settings)
    return len(waiting)


def _counts(row: Row[Any]) -> bool:
    """Return whether the row still says something: nobody withdrew it."""
    is_same = row.competency == row.origin_competency
    return stored(row.weight) > 0 or (is_same and stored(row.carried_strength) == 0)


def _restored(row: Row[Any]) -> NewEvidence:
    if row.competency != row.origin_competency:
        weight, carried = Fraction(0), carried_of(row)
    else:
        strength = stored(row.carried_strength)
        weight = stored(row.weight) / strength if strength else stored(row.origin_weight)
        carried = _before(row)
    return copy_of(
        row,
        weight=weight,
        carried=carried,
        supersedes=row.sequence,
        reason="the version that carried it over was withdrawn",
    )


def _before(row: Row[Any]) -> Carried | None:
    """Return how the row had come over before that version, if it had."""
    if row.origin_from is None:
        return None
    return Carried(row.origin_from, row.origin_by, stored(row.origin_strength))
