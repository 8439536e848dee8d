"""The workflows of performance, one file each."""

from __future__ import annotations

from talenthub_performance.appeal import appeal
from talenthub_performance.calibration import calibration
from talenthub_performance.conversation import conversation
from talenthub_performance.cycle import cycle
from talenthub_performance.feedback import feedback
from talenthub_performance.pulse import pulse, pulse_answer
from talenthub_performance.review import review
from talenthub_performance.rounds import answer, round_
from talenthub_performance.statement import statement

__all__ = [
    "answer",
    "appeal",
    "calibration",
    "conversation",
    "cycle",
    "feedback",
    "pulse",
    "pulse_answer",
    "review",
    "round_",
    "statement",
]
