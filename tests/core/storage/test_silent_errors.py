"""A traceback is sent to strangers: nothing of a row stands in it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from talenthub.cli.failures import told
from talenthub.storage.database import Database

CANARY = "Amara\n\nCanary"
TWICE = "INSERT INTO silent (name, note) VALUES (:name, 'x')"
EMPTY = "INSERT INTO silent (name, note) VALUES (:name, NULL)"
COPIED = "INSERT INTO silent SELECT name, NULL FROM silent"


@pytest.mark.parametrize("statement", [TWICE, EMPTY, COPIED])
def test_no_traceback_holds_a_row(
    database: Database, capsys: pytest.CaptureFixture[str], statement: str
) -> None:
    def write() -> None:
        with database.begin() as connection:
            connection.execute(text("CREATE TEMPORARY TABLE silent (name text UNIQUE, note text NOT NULL)"))
            connection.execute(text(TWICE), {"name": CANARY})
            connection.execute(text(statement), {"name": CANARY} if ":name" in statement else {})

    with pytest.raises(IntegrityError) as caught:
        write()
    assert told(caught.value, debug=True) == 1
    printed = capsys.readouterr().err
    assert "IntegrityError" in printed
    assert "INSERT INTO silent" in printed
    assert "Amara" not in printed
    assert "Canary" not in printed
    assert printed.count("Error") > 1
