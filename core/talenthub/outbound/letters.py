"""Letters: digests and urgent messages, as mail to one person each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import bindparam, select, update

from talenthub.config.settings import Settings
from talenthub.outbound.appointments import CANCEL, belongs, calendar_file, read_appointment
from talenthub.outbound.claims import Claimed
from talenthub.outbound.mail import Letter, letter, mailer_of
from talenthub.outbound.sending import Parcel, needless, unsendable
from talenthub.outbound.wording import Wording, Wordings, read_wordings
from talenthub.people.persons import Person, persons
from talenthub.storage.transaction import Actor, Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.digest import Digest, digest, holders
from talenthub.workflow.engine import Engine
from talenthub.workflow.lookups import look
from talenthub.workflow.outbox import DIGEST, URGENT, post
from talenthub.workflow.parking import ParkedError, lacks_nothing, require_brought, require_current
from talenthub.workflow.resolution import authority
from talenthub.workflow.tables import outbox
from talenthub.workflow.told import written_as

DigestText = Callable[[Engine, Transaction, Digest, Wording], str]
"""Returns the text of a digest, in the reader's view and language."""

_urgent = (
    select(outbox.c.id, outbox.c.origin, outbox.c.handler, outbox.c.message)
    .where(
        outbox.c.handler.like(f"{URGENT}:%"),
        outbox.c.done_at.is_(None),
        outbox.c.dead_at.is_(None),
        outbox.c.due_at <= bindparam("moment"),
        lacks_nothing(outbox.c.error),
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(100)
    .with_for_update(skip_locked=True)
)
_spread = (
    update(outbox)
    .where(outbox.c.id == bindparam("which"))
    .values(done_at=bindparam("done"), error=bindparam("why"))
)


@dataclass(frozen=True, slots=True)
class Office:
    """What letters are made with."""

    settings: Settings
    folder: Path
    text_of: DigestText
    wordings: Wordings = field(default_factory=read_wordings)


def spread_urgent(engine: Engine, tx: Transaction) -> int:
    """Turn urgent messages into a mail for each reader; return the mails.

    The mails and the mark on the message are one transaction. Who may read of
    a case that cannot be judged here, another process finds out.
    """
    rows = tx.rows(_urgent, {"moment": tx.now, "brought": engine.brought()})
    mails = []
    marks = []
    for row in rows:
        message = json.loads(row.message)
        lacking = _lacking(engine, tx, message["ref"])
        marks.append({"which": row.id, "done": None if lacking else tx.now, "why": lacking})
        if lacking:
            continue
        to = set(message["to"])
        readers = [
            each for each in sorted(holders(tx, to)) if _may_read(engine, tx, each, to, message["ref"])
        ]
        kept = canonical({"ref": message["ref"], "subject": message["subject"], "text": message["text"]})
        mails += [
            {
                "origin": f"{row.origin}#{row.handler.rpartition(':')[2]}",
                "handler": f"mail:{each}",
                "message": kept,
                "due_at": tx.now,
                "attempts": 0,
            }
            for each in readers
        ]
    post(tx, mails)
    tx.write(_spread, marks)
    return len(mails)


def _lacking(engine: Engine, tx: Transaction, ref: str) -> str | None:
    try:
        require_brought(tx, engine.catalogue, [ref])
    except ParkedError as parked:
        return parked.why
    return None


def _may_read(engine: Engine, tx: Transaction, reader: int, to: set[str] | None, ref: str) -> bool:
    theirs = tx.by(Actor(reader))
    if to is not None and not to & set(authority(theirs, [], []).pools()):
        return False
    return bool(look(theirs, engine.catalogue, list(cases_by_ref(theirs, [ref]).values())))


def mail_parcel(office: Office, engine: Engine, tx: Transaction, claimed: Claimed, clock: datetime) -> Parcel:
    """Return the mail of one delivery, or why none has to leave any more.

    ParkedError where others know more of the cases than this process.
    """
    number = int(claimed.handler.rpartition(":")[2])
    reader = persons(tx, [number]).get(number)
    if reader is None or reader.kind == "leaver":
        return needless("the reader has left")
    if claimed.origin.startswith(DIGEST):
        return _digest(office, engine, tx, claimed, reader, clock)
    message = json.loads(claimed.message)
    if "appointment" in message:
        return _invitation(office, tx, claimed, reader, clock)
    require_brought(tx, engine.catalogue, [message["ref"]])
    if not _may_read(engine, tx, number, None, message["ref"]):
        return needless("the reader may not see it any more")
    wording = office.wordings.of(reader.language)
    text = wording.body(
        "urgent", name=reader.name, title=message["subject"], text=message["text"], ref=message["ref"]
    )
    return _letter(office, claimed, reader, wording.subject("urgent"), text, clock)


def _digest(
    office: Office, engine: Engine, tx: Transaction, claimed: Claimed, reader: Person, clock: datetime
) -> Parcel:
    if claimed.origin != f"{DIGEST}{tx.today.isoformat()}":
        return needless("the day of the digest is over")
    require_current(tx, engine.catalogue)
    theirs = tx.by(Actor(reader.id))
    own = written_as(tx, json.loads(claimed.message).get("messages", []))
    made = digest(theirs, engine.catalogue, own)
    if made is None:
        return needless("there is nothing to tell any more")
    wording = office.wordings.of(reader.language)
    text = office.text_of(engine, theirs, made, wording)
    return _letter(office, claimed, reader, digest_subject(made, wording), text, clock)


def _invitation(office: Office, tx: Transaction, claimed: Claimed, reader: Person, clock: datetime) -> Parcel:
    message = json.loads(claimed.message)
    told, method = read_appointment(message), message["appointment"]["method"]
    case = cases_by_ref(tx, [told.ref]).get(told.ref)
    if method != CANCEL and (case is None or not belongs(case, reader.id)):
        return needless("the reader has nothing to do with it any more")
    wording = office.wordings.of(reader.language)
    when = f"{told.start.astimezone(tx.zone):%Y-%m-%d %H:%M}"
    name = "cancellation" if method == CANCEL else "invitation"
    text = wording.body(name, name=reader.name, title=told.title, when=when, place=told.place, ref=told.ref)
    sender = office.settings.mail.sender or ""
    calendar = calendar_file(told, [reader], clock, method=method, sender=sender)
    subject = wording.subject(name)
    return _letter(office, claimed, reader, subject, text, clock, calendar=(method, calendar))


def digest_subject(made: Digest, wording: Wording) -> str:
    """Return the subject of a digest: counts only, for a mail shows it to all."""
    tasks = len(made.tasks)
    counted = (
        ("task" if tasks == 1 else "tasks", tasks),
        ("overdue", made.overdue),
        ("due_today", made.due),
        ("changed", len(made.changes)),
        ("messages", len(made.messages)),
    )
    counts = ", ".join(wording.word(name, count=count) for name, count in counted if count)
    return wording.subject("digest", counts=counts)


def _letter(
    office: Office,
    claimed: Claimed,
    reader: Person,
    subject: str,
    text: str,
    clock: datetime,
    calendar: tuple[str, bytes] | None = None,
) -> Parcel:
    if reader.email is None:
        return unsendable("the reader has no e-mail address")
    made = letter(
        office.settings.mail,
        claimed.id,
        reader.email,
        subject,
        text,
        at=clock,
        organisation=office.settings.organisation.name,
    )
    if calendar is not None:
        method, content = calendar
        made.add_alternative(content.decode(), subtype="calendar", params={"method": method})
    return Letter(made, mailer_of(office.settings.mail, office.folder))
