"""What an older process does is heard by handlers that only a newer one brings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import insert, select

from talenthub.config.settings import Settings
from talenthub.errors import NotFound
from talenthub.outbound.jobs import cancel, parked_jobs
from talenthub.outbound.webhooks import handlers_of
from talenthub.storage.hub import HubEvent, announce, workspace_setting
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.hearing import FADES, Hearing, event_handler, strike_out
from talenthub.workflow.versions.parked import parked_calls


def note(tx, case, event):
    tx.write(insert(workspace_setting), {"key": f"{case.ref}/{event.version}", "value": event.transition})


def note_fact(engine, tx, event):
    tx.write(insert(workspace_setting), {"key": event.facts["post"], "value": event.kind})


TALLY = Handler("trial:tally", "trial.loan.granted", note)
VACANT = Handler("trial:vacant", "hub.post.vacated", note_fact)


@dataclass
class Sides:
    """A firm, and its engines by the version of the plugin."""

    firm: Any

    def side(self, version: str, *handlers: Handler) -> Any:
        own = handlers + self.firm.engine.handlers[len(self.firm.handlers) :]
        return replace(self.firm.engine, handlers=own, hearing=Hearing({"trial": version}))

    def write_down(self, engine: Any, **more: Any) -> None:
        self.firm.run(lambda tx: engine.write_down(tx, **more))

    def by(self, engine: Any) -> Any:
        """Return the firm as a process that has just begun."""
        self.firm.run(engine.hearing.read)
        self.firm.engine = engine
        return self.firm

    def works(self, engine: Any) -> int:
        return self.by(engine).executor().round().total

    def grant(self, engine: Any) -> str:
        firm = self.by(engine)
        ref = firm.open()
        firm.fire(ref, "grant")
        return f"{ref}/2"

    def written(self) -> list[tuple[str, str, str]]:
        columns = event_handler.c
        with self.firm.acting() as tx:
            rows = tx.rows(select(columns.name, columns.hears, columns.version).order_by(*columns))
        return [tuple(row) for row in rows]

    def waits(self, engine: Any) -> list[str]:
        def look(tx: Any) -> list[str]:
            engine.hearing.read(tx)
            return [f"{each.found}: {each.text}" for each in parked_calls(tx, engine)]

        return self.firm.run(look)

    def notes(self) -> list[str]:
        with self.firm.acting() as tx:
            return sorted(tx.connection.execute(select(workspace_setting.c.key)).scalars())


@pytest.fixture
def sides(firm: Any) -> Sides:
    return Sides(firm())


def test_a_step_of_the_older_one_is_heard_by_what_only_the_newer_brings(sides: Sides) -> None:
    older, newer = sides.side("1.9"), sides.side("1.10", TALLY)
    before = sides.grant(older)
    sides.write_down(newer)
    sides.write_down(older)
    heard = sides.grant(older)
    assert sides.works(older) == 0
    [row] = sides.firm.rows()
    assert (row.origin, row.attempts) == (heard, 0)
    assert row.error == "no enabled plugin brings the handler trial:tally"
    assert sides.waits(older) == ["trial:tally: calls wait: trial 1.10 brings it, and here is 1.9"]
    assert sides.works(newer) == 1
    assert (sides.notes(), before in sides.notes()) == ([heard], False), "it hears from then on"
    assert sides.waits(older) == []


def test_what_belongs_to_no_case_is_heard_though_the_older_one_spreads_it(sides: Sides) -> None:
    older, newer = sides.side("1"), sides.side("2", VACANT)
    sides.write_down(newer)
    with sides.by(older).acting() as tx:
        announce(tx, HubEvent("post.vacated", "post", 7, {"post": "desk-7"}))
    assert sides.works(older) == 0
    assert sides.works(newer) == 1
    assert sides.notes() == ["desk-7"]


def test_each_hears_only_what_its_own_version_hears(sides: Sides) -> None:
    """The same handler, which hears of another event in the newer version."""
    older, newer = sides.side("1", replace(TALLY, on="trial.loan.open")), sides.side("2", TALLY)
    sides.write_down(older)
    sides.write_down(newer)
    assert sides.written() == [("trial:tally", "trial.loan.granted", "2")], (
        "what came to nothing is struck out"
    )
    granted = sides.grant(older)
    opened = granted.replace("/2", "/1")
    assert sides.works(newer) == 1
    assert sides.notes() == [granted]
    assert sides.waits(newer) == ["trial:tally: calls wait: for events it does not hear here"]
    assert sides.works(older) == 1
    assert sides.notes() == [opened, granted]
    both = sides.grant(newer)
    assert sides.works(older) == 0
    assert sides.works(newer) == 1
    assert both in sides.notes()


def test_a_plugin_that_is_off_hears_nothing_and_what_it_had_heard_waits(sides: Sides) -> None:
    off, on = sides.side("1"), sides.side("1", TALLY)
    del off.hearing.brings["trial"]
    sides.write_down(on)
    heard = sides.grant(on)
    sides.firm.run(lambda tx: strike_out(tx, "trial"))
    sides.grant(off)
    assert sides.works(off) == 0
    assert sides.waits(off) == ["trial:tally: calls wait: no enabled plugin brings it"]
    sides.firm.run(on.give_sign)
    assert sides.written() == [], "a worker that still has it writes nothing down anew"
    sides.write_down(on)
    assert sides.works(on) == 1
    assert sides.notes() == [heard]


def test_what_nobody_brings_any_more_fades_and_what_a_worker_brings_stays(sides: Sides) -> None:
    brings, lacks = sides.side("1", TALLY), sides.side("1")
    sides.write_down(brings)
    sides.firm.now += FADES / 2
    sides.firm.run(brings.give_sign)
    sides.firm.now += FADES / 2 + timedelta(hours=1)
    sides.grant(lacks)
    assert len(sides.firm.rows()) == 1, "half of its time ago somebody brought it"
    sides.firm.now += FADES
    sides.grant(lacks)
    assert len(sides.firm.rows()) == 1


def test_an_upgrade_strikes_out_what_is_gone_and_nothing_that_is_newer(sides: Sides) -> None:
    gone, other = Handler("trial:gone", "*", note), Handler("left:over", "*", note)
    older, newer, none = sides.side("1", TALLY, gone, other), sides.side("2", TALLY), sides.side("1")
    sides.write_down(older)
    sides.write_down(newer, only=True)
    assert sides.written() == [("trial:tally", "trial.loan.granted", "2")]
    sides.write_down(none, only=True)
    sides.write_down(older)
    assert ("trial:tally", "trial.loan.granted", "2") in sides.written()
    assert ("trial:gone", "*", "1") not in sides.written(), "what a newer version has dropped stays away"


def test_a_webhook_that_is_set_up_elsewhere_is_parked_and_one_that_is_gone_is_dead(
    sides: Sides, receiver: Any
) -> None:
    without = sides.side("1")
    settings = Settings(webhook=[receiver.webhook("trial.loan.granted")])
    configured = sides.side("1", *handlers_of(settings.webhook))
    sides.write_down(configured)
    sides.grant(without)
    assert sides.works(without) == 0
    [row] = sides.firm.rows()
    assert (row.error, row.attempts) == ("no enabled plugin brings the handler webhook:payroll", 0)
    assert sides.waits(without) == ["webhook:payroll: calls wait: no [[webhook]] is called so here"]
    before, sides.firm.settings = sides.firm.settings, settings
    assert sides.works(configured) == 1
    assert len(receiver.got) == 1
    sides.grant(configured)
    sides.firm.settings = before
    sides.firm.run(lambda tx: strike_out(tx, "webhook"))
    sides.works(without)
    assert sides.firm.rows()[-1].dead_at is not None


def test_calls_that_nobody_will_make_are_ended_by_the_name_of_their_handler(sides: Sides) -> None:
    older, newer = sides.side("1", TALLY), sides.side("2")
    sides.grant(older)
    assert sides.works(newer) == 0
    assert sides.waits(newer) == ["trial:tally: calls wait: trial 2 does not bring it"]
    found = sides.firm.run(lambda tx: cancel(tx, parked_jobs(tx, "trial:tally", sides.firm.clock)))
    assert [each.what for each in found] == ["calls trial:tally"]
    assert sides.waits(newer) == []
    with pytest.raises(NotFound):
        sides.firm.run(lambda tx: parked_jobs(tx, "trial:tally", sides.firm.clock))


def test_two_that_write_down_at_once_write_it_once(sides: Sides) -> None:
    older, newer = sides.side("1", replace(TALLY, on="*")), sides.side("2", TALLY, VACANT)
    ready = Barrier(4)

    def write(engine: Any) -> None:
        ready.wait()
        sides.write_down(engine)

    threads = [Thread(target=write, args=(each,)) for each in (older, newer, older, newer)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    sides.write_down(newer)
    assert sides.written() == [
        ("trial:tally", "trial.loan.granted", "2"),
        ("trial:vacant", "hub.post.vacated", "2"),
    ]
