"""Figures of raters: from revealed ratings, in the reader's view only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, Transaction, grants_of, persons
from talenthub_recruitment.cases import Measure
from talenthub_recruitment.monitoring.raters import FLOOR, Severity, halo, severities
from talenthub_recruitment.monitoring.reliability import Ratings, accord, alpha, intraclass
from talenthub_recruitment.opening import selection_of

REVEALED = ("revealed", "locked_again", "closed")
"""States of a scorecard whose ratings stand and are known to the panel."""

OVERSEES = ("recruiter", "hr_partner", "hr_officer", "hr_head", "auditor")
"""Grants whose holders see other raters' figures, as the chair does."""

RULES = {
    "severity": "z = .6745·(mean − median)/MAD over raters of 5 people or more; "
    "flagged: |z| > 2.5 and .5 or more apart (Iglewicz and Hoaglin, 1993)",
    "halo": "mean correlation of two competencies, mean variance within a person; 5 people or more",
    "icc": "intraclass correlation (Shrout and Fleiss, 1979); 5 candidates or more",
    "alpha": "Krippendorff's alpha, ordinal; 5 candidates or more",
    "accord": "share of pairs of ratings of one candidate that are equal, and at most one point apart",
    "r_wg": "mean of 1 − s²/σ² over the candidates (James, Demaree and Wolf, 1984)",
}
"""What each figure is made by."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One revealed rating on the five points."""

    selection: str
    candidate: int
    """The application."""
    competency: str
    rater: int
    points: Fraction


def revealed(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[Rated]:
    """Return the revealed ratings of selections, as the actor may see them.

    An application counts once every scorecard in it is revealed or excused;
    while one is open again its ratings may change, and none counts.
    """
    found: list[Rated] = []
    for selection in {each.id: each for each in (selection_of(engine, tx, ref) for ref in refs)}.values():
        applications = engine.children(tx, selection.id, "recruitment.application")
        cards = engine.children_of(tx, [each.id for each in applications], "recruitment.scorecard")
        for application in applications:
            found += _ratings(selection.ref, application, cards[application.id])
    return found


def _ratings(selection: str, application: CaseView, cards: Sequence[CaseView]) -> Iterable[Rated]:
    counted = [each for each in cards if each.state != "excused"]
    if not all(each.state in REVEALED and each.data is not None for each in counted):
        return []
    return [
        Rated(selection, application.id, measure.competency, rater, measure.as_points(rating))
        for card in counted
        for rater in card.people("assessor")
        for measure, rating in _given(card)
    ]


def _given(card: CaseView) -> list[tuple[Measure, int]]:
    ratings = card.data.ratings
    return [
        (measure, ratings[measure.competency])
        for measure in card.data.measures
        if ratings.get(measure.competency) is not None
    ]


def rater_rows(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[dict[str, Any]]:
    """Return severity and halo, a row for each rater with enough people.

    Who neither chairs all the selections nor holds a grant of recruiting or
    HR gets the own row only.
    """
    found = revealed(engine, tx, refs)
    by_rater: dict[int, list[Rated]] = defaultdict(list)
    for each in found:
        by_rater[each.rater].append(each)
    everybody = severities({str(rater): _mean(rated) for rater, rated in by_rater.items()})
    people = persons(tx, set(by_rater))
    shown = everybody if _oversees(engine, tx, refs) else _own(tx, everybody)
    return [_rater_row(people[int(each.rater)].handle, each, by_rater[int(each.rater)]) for each in shown]


def _own(tx: Transaction, found: Iterable[Severity]) -> list[Severity]:
    return [each for each in found if int(each.rater) == tx.actor.person]


def _mean(rated: Sequence[Rated]) -> tuple[int, Fraction]:
    people = len({each.candidate for each in rated})
    return people, sum((each.points for each in rated), Fraction(0)) / len(rated)


def _oversees(engine: Engine, tx: Transaction, refs: Sequence[str]) -> bool:
    if tx.actor.person is None:
        return True
    if any(each.name in OVERSEES for each in grants_of(tx, [tx.actor.person])[tx.actor.person]):
        return True
    return all(tx.actor.person in selection_of(engine, tx, ref).people("chair") for ref in refs)


def _rater_row(handle: str, severity: Severity, rated: Sequence[Rated]) -> dict[str, Any]:
    seen = halo(_table(rated, lambda each: each.candidate, lambda each: each.competency))
    return {
        "rater": handle,
        "people": severity.number,
        "mean": severity.mean,
        "difference": severity.difference,
        "z": severity.z,
        "severity": severity.words,
        "halo": seen.correlation,
        "within": seen.within,
        "rules": {"severity": RULES["severity"], "halo": RULES["halo"]},
    }


def agreement_rows(engine: Engine, tx: Transaction, refs: Sequence[str]) -> list[dict[str, Any]]:
    """Return how far each panel agrees: a row for each competency.

    The last row of a selection takes all competencies together. Only
    where at least five candidates have been rated.
    """
    groups: dict[tuple[str, str], list[Rated]] = defaultdict(list)
    for each in revealed(engine, tx, refs):
        groups[each.selection, each.competency].append(each)
        groups[each.selection, "all"].append(each)
    ordered = sorted(groups, key=lambda key: (key[0], key[1] == "all"))
    rows = [_agreement_row(*key, groups[key]) for key in ordered]
    return [each for each in rows if each is not None]


def _agreement_row(selection: str, competency: str, rated: Sequence[Rated]) -> dict[str, Any] | None:
    if len({each.candidate for each in rated}) < FLOOR:
        return None
    table = _table(rated, lambda each: (each.candidate, each.competency), lambda each: each.rater)
    correlations, found = intraclass(table), accord(table)
    return {
        "selection": selection,
        "competency": competency,
        "candidates": len({each.candidate for each in rated}),
        "raters": correlations.raters,
        "icc_1": correlations.icc_1,
        "icc_2_1": correlations.icc_2_1,
        "icc_2_k": correlations.icc_2_k,
        "icc_3_1": correlations.icc_3_1,
        "alpha": alpha(table, "ordinal"),
        "r_wg": found.r_wg,
        "exact": found.exact,
        "within_one": found.within_one,
        "rules": {name: RULES[name] for name in ("icc", "alpha", "accord", "r_wg")},
    }


def _table(rated: Sequence[Rated], row: Any, column: Any) -> Ratings:
    cells: Mapping[tuple[Any, Any], Fraction] = {(row(each), column(each)): each.points for each in rated}
    rows, columns = dict.fromkeys(map(row, rated)), sorted(set(map(column, rated)))
    return [[cells.get((one, other)) for other in columns] for one in rows]
