"""Column types and text forms that both databases share."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from json import encoder
from typing import Any

from sqlalchemy import DateTime, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of the core and of plugins; the migrations are the truth."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored and returned in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object]:
        """Return what stores a moment in UTC; one without zone is refused."""
        return _to_text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None]:
        """Return what reads a moment, aware, in UTC."""
        return _from_text if dialect.name == "sqlite" else _in_utc


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {value!r}")
    return value.astimezone(UTC)


def _to_text(value: datetime | None) -> str | None:
    moment = _in_utc(value)
    return None if moment is None else moment.isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


_PLAIN = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
# What JSONEncoder makes anew for each value: of small ones that is half of the work.
_pieces = encoder.c_make_encoder(  # type: ignore[attr-defined]
    None, _PLAIN.default, encoder.encode_basestring, None, ":", ",", True, False, False
)


def canonical(value: Any) -> str:
    """Return `value` as JSON text of one fixed form: keys sorted, no spaces."""
    return "".join(_pieces(value, 0))


def digest(*parts: str | int | None) -> str:
    """Return the SHA-256 of the parts as hexadecimal text.

    The parts go through `canonical`, so that no two lists of parts run
    together into the same text.
    """
    return hashlib.sha256(canonical(list(parts)).encode()).hexdigest()


def new_salt() -> str:
    """Return 16 random bytes as text, for the hash of a personal payload."""
    return secrets.token_hex(16)


def salted_digest(salt: str, payload: str) -> str:
    """Return SHA-256(salt ‖ payload): it survives when the payload is erased."""
    return hashlib.sha256((salt + payload).encode()).hexdigest()
