"""PerformanceSettings: shares, cuts and days, set by the organisation."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class PerformanceSettings(BaseModel):
    """The settings under `[plugin.performance]`; a case pins those of its day.

    Cuts are decimals and compared exactly: a value on a cut has not passed it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ratings: bool = Field(
        default=True, description="Whether reviews are rated; false: conversations first, no figures."
    )
    objectives_share: Decimal = Field(
        default=Decimal("0.5"),
        ge=0,
        le=1,
        description="The share of what was reached; the rest is how, by descriptors.",
    )
    minimum_days: int = Field(default=90, ge=0, le=730, description="Who works here for less is too new.")
    surprise: Decimal = Field(
        default=Decimal("0.75"),
        ge=0,
        le=4,
        description="A rating further from the last conversations than this is explained.",
    )
    last_conversations: int = Field(default=2, ge=1, le=12, description="So many of them are compared.")
    minimum_group: int = Field(default=3, ge=3, le=20, description="Answers of fewer are never shown.")
    small_groups: Literal["merge", "omit"] = Field(
        default="merge", description="What becomes of smaller groups: pooled as others, or left out."
    )
    collecting_days: int = Field(
        default=21, ge=1, le=120, description="A round or a pulse closes after so many days."
    )
    appeal_days: int = Field(default=14, ge=1, le=90, description="Days to appeal after the release.")
    feedback_days: int = Field(default=14, ge=1, le=90, description="Feedback comes so soon after the event.")
    leniency_z: Decimal = Field(
        default=Decimal("2.5"), gt=0, description="A robust z beyond it is looked at in calibration."
    )
    leniency_apart: Decimal = Field(
        default=Decimal("0.5"), ge=0, description="So far from the median it must be as well."
    )
    leniency_ratees: int = Field(
        default=5, ge=3, description="Managers who rate fewer people are not compared."
    )

    @property
    def share(self) -> Fraction:
        """Return the share of the objectives, exactly."""
        return Fraction(self.objectives_share)
