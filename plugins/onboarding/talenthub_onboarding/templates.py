"""Templates of tasks: the six parts of a good beginning, by default.

The parts are those known as the 6 C's of onboarding; the sentences are ours.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Part = Literal["compliance", "clarification", "confidence", "connection", "culture", "check-back"]
Owner = Literal["newcomer", "manager", "buddy", "hr", "upper"]


class TaskTemplate(BaseModel):
    """A task of every plan that it fits, under `[[plugin.onboarding.tasks]]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="A small word that nothing else has.")
    title: str = Field(min_length=3, max_length=200, description="What is to be done.")
    part: Part = Field(description="Which of the six parts it belongs to.")
    owner: Owner = Field(description="Whose it is: newcomer, manager, buddy, hr or upper.")
    day: int = Field(ge=-120, le=365, description="Days from the first day on; before it, negative.")
    working: bool = Field(default=False, description="Whether `day` counts working days.")
    required: bool = Field(default=False, description="Whether it is done before work starts.")
    note: bool = Field(default=False, description="Whether being done needs a note.")
    when: tuple[Literal["join", "move"], ...] = Field(
        default=("join", "move"), min_length=1, description="For who joins, for who moves here, or for both."
    )
    roles: tuple[str, ...] = Field(default=(), description="Only for these roles; empty: for all.")


TEMPLATES = (
    TaskTemplate(
        name="papers",
        title="Have the contract and the forms signed",
        part="compliance",
        owner="hr",
        day=-10,
        required=True,
        when=("join",),
    ),
    TaskTemplate(
        name="access",
        title="Have desk, device and access ready",
        part="compliance",
        owner="hr",
        day=-2,
        working=True,
        required=True,
    ),
    TaskTemplate(
        name="rules",
        title="Read how we handle safety, personal data and conflicts of interest",
        part="compliance",
        owner="newcomer",
        day=5,
        working=True,
        when=("join",),
    ),
    TaskTemplate(
        name="expectations",
        title="Go through the role's descriptors and agree what good work looks like",
        part="clarification",
        owner="manager",
        day=3,
        working=True,
    ),
    TaskTemplate(
        name="first-work",
        title="Give a first real piece of work, with somebody beside",
        part="confidence",
        owner="manager",
        day=5,
        working=True,
    ),
    TaskTemplate(
        name="welcome",
        title="Be there on the first day and show the place",
        part="connection",
        owner="buddy",
        day=0,
    ),
    TaskTemplate(
        name="people",
        title="Meet five people whom the work depends on",
        part="connection",
        owner="newcomer",
        day=15,
        working=True,
    ),
    TaskTemplate(
        name="values",
        title="Talk about what we stand for, each with an example; nobody is rated",
        part="culture",
        owner="manager",
        day=20,
        working=True,
    ),
    TaskTemplate(
        name="first-week",
        title="Ask how the first week was, and mend what can be mended",
        part="check-back",
        owner="manager",
        day=5,
        working=True,
    ),
    TaskTemplate(
        name="handover",
        title="Hand over the former work",
        part="clarification",
        owner="newcomer",
        day=5,
        working=True,
        note=True,
        when=("move",),
    ),
)
"""What a plan holds unless the organisation writes its own."""
