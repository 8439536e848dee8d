"""Facts of onboarding: what its guards and effects ask for."""

from __future__ import annotations

from talenthub.sdk import (
    children,
    claims,
    role_gaps,
)
from talenthub_onboarding.relations import OWNERS, WAIVERS

PURPOSE = "development"
"""For what the standings are read, and the check is recorded."""

TASKS = children("onboarding.task")
"""The tasks of a plan, the next due first."""

GAPS = role_gaps("role", PURPOSE, level="level")
"""What the role asks, and how far the newcomer is known to be from it."""

OWNS = claims(OWNERS)
"""As which kinds of owner the actor may act."""

LETS_GO = claims(WAIVERS)
"""For which kinds of owner the actor may let a task go."""
