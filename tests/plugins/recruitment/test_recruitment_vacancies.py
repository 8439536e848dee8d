"""Which requisition an offer or a hire is about, and who stands before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from talenthub.sdk import PARENT, Actor, CaseView, Context, FireCase, Verdict
from talenthub_recruitment import effects, offer_guards
from talenthub_recruitment.cases import Application, Merit, Offer, Requisition, Selection
from talenthub_recruitment.facts import OTHER_APPLICATIONS, VACANCIES
from talenthub_recruitment.forms import Hire, OfferMade
from talenthub_recruitment.settings import RecruitmentSettings

NOW = datetime(2026, 2, 10, 15, tzinfo=UTC)
OFFERED = Application(role="clerk", offer=Offer(expires_on=NOW.date(), requisition="REQ-2"))


def case(number: int, data: Any, ref: str = "APP", state: str = "accepted") -> CaseView:
    return CaseView(
        id=number,
        ref=f"{ref}-{number}",
        workflow="recruitment.any",
        workflow_version=1,
        state=state,
        version=3,
        subject=99,
        parent=500,
        framework_version=1,
        unit=None,
        about="Clerk",
        data=data,
        participants={},
        opened_at=NOW,
        entered_at=NOW,
        closed_at=None,
        outcome=None,
    )


def vacancy(number: int, *, state: str = "open", **carried: Any) -> CaseView:
    return case(number, Requisition(role="clerk", **carried), "REQ", state)


def context(
    form: Any, *vacancies: CaseView, data: Application | None = None, selection: Selection | None = None
) -> Context:
    shown = case(1, data or Application(role="clerk"))
    facts = {VACANCIES.name: vacancies, PARENT.name: case(500, selection, "SEL", "decided")}
    return Context(
        case=shown,
        transition="any",
        form=form,
        actor=Actor(10),
        now=NOW,
        today=NOW.date(),
        settings=RecruitmentSettings(),
        facts={name: {shown.id: value} for name, value in facts.items()},
    )


def hires(form: Hire, *vacancies: CaseView, data: Application | None = None) -> Verdict:
    return offer_guards.position_is_free.check(context(form, *vacancies, data=data))


def taken(form: Hire, *vacancies: CaseView, data: Application | None = None) -> dict[str, Any]:
    asked = effects.fill_position.produce(context(form, *vacancies, data=data))
    (fired,) = (each for each in asked if isinstance(each, FireCase))
    assert (fired.case, fired.transition) == (500, "take_on")
    return dict(fired.form or {})


ONE = vacancy(1, positions=2, posts=("P1", "P2"), taken=("P1",), hired=1)
TWO = vacancy(2, posts=("Q1",))
FULL = vacancy(3, hired=1)
HELD = vacancy(4, state="on_hold")


def test_a_hire_takes_the_first_free_post_and_counts_it() -> None:
    assert taken(Hire(), ONE) == {"post": "P2", "requisition": 1}
    assert taken(Hire(), FULL, ONE, HELD) == {"post": "P2", "requisition": 1}


@pytest.mark.parametrize("vacancies", [(FULL,), (HELD,), (FULL, HELD)])
def test_nobody_is_hired_where_no_position_is_free(vacancies: tuple[CaseView, ...]) -> None:
    refused = hires(Hire(), *vacancies)
    assert not refused.ok
    told = "REQ-4: on hold" if HELD in vacancies else "every position of the requisition is filled"
    assert [each.text for each in refused.details] == [told]


def test_of_several_vacancies_the_hire_names_one_or_its_offer_or_its_post_does() -> None:
    unclear = hires(Hire(), ONE, TWO)
    assert not unclear.ok
    assert [each.text for each in unclear.details] == ["REQ-1 Clerk: 1 of 2 free", "REQ-2 Clerk: 1 of 1 free"]
    assert unclear.mend == "talent recruitment hire APP-1 --for REQ-1"
    assert taken(Hire(requisition="REQ-1"), ONE, TWO)["requisition"] == 1
    assert taken(Hire(post="Q1"), ONE, TWO) == {"post": "Q1", "requisition": 2}
    assert taken(Hire(), ONE, TWO, data=OFFERED)["requisition"] == 2
    other = hires(Hire(requisition="REQ-1"), ONE, TWO, data=OFFERED)
    assert other.details[-1].text == "the offer was of REQ-2"
    assert other.mend == "talent recruitment hire APP-1 --for REQ-2"


def test_what_is_named_has_to_be_free() -> None:
    assert not hires(Hire(requisition="REQ-3"), ONE, FULL).ok
    wrong = hires(Hire(post="Q2"), ONE, TWO)
    assert [each.text for each in wrong.details] == ["post 'Q2' is not free here; allowed: P2, Q1"]
    assert not hires(Hire(post="Q1", requisition="REQ-1"), ONE, TWO).ok
    named = offer_guards.offer_is_of_a_vacancy
    assert named.check(context(OfferMade(requisition="REQ-2"), ONE, TWO)).ok
    assert not named.check(context(OfferMade(requisition="REQ-3"), ONE, FULL)).ok


def test_offers_follow_the_merit_list_or_say_why_not() -> None:
    merit = (Merit(case=2, ref="APP-2", rank=1, overall="4"), Merit(case=1, ref="APP-1", rank=2, overall="3"))
    selection = Selection(role="clerk", merit=merit)

    def ask(form: OfferMade | None, *vacancies: CaseView, better: str = "ranked") -> bool:
        asked = context(form, *vacancies, selection=selection)
        others = (asked.case, case(2, asked.case.data, state=better))
        facts = {**asked.facts, OTHER_APPLICATIONS.name: {1: others}}
        return offer_guards.in_merit_order.check(
            Context(**{**{name: getattr(asked, name) for name in asked.__slots__}, "facts": facts})
        ).ok

    assert not ask(OfferMade(), TWO)
    assert not ask(None, TWO)
    assert ask(OfferMade(exception="needs the night shift licence"), TWO)
    assert ask(OfferMade(), TWO, better="declined")
    # A second requisition has room for the second on the list; a filled one has none.
    assert ask(OfferMade(), ONE, TWO)
    assert not ask(OfferMade(), TWO, FULL)
