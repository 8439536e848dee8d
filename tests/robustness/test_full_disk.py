"""A full disk: said in words, nothing half written, and all goes on afterwards.

The limit is SQLite's own on the pages of a file: it answers as it does on a
full disk, SQLITE_FULL, wherever in a transaction the room ends.
"""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from trial_check import findings
from trial_ground import OFFICER, START, SUBJECTS, open_ground, people, settle

from talenthub.errors import StorageError
from talenthub.outbound.executor import Embedded
from talenthub.outbound.letters import Office
from talenthub.outbound.pieces import Pieces
from talenthub.storage.transaction import SYSTEM, Actor
from talenthub.workflow.opening import Opening


def limit(ground, spare: int | None) -> None:
    """Let the file grow by so many pages only; None: as it likes."""
    engine = ground.database.engine
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    engine.dispose()
    most = 1_000_000_000 if spare is None else pages + spare

    def tell(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count = {most}").close()

    event.listen(engine, "connect", tell)


def open_some(ground, known, many: int):
    wanted = [
        Opening(workflow="trial.circle", subject=known[SUBJECTS[0]], framework_version=1) for _ in range(many)
    ]
    ground.run(Actor(known[OFFICER]), lambda tx: ground.engine.open_many(tx, wanted))


def count(ground, table: str) -> int:
    return ground.run(SYSTEM, lambda tx: tx.value(text(f"SELECT count(*) FROM {table}")), read_only=True)


def test_what_does_not_fit_never_was_and_happens_when_there_is_room(tmp_path, servers):
    url = servers.fresh("sqlite")
    with closing(open_ground(tmp_path, url)) as ground:
        settle(ground)
        known = ground.run(SYSTEM, people, read_only=True)
        open_some(ground, known, 20)
        for spare in range(0, 8, 2):
            limit(ground, spare)
            with pytest.raises(StorageError, match="the disk is full"):
                open_some(ground, known, 200)
            assert (count(ground, "workflow_case"), count(ground, "case_event")) == (20, 20)
            assert ground.run(SYSTEM, lambda tx: findings(ground, tx), read_only=True) == []
    with closing(open_ground(tmp_path, url, now=START + timedelta(days=8))) as later:
        office = Office(later.settings, tmp_path, lambda *_told: "")
        pieces = Pieces(later.engine, lambda function: later.run(SYSTEM, function), office)
        limit(later, 0)
        with pytest.raises(StorageError, match="the disk is full"):
            Embedded(pieces).round()
        ran = count(later, "case_timer WHERE status = 'done'")
        assert ran == count(later, "case_event WHERE kind = 'reminded'") < 20
        limit(later, None)
        assert Embedded(pieces).round().fired == 20 - ran
        open_some(later, known, 5)
        assert later.run(SYSTEM, lambda tx: findings(later, tx), read_only=True) == []
