"""A handler that finds the disk full is not at fault: it is called until there is room."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, text

from talenthub.errors import StorageError
from talenthub.storage.hub import workspace_setting
from talenthub.workflow.deliveries import ATTEMPTS, Handler

NO_ROOM = "DO $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"


def want_room(tx: Any) -> None:
    """Have the database say that its disk is full."""
    if tx.is_sqlite:
        pages = tx.value(text("PRAGMA page_count"))
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        tx.write(insert(workspace_setting), {"key": "large", "value": "x" * 1_000_000})
    tx.connection.exec_driver_sql(NO_ROOM)


def test_it_is_called_again_for_as_long_as_the_disk_is_full(firm: Any) -> None:
    room: list[bool] = []

    def keep(tx: Any, case: Any, _event: Any) -> None:
        tx.write(insert(workspace_setting), {"key": f"kept.{case.ref}", "value": "once"})
        if not room:
            want_room(tx)

    made = firm(handlers=(Handler("trial:keep", "*", keep),))
    made.open()
    for _ in range(ATTEMPTS + 1):
        with suppress(StorageError):
            made.executor().round()
        [row] = made.rows()
        assert (row.attempts, row.done_at, row.dead_at) == (0, None, None)
        made.now += timedelta(hours=1)
    room.append(True)
    assert made.executor().round().delivered == 1
    with made.acting() as tx:
        kept = workspace_setting.c.key.like("kept.%")
        assert tx.value(func.count().select().select_from(workspace_setting).where(kept)) == 1
