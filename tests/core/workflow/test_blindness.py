"""Blind rating: before the own lock nothing of the others can be told."""

from __future__ import annotations

import pytest

from talenthub.errors import NotFound, TalentError
from talenthub.workflow.access import visible_cases


def everything_shown(house, name: str) -> str:
    """Return all that an actor can get out of the engine, as text."""
    shown: list[object] = []
    with house.acting(name) as tx:
        engine = house.engine
        shown.append(sorted(tx.connection.execute(visible_cases(tx)).scalars()))
        shown.append(engine.inbox(tx))
        for ref in ("LOAN-1", "REV-1", "REV-2"):
            for look in (engine.case, engine.log, engine.why):
                try:
                    shown.append(look(tx, ref))
                except TalentError as error:
                    shown.append(str(error))
        shown.append(engine.children_of(tx, [1], "trial.review"))
        for ref, step in (("LOAN-1", "collect"), ("LOAN-1", "grant"), ("REV-2", "mark")):
            try:
                shown.append(engine.fire(tx, ref, step, {}))
            except TalentError as error:
                shown.append((str(error), getattr(error, "verdicts", None)))
        tx.connection.get_transaction().rollback()
    return repr(shown)


@pytest.mark.parametrize("peeker", ["rita"])
def test_what_a_rater_sees_does_not_depend_on_what_others_marked(house, peeker):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    before = everything_shown(house, peeker)
    house.fire("rolf", "REV-2", "mark", mark=5)
    assert everything_shown(house, peeker) == before


def test_a_grant_does_not_lift_the_blindfold(house):
    """Rita holds hr_officer, which sees every review that is not hers."""
    house.open()
    house.fire("olga", "LOAN-1", "review")
    with pytest.raises(NotFound):
        house.case("REV-2", "rita")
    assert house.case("REV-2", "olga").data is None, "its content is the rater's alone"
    house.fire("rita", "REV-1", "mark", mark=2)
    assert house.case("REV-2", "rita").data is None


def test_after_the_reveal_those_entitled_read_it(house):
    house.open()
    house.fire("olga", "LOAN-1", "review")
    house.fire("rita", "REV-1", "mark", mark=2)
    house.fire("rolf", "REV-2", "mark", mark=5)
    assert house.case("REV-2", "rita").data.mark == 5
    with pytest.raises(NotFound):
        house.case("REV-2", "sam")
