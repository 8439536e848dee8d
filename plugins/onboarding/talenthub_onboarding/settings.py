"""OnboardingSettings: tasks, days and cuts, as the organisation sets them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from talenthub_onboarding.templates import TEMPLATES, TaskTemplate


class OnboardingSettings(BaseModel):
    """The settings under `[plugin.onboarding]`; a plan pins those of its day.

    Cuts are decimals and compared exactly: a value on a cut has reached it.
    Days count from the first day of work, which is day 0.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    buddy: bool = Field(default=True, description="Whether a buddy is named before the plan is released.")
    talks: tuple[int, ...] = Field(default=(30, 60), description="Days of the talks; they post no evidence.")
    check_day: int = Field(default=90, ge=1, le=365, description="The day of the check by descriptors.")
    notice_days: int = Field(default=7, ge=0, le=30, description="A talk is asked for so many days before.")
    grace_days: int = Field(default=7, ge=1, le=60, description="A check so late goes to the manager above.")
    minor_day: int = Field(default=60, ge=1, description="By this day a minor gap is worked on.")
    material_day: int = Field(default=30, ge=1, description="By this day a material or large gap is.")
    support_day: int = Field(default=10, ge=0, description="By this day support for such a gap is asked for.")
    observation_day: int = Field(default=45, ge=1, description="By this day the unknown has been observed.")
    minimum_mean: Decimal = Field(
        default=Decimal("2.75"), ge=1, le=5, description="The mean from which confirmation is proposed."
    )
    minimum_critical: Decimal = Field(
        default=Decimal("3"), ge=1, le=5, description="What every critical competency must reach."
    )
    longest_extension: int = Field(default=90, ge=1, le=365, description="An extension is no longer.")
    feedback_days: int = Field(
        default=14, ge=1, description="Written feedback stands so many days before an end is proposed."
    )
    appeal: str = Field(default="", description="How one appeals; empty: said with each end.")
    late_days: int = Field(default=3, ge=0, description="Working days for a task that is due already.")
    quality_minimum: int = Field(default=10, ge=10, description="Fewer people give no correlation.")
    tasks: tuple[TaskTemplate, ...] = Field(default=TEMPLATES, description="The templates of the tasks.")

    @model_validator(mode="after")
    def _days_follow(self) -> OnboardingSettings:
        days = [*self.talks, self.check_day]
        if days != sorted(set(days)) or days[0] < 1:
            raise ValueError("the days of the talks rise, and end before check_day")
        names = [each.name for each in self.tasks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two task templates have one name: {', '.join(twice)}")
        return self

    @property
    def mean_cut(self) -> Fraction:
        """Return the cut of the mean, exactly."""
        return Fraction(self.minimum_mean)

    @property
    def critical_cut(self) -> Fraction:
        """Return the cut of critical competencies, exactly."""
        return Fraction(self.minimum_critical)

    def templates(self, kind: Literal["join", "move"], role: str) -> tuple[TaskTemplate, ...]:
        """Return the templates for a beginning of this kind in this role."""
        return tuple(
            each for each in self.tasks if kind in each.when and (not each.roles or role in each.roles)
        )
