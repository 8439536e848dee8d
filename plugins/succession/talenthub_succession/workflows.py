"""The workflows of succession, one file each."""

from __future__ import annotations

from talenthub_succession.nomination import nomination
from talenthub_succession.post import post

__all__ = ["nomination", "post"]
