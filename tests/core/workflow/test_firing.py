"""Firing: what may happen happens once, what may not leaves no trace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from talenthub.errors import Conflict, NotFound, NotPermitted, Refused, UsageError
from talenthub.people.deputies import set_deputy
from talenthub.workflow.history import verify


def test_a_case_walks_from_opening_to_its_outcome(house):
    loan = house.open()
    assert loan.ref == "LOAN-1"
    opened = house.fire("olga", "LOAN-1", "review").opened
    assert opened == ("REV-1", "REV-2")
    house.fire("rita", "REV-1", "mark", mark=3)
    assert house.case("LOAN-1").state == "reviewing"
    house.fire("rolf", "REV-2", "mark", mark=4)
    assert house.case("LOAN-1").state == "reviewed"
    house.fire("olga", "LOAN-1", "note", note="fine with me")
    house.fire("hedda", "LOAN-1", "grant")
    after = house.case("LOAN-1")
    assert (after.state, after.outcome, after.data.note) == ("granted", "success", "fine with me")
    with house.acting() as tx:
        assert verify(tx) == 3


def test_every_condition_is_answered_at_once(house):
    house.open(amount=5)
    with pytest.raises(Refused) as refusal:
        house.fire("hedda", "LOAN-1", "review")
    verdicts = {verdict.name: verdict.ok for verdict in refusal.value.verdicts}
    assert verdicts == {"rights": False, "form": True, "worth_it": False}


def test_rights_alone_in_the_way_are_said_so(house):
    house.open()
    with pytest.raises(NotPermitted):
        house.fire("hedda", "LOAN-1", "review")


def test_four_eyes_bars_who_fired_the_other(house):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    house.fire("rita", "REV-1", "mark", mark=3)
    house.fire("rolf", "REV-2", "mark", mark=4)
    house.fire("olga", "LOAN-1", "note", note="fine")
    with pytest.raises(Refused, match="not possible"):
        house.fire("olga", "LOAN-1", "grant")
    with pytest.raises(Refused, match="not possible"), house.acting("hedda", login="olga") as tx:
        house.engine.fire(tx, "LOAN-1", "grant")


def test_four_eyes_bars_who_stands_in_for_the_other(house):
    """Whose right is only borrowed from the first one is no second pair of eyes."""
    house.open()
    house.fire("olga", "LOAN-1", "review")
    house.fire("rita", "REV-1", "mark", mark=3)
    house.fire("rolf", "REV-2", "mark", mark=4)
    house.fire("olga", "LOAN-1", "note", note="fine")
    with house.acting() as tx:
        set_deputy(tx, house.people["olga"], house.people["nora"], tx.today, tx.today + timedelta(days=30))
    with house.acting("nora") as tx:
        [answer] = house.engine.why(tx, "LOAN-1", "grant")
    assert [(each.name, each.ok) for each in answer.verdicts] == [("rights", True), ("four_eyes", False)]
    with house.acting() as tx:
        set_deputy(tx, house.people["hedda"], house.people["nora"], tx.today, tx.today + timedelta(days=30))
    house.fire("nora", "LOAN-1", "grant")
    assert house.case("LOAN-1").state == "granted", "as deputy of somebody else it may"


def test_who_may_not_know_is_told_there_is_nothing(house):
    house.open()
    for ref in ("LOAN-1", "LOAN-99"):
        with pytest.raises(NotFound, match="no such case, or it is not yours"):
            house.fire("nora", ref, "review")


def test_a_version_that_was_overtaken_is_a_conflict(house):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    with pytest.raises(Conflict, match="now «reviewing»"), house.acting("olga") as tx:
        house.engine.fire(tx, "LOAN-1", "review", expected_version=1)


def test_nobody_decides_about_himself(house):
    with house.acting("olga") as tx:
        house.engine.open(tx, "trial.loan", data={"amount": 50}, subject=house.people["olga"])
    with pytest.raises(NotPermitted):
        house.fire("olga", "LOAN-1", "review")


def test_a_wrong_form_names_field_finding_and_nearest(house):
    house.open()
    with pytest.raises(Refused) as refusal:
        house.fire("olga", "LOAN-1", "refuse", noet="x")
    details = [detail.text for verdict in refusal.value.verdicts for detail in verdict.details]
    assert "note: is needed" in details
    assert any("noet" in text and "did you mean 'note'?" in text for text in details)


def test_a_mistyped_transition_names_the_nearest(house):
    house.open()
    with pytest.raises(Refused, match="did you mean 'review'"):
        house.fire("olga", "LOAN-1", "revew")


def test_the_same_request_id_is_answered_once(house):
    house.open()
    with house.acting("olga") as tx:
        first = house.engine.fire(tx, "LOAN-1", "review", request_id="a")
    with house.acting("olga") as tx:
        assert house.engine.fire(tx, "LOAN-1", "review", request_id="a") == first
    assert house.case("LOAN-1").version == 2


def test_a_request_id_answers_no_other_request(house):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    with house.acting("rita") as tx:
        house.engine.fire(tx, "REV-1", "mark", {"mark": 3}, request_id="a")
    with pytest.raises(UsageError, match="used for something else"), house.acting("rita") as tx:
        house.engine.fire(tx, "REV-1", "mark", {"mark": 4}, request_id="a")
    assert house.case("REV-1").data.mark == 3


def test_closing_a_case_closes_what_was_open_under_it(house):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    house.fire("rita", "REV-1", "mark", mark=3)
    with house.acting() as tx:
        from talenthub.workflow.cases import cases_by_ref
        from talenthub.workflow.closing import close_children

        close_children(tx, [cases_by_ref(tx, ["LOAN-1"])["LOAN-1"]])
    child = house.case("REV-2")
    assert (child.outcome, child.version, child.state) == ("neutral", 2, "open")
    with house.acting("rolf") as tx:
        assert house.engine.inbox(tx) == []
        assert verify(tx) == 3
