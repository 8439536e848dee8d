"""Races at a barrier: one wins, the others are told why; nobody is lost."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from trial_check import findings
from trial_ground import MARKERS, OFFICER, SUBJECTS, open_ground, people, settle
from trial_race import Processes, Threads
from trial_yard import Yard

from talenthub.storage.transaction import SYSTEM, Actor
from talenthub.workflow.firing import Request
from talenthub.workflow.opening import Opening

WIDEST = 8
KINDS = ("same transition", "last marks", "last seat", "same request", "same ledger", "stop and mark")


class Track:
    """Prepares races on one database, and knows what must come of each."""

    def __init__(self, ground, seed: int) -> None:
        self.ground = ground
        self.engine = ground.engine
        self.chance = random.Random(seed)
        self.known = ground.run(SYSTEM, people)
        self.officer = Actor(self.known[OFFICER])

    def race(self, kind: str, racers) -> None:
        """Run one race of a kind, as wide as chance has it."""
        width = self.chance.choice((2, 2, 3, 3, 4, 5, 8))
        getattr(self, "_" + kind.replace(" ", "_"))(racers, width)

    def _officer_job(self, ref: str, transition: str, **more) -> dict:
        return {"what": "fire", "actor": self.officer.person, "ref": ref, "transition": transition, **more}

    def _open(self, openings):
        return self.ground.run(self.officer, lambda tx: self.engine.open_many(tx, openings))

    def _circles(self, many: int, markers: int, subject: str | None = None) -> list[str]:
        return [
            each.ref
            for each in self._open(
                [
                    Opening(
                        workflow="trial.circle",
                        subject=self.known[subject or self.chance.choice(SUBJECTS)],
                        participants={"marker": tuple(self.known[name] for name in MARKERS[:markers])},
                        framework_version=1,
                    )
                    for _ in range(many)
                ]
            )
        ]

    def _fire(self, *requests: Request) -> None:
        came = self.ground.run(self.officer, lambda tx: self.engine.fire_many(tx, requests))
        assert not [each for each in came if isinstance(each, Exception)], came

    def _marks(self, circle: str) -> list[tuple[str, int]]:
        """Return the marks below a circle, each with its marker."""
        sql = text(
            "SELECT c.ref, p.person_id FROM workflow_case c JOIN workflow_case up ON up.id = c.parent_id"
            " JOIN case_participant p ON p.case_id = c.id WHERE up.ref = :ref ORDER BY c.id"
        )
        rows = self.ground.run(SYSTEM, lambda tx: tx.connection.execute(sql, {"ref": circle}).all())
        return [(row[0], row[1]) for row in rows]

    def _state(self, ref: str):
        return self.ground.run(self.officer, lambda tx: self.engine.case(tx, ref))

    def _give(self, mark: tuple[str, int]) -> dict:
        form = {"mark": self.chance.randint(1, 5)}
        return {"what": "fire", "actor": mark[1], "ref": mark[0], "transition": "give", "form": form}

    def _same_transition(self, racers, width: int) -> None:
        [ref] = self._circles(1, 2)
        came = racers.run([self._officer_job(ref, "mark")] * width)
        one_won(came)
        assert len(self._marks(ref)) == 2, "its children were opened once"

    def _last_marks(self, racers, width: int) -> None:
        [ref] = self._circles(1, width)
        self._fire(Request(ref, "mark"))
        came = racers.run([self._give(mark) for mark in self._marks(ref)])
        assert all(each["ok"] for each in came), came
        after = self._state(ref)
        assert (after.state, after.version) == ("marked", 3), "one of the last marks woke it, once"

    def _last_seat(self, racers, width: int) -> None:
        [position] = self._open([Opening(workflow="trial.position", data={"seats": 1})])
        lots = self._open([Opening(workflow="trial.lot", parent=position)] * 2)
        bids = self._open([Opening(workflow="trial.bid", parent=lots[number % 2]) for number in range(width)])
        came = racers.run([self._officer_job(each.ref, "win") for each in bids])
        one_won(came)
        refused = [each for each in came if not each["ok"]]
        assert all(each["verdicts"] == ["A seat of the position is free"] for each in refused), refused
        assert self._state(position.ref).data.taken == 1

    def _same_request(self, racers, width: int) -> None:
        [ref] = self._circles(1, 0)
        self._fire(Request(ref, "mark"))
        self.ground.run(SYSTEM, lambda tx: self.engine.fire(tx, ref, "collect"))
        job = self._officer_job(ref, "note", form={"note": "once"}, request=f"key-{ref}")
        came = racers.run([job] * width)
        assert all(each["ok"] and each["version"] == 4 for each in came), came
        assert self._state(ref).version == 4, "what was asked for twice happened once"

    def _same_ledger(self, racers, width: int) -> None:
        refs = self._circles(width, 1, "subject1")
        self._fire(*(Request(each, "mark") for each in refs))
        for each in refs:
            [(mark, person)] = self._marks(each)
            self.ground.run(
                Actor(person), lambda tx, mark=mark: self.engine.fire(tx, mark, "give", {"mark": 3})
            )
        came = racers.run([self._officer_job(each, "finish") for each in refs])
        assert all(each["ok"] for each in came), came

    def _stop_and_mark(self, racers, width: int) -> None:
        """A parent that closes and a child that answers: either comes first."""
        [ref] = self._circles(1, width - 1)
        self._fire(Request(ref, "mark"))
        marks = self._marks(ref)
        came = racers.run([self._officer_job(ref, "stop"), *(self._give(mark) for mark in marks)])
        losers(came)
        stopped = self._state(ref).state == "stopped"
        assert stopped or all(each["ok"] for each in came if each["kind"] == "fire")
        assert self._state(ref).state in ("stopped", "marked")


def one_won(came: list[dict]) -> None:
    """Exactly one did it; the others were told in words."""
    assert Counter(each["ok"] for each in came)[True] == 1, came
    losers(came)


def losers(came: list[dict]) -> None:
    """Whoever lost was told by a refusal or a conflict, not by a fault."""
    for each in came:
        assert each["ok"] or (each["kind"] in ("Refused", "Conflict") and each["text"]), each


def run_races(folder: Path, url: str, many: int, seed: int) -> None:
    """Run `many` races, half among processes, half among threads."""
    with closing(open_ground(folder, url)) as ground, Yard() as yard:
        settle(ground)
        track = Track(ground, seed)
        kinds = [KINDS[number % len(KINDS)] for number in range(many)]
        for racers, share in (
            (Processes(yard, folder, url, WIDEST), kinds[: many // 2]),
            (Threads(ground), kinds[many // 2 :]),
        ):
            with closing(racers):
                for kind in share:
                    track.race(kind, racers)
        with ground.transaction(SYSTEM) as tx:
            assert findings(ground, tx) == []


@pytest.mark.timeout(900)
def test_two_hundred_races_have_one_winner_each(tmp_path, database_url):
    run_races(tmp_path, database_url, 200, seed=1)


@pytest.mark.storm
@pytest.mark.timeout(7200)
def test_five_thousand_races_have_one_winner_each(tmp_path, database_url):
    run_races(tmp_path, database_url, 5_000, seed=2)
