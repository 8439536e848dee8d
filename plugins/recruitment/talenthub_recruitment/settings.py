"""RecruitmentSettings: the panel and the cuts, as the organisation sets them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from pydantic import BaseModel, ConfigDict, Field


class RecruitmentSettings(BaseModel):
    """The settings under `[plugin.recruitment]`; a case pins those of its day.

    Cuts are decimals and compared exactly: a value on a cut has reached it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    minimum_panel: int = Field(default=3, ge=2, le=12, description="Assessors that rate each candidate.")
    minimum_ratings: int = Field(default=2, ge=1, description="Ratings that each competency needs.")
    appointable_overall: Decimal = Field(
        default=Decimal("3.0"),
        ge=1,
        le=5,
        description="The overall mean that is appointable.",
    )
    appointable_critical: Decimal = Field(
        default=Decimal("2.5"), ge=1, le=5, description="The mean every critical competency must reach."
    )
    essential_met: Decimal = Field(
        default=Decimal("3.0"),
        ge=1,
        le=5,
        description="Below it an essential counts as failed.",
    )
    wide_range: Decimal = Field(
        default=Decimal("2"), gt=0, le=4, description="From this range on raters must discuss."
    )
    low_agreement: Decimal = Field(
        default=Decimal("0.70"), ge=0, le=1, description="Under this r_wg raters must discuss."
    )
    offer_days: int = Field(default=14, ge=1, le=365, description="Days that an offer stands by itself.")
    reserve_days: int = Field(
        default=365, ge=1, le=1095, description="Days that somebody stays on the reserve list."
    )
    appeal_days: int = Field(
        default=30, ge=1, le=365, description="Days after a decision in which it can be appealed against."
    )

    @property
    def overall_cut(self) -> Fraction:
        """Return the cut of the overall mean, exactly."""
        return Fraction(self.appointable_overall)

    @property
    def critical_cut(self) -> Fraction:
        """Return the cut of critical competencies, exactly."""
        return Fraction(self.appointable_critical)

    @property
    def essential_cut(self) -> Fraction:
        """Return the mean under which an essential has failed, exactly."""
        return Fraction(self.essential_met)
