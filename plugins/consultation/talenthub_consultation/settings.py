"""ConsultationSettings: quorum, shares and rounds, as the house sets them."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ConsultationSettings(BaseModel):
    """The settings under `[plugin.consultation]`; cases pin them.

    Shares are decimals and compared exactly; a share on a limit is enough.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    quorum: Decimal = Field(
        default=Decimal("0.60"), gt=0, le=1, description="So many of those invited vote on an item."
    )
    accept: Decimal = Field(
        default=Decimal("0.75"), gt=0, le=1, description="So many of the votes accept an item."
    )
    accept_level: Decimal = Field(
        default=Decimal("0.50"), ge=0, le=1, description="And so many of the votes of each level."
    )
    level_voters: int = Field(
        default=3, ge=1, le=50, description="From so many voters on a level has a say of its own."
    )
    rounds: int = Field(default=3, ge=1, le=10, description="After these rounds the sponsors decide.")
    window_days: int = Field(default=21, ge=1, le=180, description="So long a round is open.")
    remind_days: int = Field(
        default=7, ge=1, le=179, description="So long before its end those who have not voted are reminded."
    )
    smallest_group: int = Field(default=5, ge=2, le=50, description="Fewest people in a review group.")
    largest_group: int = Field(default=12, ge=2, le=200, description="Most people in a review group.")
    chance: Decimal = Field(
        default=Decimal("0.05"), gt=0, lt=1, description="An indicator counts where chance is less likely."
    )
    sorted_share: Decimal = Field(
        default=Decimal("0.75"), gt=0, le=1, description="So many judges find an indicator's competency."
    )
    level_deviation: Decimal = Field(
        default=Decimal("0.75"), ge=0, description="At most so far the levels they find lie apart."
    )
    smallest_shown: int = Field(
        default=3, ge=3, le=50, description="Votes of fewer people on a level are never shown."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.smallest_group > self.largest_group:
            raise ValueError("smallest_group is not above largest_group")
        if self.remind_days >= self.window_days:
            raise ValueError("remind_days is less than window_days")
        return self
