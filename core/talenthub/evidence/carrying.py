"""Carrying over: what ratings against old words say of the new ones.

Where a version in force maps a competency to another code, or to other
words, each row that counts is carried: a new row keeps the version, the hash
and the day of what was rated, says where it came from, and weighs its share.
Under a new code it stands beside the old row; under the same code it
supersedes it. A row written later by a case that keeps its old version
follows the next time, and so does a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    exists,
    func,
    select,
    tuple_,
)

from talenthub.evidence.entries import NewEvidence, copy_of
from talenthub.evidence.exact import stored
from talenthub.evidence.ledger import record
from talenthub.evidence.rows import Carried
from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.tables import evidence
from talenthub.framework.library import content
from talenthub.framework.tables import framework, framework_mapping, framework_version
from talenthub.storage.transaction import Transaction

CHUNK = 500
"""So many rows are carried in one transaction."""

_later = evidence.alias("later")
_child = evidence.alias("child")
ORIGIN = evidence.alias("origin")
"""The row that a carried one came from."""

_before = framework_version.alias("before")

_in_force = framework_version.c.status.in_(["published", "superseded"]) & (
    framework_version.c.effective_from <= bindparam("today")
)
_links = (
    select(
        framework_mapping.c.version_id,
        framework_mapping.c.old,
        framework_mapping.c.new,
        framework_mapping.c.kind,
        framework_mapping.c.strength,
        framework_version.c.number,
        framework_version.c.framework_id,
        framework.c.code,
    )
    .select_from(
        framework_mapping.join(
            framework_version, framework_version.c.id == framework_mapping.c.version_id
        ).join(framework, framework.c.id == framework_version.c.framework_id)
    )
    .where(_in_force, framework_mapping.c.confirmed, framework_mapping.c.new.is_not(None))
    .order_by(framework_version.c.published_at, framework_version.c.id, framework_mapping.c.position)
)
_lock = select(framework.c.id).order_by(framework.c.id).with_for_update()
_counts = and_(
    evidence.c.weight != "0",
    ~exists().where(_later.c.person_id == evidence.c.person_id, _later.c.supersedes == evidence.c.sequence),
)
_earlier = (
    select(_before.c.id)
    .join(framework_version, framework_version.c.framework_id == _before.c.framework_id)
    .where(
        framework_version.c.id == bindparam("version", type_=Integer),
        tuple_(_before.c.published_at, _before.c.id)
        < tuple_(framework_version.c.published_at, framework_version.c.id),
    )
)
_waiting: Select[Any] = (
    select(evidence)
    .where(
        evidence.c.framework_version_id.in_(_earlier),
        evidence.c.competency == bindparam("old", type_=String),
        func.coalesce(evidence.c.carried_by, evidence.c.framework_version_id).in_(_earlier),
        _counts,
        ~exists().where(
            _child.c.person_id == evidence.c.person_id,
            _child.c.carried_from == evidence.c.sequence,
            _child.c.carried_by == bindparam("version", type_=Integer),
            _child.c.competency == bindparam("new", type_=String),
        ),
    )
    .order_by(evidence.c.person_id, evidence.c.sequence)
    .limit(bindparam("most", type_=Integer))
)


def carried_rows(*beside: ColumnElement[Any]) -> Select[Any]:
    """Return a SELECT of carried rows that nothing supersedes, by person.

    Each stands beside the row it came from (`ORIGIN`).
    """
    return (
        select(evidence, *beside)
        .join(
            ORIGIN,
            and_(ORIGIN.c.person_id == evidence.c.person_id, ORIGIN.c.sequence == evidence.c.carried_from),
        )
        .where(
            ~exists().where(
                _child.c.person_id == evidence.c.person_id, _child.c.supersedes == evidence.c.sequence
            )
        )
        .order_by(evidence.c.person_id, evidence.c.sequence)
    )


_outdated: Select[Any] = (
    carried_rows(
        _later.c.sequence.label("corrected_by"),
        _later.c.ladder.label("corrected_ladder"),
        _later.c.rating.label("corrected_rating"),
        _later.c.weight.label("corrected_weight"),
        _later.c.observed_on.label("corrected_observed_on"),
        _later.c.descriptor_hash.label("corrected_hash"),
    )
    .join(_later, and_(_later.c.person_id == ORIGIN.c.person_id, _later.c.supersedes == ORIGIN.c.sequence))
    .where(evidence.c.competency != ORIGIN.c.competency, evidence.c.weight != "0")
    .limit(bindparam("most", type_=Integer))
)


def carry(tx: Transaction, settings: EvidenceSettings, most: int = CHUNK) -> int:
    """Carry rows over that wait for it, at most so many; return how many.

    0: nothing waits. One statement where no version in force maps anything.
    """
    links = [each for each in tx.rows(_links, {"today": tx.today}) if _moves(each)]
    if not links:
        return 0
    if not tx.is_sqlite:  # there BEGIN IMMEDIATE keeps others away
        tx.rows(_lock)
    entries = [_corrected(row) for row in tx.rows(_outdated, {"most": most})]
    for link in () if entries else links:
        which = {"version": link.version_id, "old": link.old, "new": link.new, "most": most}
        entries += _carried(tx, link, tx.rows(_waiting, which))
        if entries:
            break
    record(tx, entries, settings)
    return len(entries)


def carry_all(tx: Transaction, settings: EvidenceSettings) -> int:
    """Carry everything over that waits; return how many rows that made."""
    total = 0
    while made := carry(tx, settings):
        total += made
    return total


def _moves(link: Row[Any]) -> bool:
    """Return whether rows change by the link: another code, or a share."""
    strength = stored(link.strength)
    return strength < 1 if link.old == link.new else strength > 0


def _carried(tx: Transaction, link: Row[Any], rows: Sequence[Row[Any]]) -> Iterator[NewEvidence]:
    if not rows:
        return
    strength = stored(link.strength)
    highest = content(tx, link.version_id).highest(link.new)
    is_same = link.old == link.new
    for row in rows:
        yield copy_of(
            row,
            competency=link.new,
            ladder=min(stored(row.ladder), Fraction(highest)),
            weight=stored(row.weight) * strength,
            carried=Carried(row.sequence, link.version_id, strength),
            supersedes=row.sequence if is_same else None,
            reason=f"carried into {link.code} {link.number}: {link.kind}, {strength}" if is_same else None,
        )


def _corrected(row: Row[Any]) -> NewEvidence:
    """Return what takes the place of a carried row whose origin was corrected."""
    strength = stored(row.carried_strength)
    return copy_of(
        row,
        ladder=stored(row.corrected_ladder),
        rating=row.corrected_rating,
        observed_on=row.corrected_observed_on,
        descriptor_hash=row.corrected_hash,
        weight=stored(row.corrected_weight) * strength,
        carried=Carried(row.corrected_by, row.carried_by, strength),
        supersedes=row.sequence,
        reason="the row it was carried from was corrected",
    )
