"""What a new row of the ledger must satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from talenthub.errors import Problem, UsageError, unknown
from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.settings import EvidenceSettings


def check(entries: Sequence[NewEvidence], today: date, settings: EvidenceSettings) -> None:
    """Raise UsageError with all that is wrong with `entries`."""
    problems = [
        problem
        for number, entry in enumerate(entries, start=1)
        for problem in _faults(f"evidence {number} on {entry.competency}", entry, today, settings)
    ]
    if problems:
        raise UsageError.of(problems)


def _faults(place: str, entry: NewEvidence, today: date, settings: EvidenceSettings) -> Iterator[Problem]:
    if entry.observed_on > today:
        yield _problem(
            place, "observed in the future", entry.observed_on.isoformat(), f"until {today.isoformat()}"
        )
    if not settings.holds(entry.observed_on):
        yield _problem(
            place, "too far from the epoch of the sums for this half-life", entry.observed_on.isoformat()
        )
    if entry.purpose not in settings.row_purposes:
        yield unknown("purpose", entry.purpose, settings.row_purposes, place=place)
    if entry.weight is None and entry.source not in settings.weights:
        yield unknown("evidence source", entry.source, settings.weights, place=place)
    if entry.weight is not None and entry.weight < 0:
        yield _problem(place, "a weight below 0", str(entry.weight))
    if entry.ladder < 0:
        yield _problem(place, "a ladder value below 0", str(entry.ladder))
    if (entry.supersedes is None) != (entry.reason is None):
        yield _problem(place, "a correction needs a reason, and only a correction has one")
    if entry.group is not None:
        yield from _group_faults(place, entry, settings)


def _group_faults(place: str, entry: NewEvidence, settings: EvidenceSettings) -> Iterator[Problem]:
    answered, asked = entry.group or (0, 0)
    if entry.author is not None:
        yield _problem(place, "a group's rating names no author")
    if not settings.minimum_people <= answered <= asked:
        yield _problem(
            place,
            "a group too small to stay unnamed",
            f"{answered} of {asked}",
            f"at least {settings.minimum_people} answers",
        )


def _problem(place: str, text: str, found: str | None = None, allowed: str | None = None) -> Problem:
    return Problem(text=text, place=place, found=found, allowed=allowed, code="evidence.invalid")
