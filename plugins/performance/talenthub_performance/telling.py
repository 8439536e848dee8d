"""What a review says, in rows: objectives, competencies, groups, figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from talenthub.sdk import CaseView, Engine, NotFound, Problem, Transaction, persons
from talenthub_performance.cases import Objective, Review
from talenthub_performance.figures import figures_of, mean_of, share_shown, surprise
from talenthub_performance.finding import REVIEW, review_of, settings_for
from talenthub_performance.leniency import Leniency, leniency
from talenthub_performance.review_guards import last_ratings


def review_rows(engine: Engine, tx: Transaction, word: str) -> list[dict[str, Any]]:
    """Return what a review says, as the actor may see it."""
    case = review_of(engine, tx, word)
    if case.data is None:
        raise NotFound(
            Problem(
                text="the review is not yours to read yet: it shows once it is released",
                found=case.ref,
                code="performance.not-released",
            )
        )
    data: Review = case.data
    rows = [_objective(each, data) for each in data.objectives]
    if not data.rated:
        return rows + _texts(data)
    rows += _competencies(data)
    rows += [*_texts(data), *_groups(data), *_figures(engine, tx, case)]
    return rows


def _row(part: str, item: str, **more: Any) -> dict[str, Any]:
    return {"part": part, "item": item, "rating": None, "says": "", **more}


def _objective(each: Objective, data: Review) -> dict[str, Any]:
    way = each.progress
    done = "not measured" if way is None else f"{float(way):.0%} of the way"
    measured = f", {each.start} → {each.target} {each.unit}, now {each.current}" if way is not None else ""
    rated = {"rating": data.results.get(each.key)} if data.rated else {}
    return _row(
        "objective",
        each.key,
        says=f"{each.title} (weight {share_shown(Fraction(each.weight))}): {done}{measured.rstrip()}",
        progress=None if way is None else str(way),
        **rated,
    )


def _competencies(data: Review) -> Iterator[dict[str, Any]]:
    before: dict[str, int | None] = {}
    for each in data.changes:
        before.setdefault(each.competency, each.before)
    for measure in data.measures:
        code = measure.competency
        rating = data.ratings.get(code)
        said = data.notes.get(code, "") if rating is not None else "not assessed"
        if code in before:
            reasons = "; ".join(each.reason for each in data.changes if each.competency == code)
            said += f" (was {before[code]}: {reasons})"
        yield _row("competency", code, rating=rating, says=said)


def _texts(data: Review) -> list[dict[str, Any]]:
    rows = [_row("text", kind, says=text) for kind, text in data.texts.items() if text]
    return rows + ([_row("text", "statement", says=data.statement)] if data.statement else [])


def _groups(data: Review) -> Iterator[dict[str, Any]]:
    for group in data.groups:
        for code, mean in group.means.items():
            yield _row(
                "group",
                f"{group.name} {code}",
                rating=float(Fraction(mean)),
                exact=mean,
                says=f"{group.counts[code]} answers of {group.asked} asked",
            )


def _figures(engine: Engine, tx: Transaction, case: CaseView) -> Iterator[dict[str, Any]]:
    settings = settings_for(engine, tx, case)
    data: Review = case.data
    found = figures_of(data, settings)
    share, rest = share_shown(settings.share), share_shown(1 - settings.share)
    for name, figure, says in (
        ("what", found.what, "Σ weight·rating over the objectives that were assessed"),
        ("how", found.how, f"mean over {found.assessed} of {found.asked} competencies"),
        ("performance", found.performance, f"{share}·what + {rest}·how"),
    ):
        yield _figure(name, figure, says)
    talks = [
        each
        for each in engine.children(tx, case.id, "performance.conversation")
        if each.data is not None and each.state in ("held", "agreed")
    ]
    before = last_ratings(tuple(talks), settings.last_conversations)
    index = surprise(found.performance, before)
    said = f"|performance − mean of {', '.join(before)}|" if before else "no conversation has a rating"
    yield _figure("surprise", index, said + (f"; {data.explanation}" if data.explanation else ""))


def _figure(name: str, figure: Fraction | None, says: str) -> dict[str, Any]:
    exact = None if figure is None else str(figure)
    return _row("figure", name, rating=None if figure is None else float(figure), says=says, exact=exact)


def conversation_rate(cases: Sequence[CaseView]) -> tuple[int, int]:
    """Return how many conversations were held, of how many planned."""
    held = sum(each.state in ("held", "agreed") for each in cases)
    return held, len(cases)


def reviews_of(engine: Engine, tx: Transaction, cycle: int) -> list[CaseView]:
    """Return the reviews of a cycle that the actor may know of."""
    return list(engine.children(tx, cycle, REVIEW))


def unwritten(engine: Engine, tx: Transaction, cycle: int) -> list[CaseView]:
    """Return the own statements of a cycle's people that are still missing."""
    writing = [each for each in reviews_of(engine, tx, cycle) if each.state == "writing"]
    found = engine.children_of(tx, [each.id for each in writing], "performance.statement")
    return [
        each
        for review in writing
        for each in found[review.id]
        if each.state == "drafting" and each.people("rater") == (review.subject,)
    ]


def status_rows(reviews: Sequence[CaseView]) -> list[dict[str, Any]]:
    """Return how many reviews stand where, and which."""
    found: dict[str, list[str]] = {}
    for each in reviews:
        found.setdefault(each.state, []).append(each.ref)
    return [
        {"state": state.replace("_", " "), "count": len(refs), "rows": refs}
        for state, refs in sorted(found.items(), key=lambda each: -len(each[1]))
    ]


def leniency_of(engine: Engine, tx: Transaction, cycle: CaseView) -> list[Leniency]:
    """Return how the managers of a cycle rated, before any calibration."""
    means: dict[int, list[Fraction]] = {}
    for each in reviews_of(engine, tx, cycle.id):
        if each.data is None or each.data.rated_by is None:
            continue
        given = {**each.data.ratings, **first_ratings(each.data)}
        found = mean_of(each.data.measures, given)
        if found is not None:
            means.setdefault(each.data.rated_by, []).append(found)
    return leniency(means, settings_for(engine, tx, cycle))


def first_ratings(data: Review) -> Mapping[str, int | None]:
    """Return the ratings that were changed, as they were first."""
    found: dict[str, int | None] = {}
    for each in data.changes:
        found.setdefault(each.competency, each.before)
    return found


def leniency_rows(tx: Transaction, found: Sequence[Leniency]) -> list[dict[str, Any]]:
    """Return the managers as rows, the most lenient first."""
    people = persons(tx, {each.manager for each in found})
    return [
        {
            "manager": people[each.manager].handle,
            "mean": float(each.mean),
            "ratees": each.ratees,
            "apart": float(each.apart),
            "z": None if each.z is None else float(each.z),
            "look": "look at the evidence" if each.flagged else "",
        }
        for each in found
    ]
