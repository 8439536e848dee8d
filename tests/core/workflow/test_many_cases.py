"""More cases than one statement can name, and what grows with their number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from talenthub.storage import portions
from talenthub.workflow import resolution
from talenthub.workflow.cases import cases_by_id, cases_by_ref, cases_held, children_of
from talenthub.workflow.history import histories
from talenthub.workflow.opening import Opening

MANY = 30
AT_ONCE = 4
CHILD = "trial.review"


@pytest.fixture
def loans(house):
    """Return thirty loans under review, each with two children."""
    reviewers = tuple(house.people[each] for each in ("rita", "rolf"))
    wanted = Opening("trial.loan", house.people["sam"], {"amount": 50}, participants={"reviewer": reviewers})
    with house.acting("olga") as tx:
        found = house.engine.open_many(tx, [wanted] * MANY)
        for each in found:
            house.engine.fire(tx, each.ref, "review")
    return found


@pytest.fixture
def asked_in_portions(house, monkeypatch: pytest.MonkeyPatch):
    """Return what asks twice, the second time a few at once, and compares."""

    def compare(ask: Callable[[Any], Any]) -> None:
        with house.acting("rita") as tx:
            whole = ask(tx)
        assert whole
        sizes: list[int] = []
        monkeypatch.setattr(portions, "AT_ONCE", AT_ONCE)
        with house.acting("rita") as tx:
            event.listen(tx.connection, "before_cursor_execute", lambda *told: sizes.append(len(told[3])))
            assert ask(tx) == whole
        assert len(sizes) >= MANY / AT_ONCE
        assert max(sizes) < AT_ONCE + 10, "the list, and what else is asked for"

    return compare


@pytest.mark.parametrize(
    "ask",
    [cases_by_id, cases_held, histories, lambda tx, ids: children_of(tx, ids, CHILD)],
)
def test_no_statement_names_more_cases_than_fit(asked_in_portions, loans, ask) -> None:
    asked_in_portions(lambda tx: ask(tx, {each.id for each in loans}))


def test_no_statement_names_more_references_than_fit(asked_in_portions, loans) -> None:
    asked_in_portions(lambda tx: cases_by_ref(tx, {each.ref for each in loans}))


def test_the_sight_of_many_is_asked_for_in_portions(asked_in_portions, house, loans) -> None:
    """Rita rates blindly: what else she may see hangs on her own reviews."""
    asked_in_portions(lambda tx: house.engine.children_of(tx, [each.id for each in loans], CHILD))


def test_each_of_many_cases_is_asked_for_its_people_once(house, loans, monkeypatch) -> None:
    of_manager = resolution.Relation((resolution.Who(resolution.Kind.SUBJECT, up=1),))

    def asked(number: int) -> int:
        calls: list[object] = []
        real = resolution._base
        with monkeypatch.context() as patch, house.acting("olga") as tx:
            patch.setattr(resolution, "_base", lambda *given: calls.append(given) or real(*given))
            resolution.lines(tx, loans[:number], [of_manager] * number)
        return len(calls)

    assert asked(MANY) == 3 * asked(MANY // 3) > 0
