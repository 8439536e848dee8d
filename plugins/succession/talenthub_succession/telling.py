"""What succession says, in rows: posts, nominations and their arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from talenthub.sdk import CaseView, Engine, NotFound, Person, Problem, Transaction, incumbents_of, persons
from talenthub_succession.cases import Assessment, CriticalPost, Measure, Nomination, Vote
from talenthub_succession.finding import NOMINATION, POST, post_case
from talenthub_succession.readiness import shown

Row = dict[str, Any]


def post_rows(engine: Engine, tx: Transaction) -> list[Row]:
    """Return the critical posts that the actor may see, by code."""
    cases = [each for each in engine.of_workflow(tx, POST, open_only=True) if each.data is not None]
    sitting = incumbents_of(tx, [each.data.seat for each in cases])
    people = persons(tx, {each for each in sitting.values() if each is not None})
    rows = [_post(each, sitting[each.data.seat], people) for each in cases]
    return sorted(rows, key=lambda row: str(row["post"]))


def _post(case: CaseView, incumbent: int | None, people: Mapping[int, Person]) -> Row:
    data: CriticalPost = case.data
    return {
        "ref": case.ref,
        "post": data.post,
        "incumbent": people[incumbent].handle if incumbent is not None else None,
        "criticality": None if data.criticality is None else shown(data.criticality, 2),
        "leaving": None if data.leaving is None else shown(data.leaving, 2),
        "reviewed_on": data.reviewed_on,
        "state": case.state.replace("_", " "),
        "reason": data.reason,
    }


def nomination_rows(tx: Transaction, cases: Sequence[CaseView]) -> list[Row]:
    """Return nominations as rows, by person and post."""
    people = persons(tx, {each.subject for each in cases if each.subject is not None})
    rows = [_nomination(each, people) for each in cases if each.data is not None]
    return sorted(rows, key=lambda row: (row["person"], row["target"], row["purpose"]))


def _nomination(case: CaseView, people: Mapping[int, Person]) -> Row:
    data: Nomination = case.data
    agreed = data.agreed
    return {
        "ref": case.ref,
        "person": people[case.subject].handle if case.subject is not None else "",
        "target": data.post or data.role,
        "purpose": data.purpose,
        "state": case.state.replace("_", " "),
        "readiness": agreed.agreed if agreed else None,
        "on": agreed.on if agreed else None,
        "valid_until": data.valid_until,
    }


def groups_of(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield where each person's nominations stand together, by purpose."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["person"], []).append(row)
    for handle, own in found.items():
        yield {
            "person": handle,
            "together": _together([row["state"] for row in own]),
            "purposes": sorted({row["purpose"] for row in own}),
            "rows": [row["ref"] for row in own],
        }


def _together(states: Sequence[str]) -> str:
    decided = [each for each in states if each in ("approved", "active", "appointed", "rejected")]
    if len(decided) < len([each for each in states if each not in ("withdrawn", "expired")]):
        return "in progress"
    yes = sum(each != "rejected" for each in decided)
    return "approved" if yes == len(decided) > 0 else "partially approved" if yes else "rejected"


def chosen(
    engine: Engine, tx: Transaction, wanted: Mapping[str, str | None], *, everyone: bool
) -> list[CaseView]:
    """Return the nominations in the actor's view that answer to all filters.

    NotFound for a post that is none, or of which the actor sees nothing.
    """
    cases = engine.of_workflow(tx, NOMINATION, open_only=not everyone)
    post = wanted.get("post")
    if post is not None and not any(each.data is not None and each.data.post == post for each in cases):
        post_case(engine, tx, post)
    return [each for each in cases if each.data is not None and _answers(each, wanted)]


def _answers(case: CaseView, wanted: Mapping[str, str | None]) -> bool:
    own = {
        "post": case.data.post,
        "purpose": case.data.purpose,
        "state": case.state.replace("_", " "),
        "readiness": case.data.agreed.agreed if case.data.agreed else None,
    }
    return all(own[name] == word for name, word in wanted.items() if word is not None)


def argument_rows(tx: Transaction, case: CaseView) -> list[Row]:
    """Return everything a nomination says: why, what is missing, how ready."""
    if case.data is None:
        raise NotFound(Problem(text="there is no such case, or it is not yours to see", found=case.ref))
    data: Nomination = case.data
    people = persons(tx, {*(each.by for each in data.votes), *([data.reference] if data.reference else [])})
    rows = [_row("nomination", "purpose", says=f"{data.purpose}: {data.post or data.role}")]
    if data.rationale:
        rows.append(_row("nomination", "because", says=f"{data.rationale} ({', '.join(data.competencies)})"))
    if data.reference is not None:
        rows.append(_row("nomination", "reference", says=people[data.reference].handle))
    if data.newest is not None:
        rows += _competencies(data.newest)
        rows += _figures(data.newest)
    rows += [_dated(each) for each in data.assessments]
    rows += [_vote(each, people) for each in data.votes]
    return rows


def _row(part: str, item: str, figure: str | None = None, says: str = "") -> Row:
    return {"part": part, "item": item, "figure": figure, "says": says}


def _competencies(made: Assessment) -> Iterator[Row]:
    for each in made.measures:
        missing = shown(each.residual) if each.residual else None
        yield _row("competency", each.competency, missing, _told(each))


def _told(each: Measure) -> str:
    kind = " (critical)" if each.critical else "" if each.essential else " (desirable)"
    what = f"required {each.required}{kind}"
    if each.current is None:
        return f"{what}, unknown"
    return f"{what}, now {shown(each.current)}, may miss {shown(each.tolerance, 2)}"


def _figures(made: Assessment) -> Iterator[Row]:
    yield _row("figure", "residual", shown(made.residual), "Σ max(0, required − current − tolerance)")
    grown = "; ".join(
        f"{each.competency} {shown(each.gain)} in {(each.until - each.since).days} days"
        for each in made.growth
    )
    yield _row("figure", "velocity", shown(made.velocity), grown or "levels a year; no target was closed yet")
    yield _row("figure", "months", shown(made.months, 1), f"12·residual / (velocity·{made.at_once} at once)")
    yield _row("figure", "fit", shown(made.fit, 1), f"over {shown(made.coverage, 2)} of the role")
    yield _row("figure", "performance", made.performance, made.performance_source)
    yield _row("figure", "potential", made.potential, made.potential_source)


def _vote(vote: Vote, people: Mapping[int, Person]) -> Row:
    said = f"{vote.decision}: {vote.reason}" if vote.reason else vote.decision
    return _row("vote", people[vote.by].handle, says=said)


def _dated(made: Assessment) -> Row:
    words = f"computed {made.computed}, agreed {made.agreed} ({made.occasion})"
    return _row("readiness", made.on.isoformat(), says=f"{words}: {made.reason}" if made.reason else words)
