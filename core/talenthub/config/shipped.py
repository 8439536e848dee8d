"""Shipped: the configuration files that come with talenthub."""

from __future__ import annotations

from pathlib import Path

from talenthub.errors import FileError, Problem


def shipped() -> Path:
    """Return the folder of shipped files: in the wheel, else in the checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "_config", package.parent.parent / "config"):
        if (folder / "talenthub.toml").is_file():
            return folder
    raise FileError(
        Problem(
            text="the configuration files that come with talenthub are not there",
            mend="install talenthub again",
            code="file.shipped",
        )
    )
