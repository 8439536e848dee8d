"""Defaults of evidence: what each source weighs, and who may use which rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "manager": 1.0,
        "peers": 0.8,
        "reports": 0.8,
        "customers": 0.8,
        "others": 0.8,
        "coach": 0.8,
        "onboarding": 0.8,
        "interview": 0.5,
        "self": 0.0,
        "quiz": 0.0,
    }
)
"""Source to weight of a new row; 0 is shown and not counted."""

PURPOSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "development": ("selection", "development", "appraisal"),
        "selection": ("selection", "appraisal", "succession"),
        "appraisal": ("selection", "development", "appraisal"),
        "succession": ("selection", "development", "appraisal", "succession"),
    }
)
"""Purpose of the reader to the purposes of the rows that it may use."""

READERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "self": ("selection", "development", "appraisal"),
        "line": ("selection", "development", "appraisal", "succession"),
        "hr": ("selection", "development", "appraisal", "succession"),
    }
)
"""self, line or hr to the purposes of the rows that they may look at."""
