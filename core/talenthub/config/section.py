"""Section: what every table of talenthub.toml has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of talenthub.toml: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
