"""Signing: the signatures of Standard Webhooks, version 1.

HMAC-SHA-256 over `id.timestamp.body`; while a key is changed both sign, and
a receiver that knows either of them is content.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence

from talenthub.errors import ConfigurationError, Problem

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a key."""


def key_of(secret: str) -> bytes:
    """Return the key in `whsec_…`; ConfigurationError does not repeat it."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ConfigurationError(
            Problem(
                text="the secret of a webhook is no signing key",
                allowed=f"{PREFIX} and {SHORTEST} to {LONGEST} bytes in base64",
                code="webhook.secret",
            )
        )
    return key


def signed(number: str, at: int, body: bytes, keys: Sequence[bytes]) -> Mapping[str, str]:
    """Return the headers of a webhook; `at` in seconds since 1970."""
    content = f"{number}.{at}.".encode() + body
    made = (base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys)
    return {
        "webhook-id": number,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{each}" for each in made),
    }
