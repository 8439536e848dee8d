"""Named guards: conditions an organisation may add without writing code.

Each has a name, a sentence that says what it asks for, and a model of what it
takes from talenthub.toml. A plugin brings more by the hook `talenthub_guards`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from talenthub.workflow.context import Guard, NoData


class NameOf(Enum):
    """What a value of a guard must name; so a typing error is found at once.

    Written beside the type: `field: Annotated[str, NameOf.FIELD]`.
    """

    FIELD = "field"
    """A field of the transition's form."""
    FIELD_OF_STEP = "field of step"
    """A field of the form of the transition that the value `step` names."""
    STEP = "step"
    """A transition of the workflow."""
    STATE = "state"
    """A state of the workflow."""
    WORKFLOW = "workflow"
    """Any workflow that is neither confidential nor blind."""
    GRANT = "grant"
    """A grant that people can hold."""


@dataclass(frozen=True, slots=True)
class NamedGuard:
    """A guard that `[[workflow."…".transition.NAME.guard]]` may name."""

    name: str
    help: str
    """One sentence: when the step is possible."""
    make: Callable[[Any], Guard]
    """Returns the guard; it is given what `takes` read."""
    takes: type[BaseModel] = NoData
    """What stands beside the name, frozen and with extra="forbid"."""


NO_GUARDS: Mapping[str, NamedGuard] = MappingProxyType({})
