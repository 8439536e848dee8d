"""Reminding a cycle: who must still act, once a day, and nobody learns who that is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from talenthub.errors import NotPermitted, Refused
from talenthub.people.grants import give
from talenthub.people.tables import person
from talenthub.sdk import begin_reminders
from talenthub.workflow.campaigns.campaigns import CAMPAIGN, CampaignView, campaigns, handler_of, refusals
from talenthub.workflow.campaigns.core_works import CORE_WORKS
from talenthub.workflow.deliveries import Handler
from talenthub.workflow.digest import digest
from talenthub.workflow.tables import campaign_chunk, outbox
from talenthub_performance.relations import hr

RATERS = ("p1", "p2", "p3", "p4")


@pytest.fixture
def remind(house: Any) -> Callable[..., CampaignView]:
    """Return what reminds everybody of CYC-1, and says how far that has come."""
    works = tuple(Handler(handler_of(name), CAMPAIGN, run) for name, run in CORE_WORKS.items())
    house.engine = replace(house.engine, handlers=works)

    def run(who: str = "hr", **more: Any) -> CampaignView:
        with house.tx(who) as tx:
            number = begin_reminders(tx, house.engine.case(tx, "CYC-1"), by=hr, **more)
        with house.tx() as tx:
            for each in house.engine.due_deliveries(tx):
                house.engine.deliver(tx, each)
        with house.tx() as tx:
            return campaigns(tx, [number])[number]

    return run


def reminded(house: Any) -> list[str]:
    """Return who was sent a reminder, by handle, each as often as that was."""
    with house.tx() as tx:
        rows = tx.rows(select(outbox.c.message).where(outbox.c.origin.like("reminder/%")))
    names = {f"person:{number}": name for name, number in house.people.items()}
    pools = [pool for row in rows for pool in json.loads(row.message)["to"]]
    return sorted(names[pool] for pool in pools if pool in names)  # the draft itself waits for all of HR


def told(house: Any, who: str) -> list[str]:
    with house.tx(who) as tx:
        found = digest(tx, house.engine.catalogue)
    return [] if found is None else [text for _, text in found.messages if text.startswith("Reminder")]


def test_who_must_act_is_reminded_once_a_day_and_who_is_done_is_not(house: Any, remind: Any) -> None:
    house.cycle_with("ada", "lee")
    own, _ = house.begun("REV-1")
    house.begun("REV-2")
    house.fire("ada", own, "write", {"text": "mine"})
    house.fire("ada", own, "submit")
    found = remind()
    assert (found.state, found.total, found.refused) == ("done", 3, 0), "the cycle and its two reviews"
    assert reminded(house) == ["kim", "lee"], "kim once for both, ada not: what she owes is in"
    remind()
    remind("head")
    assert reminded(house) == ["kim", "lee"], "once a day, whoever asks"
    house.now += timedelta(days=1)
    remind()
    assert reminded(house) == ["kim", "kim", "lee", "lee"]


def test_what_is_done_before_the_digest_is_told_to_nobody(house: Any, remind: Any) -> None:
    house.cycle_with("ada")
    own, _ = house.begun()
    remind()
    assert (len(told(house, "ada")), len(told(house, "kim"))) == (1, 1)
    house.fire("ada", own, "write", {"text": "mine"})
    house.fire("ada", own, "submit")
    assert (len(told(house, "ada")), len(told(house, "kim"))) == (0, 1)


def test_sealed_raters_are_reminded_and_nothing_tells_who_has_answered(house: Any, remind: Any) -> None:
    house.cycle_with("ada")
    house.begun()
    raters = {name: house.people[name] for name in RATERS}
    house.fire("kim", "REV-1", "nominate", {"raters": {"peers": sorted(raters.values())}})
    [round_] = house.refs("round")
    house.fire("kim", round_, "approve")
    answers = {house.case(each).people("rater")[0]: each for each in house.refs("answer")}
    before = seen_of(remind())
    assert set(RATERS) <= set(reminded(house))
    for name in RATERS[:2]:
        given = {"group": "peers", "ratings": {"CIT": 3}}
        house.fire(name, answers[raters[name]], "answer", given)
    house.now += timedelta(days=1)
    after = remind()
    assert sorted(reminded(house)).count(RATERS[0]) == 1, "who has answered is left in peace"
    assert sorted(reminded(house)).count(RATERS[3]) == 2
    assert seen_of(after) == before, "the campaign looks the same to whoever began it"
    assert told(house, RATERS[3])
    assert not told(house, RATERS[0])
    with house.tx() as tx:
        assert {row[0] for row in tx.rows(select(campaign_chunk.c["items"]))} == {"[]"}


def seen_of(found: CampaignView) -> tuple[Any, ...]:
    """Return all that `talent jobs show` says of a campaign, but for its number."""
    return found.title, found.ref, found.total, found.through, found.refused, found.state, found.error


def test_who_has_left_is_named_by_the_case_that_waits_for_them(house: Any, remind: Any) -> None:
    house.cycle_with("ada", "lee")
    house.begun("REV-1")
    house.begun("REV-2")
    with house.tx() as tx:
        tx.write(update(person).where(person.c.id == house.people["lee"]).values(kind="leaver"))
    found = remind()
    with house.tx() as tx:
        [(item, why)] = refusals(tx, found.id, 9)
    assert (item, "waits for nobody who is still here" in why) == ("REV-2", True)
    assert reminded(house) == ["ada", "kim"]


def test_only_hr_reminds_and_a_closed_cycle_nobody(house: Any, remind: Any) -> None:
    house.cycle_with("ada")
    with house.tx() as tx:
        give(tx, house.people["p1"], "auditor")
    with pytest.raises(NotPermitted, match="only hr partner or hr head may remind"):
        remind("p1")
    house.fire("hr", "CYC-1", "cancel", {"reason": "not this year"})
    with pytest.raises(Refused, match="is closed"):
        remind()
    assert reminded(house) == []
