"""SuccessionSettings: bands, tolerances and days, set by the organisation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

NOT_READY = "not ready"
"""What is said where no band is reached."""

INSUFFICIENT = "insufficient evidence"
"""What is said where too little is known: never a guess."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Band(_Table):
    """One step of readiness, and what it takes; a value on a cut is in."""

    name: str = Field(min_length=2, max_length=40, description="As people read it.")
    strength: Decimal = Field(ge=0, le=1, description="What one such nominee adds to the bench.")
    months: Decimal = Field(ge=0, description="At most so many months to go; 0: nothing is left.")
    fit: Decimal | None = Field(default=None, ge=0, le=100, description="At least this fit.")
    performance: str | None = Field(default=None, description="At least this level of performance.")
    potential: str | None = Field(default=None, description="At least this level of potential.")
    covers: bool = Field(default=False, description="Whether a post with such a nominee counts as covered.")
    complete: bool = Field(default=False, description="Whether every essential competency must be known.")


class Placement(_Table):
    """Where performance and potential are read when nobody types them in."""

    workflow: str = Field(default="career.placement", description="Cases about the person, by workflow.")
    performance: str = Field(default="performance", description="The field with its figure or level.")
    potential: str = Field(default="potential", description="The field with its figure or level.")


_BANDS = (
    Band(
        name="ready now", strength=Decimal(1), months=Decimal(0), performance="M", covers=True, complete=True
    ),
    Band(
        name="ready in 1-2 years",
        strength=Decimal("0.5"),
        months=Decimal(24),
        fit=Decimal(60),
        potential="M",
    ),
    Band(name="ready in 3-5 years", strength=Decimal("0.25"), months=Decimal(60), potential="M"),
)


class SuccessionSettings(_Table):
    """The settings under `[plugin.succession]`; a case pins those of its day.

    Numbers are decimals and compared exactly.
    """

    band: tuple[Band, ...] = Field(default=_BANDS, description="The steps of readiness, the best one first.")
    levels: tuple[str, ...] = Field(
        default=("L", "M", "H"), min_length=2, description="Of performance and potential, rising."
    )
    cuts: tuple[Decimal, ...] = Field(
        default=(Decimal("2.5"), Decimal("3.5")),
        description="Where the next level begins when a figure is given in place of a level.",
    )
    tolerance: dict[str, Decimal] = Field(
        default={"default": Decimal("0.5"), "critical": Decimal("0.25")},
        description="Levels that may be missing: default, critical, or a competency's code.",
    )
    coverage: Decimal = Field(
        default=Decimal("0.8"), gt=0, le=1, description="At least this share of a role must be known."
    )
    velocity: Decimal = Field(
        default=Decimal(1), gt=0, description="Levels a year, before anything is known of a person."
    )
    velocity_weight: int = Field(
        default=2, ge=0, le=100, description="It counts as so many closed targets beside the person's own."
    )
    at_once: int = Field(default=1, ge=1, le=10, description="Targets that are worked on at the same time.")
    bench_full: Decimal = Field(
        default=Decimal(2), gt=0, description="The strengths that together make a full bench."
    )
    quorum: int = Field(default=3, ge=2, le=20, description="So many votes make a decision.")
    fresh_days: int = Field(
        default=120, ge=1, le=730, description="Readiness older than this is not activated."
    )
    valid_days: int = Field(
        default=365, ge=30, le=1095, description="After so many days a nomination expires."
    )
    remind_days: int = Field(
        default=30, ge=1, le=365, description="So long before, it is to be looked at again."
    )
    review_days: int = Field(
        default=365, ge=30, le=1095, description="Critical posts are reviewed this often."
    )
    placement: Placement = Field(
        default=Placement(), description="Where performance and potential are read from."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        names = [each.name for each in self.band]
        if len(set(names)) != len(names) or {NOT_READY, INSUFFICIENT} & set(names):
            raise ValueError("each band has a name of its own")
        if len(self.cuts) != len(self.levels) - 1 or sorted(set(self.cuts)) != list(self.cuts):
            raise ValueError("cuts rise, one less than there are levels")
        if {"default", "critical"} - set(self.tolerance):
            raise ValueError("a tolerance is needed for default and for critical")
        asked = {level for each in self.band for level in (each.performance, each.potential) if level}
        if strange := asked - set(self.levels):
            raise ValueError(f"levels does not name {', '.join(sorted(strange))}")
        return self

    def tolerated(self, competency: str, *, critical: bool) -> Fraction:
        """Return the levels that may be missing; a competency's own come first."""
        own = self.tolerance.get(competency, self.tolerance["critical" if critical else "default"])
        return Fraction(own)

    def level_of(self, said: str | None) -> str | None:
        """Return the level that a word or a figure means; None if none."""
        if said is None or said.upper() in self.levels:
            return said and said.upper()
        try:
            figure = Fraction(said)
        except (ValueError, ZeroDivisionError):
            return None
        return self.levels[sum(figure >= Fraction(each) for each in self.cuts)]

    def reaches(self, level: str | None, least: str | None) -> bool:
        """Return whether a level is at least another; unknown never is."""
        if least is None:
            return True
        return level in self.levels and self.levels.index(level) >= self.levels.index(least)

    def named(self, name: str) -> Band | None:
        """Return the band of this name; None where it is none."""
        return next((each for each in self.band if each.name == name), None)

    @property
    def words(self) -> tuple[str, ...]:
        """Return every readiness that people may agree on."""
        return (*(each.name for each in self.band), NOT_READY)
