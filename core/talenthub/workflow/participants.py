"""Participants: who comes to take part in cases, and who no longer does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from sqlalchemy import bindparam, delete, insert

from talenthub.storage.direct import Direct
from talenthub.storage.late import gather
from talenthub.storage.transaction import Transaction
from talenthub.workflow.known import told
from talenthub.workflow.tables import case_participant

Part = tuple[int, str, int]
"""Case, role and person."""

_add = Direct(insert(case_participant))
_remove = Direct(
    delete(case_participant).where(
        case_participant.c.case_id == bindparam("which"),
        case_participant.c.role == bindparam("part"),
        case_participant.c.person_id == bindparam("who"),
    )
)


@dataclass(slots=True)
class LateParticipants:
    """Parts that are taken and given up together, when somebody looks."""

    tables: ClassVar[tuple[str, ...]] = (case_participant.name,)
    gone: dict[Part, None] = field(default_factory=dict)
    added: dict[Part, None] = field(default_factory=dict)

    def copy(self) -> LateParticipants:
        """Return the same parts, to go back to."""
        return LateParticipants(dict(self.gone), dict(self.added))

    def write(self, tx: Transaction) -> None:
        """End what ended before it began anew."""
        with told(tx):
            tx.write(_remove, [{"which": case, "part": role, "who": who} for case, role, who in self.gone])
            tx.write(
                _add, [{"case_id": case, "role": role, "person_id": who} for case, role, who in self.added]
            )


def add_participants(tx: Transaction, parts: Iterable[Part]) -> None:
    """Let people take part in cases; whoever does already is not named."""
    gather(tx, LateParticipants).added.update(dict.fromkeys(parts))


def remove_participants(tx: Transaction, parts: Iterable[Part]) -> None:
    """End the part of people in cases."""
    late = gather(tx, LateParticipants)
    for part in parts:
        late.added.pop(part, None)
        late.gone[part] = None
