"""Signing: a published version, signed by whoever answers for it.

The signature is OpenSSH's (`ssh-keygen -Y sign`): the key stays with its
holder, in a file, an agent or a token, and anybody checks it with a list of
signers and without talenthub. What is signed is one line that names the
framework, the version and the SHA-256 of all its content, and follows from
any file that it was exported to.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, select

from talenthub.access.rules import Decision
from talenthub.errors import FileError, IntegrityError, Problem
from talenthub.framework.content import Content, content_hash
from talenthub.framework.library import FrameworkVersion
from talenthub.framework.rights import require, right_verdict
from talenthub.storage.hub import HubEvent, announce, hub_event
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict

Done = subprocess.CompletedProcess[bytes]

PROGRAM = "ssh-keygen"
NAMESPACE = "talenthub-framework"
"""A signature made for anything else does not hold here."""

PATIENCE = 60
"""Seconds that a token may take to be touched."""

_signed = (
    select(hub_event.c.facts, hub_event.c.at)
    .where(
        hub_event.c.kind == "framework.signed",
        hub_event.c.subject == "framework_version",
        hub_event.c.subject_id == bindparam("of_version"),
    )
    .order_by(hub_event.c.id)
)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a version."""

    text: str
    """As OpenSSH writes it: -----BEGIN SSH SIGNATURE-----."""
    signed_at: datetime | None = None
    """When it was kept, by our clock; the signature itself tells no time."""


def statement(content: Content) -> bytes:
    """Return what is signed: framework, version and hash, one line."""
    head = content.framework
    return f"talenthub framework {head.code} {head.version} sha256 {content_hash(content)}\n".encode()


def may_sign(version: FrameworkVersion, verdict: Verdict) -> None:
    """Raise Refused if it was never published, NotPermitted without the right."""
    is_out = version.published_at is not None
    state = Verdict(is_out, "only what was published is signed", name="published", kind="state")
    require((verdict, state), f"{version.name} cannot be signed", "framework.sign")


def signature_by(key: Path, content: Content) -> Signature:
    """Return a signature of this content; FileError if the key gives none.

    `key` is a private key, or a public one whose other half an agent holds.
    Nothing is asked of the database: a token may take its time.
    """
    done = _ran(["-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key)], statement(content))
    if done.returncode:
        text, mend = "this key signs nothing", "ssh-keygen -t ed25519 makes a key"
        problem = Problem(text=text, place=str(key), found=_last(done), mend=mend, code="framework.key")
        raise FileError(problem)
    return Signature(done.stdout.decode())


def keep_signature(
    tx: Transaction, version: FrameworkVersion, signature: Signature, *, right: Decision | None = None
) -> None:
    """Keep a signature with its version, whatever others are kept."""
    may_sign(version, right_verdict(tx, right))
    facts = {"framework": version.code, "version": version.number, "signature": signature.text}
    announce(tx, HubEvent("framework.signed", "framework_version", version.id, facts))


def signatures(tx: Transaction, version_id: int) -> tuple[Signature, ...]:
    """Return the signatures that a version keeps, oldest first."""
    rows = tx.rows(_signed, {"of_version": version_id})
    return tuple(Signature(json.loads(row.facts)["signature"], row.at) for row in rows)


def signer(content: Content, signature: Signature, signers: Path) -> str:
    """Return who signed exactly this content, as the list of signers says.

    IntegrityError if the signature is of something else, or nobody on the
    list made it.
    """
    if not signers.is_file():
        text, mend = "the list of signers is not there", "a line each: noor@example.org ssh-ed25519 AAAA…"
        raise FileError(Problem(text=text, place=str(signers), mend=mend, code="framework.signers"))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "signature"
        place.write_text(signature.text, "utf-8")
        given = ["-f", str(signers), "-n", NAMESPACE, "-s", str(place)]
        found = _ran(["-Y", "find-principals", *given], b"")
        if found.returncode:
            raise _untrue("nobody on the list of signers made this signature", found, signers)
        name = found.stdout.decode().split("\n")[0]
        held = _ran(["-Y", "verify", *given, "-I", name], statement(content))
        if held.returncode:
            head = content.framework
            raise _untrue(f"this is not what {name} signed as {head.code} {head.version}", held, signers)
    return name


def _untrue(text: str, done: Done, signers: Path) -> IntegrityError:
    return IntegrityError(
        Problem(text=text, place=str(signers), found=_last(done), code="framework.signature")
    )


def _ran(arguments: list[str], given: bytes) -> Done:
    try:
        return subprocess.run(
            [PROGRAM, *arguments], input=given, capture_output=True, timeout=PATIENCE, check=False
        )
    except FileNotFoundError:
        text, mend = (
            "OpenSSH's ssh-keygen signs and verifies, and is not here",
            "install OpenSSH 8.2 or later",
        )
        raise FileError(Problem(text=text, place=PROGRAM, mend=mend, code="framework.no-ssh")) from None
    except subprocess.TimeoutExpired:
        text = f"the key did not answer within {PATIENCE} seconds"
        raise FileError(Problem(text=text, place=PROGRAM, code="framework.key")) from None


def _last(done: Done) -> str | None:
    """Return the last line of what OpenSSH says is wrong."""
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1] if said else None
