"""Comparing candidates: means, merit and why not, as far as one may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, Person, Transaction, persons, settings_of
from talenthub_recruitment.cases import Consensus
from talenthub_recruitment.figures import consensus, shortfalls, spreads
from talenthub_recruitment.opening import selection_of
from talenthub_recruitment.settings import RecruitmentSettings

CHOSEN = ("ranked", "reserve", "offered", "accepted", "hired")
"""States that only the appointable and the excepted reach."""

OUT = ("rejected", "withdrawn", "declined", "expired", "offer_withdrawn", "moved_on")


def compared(engine: Engine, tx: Transaction, ref: str) -> list[dict[str, Any]]:
    """Return one row a candidate, the best first.

    Means stand there once the scorecards are revealed to the reader.
    """
    selection = selection_of(engine, tx, ref)
    applications = engine.children(tx, selection.id, "recruitment.application")
    cards = engine.children_of(tx, [each.id for each in applications], "recruitment.scorecard")
    people = persons(tx, {each.subject for each in applications if each.subject is not None})
    found = [(each, figures_of(each, cards[each.id])) for each in applications]
    rows = [_row(each, figures, people, pinned(engine, tx, each)) for each, figures in found]
    _rank(rows)
    # Equals stay in the order they were opened in: by reference, 10 would stand before 2.
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0))


def pinned(engine: Engine, tx: Transaction, case: CaseView) -> RecruitmentSettings:
    """Return the settings that a case pinned when it was opened."""
    kept: RecruitmentSettings = settings_of(
        tx, engine.catalogue.running(case.workflow, case.workflow_version), case
    )
    return kept


def figures_of(application: CaseView, cards: Sequence[CaseView]) -> Consensus | None:
    """Return the consensus, or what the revealed scorecards add up to.

    None while the reader may not see every scorecard that counts.
    """
    if application.data is None:
        return None
    if application.data.consensus is not None:
        kept: Consensus = application.data.consensus
        return kept
    counted = [card for card in cards if card.state != "excused"]
    shown = application.state == "awaiting_consensus" and all(card.data is not None for card in counted)
    if not shown or not counted:
        return None
    measures = application.data.measures
    if not all(each.observed for each in spreads(measures, counted)):
        return None
    return consensus(measures, counted, len(cards))


def _rank(rows: Sequence[dict[str, Any]]) -> None:
    """Rank those who may be chosen; equal means share a rank."""
    means = [row["overall"] for row in rows if row.pop("may_be_chosen")]
    for row in rows:
        if row["overall"] in means and row["rank"] is not None:
            row["rank"] = 1 + sum(mean > row["overall"] for mean in means)


def _row(
    application: CaseView,
    figures: Consensus | None,
    people: Mapping[int, Person],
    settings: RecruitmentSettings,
) -> dict[str, Any]:
    measures = application.data.measures if application.data is not None else ()
    short = () if figures is None else shortfalls(measures, figures, settings)
    means = {} if figures is None else {each.competency: each.mean for each in figures.findings}
    may_be_chosen = figures is not None and application.state not in OUT
    may_be_chosen = may_be_chosen and (not short or application.state in CHOSEN)
    return {
        "rank": 0 if may_be_chosen else None,
        "may_be_chosen": may_be_chosen,
        "application": application.ref,
        "candidate": _name(people, application.subject),
        "state": application.state.replace("_", " "),
        "requisition": application.data.requisition if application.data is not None else "",
        **{code: Fraction(mean) for code, mean in means.items()},
        "overall": None if figures is None else Fraction(figures.overall),
        "overall_exact": None if figures is None else figures.overall,
        "means_exact": means,
        "appointable": None if figures is None else not short,
        "why_not": list(short),
    }


def rating_rows(engine: Engine, tx: Transaction, ref: str) -> list[dict[str, Any]]:
    """Return the ratings behind the means: one row each, as one may see."""
    selection = selection_of(engine, tx, ref)
    applications = engine.children(tx, selection.id, "recruitment.application")
    cards = engine.children_of(tx, [each.id for each in applications], "recruitment.scorecard")
    everybody = {each.subject for each in applications} | {
        each for listed in cards.values() for card in listed for each in card.people("assessor")
    }
    people = persons(tx, {each for each in everybody if each is not None})
    return [
        row
        for application in applications
        for card in cards[application.id]
        if card.data is not None
        for row in _ratings(application, card, people)
    ]


def _ratings(application: CaseView, card: CaseView, people: Mapping[int, Person]) -> Iterator[dict[str, Any]]:
    (assessor,) = card.people("assessor")
    for measure in card.data.measures:
        code = measure.competency
        if code in card.data.ratings:
            yield {
                "application": application.ref,
                "candidate": _name(people, application.subject),
                "scorecard": card.ref,
                "assessor": people[assessor].handle if assessor in people else None,
                "competency": code,
                "first": card.data.first.get(code, card.data.ratings[code]),
                "rating": card.data.ratings[code],
                "note": card.data.notes.get(code),
            }


def _name(people: Mapping[int, Person], number: int | None) -> str | None:
    return people[number].name if number is not None and number in people else None
