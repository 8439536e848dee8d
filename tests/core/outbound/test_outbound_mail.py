"""Mail: one digest a day, the urgent at once, nobody named in a subject."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_string

import pytest
from sqlalchemy import update

from talenthub.config.settings import Settings
from talenthub.outbound import mail as posting_by_mail
from talenthub.outbound.upkeep import keep_up
from talenthub.workflow.digest import digest
from talenthub.workflow.tables import outbox


def smtp(mailbox) -> dict[str, object]:
    return {
        "backend": "smtp",
        "host": "127.0.0.1",
        "port": mailbox.port,
        "security": "none",
        "sender": "talent@firm.example",
    }


def letters(mailbox) -> list[tuple[list[str], object]]:
    return sorted(((to, message_from_string(text)) for to, text in mailbox.letters), key=lambda each: each[0])


def test_the_urgent_is_mailed_at_once_to_each_reader_and_not_told_again(firm, mailbox) -> None:
    made = firm(mail=smtp(mailbox), organisation={"name": "Firm"})
    ref = made.open()
    made.fire(ref, "help")
    made.executor().round()
    made.executor().round()
    sent = letters(mailbox)
    assert [to for to, _ in sent] == [["olga@firm.example"], ["otto@firm.example"]], "who has left gets none"
    for _, letter in sent:
        assert letter["Subject"] == "Firm: something needs you now"
        assert "Sam Secret asks for money" in letter.get_payload()
        assert f"talent show {ref}" in letter.get_payload()
    with made.acting("otto") as tx:
        told = digest(tx, made.engine.catalogue)
    assert told is not None
    assert [subject for _, subject in told.messages] == ["A loan was asked for"]


def test_without_mail_the_urgent_waits_for_the_digest(firm) -> None:
    made = firm()
    made.fire(made.open(), "help")
    made.executor().round()
    with made.acting("otto") as tx:
        told = digest(tx, made.engine.catalogue)
    assert told is not None
    assert "Sam Secret asks for money" in [subject for _, subject in told.messages]


def test_one_digest_a_day_from_the_hour_on(firm, mailbox) -> None:
    made = firm(mail=smtp(mailbox) | {"digests_from": "10:00"})
    made.fire(made.open(), "help")
    mail = made.settings.mail
    count = [made.run(lambda tx: keep_up(made.engine, tx, mail))]
    for hours in (1, 2, 24):
        made.now += timedelta(hours=hours)
        count.append(made.run(lambda tx: keep_up(made.engine, tx, mail)))
        made.executor().round()
    assert count == [False, True, False, True]
    told = [
        (to, letter["Subject"]) for to, letter in letters(mailbox) if "needs you" not in letter["Subject"]
    ]
    mine = (["olga@firm.example"], ["otto@firm.example"])
    assert [to for to, _ in told] == [mine[0], mine[0], mine[1], mine[1]], (
        "two days, two readers, none who left"
    )
    assert not any(name in subject for _, subject in told for name in ("Sam", "Olga", "LOAN"))


def test_a_digest_whose_day_is_over_is_closed_unsent(firm, mailbox) -> None:
    made = firm(mail=smtp(mailbox))
    made.fire(made.open(), "help")
    made.run(lambda tx: keep_up(made.engine, tx, made.settings.mail))
    [chunk] = [row.id for row in made.rows() if "campaign" in row.handler]
    made.run(lambda tx: made.engine.deliver(tx, chunk))
    made.now += timedelta(days=1)
    made.executor().round()
    closed = [row for row in made.rows() if row.origin.startswith("digest/")]
    assert closed
    assert {(row.error, row.done_at is not None) for row in closed} <= {
        ("the day of the digest is over", True),
        ("the reader has left", True),
    }


@pytest.mark.parametrize(("answer", "dead"), [(b"550 unknown", True), (b"450 later", False)])
def test_what_a_server_refuses_for_good_is_not_tried_again(firm, mailbox, answer, dead) -> None:
    made = firm(mail=smtp(mailbox))
    mailbox.refuse = answer
    made.fire(made.open(), "help")
    made.executor(concurrency=4).round()
    tried = [row for row in made.rows() if row.handler == f"mail:{made.people['otto']}"]
    assert [(row.dead_at is not None, row.attempts) for row in tried] == [(dead, 1)]
    assert tried[0].error == f"the mail server refused the address ({answer[:3].decode()})"


def test_the_backend_file_writes_a_letter_once_however_often_it_is_tried(firm) -> None:
    made = firm(mail={"backend": "file", "sender": "talent@firm.example"})
    made.fire(made.open(), "help")
    made.executor().round()
    files = sorted(each.name for each in (made.folder / "mail").iterdir())
    mails = [row.id for row in made.rows() if row.handler.startswith("mail:") and row.error is None]
    assert files == sorted(f"delivery-{number}.eml" for number in mails)


def test_mail_without_a_sender_is_refused() -> None:
    with pytest.raises(ValueError, match="sender and host must be set"):
        Settings(mail={"backend": "smtp"})


def test_a_server_that_answers_drop_by_drop_is_not_listened_to_for_ever(firm, mailbox, monkeypatch) -> None:
    made = firm(mail=smtp(mailbox))
    mailbox.drips = True
    monkeypatch.setattr(posting_by_mail, "LONGEST", 0.2)
    made.fire(made.open(), "help")
    assert made.executor(concurrency=2).round().failed == 2
    errors = {row.error for row in made.rows() if row.handler.startswith("mail:") and row.done_at is None}
    assert errors == {"the mail server could not be used (SMTPServerDisconnected)"}


def test_a_parked_message_is_not_closed_as_told(firm) -> None:
    made = firm()
    made.fire(made.open(), "help")
    made.run(lambda tx: tx.write(update(outbox).where(outbox.c.handler == "urgent:0").values(error="parked")))
    made.now += timedelta(days=9)
    made.run(lambda tx: keep_up(made.engine, tx, made.settings.mail))
    closed = {row.handler: row.done_at is not None for row in made.rows()}
    assert (closed["message:1"], closed["urgent:0"]) == (True, False)
