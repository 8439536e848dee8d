"""Posting: one request to another system, to an address that was checked."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from talenthub.outbound.sending import Sent

SECONDS = 15.0
"""How long the other side may keep silent."""

LONGEST = 60.0
"""How long one try may take, also where the other side answers drop by drop."""

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 ones, private ones too."""

GONE = 410
"""The answer of a receiver that wants no more."""


class PrivateAddress(Exception):  # noqa: N818 - never leaves this file
    """The name stands for an address that is not out in the world."""


@dataclass(frozen=True, slots=True)
class Post:
    """A signed request, ready to leave."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    allow_private: bool = False

    def send(self) -> Sent:
        """Send it once; redirects are not followed."""
        try:
            status = self._answer(urlsplit(self.url))
        except PrivateAddress:
            return Sent("its address is private, and allow_private is not set", final=True)
        except socket.gaierror:
            return Sent("the host is unknown")
        except TimeoutError:
            return Sent(f"no answer within {SECONDS:.0f} s")
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Sent(f"it could not be reached ({type(error).__name__})")
        if 200 <= status < 300:
            return Sent()
        return Sent(f"the receiver answered {status}", final=status == GONE)

    def _answer(self, url: SplitResult) -> int:
        secure = url.scheme == "https"
        host, port = url.hostname or "", url.port or (443 if secure else 80)
        address = resolved(host, port, allow_private=self.allow_private)
        # The address that was checked, not the name again: it might change meanwhile.
        raw = socket.create_connection((address, port), timeout=SECONDS)
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        connection.sock = raw = _guarded(raw, host) if secure else raw
        end = threading.Timer(LONGEST, hang_up, [raw])
        end.daemon = True
        end.start()
        try:
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            connection.request("POST", path, self.body, dict(self.headers) | {"Host": url.netloc})
            return connection.getresponse().status
        finally:
            end.cancel()
            connection.close()


def hang_up(raw: socket.socket) -> None:
    """End a connection, whoever waits for an answer on it."""
    with suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _guarded(raw: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise


def resolved(host: str, port: int, *, allow_private: bool) -> str:
    """Return an address of `host`; PrivateAddress if one of them is private."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not allow_private and not all(is_public(each) for each in found):
        raise PrivateAddress
    return found[0]


def is_public(address: str) -> bool:
    """Return whether an address is out in the world, IPv4 inside IPv6 too."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if parsed.version == 6 and parsed in _TRANSLATED:
        return False
    return (mapped or parsed).is_global and not parsed.is_multicast
