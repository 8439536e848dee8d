"""Intents: what an effect asks for; the engine carries them out.

They are carried out after the event is written, in the order of the classes
below, whatever the order in which effects returned them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from talenthub.workflow.relations import Relation


@dataclass(frozen=True, slots=True)
class UpdateData:
    """Change what the case carries; checked by the workflow's data model."""

    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AddParticipant:
    """Let a person take part in the case in a role."""

    role: str
    person: int


@dataclass(frozen=True, slots=True)
class RemoveParticipant:
    """End a person's part in the case."""

    role: str
    person: int


@dataclass(frozen=True, slots=True)
class RecordEvidence:
    """Add a row to a person's ledger, on the case's framework version."""

    person: int
    competency: str
    purpose: str
    ladder: Fraction
    rating: Fraction | str
    source: str
    observed_on: date
    descriptor_hash: str
    author: int | None = None
    group: tuple[int, int] | None = None
    """(k, n): from k of n people asked, in place of an author."""
    narrative: str | None = None
    corrects: str | None = None
    """Why it supersedes what this case recorded of the same competency and
    source; where it has recorded nothing of it, the row is simply added."""


@dataclass(frozen=True, slots=True)
class RecordUsage:
    """Say that a descriptor was used for real work in the workflow's stage."""

    competency: str


@dataclass(frozen=True, slots=True)
class FillPost:
    """Assign a person to a post from a day on; a candidate becomes employee."""

    person: int
    post: str
    since: date


@dataclass(frozen=True, slots=True)
class LockFramework:
    """Lock the draft that the case pins against imports, or open it."""

    locked: bool = True


@dataclass(frozen=True, slots=True)
class CloseTasks:
    """Close the case's open tasks of this name; all without a name."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class AssignTask:
    """Ask somebody to do something on the case."""

    name: str
    title: str
    to: Relation
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Cancel the case's timers of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Have a transition fired, or the open tasks reminded of, at a moment."""

    name: str
    at: datetime
    fires: str | None = None
    """The transition; None: a reminder."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a child case, or one that stands apart."""

    workflow: str
    subject: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    participants: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    about: str | None = None
    """None: as the parent."""
    apart: bool = False
    """Whether it is no child: it outlives the case that opened it."""


@dataclass(frozen=True, slots=True)
class FireCase:
    """Have the system fire a transition of another case."""

    case: int
    transition: str
    form: Mapping[str, Any] | None = None
    if_possible: bool = False
    """Whether a refusal is fine: the case just stays where it is."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Put a message into the outbox; the text names no person."""

    to: Relation
    subject: str
    text: str
    urgent: bool = False
    """Whether it is mailed at once, for somebody must act: not in the digest."""


Intent = (
    UpdateData
    | AddParticipant
    | RemoveParticipant
    | RecordEvidence
    | RecordUsage
    | FillPost
    | LockFramework
    | CloseTasks
    | AssignTask
    | CancelTimer
    | SetTimer
    | OpenCase
    | FireCase
    | Notify
)
