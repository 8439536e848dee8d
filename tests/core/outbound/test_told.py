"""What was written is read in proportion to what is told, and by nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from talenthub.people.deputies import set_deputy
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.workflow import told
from talenthub.workflow.digest import begin_digests
from talenthub.workflow.outbox import DIGEST
from talenthub.workflow.tables import outbox

MAIL = {"backend": "console", "sender": "hr@firm.example"}


class Counting:
    """Reads JSON, and counts how often."""

    def __init__(self) -> None:
        self.read = 0

    def loads(self, text: str) -> Any:
        self.read += 1
        return json.loads(text)


@pytest.fixture
def letters_of(firm: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Callable[[int], Any]:
    """Return what has each of some more officers be written to, and told."""
    made = firm(mail=MAIL)
    ref = made.open()

    def run(many: int) -> tuple[int, int, int]:
        with made.acting() as tx:
            for each in range(many):
                name = f"{many}-{each}"
                person = add_person(tx, name, kind="employee", handle=name, email=f"{name}@firm.example").id
                give(tx, person, "hr_officer", since=date(2025, 1, 1))
                tx.write(insert(outbox), message(made, name, f"person:{person}", ref))
        counting = Counting()
        monkeypatch.setattr(told, "json", counting)
        made.run(begin_digests)
        made.executor().inside()
        statements: list[str] = []
        heard = made.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2])
        event.listen(*heard)
        made.executor().outgoing()
        event.remove(*heard)
        letters = capsys.readouterr().out.count("To: ")
        made.now += timedelta(days=3)
        return counting.read, letters, len(statements)

    return run


def message(made: Any, origin: str, pool: str, ref: str, **more: Any) -> dict[str, Any]:
    written = {"to": [pool], "subject": "Look", "text": "", "ref": ref, **more}
    row = {"origin": origin, "handler": "message:0", "due_at": made.now, "attempts": 0}
    return row | {"message": json.dumps(written)}


def test_the_letters_of_many_read_what_they_tell_and_no_more(letters_of) -> None:
    read, letters, statements = letters_of(4)
    assert (read, letters) == (3 * 4, 4 + 2), "by who begins, by who makes it, by who sends it"
    more, many, others = letters_of(12)
    assert (more, many) == (3 * 12, 12 + 4 + 2)
    assert others * letters <= statements * many, "a letter takes no more statements beside more others"


@pytest.mark.parametrize("is_open", [True, False])
def test_who_stands_in_is_told_too_and_who_is_done_of_no_task(firm: Any, *, is_open: bool) -> None:
    made = firm()
    ref = made.open()
    if not is_open:
        made.fire(ref, "grant")
    with made.acting() as tx:
        since = made.now.date()
        set_deputy(tx, made.people["olga"], made.people["otto"], since, since + timedelta(days=9))
        olga = f"person:{made.people['olga']}"
        tx.write(insert(outbox), message(made, "wrote", olga, ref))
        tx.write(insert(outbox), message(made, "closed", olga, ref) | {"done_at": made.now})
        tx.write(insert(outbox), message(made, "reminds", olga, ref, while_open=True))
    made.run(begin_digests)
    made.executor().inside()
    rows = made.rows()
    found = {
        row.handler: json.loads(row.message)["messages"] for row in rows if row.origin.startswith(DIGEST)
    }
    wanted = [row.id for row in rows if row.origin == "wrote" or (is_open and row.origin == "reminds")]
    assert [found[f"message:{made.people[name]}"] for name in ("olga", "otto")] == [wanted] * 2
