"""A workspace for chaos: trial cases, a webhook to a real receiver, workers."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from trial_ground import START, settle

from talenthub.clock import Clock
from talenthub.storage.migrate import upgrade
from talenthub.workspace import Workspace

SETTINGS = """
[database]
url = "{url}"
[plugins]
enabled = ["trial"]
[[handoff]]
on = "trial.circle.done"
open = "trial.follow"
[jobs]
executor = "{executor}"
dead_after = 3
[[webhook]]
name = "hook"
url = "http://127.0.0.1:{port}/hook"
secret = {{ file = "key" }}
events = ["trial.circle.finish", "trial.circle.expire", "trial.follow.open"]
allow_private = true
"""
REFUSED = "refused"
"""The file that says that somebody was refused for want of room."""
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Receiver:
    """An HTTP server that keeps what it was sent, by the key of the sending."""

    port: int = 0
    got: dict[str, list[bytes]] = field(default_factory=dict)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Yield a receiver on this machine; now and then it answers with an error."""
    kept, lock = Receiver(), threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            with lock:
                kept.got.setdefault(self.headers["webhook-id"], []).append(body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_told: object) -> None:
            """Say nothing: senders are killed in mid-sentence."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()


def prepare(folder: Path, url: str, executor: str, port: int) -> None:
    """Write the settings of a workspace and bring its tables and people in."""
    (folder / "key").write_text(KEY)
    step_clock(folder, 0)
    (folder / "talenthub.toml").write_text(SETTINGS.format(url=url, executor=executor, port=port))
    with closing(Workspace.bare(folder)) as made:
        upgrade(made.database, made.owners)
    with closing(open_chaos(folder)) as made:
        settle(made)


def open_chaos(folder: Path, clock: Clock = lambda: START, url: str = "") -> Workspace:
    """Return the workspace of `folder`; its database may be reached by another `url`."""
    opened = Workspace.open(folder, clock=clock, overrides={"database": {"url": url}} if url else None)
    assert opened.catalogue.names(), opened.warnings
    return opened


def step_clock(folder: Path, days: int) -> None:
    """Set the clock of all workers that run, and of those to come, forward or back."""
    written = folder / "clock.new"
    written.write_text(str(days))
    written.replace(folder / "clock")


def stepped_clock(folder: Path, days: int) -> Clock:
    """Return a clock so many days ahead, that is set while it runs."""
    return lambda: START + timedelta(days=days + int((folder / "clock").read_text()))
