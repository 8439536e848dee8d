"""Where a workspace is: the folder that holds talenthub.toml."""

from __future__ import annotations

import os
from pathlib import Path

from talenthub.errors import ConfigurationError, Problem

FILE = "talenthub.toml"
LOCAL_FILE = "talenthub.local.toml"
MORE_FILES = "talenthub.d"
MANIFEST = Path(".talenthub", "plugins.json")
VARIABLE = "TALENTHUB_WORKSPACE"


def nearest_folder(start: Path | None = None) -> Path | None:
    """Return the workspace folder, or None.

    That is `start` itself, or the folder in TALENTHUB_WORKSPACE, or the
    nearest folder upward from here that holds talenthub.toml.
    """
    named = start or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is not None:
        return named if (named / FILE).is_file() else None
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if (each / FILE).is_file()), None)


def find(start: Path | None = None) -> Path:
    """Return the workspace folder; ConfigurationError says how to make one."""
    found = nearest_folder(start)
    if found is None:
        named = start or os.environ.get(VARIABLE)
        raise ConfigurationError(
            Problem(
                text="there is no workspace here",
                place=str(named) if named else None,
                found=f"no {FILE} in this folder" + ("" if named else " or any above it"),
                mend="make one: talent init, or talent init --demo",
                code="workspace.none",
            )
        )
    return found
