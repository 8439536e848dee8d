"""The workflows of consultation, one file each."""

from __future__ import annotations

from talenthub_consultation.ballot import ballot
from talenthub_consultation.review import review

__all__ = ["ballot", "review"]
