"""Secrets: read from where a reference points, shown to nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from talenthub.config.settings import SecretReference
from talenthub.errors import ConfigurationError, Problem

MASK = "********"


def resolve(
    reference: SecretReference, folder: Path, place: str, environment: Mapping[str, str] | None = None
) -> str:
    """Return the secret; ConfigurationError says which name leads nowhere."""
    if reference.env is not None:
        return _from_environment(reference.env, os.environ if environment is None else environment, place)
    assert reference.file is not None
    return _from_file(folder / reference.file, reference.file, place)


def _from_environment(name: str, environment: Mapping[str, str], place: str) -> str:
    value = environment.get(name)
    if not value:
        raise ConfigurationError(
            Problem(
                text="the secret is not there: this environment variable is not set",
                place=place,
                found=name,
                mend=f"set {name} before you start talent",
                code="config.secret",
            )
        )
    return value


def _from_file(file: Path, named: str, place: str) -> str:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "not text"
        raise ConfigurationError(
            Problem(
                text=f"the secret cannot be read: {(said or 'no such file').lower()}",
                place=place,
                found=named,
                code="config.secret",
            )
        ) from None
    if not text:
        raise ConfigurationError(
            Problem(text="the file of the secret is empty", place=place, found=named, code="config.secret")
        )
    return text
