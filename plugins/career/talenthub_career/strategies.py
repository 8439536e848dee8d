"""Strategies: what a placement means for somebody's development."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Band = Literal["low", "middle", "high"]
Kind = Literal["assignment", "people", "formal"]
Sponsor = Literal["manager", "upper", "executive", "hr", "manager and hr"]
BANDS: tuple[Band, ...] = ("low", "middle", "high")
KINDS: tuple[Kind, ...] = ("assignment", "people", "formal")


class Strategy(BaseModel):
    """How somebody develops: the mix, how demanding, how often one looks.

    People are shown its title and meaning, and never the two bands.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z-]*$", max_length=30, description="A small word of its own.")
    title: str = Field(min_length=3, max_length=60, description="What the person reads.")
    meaning: str = Field(description="What it means, as the person reads it.")
    performance: Band | None = Field(default=None, description="The box it is for; none: people choose it.")
    potential: Band | None = Field(default=None, description="Given together with `performance`.")
    mix: tuple[int, int, int] = Field(description="Percent of hours: assignments, people, formal.")
    heat: int = Field(ge=1, le=5, description="Nothing more demanding than this.")
    targets: int = Field(ge=1, le=4, description="So many competencies at once.")
    every: int = Field(ge=7, le=92, description="Days from one entry to the next.")
    sponsor: Sponsor = Field(description="Who stands up for the plan.")

    @model_validator(mode="after")
    def _mix_is_whole(self) -> Strategy:
        if sum(self.mix) != 100 or min(self.mix) < 0:
            raise ValueError(f"the mix of {self.name} makes {sum(self.mix)} percent, not 100")
        if (self.performance is None) != (self.potential is None):
            raise ValueError(f"{self.name}: a box is performance and potential, or neither")
        return self

    @property
    def box(self) -> tuple[Band, Band] | None:
        """Return the two bands it is for; None: people choose it by hand."""
        if self.performance is None or self.potential is None:
            return None
        return self.performance, self.potential

    @property
    def shares(self) -> Mapping[Kind, Fraction]:
        """Return the share of each kind, exactly."""
        return {kind: Fraction(part, 100) for kind, part in zip(KINDS, self.mix, strict=True)}


def _row(
    name: str,
    title: str,
    meaning: str,
    box: tuple[Band, Band],
    mix: tuple[int, int, int],
    rest: tuple[int, int, int, Sponsor],
) -> Strategy:
    heat, targets, every, sponsor = rest
    return Strategy(
        name=name,
        title=title,
        meaning=meaning,
        performance=box[0],
        potential=box[1],
        mix=mix,
        heat=heat,
        targets=targets,
        every=every,
        sponsor=sponsor,
    )


STRATEGIES = (
    _row("accelerate", "Accelerate", "a series of different, hard jobs and first-time experiences",
         ("high", "high"), (75, 20, 5), (5, 2, 14, "executive")),
    _row("extend", "Extend", "wider scope, lateral moves, influence",
         ("high", "middle"), (70, 20, 10), (4, 2, 21, "upper")),
    _row("master", "Master and pass on", "deepen the craft, teach it, be recognised for it",
         ("high", "low"), (60, 30, 10), (3, 1, 28, "manager")),
    _row("ignite", "Ignite", "coaching, and one stretch assignment with close feedback",
         ("middle", "high"), (65, 25, 10), (4, 1, 14, "upper")),
    _row("broaden", "Broaden in place", "new tasks inside the present job, one at a time",
         ("middle", "middle"), (70, 20, 10), (3, 1, 21, "manager")),
    _row("sharpen", "Sharpen", "reliable practice of the present role",
         ("middle", "low"), (60, 20, 20), (2, 1, 28, "manager")),
    _row("reseat", "Re-seat and find out", "new in the role, or the wrong seat: test before judging",
         ("low", "high"), (50, 35, 15), (2, 1, 14, "hr")),
    _row("rebuild", "Rebuild", "the basics, with close support",
         ("low", "middle"), (50, 30, 20), (2, 1, 14, "manager")),
    _row("stabilise", "Stabilise", "an agreement on performance first, development second",
         ("low", "low"), (40, 30, 30), (1, 1, 14, "manager and hr")),
)  # fmt: skip
"""The strategies that come with it; `[[plugin.career.strategies]]` replaces them."""
