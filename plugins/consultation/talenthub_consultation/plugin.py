"""The plugin consultation: what it brings, by name."""

from __future__ import annotations

CONTRACT = "1"
