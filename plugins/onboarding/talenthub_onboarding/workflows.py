"""The two workflows of onboarding, one file each."""

from __future__ import annotations

from talenthub_onboarding.plan import plan
from talenthub_onboarding.task import task

__all__ = ["plan", "task"]
