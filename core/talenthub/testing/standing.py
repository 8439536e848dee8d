"""Giving people a standing, so that a test has something to compare."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256

from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.gap import gaps_of_person
from talenthub.evidence.ledger import record
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing.worlds import World


def give_standing(
    world: World, handle: str, levels: Mapping[str, int | str], *, purpose: str = "development"
) -> None:
    """Record that a person stands at these levels, by competency.

    One row of full weight each, observed today, in the framework of their
    post. A level is a number or a fraction as text: `"5/2"`.
    """
    with world.open() as workspace:

        def run(tx: Transaction) -> None:
            who = person(tx, handle).id
            seat = gaps_of_person(tx, who, purpose, workspace.evidence).seats[who]
            rows = [
                NewEvidence(
                    person=who,
                    framework_version=seat.framework_version,
                    framework_code=seat.framework_code,
                    competency=competency,
                    purpose=purpose,
                    ladder=Fraction(level),
                    rating=Fraction(level),
                    source="test",
                    observed_on=tx.today,
                    descriptor_hash=sha256(competency.encode()).hexdigest(),
                    case=None,
                    event=None,
                    weight=Fraction(1),
                )
                for competency, level in levels.items()
            ]
            record(tx, rows, workspace.evidence)

        workspace.run(SYSTEM, run)
