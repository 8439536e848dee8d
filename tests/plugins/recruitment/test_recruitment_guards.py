"""Guards of recruitment: every cut, with the figures of all panels of three."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from talenthub.sdk import (
    PARENT,
    PEOPLE,
    Actor,
    CaseView,
    Context,
    FireCase,
    OpenCase,
    RecordEvidence,
    UpdateData,
)
from talenthub_recruitment import effects, forms, guards, rating_effects, rating_guards
from talenthub_recruitment.cases import Application, Consensus, Measure, Scorecard, Selection
from talenthub_recruitment.facts import OTHER_SCORECARDS, SCORECARDS
from talenthub_recruitment.figures import consensus, shortfalls
from talenthub_recruitment.settings import RecruitmentSettings

NOW = datetime(2026, 2, 10, 15, tzinfo=UTC)
PANELS = list(itertools.product(range(1, 6), repeat=3))
CIT = Measure(competency="CIT", required=2, lowest=1, highest=5)
TRU = Measure(competency="TRU", required=2, lowest=1, highest=5, critical=True)


def case(number: int = 1, data: Any = None, **changes: Any) -> CaseView:
    view = CaseView(
        id=number,
        ref=f"APP-{number}",
        workflow="recruitment.application",
        workflow_version=1,
        state="awaiting_consensus",
        version=3,
        subject=99,
        parent=500,
        framework_version=1,
        unit=None,
        about="",
        data=data or Application(role="clerk", measures=(CIT,)),
        participants={"chair": (10,), "assessor": (1, 2, 3)},
        opened_at=NOW,
        entered_at=NOW,
        closed_at=None,
        outcome=None,
    )
    return replace(view, **changes)


def card(number: int, ratings: Mapping[str, int | None], state: str = "revealed", **data: Any) -> CaseView:
    held = data.pop("interviewed_on", date(2026, 2, 10))
    carried = Scorecard(measures=(CIT, TRU), ratings=dict(ratings), interviewed_on=held, **data)
    people = {"assessor": (number,), "chair": (10,)}
    return case(100 + number, carried, state=state, participants=people, parent=1)


def cards(*ratings: int | None, code: str = "CIT", **changes: Any) -> tuple[CaseView, ...]:
    return tuple(card(place, {code: each}, **changes) for place, each in enumerate(ratings, 1))


def context(
    view: CaseView | None = None,
    form: Any = None,
    actor: Actor | None = None,
    settings: RecruitmentSettings | None = None,
    **facts: Any,
) -> Context:
    shown = view or case()
    named = {
        "scorecards": SCORECARDS.name,
        "siblings": OTHER_SCORECARDS.name,
        "parent": PARENT.name,
        "people": PEOPLE.name,
    }
    return Context(
        case=shown,
        transition="any",
        form=form,
        actor=actor or Actor(10),
        now=NOW,
        today=NOW.date(),
        settings=settings or RecruitmentSettings(),
        facts={named[name]: {shown.id: value} for name, value in facts.items()},
    )


def sample_variance(values: Sequence[int]) -> Fraction:
    mean = Fraction(sum(values), len(values))
    return sum(((each - mean) ** 2 for each in values), Fraction(0)) / (len(values) - 1)


@pytest.mark.parametrize("cut", ["0.70", "0.5", "0.8333333333", "0.75"])
def test_every_panel_of_three_discusses_by_range_or_agreement(cut: str) -> None:
    settings = RecruitmentSettings(low_agreement=Decimal(cut), wide_range=Decimal(3))
    for panel in PANELS:
        verdict = guards.ratings_agree_or_discussed.check(
            context(settings=settings, scorecards=cards(*panel))
        )
        r_wg = max(Fraction(0), 1 - sample_variance(panel) / 2)
        apart = max(panel) - min(panel) >= 3 or r_wg < Fraction(cut)
        assert verdict.ok is not apart, panel


def test_a_range_of_two_must_be_discussed_whatever_the_agreement() -> None:
    settings = RecruitmentSettings(low_agreement=Decimal(0))
    for panel in PANELS:
        verdict = guards.ratings_agree_or_discussed.check(
            context(settings=settings, scorecards=cards(*panel))
        )
        assert verdict.ok is (max(panel) - min(panel) < 2), panel


def test_agreement_exactly_on_the_cut_is_enough() -> None:
    # 2, 4, 3 has a variance of 1 and an r_wg of exactly one half.
    on_cut = RecruitmentSettings(low_agreement=Decimal("0.5"), wide_range=Decimal(3))
    above = RecruitmentSettings(low_agreement=Decimal("0.500001"), wide_range=Decimal(3))
    panel = cards(2, 4, 3)
    assert guards.ratings_agree_or_discussed.check(context(settings=on_cut, scorecards=panel)).ok
    assert not guards.ratings_agree_or_discussed.check(context(settings=above, scorecards=panel)).ok


def test_a_discussed_competency_counts_as_it_was_locked_again() -> None:
    half = (
        card(1, {"CIT": 1}, discussed=("CIT",)),
        card(2, {"CIT": 4}, discussed=("CIT",)),
        card(3, {"CIT": 4}),
    )
    assert not guards.ratings_agree_or_discussed.check(context(scorecards=half)).ok
    done = (*half[:2], card(3, {"CIT": 4}, discussed=("CIT",)))
    assert guards.ratings_agree_or_discussed.check(context(scorecards=done)).ok


def test_the_details_name_competency_and_figures_and_belong_to_a_scorecard() -> None:
    verdict = guards.ratings_agree_or_discussed.check(context(scorecards=cards(2, 4, 3)))
    assert verdict.details[0].text == "CIT 2, 4, 3 (range 2, r_wg 0.500)"
    assert verdict.details[0].case == 101
    assert "2, 4, 3" not in verdict.text


@pytest.mark.parametrize("critical", [True, False])
def test_every_panel_of_three_on_the_cuts_of_appointability(critical: bool) -> None:
    measure = TRU.model_copy(update={"critical": critical})
    settings = RecruitmentSettings()
    for panel in PANELS:
        found = consensus([measure], cards(*panel, code="TRU"), 3)
        mean = Fraction(sum(panel), 3)
        assert Fraction(found.overall) == mean
        short = mean < 3 or (critical and mean < Fraction(5, 2))
        verdict = guards.appointable.check(
            context(case(data=Application(role="clerk", measures=(measure,), consensus=found)))
        )
        assert verdict.ok is not short, panel
        assert bool(shortfalls([measure], found, settings)) is short


def test_two_competencies_meet_the_overall_cut_exactly() -> None:
    measures = [CIT, TRU]
    for first, second in itertools.product(PANELS, PANELS[::7]):
        panel = tuple(
            card(place, {"CIT": one, "TRU": two})
            for place, (one, two) in enumerate(zip(first, second, strict=True), 1)
        )
        found = consensus(measures, panel, 3)
        overall = (Fraction(sum(first), 3) + Fraction(sum(second), 3)) / 2
        assert Fraction(found.overall) == overall
        is_short = overall < 3 or Fraction(sum(second), 3) < Fraction(5, 2)
        assert bool(shortfalls(measures, found, RecruitmentSettings())) is is_short


def test_a_critical_mean_of_two_and_a_half_is_enough() -> None:
    four = tuple(card(place, {"CIT": 4, "TRU": each}) for place, each in enumerate((2, 3, 2, 3), 1))
    found = consensus([CIT, TRU], four, 4)
    assert Fraction(found.findings[1].mean) == Fraction(5, 2)
    assert shortfalls([CIT, TRU], found, RecruitmentSettings()) == ()


def test_weights_move_the_overall_mean_exactly() -> None:
    heavy = CIT.model_copy(update={"weight": "7/3"})
    panel = tuple(card(place, {"CIT": 5, "TRU": 2}) for place in (1, 2, 3))
    found = consensus([heavy, TRU], panel, 3)
    assert Fraction(found.overall) == (Fraction(7, 3) * 5 + 2) / (Fraction(7, 3) + 1)


def test_a_framework_of_levels_is_cut_in_the_relative_view() -> None:
    levels = Measure(competency="TRU", required=3, lowest=1, highest=4, mode="level", critical=True)
    assert levels.allowed == (1, 2, 3, 4)
    panel = cards(3, 3, 2, code="TRU")
    found = consensus([levels], panel, 3)
    # Means on the five points: 3, 3 and 1; the level itself goes to the ledger.
    assert Fraction(found.overall) == Fraction(7, 3)
    assert Fraction(found.findings[0].rating) == Fraction(8, 3)
    assert not guards.ratings_agree_or_discussed.check(
        context(case(data=Application(role="clerk", measures=(levels,))), scorecards=panel)
    ).ok


def test_not_observed_is_left_out_and_too_few_ratings_are_refused() -> None:
    two = cards(4, None, 3)
    assert guards.ratings_are_enough.check(context(scorecards=two)).ok
    assert Fraction(consensus([CIT], two, 3).overall) == Fraction(7, 2)
    assert not guards.ratings_are_enough.check(context(scorecards=cards(4, None, None))).ok


def test_collecting_waits_for_every_assessor_and_does_not_say_for_whom_aloud() -> None:
    people = {1: type("P", (), {"name": "Jonas Weber"})()}
    waiting = (card(1, {}, "in_progress"), card(2, {}, "locked"), card(3, {}, "locked"))
    none_in = (card(1, {}, "assigned"), card(2, {}, "assigned"), card(3, {}, "assigned"))
    one = guards.all_scorecards_locked.check(context(scorecards=waiting, people=people))
    other = guards.all_scorecards_locked.check(context(scorecards=none_in, people=people))
    assert not one.ok
    assert one.text == other.text
    assert one.mend == other.mend
    assert [detail.case for detail in one.details] == [101]
    assert "Jonas Weber" in one.details[0].text


def test_an_excused_assessor_is_replaced_before_the_reveal() -> None:
    left = (card(1, {}, "excused"), card(2, {}, "locked"), card(3, {}, "locked"))
    assert not guards.all_scorecards_locked.check(context(scorecards=left, people={})).ok
    full = (*left, card(4, {}, "locked"))
    assert guards.all_scorecards_locked.check(context(scorecards=full, people={})).ok


@pytest.mark.parametrize(
    ("rating", "note", "ok"),
    [
        (1, "", False),
        (1, "late", True),
        (2, "", False),
        (3, "", True),
        (4, "", True),
        (5, "", False),
        (None, "", True),
    ],
)
def test_a_note_is_needed_for_one_two_and_five(rating: int | None, note: str, ok: bool) -> None:
    notes = {"CIT": note} if note else {}
    view = case(data=Scorecard(measures=(CIT,), ratings={"CIT": rating}, notes=notes))
    assert rating_guards.scorecard_is_complete.check(context(view)).ok is ok


def test_an_unrated_competency_stops_the_lock() -> None:
    view = case(data=Scorecard(measures=(CIT, TRU), ratings={"CIT": 3}))
    verdict = rating_guards.scorecard_is_complete.check(context(view))
    assert not verdict.ok
    assert verdict.details[0].text == "TRU: no rating"


def test_mistyped_ratings_are_named_with_what_is_allowed() -> None:
    view = case(data=Scorecard(measures=(CIT, TRU)))
    form = forms.Ratings(ratings={"CTI": 3, "TRU": 6}, interviewed_on=date(2026, 2, 11))
    verdict = rating_guards.ratings_fit_the_plan.check(context(view, form))
    texts = " | ".join(each.text for each in verdict.details)
    assert "'CTI' is not in the plan; allowed: CIT, TRU; did you mean 'CIT'?" in texts
    assert "TRU: found 6; allowed: 1, 2, 3, 4, 5, not observed" in texts
    assert "still to come" in texts


def test_who_enters_for_another_is_barred_from_rating_and_the_other_way_round() -> None:
    own, other = card(1, {}, "assigned"), card(2, {}, "assigned", entered_by=(1,))
    barred = rating_guards.enters_or_rates.check(context(own, actor=Actor(1), siblings=(own, other)))
    assert not barred.ok
    entering = rating_guards.enters_or_rates.check(
        context(card(2, {}, "assigned"), actor=Actor(1), siblings=(own, other))
    )
    assert not entering.ok
    clerk = rating_guards.enters_or_rates.check(context(other, actor=Actor(77), siblings=(own, other)))
    assert clerk.ok
    through_login = rating_guards.enters_or_rates.check(
        context(other, actor=Actor(2, login=1), siblings=(own, other))
    )
    assert not through_login.ok


def test_a_rejection_names_a_reason_for_each_failed_essential() -> None:
    panel = tuple(card(place, {"CIT": 4, "TRU": 2}) for place in (1, 2, 3))
    data = Application(role="clerk", measures=(CIT, TRU), consensus=consensus([CIT, TRU], panel, 3))
    check = guards.failed_essentials_have_reasons.check
    assert check(context(case(data=data))).ok
    assert not check(context(case(data=data), forms.Rejection(reasons={}, reason="others were better"))).ok
    assert check(context(case(data=data), forms.Rejection(reasons={"TRU": "no file notes kept"}))).ok
    early = case(data=Application(role="clerk"))
    assert not check(context(early, forms.Rejection(reasons={}))).ok
    assert check(context(early, forms.Rejection(reasons={}, reason="no permit to work"))).ok


def test_an_exception_is_only_for_those_whom_the_rule_stops() -> None:
    good = Consensus(findings=(), overall="3", raters=3, panel=3)
    bad = Consensus(findings=(), overall="44/15", raters=3, panel=3)
    check = guards.not_appointable.check
    assert not check(context(case(data=Application(role="clerk", consensus=good)))).ok
    assert check(context(case(data=Application(role="clerk", consensus=bad)))).ok


def test_merit_is_by_exact_mean_and_equal_means_share_a_rank() -> None:
    ranked = tuple(
        case(
            number,
            Application(role="clerk", consensus=Consensus(findings=(), overall=overall, raters=3, panel=3)),
            state="ranked",
        )
        for number, overall in ((1, "3"), (2, "47/15"), (3, "47/15"), (4, "46/15"))
    )
    listed = effects.merit_list((*ranked, case(5, state="assessed")))
    assert [(each.case, each.rank) for each in listed] == [(2, 1), (3, 1), (4, 3), (1, 4)]


def test_a_hire_records_the_findings_of_the_interview_day() -> None:
    panel = tuple(card(place, {"CIT": 4, "TRU": each}) for place, each in enumerate((2, None, 3), 1))
    found = consensus([CIT, TRU], panel, 4)
    view = case(
        data=Application(role="clerk", measures=(CIT, TRU), consensus=found, interviewed_on=date(2026, 2, 10))
    )
    rows = [
        each for each in effects.record_ratings.produce(context(view)) if isinstance(each, RecordEvidence)
    ]
    assert [(each.competency, each.ladder, each.group) for each in rows] == [
        ("CIT", Fraction(5, 2), (3, 4)),
        ("TRU", 2 + (Fraction(5, 2) - 3) / 2, (2, 4)),
    ]
    assert {each.observed_on for each in rows} == {date(2026, 2, 10)}


def test_a_discussion_reopens_what_lies_apart_and_keeps_the_first_ratings() -> None:
    panel = tuple(card(place, {"CIT": each, "TRU": 3}) for place, each in enumerate((2, 4, 3), 1))
    view = case(data=Application(role="clerk", measures=(CIT, TRU)))
    fired = list(
        effects.reopen_scorecards.produce(context(view, forms.Discussion(note="we talked"), scorecards=panel))
    )
    assert [each.form for each in fired if isinstance(each, FireCase)] == [{"competencies": ["CIT"]}] * 3
    (change,) = rating_effects.reopen_ratings.produce(
        context(panel[0], forms.Reopening(competencies=("CIT",)))
    )
    assert isinstance(change, UpdateData)
    assert change.changes == {"reopened": ["CIT"], "first": {"CIT": 2}}


def test_one_scorecard_opens_for_each_assessor_of_the_selection() -> None:
    selection = case(500, Selection(role="clerk"), participants={"chair": (10,), "assessor": (1, 2, 3)})
    view = case(state="shortlisted", participants={"chair": (10,)})
    opened = [
        each
        for each in effects.open_scorecards.produce(context(view, parent=selection))
        if isinstance(each, OpenCase)
    ]
    assert [each.participants["assessor"] for each in opened] == [(1,), (2,), (3,)]
    assert {each.subject for each in opened} == {99}


def test_the_declarations_are_sound() -> None:
    from talenthub.workflow.catalogue import Loaded
    from talenthub.workflow.checks import check_catalogue
    from talenthub_recruitment import workflows

    loaded = [
        Loaded(getattr(workflows, name), "recruitment", RecruitmentSettings, RecruitmentSettings())
        for name in workflows.__all__
    ]
    assert check_catalogue(loaded) == []


def test_only_a_person_can_reject_or_refuse_anybody() -> None:
    from talenthub_recruitment.workflows import application

    adverse = {each.name for each in application.states if each.outcome == "failure"}
    assert adverse == {"rejected", "offer_withdrawn"}
    for each in application.transitions:
        if each.target in adverse:
            assert not each.by.includes_system, each.name
    for state in application.states:
        for timer in state.timers:
            assert (
                timer.fires is None
                or not {edge.target for edge in application.edges(state.name, timer.fires)} & adverse
            )
