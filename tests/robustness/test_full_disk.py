"""A full disk: said in words, nothing half written, and all goes on afterwards.

It is full at several moments, so wherever in a transaction the room ends.
"""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from small_disk import small_disk
from sqlalchemy import text
from trial_check import findings
from trial_ground import OFFICER, START, SUBJECTS, open_ground, people, settle

from talenthub.errors import StorageError
from talenthub.outbound.executor import Embedded
from talenthub.outbound.letters import Office
from talenthub.outbound.pieces import Pieces
from talenthub.storage.transaction import SYSTEM, Actor
from talenthub.workflow.opening import Opening


def open_some(ground, known, many: int):
    wanted = [
        Opening(workflow="trial.circle", subject=known[SUBJECTS[0]], framework_version=1) for _ in range(many)
    ]
    ground.run(Actor(known[OFFICER]), lambda tx: ground.engine.open_many(tx, wanted))


def count(ground, table: str) -> int:
    return ground.run(SYSTEM, lambda tx: tx.value(text(f"SELECT count(*) FROM {table}")), read_only=True)


@pytest.mark.parametrize(
    ("kind", "many", "spares"),
    [
        ("sqlite", 20, range(0, 8, 2)),
        ("postgresql", 20, [2]),
        pytest.param("postgresql", 300, range(40), marks=[pytest.mark.storm, pytest.mark.timeout(1800)]),
    ],
)
def test_what_does_not_fit_never_was_and_happens_when_there_is_room(tmp_path, servers, kind, many, spares):
    with small_disk(servers, kind) as (url, disk):
        with closing(open_ground(tmp_path, url)) as ground:
            settle(ground)
            known = ground.run(SYSTEM, people, read_only=True)
            open_some(ground, known, many)
            for spare in spares:
                disk.leave(ground, spare)
                with pytest.raises(StorageError, match="the disk is full"):
                    open_some(ground, known, 200)
                assert (count(ground, "workflow_case"), count(ground, "case_event")) == (many, many)
                assert ground.run(SYSTEM, lambda tx: findings(ground, tx), read_only=True) == []
        with closing(open_ground(tmp_path, url, now=START + timedelta(days=8))) as later:
            office = Office(later.settings, tmp_path, lambda *_told: "")
            pieces = Pieces(later.engine, lambda function: later.run(SYSTEM, function), office)
            disk.leave(later, 0)
            with pytest.raises(StorageError, match="the disk is full"):
                Embedded(pieces).round()
            ran = count(later, "case_timer WHERE status = 'done'")
            assert ran == count(later, "case_event WHERE kind = 'reminded'") < many
            disk.leave(later, None)
            assert Embedded(pieces).round().fired == many - ran
            open_some(later, known, 5)
            assert later.run(SYSTEM, lambda tx: findings(later, tx), read_only=True) == []
