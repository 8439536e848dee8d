"""How a progression of the Financial Times is told from a YAML of ours."""

from __future__ import annotations

import re

from talenthub.framework.formats.sources import SourceFile

_KEYS = re.compile(rb"^(levels|themes|competencies):", re.MULTILINE)


def is_progression(file: SourceFile) -> bool:
    """Return whether a YAML file has levels, themes and proficiencies."""
    keys = set(_KEYS.findall(file.data))
    return file.suffix in (".yaml", ".yml") and len(keys) == 3 and b"proficiency:" in file.data
