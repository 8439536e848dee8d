"""Holding: a transaction is ended by who began it, and by nobody inside.

Plugins are given transactions to read, and handlers to write in. One that
ended them would leave half of a step behind, so it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from talenthub.storage.natures import nature_of

_MODE = "talenthub_mode"


class MeddlingError(RuntimeError):
    """Somebody did to a transaction what is not theirs to do."""


@contextmanager
def held(connection: Connection) -> Iterator[None]:
    """Let nobody inside end the transaction of `connection`."""
    for name in ("commit", "rollback"):
        setattr(connection, name, _refusing(name))
    try:
        with _mode(connection, "held"):
            yield
    finally:
        for name in ("commit", "rollback"):
            delattr(connection, name)


@contextmanager
def only_reading(connection: Connection) -> Iterator[None]:
    """Let nobody inside write, whatever the transaction is for."""
    with _mode(connection, "reading"):
        yield


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """Write what was asked for before, whoever looks now."""
    with _mode(connection, "held"):
        yield


@contextmanager
def _mode(connection: Connection, mode: str) -> Iterator[None]:
    info = connection.info  # a connection that is lost inside has none, and would hide what lost it
    before = info.get(_MODE)
    info[_MODE] = mode
    try:
        yield
    finally:
        info[_MODE] = before


def look(info: Mapping[str, Any], statement: str) -> None:
    """Raise MeddlingError if a statement does what its sender may not."""
    mode = info.get(_MODE)
    if mode is None:
        return
    nature = nature_of(statement)
    if nature.ends:
        raise MeddlingError(_ENDING)
    if mode == "reading" and not nature.asks:
        raise MeddlingError("it writes where it may only read")


def _refusing(name: str) -> Any:
    def refuse() -> None:
        raise MeddlingError(f"{name}(): {_ENDING}")

    return refuse


_ENDING = "a transaction is ended by who began it"
