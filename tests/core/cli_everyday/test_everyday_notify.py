"""One digest a day: what waits, what happened, and nothing personal outside."""

from __future__ import annotations

from sqlalchemy import select

from talenthub.people.tables import person
from talenthub.storage.transaction import SYSTEM
from talenthub.workflow.tables import outbox

MESSAGES = select(outbox).where(outbox.c.handler.like("message:%"))


def _stored(town):
    return town.workspace.run(
        SYSTEM, lambda tx: [(row.origin, row.message) for row in tx.rows(MESSAGES)], read_only=True
    )


def _reached(town):
    """Return the handles of those for whom a digest waits."""

    def run(tx):
        handles = {row.id: row.handle for row in tx.rows(select(person.c.id, person.c.handle))}
        return {
            handles[int(row.handler.rpartition(":")[2])]
            for row in tx.rows(select(outbox))
            if "campaign" not in row.handler
        }

    return town.workspace.run(SYSTEM, run, read_only=True)


def test_a_digest_tells_what_waits_and_what_others_did(town):
    first, second = town.open().ref, town.open().ref
    town.talent("do", first, "review")
    mine = town.talent("notify", "preview", as_="olga")
    assert mine.out.splitlines()[0] == "Subject: 1 task"
    assert second in mine.out
    assert "What others did" not in mine.out  # the first is her own doing
    rated = town.talent("notify", "preview", as_="rita").out
    assert "REV-1" in rated
    assert "REV-2" not in rated
    asked = town.talent("notify", "preview", "-o", "json", as_="sam").record
    assert "now reviewing" in asked["text"]
    town.talent("tick", "--to", "2026-01-12")
    late = town.talent("notify", "preview").out
    assert late.startswith("Subject: 1 task, 1 overdue")
    assert "overdue 2d" in late
    assert all(len(line) <= 80 for line in late.splitlines())
    assert town.talent("notify", "preview", as_="nora").out == (
        "There is nothing to tell today, so no digest comes.\n"
    )


def test_everybody_gets_one_a_day_and_the_outbox_names_nobody(town):
    ref = town.open().ref
    town.talent("do", ref, "review")
    dry = town.talent("notify", "digest", "--dry-run", as_="hedda")
    assert (dry.code, _stored(town)) == (0, [])
    told = town.talent("notify", "digest", "-o", "json", as_="hedda")
    assert told.record == {"day": "2026-01-05"}  # whom it reaches would tell of hidden cases
    assert {"rita", "rolf", "hedda"} <= _reached(town)
    assert "nora" not in _reached(town)
    stored = _stored(town)
    for origin, message in stored:
        assert origin == "digest/2026-01-05"
        assert not any(name in message.lower() for name in ("sam", "rita", "boat", ref.lower()))
    again = town.talent("notify", "digest", "-o", "json", as_="hedda")
    assert (again.out, again.err, _stored(town)) == (told.out, told.err, stored)
    town.talent("tick", "--to", "2026-01-06")
    town.talent("notify", "digest", as_="ada")
    assert len(_stored(town)) >= len(stored) + 3


def test_having_digests_made_is_a_right(small_town):
    small_town.open()
    told = small_town.talent("notify", "digest")
    assert (told.code, "talent notify preview" in told.err, _stored(small_town)) == (5, True, [])
