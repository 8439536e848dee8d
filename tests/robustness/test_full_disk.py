"""A full disk: said in words, nothing half written, and all goes on afterwards.

It is full at several moments, so wherever in a transaction the room ends.
"""

from __future__ import annotations

import itertools
from contextlib import closing
from datetime import timedelta

import pytest
from small_disk import small_disk
from sqlalchemy import text
from trial_check import findings
from trial_ground import MARKERS, OFFICER, START, SUBJECTS, open_ground, people, settle

from talenthub.errors import StorageError
from talenthub.outbound.executor import Embedded
from talenthub.outbound.letters import Office
from talenthub.outbound.pieces import Pieces
from talenthub.storage.transaction import SYSTEM, Actor
from talenthub.workflow.firing import Request
from talenthub.workflow.opening import Opening

pytestmark = pytest.mark.timeout(600)


def open_some(ground, known, many: int):
    wanted = [
        Opening(workflow="trial.circle", subject=known[SUBJECTS[0]], framework_version=1) for _ in range(many)
    ]
    ground.run(Actor(known[OFFICER]), lambda tx: ground.engine.open_many(tx, wanted))


def marked_circles(ground, known, many: int) -> list[str]:
    """Return circles that can be finished, and will hand over."""
    officer = Actor(known[OFFICER])
    wanted = Opening(
        workflow="trial.circle",
        subject=known[SUBJECTS[0]],
        participants={"marker": (known[MARKERS[0]],)},
        framework_version=1,
    )

    def open_and_mark(tx) -> list[str]:
        refs = [each.ref for each in ground.engine.open_many(tx, [wanted] * many)]
        ground.engine.fire_many(tx, [Request(each, "mark") for each in refs])
        marks = tx.rows(text("SELECT ref FROM workflow_case WHERE workflow = 'trial.mark'"))
        given = [Request(each.ref, "give", {"mark": 3}) for each in marks]
        ground.engine.fire_many(tx.by(Actor(known[MARKERS[0]])), given)
        return refs

    return ground.run(officer, open_and_mark)


def told(function) -> str | None:
    """Return what the database said that refused; None where it did not."""
    try:
        function()
    except StorageError as error:
        return str(error)
    return None


def count(ground, table: str) -> int:
    return ground.run(SYSTEM, lambda tx: tx.value(text(f"SELECT count(*) FROM {table}")), read_only=True)


@pytest.mark.parametrize(
    ("kind", "many", "spares"),
    [
        ("sqlite", 20, range(0, 8, 2)),
        ("postgresql", 20, [2]),
        pytest.param(
            "postgresql", 300, itertools.count(), marks=[pytest.mark.storm, pytest.mark.timeout(1800)]
        ),
    ],
)
def test_what_does_not_fit_never_was_and_happens_when_there_is_room(tmp_path, servers, kind, many, spares):
    with small_disk(servers, kind) as (url, disk):
        with closing(open_ground(tmp_path, url)) as ground:
            settle(ground)
            known = ground.run(SYSTEM, people, read_only=True)
            open_some(ground, known, many)
            for spare in spares:
                disk.leave(spare, ground)
                if (refused := told(lambda: open_some(ground, known, 200))) is None:
                    assert spare > 9, "so many do not fit"
                    many += 200
                    break
                assert "the disk is full" in refused
                assert (count(ground, "workflow_case"), count(ground, "case_event")) == (many, many)
                assert ground.run(SYSTEM, lambda tx: findings(ground, tx), read_only=True) == []
        with closing(open_ground(tmp_path, url, now=START + timedelta(days=8))) as later:
            office = Office(later.settings, tmp_path, lambda *_told: "")
            pieces = Pieces(later.engine, lambda function: later.run(SYSTEM, function), office)
            disk.leave(0, later)
            with pytest.raises(StorageError, match="the disk is full"):
                Embedded(pieces).round()
            ran = count(later, "case_timer WHERE status = 'done'")
            assert ran == count(later, "case_event WHERE kind = 'reminded'") < many
            disk.leave(None, later)
            assert Embedded(pieces).round().fired == many - ran
            open_some(later, known, 5)
            assert later.run(SYSTEM, lambda tx: findings(later, tx), read_only=True) == []


@pytest.mark.parametrize(("kind", "many", "step"), [("sqlite", 2, 2), ("postgresql", 20, 500)])
def test_a_step_whose_handoff_finds_no_room_never_was(tmp_path, servers, kind, many, step):
    """Whatever is borne so that a plugin's fault stops no step, this is not."""
    with small_disk(servers, kind) as (url, disk), closing(open_ground(tmp_path, url)) as ground:
        settle(ground)
        known = ground.run(SYSTEM, people, read_only=True)
        officer = Actor(known[OFFICER])
        wanted = [Request(each, "finish") for each in marked_circles(ground, known, many)]

        def finish(tx) -> None:
            ground.engine.fire_many(tx, wanted)

        for spare in itertools.count(0, step):
            disk.leave(spare, ground)
            if (refused := told(lambda: ground.run(officer, finish))) is None:
                break
            assert "the disk is full" in refused
            assert count(ground, "handoff") == 0
            assert ground.run(SYSTEM, lambda tx: findings(ground, tx), read_only=True) == []
        assert spare > 0, "it was never full"
        assert count(ground, "handoff WHERE status = 'opened'") == many
        assert ground.run(SYSTEM, lambda tx: findings(ground, tx), read_only=True) == []
