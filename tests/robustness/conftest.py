"""Puts the trial plugin and the shared parts of these tests on the path."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in ("trial", "support"):
    sys.path.insert(0, str(Path(__file__).parent / folder))
