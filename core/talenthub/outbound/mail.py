"""Mail: a letter, and the ways it can leave: file, console, SMTP."""

from __future__ import annotations

import contextlib
import platform
import smtplib
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from talenthub.config.secrets import secret_at
from talenthub.config.settings import Mail
from talenthub.outbound.posting import LONGEST, hang_up
from talenthub.outbound.sending import Sent

SECONDS = 15.0
"""How long the mail server may keep silent."""

Mailer = Callable[[EmailMessage], None]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, ready to leave."""

    message: EmailMessage
    mailer: Mailer

    def send(self) -> Sent:
        """Send it once; what a server says is kept as its number only."""
        try:
            self.mailer(self.message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return Sent(f"the mail server refused the address ({codes[0]})", final=min(codes) >= 500)
        except smtplib.SMTPResponseException as error:
            return Sent(f"the mail server answered {error.smtp_code}")
        except (OSError, smtplib.SMTPException) as error:
            return Sent(f"the mail server could not be used ({type(error).__name__})")
        return Sent()


def letter(
    settings: Mail, number: int, to: str, subject: str, text: str, *, at: datetime, organisation: str
) -> EmailMessage:
    """Return a plain mail; a repeated try has the same Message-ID."""
    sender = settings.sender or ""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = to
    made["Subject"] = f"{organisation}: {subject}"
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<delivery-{number}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text if text.endswith("\n") else f"{text}\n")
    return made


def mailer_of(settings: Mail, folder: Path) -> Mailer:
    """Return what sends a mail in the way that was set."""
    if settings.backend == "smtp":
        return lambda message: _by_smtp(settings, folder, message)
    if settings.backend == "file":
        return lambda message: _into_file(folder / settings.folder, message)
    return _to_console


def _by_smtp(settings: Mail, folder: Path, message: EmailMessage) -> None:
    host, port = settings.host or "", settings.port
    own = platform.node() or "localhost"  # a full name would be looked up, and that may take long
    trusted = ssl.create_default_context()
    if settings.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, own, timeout=SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(host, port, own, timeout=SECONDS)
    with _ended(server, LONGEST):
        if settings.security == "starttls":
            server.starttls(context=trusted)
        if settings.user is not None and settings.password is not None:
            server.login(settings.user, secret_at(settings.password, folder))
        server.send_message(message)


@contextlib.contextmanager
def _ended(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    # Also where the other side answers drop by drop: the lease runs out, and another sends it.
    end = threading.Timer(seconds, lambda: hang_up(server.sock) if server.sock else None)
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()
        # A server that hangs up after taking the mail has taken it.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _into_file(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    begun = folder / f".{name}.part"
    begun.write_bytes(bytes(message))
    begun.replace(folder / f"{name}.eml")


def _to_console(message: EmailMessage) -> None:
    sys.stdout.write(f"{message.as_string()}\n")
    sys.stdout.flush()
