"""The workflows of career, one file each."""

from __future__ import annotations

from talenthub_career.asking import answer, asking
from talenthub_career.aspiration import aspiration
from talenthub_career.assessment import assessment
from talenthub_career.move import move
from talenthub_career.placement import placement
from talenthub_career.plan import plan
from talenthub_career.rating import rating

__all__ = [
    "answer",
    "asking",
    "aspiration",
    "assessment",
    "move",
    "placement",
    "plan",
    "rating",
]
