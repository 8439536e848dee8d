"""An older process beside a newer one: what it cannot do it names and leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from talenthub.outbound.jobs import as_here, waiting_jobs
from talenthub.sdk import (
    Campaign,
    Context,
    FireCase,
    Outcome,
    State,
    Timer,
    Transition,
    Workflow,
    days,
    effect,
    start_campaign,
    system,
)
from talenthub.workflow.campaigns.campaigns import campaigns
from talenthub.workflow.campaigns.fire_chunks import FIRE
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.digest import begin_digests

LACKS = "no enabled plugin brings trial.loan version 2"
MAIL = {"backend": "console", "sender": "hr@firm.example"}


@effect()
def wake_the_loan(context: Context):
    yield FireCase(1, "expire")


BELL = Workflow(
    name="trial.bell",
    ref="BELL",
    version=1,
    initial="set",
    states=[
        State("set", tasks=(), timers=(Timer("ring", days(3), fires="ring"),)),
        State("rung", outcome=Outcome.NEUTRAL),
    ],
    transitions=[Transition("ring", "set", "rung", by=system, effects=[wake_the_loan])],
)


@dataclass
class Side:
    """A firm, and its two engines."""

    firm: Any
    older: Any
    newer: Any

    def round(self, engine: Any) -> Any:
        self.firm.engine = engine
        return self.firm.executor().round()

    def errors(self) -> set[str | None]:
        return {row.error for row in self.firm.rows() if row.done_at is None}


@pytest.fixture
def side(firm: Any) -> Side:
    """Return a firm in which the newer engine has opened LOAN-1 as version 2."""
    made = firm(mail=MAIL)
    bell = Loaded(BELL, "trial")
    first = list(made.engine.catalogue.versions())
    older = replace(made.engine, catalogue=Catalogue([*first, bell]))
    second = [Loaded(replace(each.workflow, version=2), "trial") for each in first]
    newer = replace(made.engine, catalogue=Catalogue([*first, *second, bell]))
    made.engine = newer
    made.open()
    return Side(made, older, newer)


def test_an_urgent_message_about_a_case_that_cannot_be_judged_here_waits(side: Side, capsys) -> None:
    side.firm.fire("LOAN-1", "help")
    assert side.round(side.older).total == 0
    assert side.errors() == {LACKS, None}, "the one that is not urgent waits for a digest"
    assert side.round(side.newer).sent == 2
    assert capsys.readouterr().out.count("To: ") == 2


def test_a_mail_is_left_to_who_can_judge_whether_its_reader_may_see_the_case(side: Side, capsys) -> None:
    side.firm.fire("LOAN-1", "help")
    side.firm.executor().pieces.spread_urgent()
    assert side.round(side.older).failed == 0
    waiting = [row for row in side.firm.rows() if row.handler.startswith("mail:") and row.done_at is None]
    assert [(row.error, row.attempts, row.leased_by) for row in waiting] == [(LACKS, 0, None)] * 2
    assert side.round(side.older).total == 0, "nor does it come back to it"
    assert side.round(side.newer).sent == 2
    assert capsys.readouterr().out.count("To: ") == 2


def test_digests_are_made_and_sent_by_who_sees_all_cases(side: Side, capsys) -> None:
    number = side.firm.run(begin_digests)
    assert side.round(side.older).total == 0
    [job] = side.firm.run(lambda tx: campaigns(tx, [number]).values())
    assert (job.attempts, job.waiting > 0) == (0, True)
    side.firm.engine = side.newer
    side.firm.executor().inside()
    side.round(side.older)
    assert "To: " not in capsys.readouterr().out
    assert side.round(side.newer).sent == 2, "to olga and otto; who has left gets none"


def test_a_chunk_that_cannot_be_done_here_is_parked_and_refuses_nobody(side: Side) -> None:
    with side.firm.acting("olga") as tx:
        wanted = Campaign(FIRE, "grants", form={"step": "grant"})
        number = start_campaign(tx, wanted, [{"case": "LOAN-1"}])
    assert side.round(side.older).total == 0
    [job] = side.firm.run(lambda tx: campaigns(tx, [number]).values())
    assert (job.refused, job.waiting, job.error) == (0, 1, LACKS)
    side.round(side.newer)
    assert side.firm.cases() == ["granted"]


def test_a_timer_that_sets_a_newer_case_in_motion_is_left_and_holds_up_no_other(side: Side) -> None:
    made = side.firm
    with made.acting() as tx:
        made.engine.open(tx, "trial.bell")
    made.engine = side.older
    made.open()
    made.now += timedelta(days=8)
    assert (side.round(side.older).fired, made.cases()) == (1, ["asked", "asked"]), "its own loan's reminder"
    jobs = made.run(lambda tx: waiting_jobs(tx, made.clock))
    assert [(job.state, job.error) for job in jobs if "ring" in job.what] == [("parked", LACKS)]
    [seen] = [each for each in as_here(jobs, side.newer.brought()) if "ring" in each.what]
    assert (seen.state, seen.error) == ("waits", "left by one that lacks trial.loan version 2")
    assert as_here(jobs, side.older.brought()) == jobs
    assert side.round(side.older).total == 0
    assert side.round(side.newer).fired == 1
    assert made.cases() == ["expired", "asked"]
