"""Adjusting: what may stand in [workflow."plugin.name"] of talenthub.toml."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from talenthub.config.section import Section

_SPAN = re.compile(r"(\d{1,4}) (?:(working) )?(day|week)s?", re.ASCII)
LONGEST_SPAN = 3_660
"""Days: no deadline lies further ahead than ten years."""


def read_span(text: str) -> tuple[int, bool]:
    """Return the days of "2 weeks", and whether only working days count."""
    found = _SPAN.fullmatch(text)
    if found is None or (found[2] and found[3] == "week"):
        raise ValueError(text)
    return int(found[1]) * (7 if found[3] == "week" else 1), found[2] is not None


def _span(text: str) -> str:
    told = {"allowed": "such as 5 days, 10 working days or 2 weeks"}
    try:
        days, _ = read_span(text)
    except ValueError:
        raise PydanticCustomError("span", "this is no number of days", told) from None
    if not 1 <= days <= LONGEST_SPAN:
        raise PydanticCustomError("span", f"a deadline is 1 to {LONGEST_SPAN} days", told)
    return text


def _workflow_name(name: str) -> str:
    if "." not in name:
        raise PydanticCustomError(
            "workflow",
            "a workflow is named by its plugin and its word, in quotes",
            {"allowed": 'such as [workflow."recruitment.application"]'},
        )
    return name


def named_whole(given: Any) -> Any:
    """Return the tables; of those whose name lacks its quotes only the name.

    What stands below is then no setting of anything: one fault is enough.
    """
    if not isinstance(given, dict):
        return given
    return {name: each if "." in str(name) else {} for name, each in given.items()}


WorkflowName = Annotated[str, AfterValidator(_workflow_name)]
Span = Annotated[str, AfterValidator(_span)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
People = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False, min_length=1)]


class AdjustedTimer(Section):
    """A reminder, an escalation, or what happens of itself after a while."""

    after: Span = Field(description="How long after the state began: 5 days, 10 working days, 2 weeks.")


class AdjustedState(Section):
    """What is said of one state."""

    title: Words | None = Field(default=None, description="What people read.")
    due: Span | None = Field(default=None, description="Its deadline: 5 days, 10 working days, 2 weeks.")
    timer: dict[str, AdjustedTimer] = Field(default_factory=dict, description="Its timers, by name.")


class AddedGuard(BaseModel):
    """One more condition; what else stands in the table, the guard reads."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    name: str = Field(min_length=1, description="One of `talent workflow guards`.")

    @property
    def values(self) -> dict[str, Any]:
        """Return what stands beside the name."""
        return dict(self.model_extra or {})


class AddedField(Section):
    """One more field of a transition's form."""

    name: Name = Field(description="As it is typed: --set NAME=VALUE.")
    title: Words | None = Field(default=None, description="What people read; without it the name.")
    kind: Literal["text", "number", "date", "choice", "yes_no"] = Field(
        default="text", description="text, number, date, choice or yes_no."
    )
    choices: Annotated[tuple[Words, ...], Field(strict=False)] = Field(
        default=(), description="What can be chosen, where kind is choice."
    )
    required: bool = Field(default=False, description="Whether the step needs it.")
    personal: bool = Field(default=True, description="Whether it speaks of people, so that it is erasable.")

    def model_post_init(self, _context: Any) -> None:
        """Refuse a choice of nothing, and choices of anything else."""
        if (self.kind == "choice") != (len(set(self.choices)) > 1):
            raise PydanticCustomError(
                "choices",
                "two choices or more belong to a field of the kind choice, and to no other",
                {"allowed": 'kind = "choice", choices = ["a", "b"]'},
            )


class AdjustedTransition(Section):
    """What is said of one transition."""

    title: Words | None = Field(default=None, description="What people read.")
    by: People | None = Field(default=None, description="Who may do it, of those the plugin allows.")
    guard: tuple[AddedGuard, ...] = Field(default=(), strict=False, description="More conditions.")
    field: tuple[AddedField, ...] = Field(default=(), strict=False, description="More fields of its form.")


class WaitingState(Section):
    """A state where cases wait before a transition."""

    name: Name = Field(description="The state.")
    before: str = Field(min_length=1, description="The transition that is possible only from there.")
    title: Words | None = Field(default=None, description="What people read.")
    step: Name | None = Field(default=None, description="The transition that leads there; else ask_NAME.")
    step_title: Words | None = Field(default=None, description="What people read of it.")
    by: People | None = Field(
        default=None, description="Who takes it, of those who may do the one it is before."
    )
    due: Span | None = Field(default=None, description="Its deadline.")
    task: Words | None = Field(default=None, description="What those are asked to do who end the waiting.")

    @property
    def entering(self) -> str:
        """Return the name of the transition that leads there."""
        return self.step or f"ask_{self.name}"


class WorkflowAdjustment(Section):
    """What an organisation says of one workflow."""

    title: Words | None = Field(default=None, description="What people read.")
    state: dict[str, AdjustedState] = Field(default_factory=dict, description="States, by name.")
    transition: dict[str, AdjustedTransition] = Field(
        default_factory=dict, description="Transitions, by name."
    )
    waiting: tuple[WaitingState, ...] = Field(default=(), strict=False, description="States to wait in.")
