"""Parked cases: their plugin is off; hr_head and auditor still read them."""

from __future__ import annotations

from datetime import date

import pytest

from talenthub.errors import NotFound, PluginError, Refused
from talenthub.people.grants import give
from talenthub.workflow.access import visible_cases
from talenthub.workflow.history import verify


@pytest.fixture
def parked(house, reload):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    with house.acting() as tx:
        give(tx, house.people["nora"], "auditor", since=date(2025, 1, 1))
    house.engine = reload(())
    return house


@pytest.mark.parametrize("reader", ["hedda", "nora"])
def test_hr_head_and_auditor_read_all_of_it(parked, reader):
    case = parked.case("LOAN-1", reader)
    assert (case.state, case.data) == ("reviewing", {"amount": 50, "note": ""})
    with parked.acting(reader) as tx:
        assert [each.kind for each in parked.engine.log(tx, "LOAN-1")] == ["opened", "fired"]
        assert len(tx.connection.execute(visible_cases(tx)).all()) == 3


@pytest.mark.parametrize("reader", ["olga", "sam", "rita", "rolf"])
def test_nobody_else_knows_of_it(parked, reader):
    with pytest.raises(NotFound):
        parked.case("LOAN-1", reader)
    with parked.acting(reader) as tx:
        assert tx.connection.execute(visible_cases(tx)).all() == []
        assert parked.engine.inbox(tx) == []


def test_an_hr_head_does_not_read_the_parked_case_about_herself(house, reload):
    with house.acting("olga") as tx:
        house.engine.open(tx, "trial.loan", data={"amount": 5}, subject=house.people["hedda"])
    house.engine = reload(())
    with pytest.raises(NotFound):
        house.case("LOAN-1", "hedda")


def test_it_cannot_be_fired_and_the_plugin_is_named(parked):
    with pytest.raises(PluginError, match=r"parked: .*trial\.loan version 1"):
        parked.fire("hedda", "LOAN-1", "grant")


def test_it_stays_whole_and_goes_on_when_the_plugin_is_back(parked, reload, loan, review):
    with parked.acting() as tx:
        assert verify(tx) == 3
    parked.engine = reload((loan, review))
    parked.fire("rita", "REV-1", "mark", mark=3)
    parked.fire("rolf", "REV-2", "mark", mark=3)
    assert parked.case("LOAN-1").state == "reviewed"


def test_the_same_version_declared_otherwise_is_refused(house, reload, loan):
    from dataclasses import replace

    house.open()
    house.engine = reload((replace(loan, title="Another"),))
    with pytest.raises(PluginError, match="not declared as it was stored"):
        house.open()


def test_nothing_opens_under_a_closed_case(house):
    loan = house.open()
    house.fire("olga", "LOAN-1", "refuse", note="no money")
    with pytest.raises(Refused, match="nothing opens under it"), house.acting() as tx:
        house.engine.open(tx, "trial.review", parent=loan.id)
