"""The six workflows of recruitment, one file each."""

from __future__ import annotations

from talenthub_recruitment.appeal import appeal
from talenthub_recruitment.application import application
from talenthub_recruitment.requisition import requisition
from talenthub_recruitment.reserve import reserve
from talenthub_recruitment.scorecard import scorecard
from talenthub_recruitment.selection import selection

__all__ = ["appeal", "application", "requisition", "reserve", "scorecard", "selection"]
