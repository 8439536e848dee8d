"""Reports on the bench, in the view of whoever runs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from talenthub.sdk import Engine, Person, Transaction, persons
from talenthub_succession.bench import Seat, on_several, seats_of, without
from talenthub_succession.bench import coverage as coverage_of

Row = dict[str, Any]


def bench(engine: Engine, tx: Transaction) -> list[Row]:
    """Return each critical post with its nominees, bench and risk."""
    return bench_rows(tx, seats_of(engine, tx))


def coverage(engine: Engine, tx: Transaction) -> list[Row]:
    """Return each critical post with who is ready and who would be taken."""
    return coverage_rows(tx, seats_of(engine, tx))


def bench_rows(tx: Transaction, seats: Sequence[Seat]) -> list[Row]:
    """Return seats as rows, by code."""
    people = _people(tx, seats)
    several = dict(on_several(seats))
    return [
        {
            "post": seat.post,
            "incumbent": _handle(people, seat.incumbent),
            "nominees": [f"{people[each.person].handle}: {each.readiness}" for each in seat.nominees],
            "bench": float(seat.bench),
            "risk": _number(seat.risk),
            "changed": [
                f"{people[each.person].handle}: computed {each.computed}"
                for each in seat.nominees
                if each.computed != each.readiness
            ],
            "shared": sorted(people[each.person].handle for each in seat.nominees if each.person in several),
            "rows": [each.ref for each in seat.nominees],
        }
        for seat in seats
    ]


def coverage_rows(tx: Transaction, seats: Sequence[Seat]) -> list[Row]:
    """Return who is ready for each post, and who fills it if all fall vacant."""
    people = _people(tx, seats)
    found = coverage_of(seats)
    return [
        {
            "post": seat.post,
            "ready": [people[each.person].handle for each in seat.ready],
            "filled_by": _handle(people, found.filled.get(seat.post)),
            "bench": float(seat.bench),
            "rows": [each.ref for each in seat.ready],
        }
        for seat in seats
    ]


def risk_rows(tx: Transaction, seats: Sequence[Seat]) -> list[Row]:
    """Return the vacancy risk of each post, the highest first."""
    people = _people(tx, seats)
    rows = [
        {
            "post": seat.post,
            "incumbent": _handle(people, seat.incumbent),
            "leaving": _number(seat.leaving),
            "criticality": _number(seat.criticality),
            "bench": float(seat.bench),
            "risk": _number(seat.risk),
            "rows": [each.ref for each in seat.nominees],
        }
        for seat in seats
    ]
    return sorted(rows, key=lambda row: (row["risk"] is None, -(row["risk"] or 0), row["post"]))


def what_if_rows(tx: Transaction, seats: Sequence[Seat], leaving: Collection[int]) -> list[Row]:
    """Return the posts that change if these persons leave, before and after."""
    people = _people(tx, seats)
    after = without(seats, leaving)
    now, then = coverage_of(seats), coverage_of(after)
    return [
        {
            "post": before.post,
            "falls_vacant": "yes" if before.incumbent in leaving else "",
            "filled_by": _handle(people, then.filled.get(before.post)),
            "bench_before": float(before.bench),
            "bench_after": float(later.bench),
            "risk_before": _number(before.risk),
            "risk_after": _number(later.risk),
            "loses": [people[each.person].handle for each in before.nominees if each.person in leaving],
        }
        for before, later in zip(seats, after, strict=True)
        if before != later or now.filled.get(before.post) != then.filled.get(before.post)
    ]


def _people(tx: Transaction, seats: Sequence[Seat]) -> Mapping[int, Person]:
    wanted = {each.person for seat in seats for each in seat.nominees}
    return persons(tx, wanted | {seat.incumbent for seat in seats if seat.incumbent is not None})


def _handle(people: Mapping[int, Person], person: int | None) -> str | None:
    return None if person is None else people[person].handle


def _number(figure: Fraction | None) -> float | None:
    return None if figure is None else float(figure)
