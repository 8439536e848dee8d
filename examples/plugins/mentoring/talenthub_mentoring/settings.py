"""What an organisation may change, under `[plugin.mentoring]`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class MentoringSettings(BaseModel):
    """The settings of mentoring; a case pins those of its day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mentees_per_mentor: int = Field(
        default=2, ge=1, le=20, description="So many mentees a mentor has at a time."
    )
    smallest_gap: float = Field(
        default=0.5, gt=0, le=5, description="A gap below so many levels needs no mentor."
    )
