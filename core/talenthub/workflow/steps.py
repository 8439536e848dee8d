"""Steps: events that were written, with what they ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from talenthub.workflow import intents as asked
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Transition


@dataclass(slots=True)
class Step:
    """One event that was written, and what it asks for."""

    before: CaseView | None
    """The case before; None when it was just opened."""
    after: CaseView
    edge: Transition | None
    owner: Loaded
    intents: tuple[asked.Intent, ...]
    cause: str | None = None
    opened: list[str] = field(default_factory=list)
    """References of child cases it opened: filled in here."""

    @property
    def origin(self) -> str:
        """Return the event's name: `APP-3/7`."""
        return f"{self.after.ref}/{self.after.version}"

    @property
    def changed_state(self) -> bool:
        """Return whether the case entered a state by it."""
        return self.before is None or self.before.state != self.after.state
