"""A line to the database that can be cut: a proxy between two sockets.

A hole swallows what is sent and says nothing, as a network does that fails;
a reset ends every connection at once. Both ends notice by themselves or not.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

from sqlalchemy import make_url

AT_ONCE = struct.pack("ii", 1, 0)
"""How a socket is closed by a reset: without a word of farewell."""


class Line:
    """A loopback port that leads to a PostgreSQL server; use as a context."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._passes, self._lock = threading.Event(), threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._last_words: bytes | None = None
        self._passes.set()

    def __enter__(self) -> Line:
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self.reset()

    @property
    def url(self) -> str:
        """Return the URL of the database by this line."""
        host, port = self._door.getsockname()
        through = self._url.set(host=host, port=port, query={})
        return through.render_as_string(hide_password=False)

    def hole(self, seconds: float | None = None) -> None:
        """Let nothing pass any more, or nothing for some seconds."""
        self._passes.clear()
        if seconds is not None:
            end = threading.Timer(seconds, self._passes.set)
            end.daemon = True
            end.start()

    def hole_after(self, words: bytes) -> None:
        """Become a hole once a client has sent `words`: their answer is lost."""
        self._last_words = words

    def mend(self) -> None:
        """Let what was held back, and all that follows, pass again."""
        self._passes.set()

    def reset(self) -> None:
        """End every connection; new ones are let through."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for each in (end for pair in pairs for end in pair):
            with suppress(OSError):
                if each.family == socket.AF_INET:
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._passes.set()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = self._reach()
                if far is None:
                    near.close()
                    continue
                with self._lock:
                    self._pairs.append((near, far))
                for ends in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _reach(self) -> socket.socket | None:
        folder, port = self._url.query["host"], self._url.port or 5432
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(f"{folder}/.s.PGSQL.{port}")
        except OSError:  # the server is away, as it may be
            far.close()
            return None
        return far

    def _carry(self, source: socket.socket, target: socket.socket, is_asking: bool) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                self._passes.wait()
                if is_asking and self._last_words is not None and self._last_words in said:
                    self._last_words = None
                    self._passes.clear()  # before it is asked, or the answer might slip through
                target.sendall(said)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
