"""A house with loans and secret pacts, a real receiver and a small mail server."""

from __future__ import annotations

import http.server
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from talenthub.config.settings import Settings
from talenthub.outbound import mail, posting
from talenthub.outbound.executor import Embedded
from talenthub.outbound.letters import Office
from talenthub.outbound.pieces import Pieces
from talenthub.outbound.webhooks import handlers_of
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.sdk import (
    Context,
    Notify,
    Outcome,
    State,
    Timer,
    Transition,
    Workflow,
    days,
    effect,
    holds,
    system,
)
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, handler_of
from talenthub.workflow.campaigns.core_works import CORE_WORKS
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.engine import Engine
from talenthub.workflow.tables import outbox

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OFFICERS = holds("hr_officer")
LONG = 100.0
"""Seconds after which something will not come any more, on a slow machine too."""


@effect()
def call_for_help(context: Context):
    yield Notify(OFFICERS, "Sam Secret asks for money", "It cannot wait.", urgent=True)
    yield Notify(OFFICERS, "A loan was asked for", "Look when you have time.")


def simple(name: str, ref: str, **more: Any) -> Workflow:
    return Workflow(
        name=name,
        ref=ref,
        version=1,
        initial="asked",
        open_by=OFFICERS,
        viewers=OFFICERS,
        states=[
            State("asked", timers=(Timer("late", days(7)), Timer("lapse", days(30), fires="expire"))),
            State("granted", outcome=Outcome.SUCCESS),
            State("expired", outcome=Outcome.NEUTRAL),
        ],
        transitions=[
            Transition("help", "asked", "asked", by=OFFICERS, effects=[call_for_help]),
            Transition("grant", "asked", "granted", by=OFFICERS),
            Transition("expire", "asked", "expired", by=system),
        ],
        **more,
    )


WORKS = tuple(Handler(handler_of(name), CAMPAIGN, run) for name, run in CORE_WORKS.items())
WORKFLOWS = (simple("trial.loan", "LOAN"), simple("trial.pact", "PACT", confidential=True))


@dataclass
class Firm:
    """An engine, an executor and people, with a clock for each of the two times."""

    database: Database
    folder: Path
    settings: Settings
    handlers: tuple[Any, ...] = ()
    now: datetime = START
    clock: datetime = START
    people: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine = Engine(
            Catalogue(Loaded(each, "trial") for each in WORKFLOWS),
            handlers=(*self.handlers, *WORKS, *handlers_of(self.settings.webhook)),
        )

    @contextmanager
    def acting(self, name: str | None = None) -> Iterator[Transaction]:
        actor = SYSTEM if name is None else Actor(self.people[name])
        with self.database.begin() as connection:
            yield self.engine.enter(Transaction(connection, actor, self.now))

    def run(self, function: Callable[[Transaction], Any]) -> Any:
        with self.acting() as tx:
            return function(tx)

    def executor(self, **more: Any) -> Embedded:
        office = Office(
            self.settings, self.folder, lambda _engine, _tx, made, _words: f"{len(made.tasks)} tasks"
        )
        return Embedded(Pieces(self.engine, self.run, office, clock=lambda: self.clock), **more)

    def open(self, workflow: str = "trial.loan") -> str:
        with self.acting("olga") as tx:
            return self.engine.open(tx, workflow, subject=self.people["sam"]).ref

    def fire(self, ref: str, step: str) -> None:
        with self.acting("olga") as tx:
            self.engine.fire(tx, ref, step)

    def rows(self) -> list[Any]:
        with self.acting() as tx:
            return list(tx.rows(select(outbox).order_by(outbox.c.id)))

    def cases(self) -> list[str]:
        with self.acting() as tx:
            return [each.state for each in self.engine.of_workflow(tx, "trial.loan")]


@pytest.fixture
def firm(database: Database, tmp_path: Path) -> Callable[..., Firm]:
    """Return a maker of firms: settings as in talenthub.toml."""

    def make(handlers: tuple[Any, ...] = (), **settings: Any) -> Firm:
        (tmp_path / "key").write_text(KEY)
        made = Firm(database, tmp_path, Settings(**settings), handlers)
        with made.acting() as tx:
            for name, kind in (
                ("olga", "employee"),
                ("otto", "employee"),
                ("lea", "leaver"),
                ("sam", "employee"),
            ):
                email = f"{name}@firm.example"
                made.people[name] = add_person(tx, name.title(), kind=kind, handle=name, email=email).id
            for name in ("olga", "otto", "lea"):
                give(tx, made.people[name], "hr_officer", since=date(2025, 1, 1))
        return made

    return make


@dataclass
class Receiver:
    """An HTTP server that keeps what it is sent and answers as told."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event | None = None
    came: threading.Event = field(default_factory=threading.Event)

    def is_told(self) -> bool:
        """Wait until something was sent; return whether it was."""
        return self.came.wait(LONG)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def webhook(self, *events: str, **more: Any) -> dict[str, Any]:
        told = {"name": "payroll", "url": self.url, "secret": {"file": "key"}, "allow_private": True}
        return told | {"events": events or ("*",)} | more


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Return an HTTP server on this machine; whoever sends has patience with it."""
    kept = Receiver()
    for name in ("SECONDS", "LONGEST"):
        monkeypatch.setattr(posting, name, LONG)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            kept.came.set()
            if kept.hold is not None:
                kept.hold.wait(LONG)
            self.send_response(kept.answers.pop(0) if kept.answers else 204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    yield from _served(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler), kept)


@dataclass
class Mailbox:
    """A mail server that keeps letters, or refuses their readers."""

    port: int = 0
    letters: list[tuple[list[str], str]] = field(default_factory=list)
    refuse: bytes | None = None
    drips: bool = False
    """Whether its answers never come to an end."""


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """Return a small SMTP server on this machine; whoever writes has patience with it."""
    kept = Mailbox()
    monkeypatch.setattr(mail, "SECONDS", LONG)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            to: list[str] = []
            for line in self.rfile:
                while kept.drips:
                    self.wfile.write(b"250-and so on\r\n")
                    time.sleep(0.01)
                word = line[:4].upper()
                if word == b"RCPT" and kept.refuse is not None:
                    self.wfile.write(kept.refuse + b"\r\n")
                    continue
                if word == b"RCPT":
                    to.append(line.decode().partition("<")[2].partition(">")[0])
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    text = b"".join(iter(self.rfile.readline, b".\r\n"))
                    kept.letters.append((to, text.decode()))
                self.wfile.write(b"250 fine\r\n")
                if word == b"QUIT":
                    return

    yield from _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), kept)


def _served(server: Any, kept: Any) -> Iterator[Any]:
    server.daemon_threads = True
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
