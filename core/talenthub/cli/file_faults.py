"""A file is done whole or not at all: all that is refused of it, told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from talenthub.cli.firing import why_not
from talenthub.errors import FileError, Refused, TalentError
from talenthub.people.csvfiles import CsvRow

T = TypeVar("T")


def by_row(rows: Sequence[CsvRow | None], calls: Sequence[Callable[[], T]]) -> list[T]:
    """Return what each call returns; FileError with all faults of a file.

    A call belongs to the row in its place; None is one that was typed, whose
    error is raised as it is.
    """
    done, faults = [], []
    for row, call in zip(rows, calls, strict=True):
        try:
            done.append(call())
        except TalentError as error:
            if row is None:
                raise
            unmet = "; ".join(why_not(error)) if isinstance(error, Refused) and error.verdicts else ""
            faults += [
                replace(each, place=row.place, text=f"{each.text}: {unmet}" if unmet else each.text)
                for each in error.problems
            ]
    if faults:
        raise FileError.of(faults)
    return done
