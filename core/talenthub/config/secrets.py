"""Secrets: named in a file by reference, read here, shown to nobody.

    [plugin.mail]
    password = { env = "MAIL_PASSWORD" }
    token = { file = "/run/secrets/token" }

Any text may be given so; a `SecretStr` of a settings model must be.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from talenthub.config.fields import is_secret, is_table, kind_at
from talenthub.config.layers import Layers, is_reference
from talenthub.config.lines import KeyPath
from talenthub.config.settings import SecretAt
from talenthub.errors import ConfigurationError, Problem

MASK = "********"
ALLOWED = '{ env = "NAME" } or { file = "PATH" }'


def resolved(model: type[BaseModel], values: Any, layers: Layers, path: KeyPath) -> tuple[Any, list[Problem]]:
    """Return `values` with every reference replaced by its secret."""
    problems: list[Problem] = []
    return _walk(model, values, layers, path, (), problems), problems


def _walk(
    model: type[BaseModel], value: Any, layers: Layers, path: KeyPath, inner: KeyPath, problems: list[Problem]
) -> Any:
    kind = kind_at(model, inner)
    if isinstance(value, Mapping) and is_reference(value) and not is_table(kind):
        return _secret(value, layers, (*path, *inner), problems)
    if isinstance(value, Mapping):
        return {key: _walk(model, each, layers, path, (*inner, key), problems) for key, each in value.items()}
    if isinstance(value, list):
        return [_walk(model, each, layers, path, (*inner, at), problems) for at, each in enumerate(value)]
    if is_secret(kind) and not layers.origin((*path, *inner)).place.startswith("env "):
        problems.append(_problem("a secret is named, not written", layers, (*path, *inner), allowed=ALLOWED))
        return MASK
    return value


def _secret(reference: Mapping[str, Any], layers: Layers, path: KeyPath, problems: list[Problem]) -> str:
    (where, name), *_ = reference.items()
    try:
        return _read(where, str(name), layers.folder)
    except LookupError as error:
        problems.append(_problem(str(error.args[0]), layers, path, found=str(name)))
        return MASK


def _read(where: str, name: str, folder: Path) -> str:
    if where == "env":
        if not os.environ.get(name):
            raise LookupError("the secret is not there: this environment variable is not set")
        return os.environ[name]
    try:
        text = (folder / name).read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise LookupError("the file of the secret is not text") from None
    except OSError as error:
        raise LookupError(
            f"the secret cannot be read: {(error.strerror or 'no such file').lower()}"
        ) from None
    if not text:
        raise LookupError("the file of the secret is empty")
    return text


def secret_at(place: SecretAt, folder: Path) -> str:
    """Return a secret that only its user reads; ConfigurationError if gone."""
    where, name = ("env", place.env) if place.env is not None else ("file", place.file)
    try:
        return _read(where, name or "", folder)
    except LookupError as error:
        problem = Problem(text=str(error.args[0]), found=name, allowed=ALLOWED, code="config.secret")
        raise ConfigurationError(problem) from None


def _problem(
    text: str, layers: Layers, path: KeyPath, *, found: str | None = None, allowed: str | None = None
) -> Problem:
    origin = layers.origin(path)
    return Problem(
        text=text,
        place=origin.place,
        path=".".join(str(part) for part in path),
        found=found,
        allowed=allowed,
        code="config.secret",
    )


def without_passwords(text: str) -> str:
    """Return `text` with the password of any URL in it masked."""
    return re.sub(r"(://[^/@\s:]*:)[^@\s]+@", rf"\1{MASK}@", text)


def has_password(text: str) -> bool:
    """Return whether `text` is a URL that carries a password."""
    return without_passwords(text) != text
