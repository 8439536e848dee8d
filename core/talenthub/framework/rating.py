"""From a rating to the competency's common ladder, exactly.

A rater judges against the role's descriptor; the ladder makes judgements of
different roles comparable. All values are Fractions: a float sum puts one
exact 3.0 in seven below 3.0. The formulas are our own (architecture 4).
"""

from __future__ import annotations

from fractions import Fraction

from talenthub.errors import Problem, UsageError
from talenthub.framework.model import RatingMode

LOWEST_POINT = 1
MEETS = 3
HIGHEST_POINT = 5
"""The points of the relative rating."""


def ladder(required: int, rating: int | Fraction, highest: int) -> Fraction:
    """Return the place on the ladder of a relative rating, 0 to `highest`.

    `required` is the level the role asks for; 3 meets it, each point more or
    less is half a level: clamp(required + ½·(rating - 3), 0, highest).
    """
    return _clamp(required + Fraction(rating - MEETS) / 2, 0, highest)


def ladder_of_level(level: int | Fraction, highest: int) -> Fraction:
    """Return the place on the ladder of a level a rater named."""
    return _clamp(Fraction(level), 0, highest)


def relative_view(level: int | Fraction, required: int) -> Fraction:
    """Return a named level as a relative rating, 1 to 5.

    clamp(3 + 2·(level - required), 1, 5): cuts and agreement use it.
    """
    return _clamp(MEETS + 2 * Fraction(level - required), LOWEST_POINT, HIGHEST_POINT)


def place(mode: RatingMode, required: int, rating: int | Fraction, highest: int) -> Fraction:
    """Return the place on the ladder of a rating given in `mode`."""
    if mode is RatingMode.LEVEL:
        return ladder_of_level(rating, highest)
    return ladder(required, rating, highest)


def as_relative(mode: RatingMode, required: int, rating: int | Fraction) -> Fraction:
    """Return the rating on the five points, whatever the mode."""
    return relative_view(rating, required) if mode is RatingMode.LEVEL else Fraction(rating)


def _clamp(value: Fraction, lowest: int, highest: int) -> Fraction:
    return max(Fraction(lowest), min(value, Fraction(highest)))


def read_rating(text: str, unrated: str, place: str | None = None, *, named: bool = False) -> int | str:
    """Return a rating as forms take it; UsageError if the text is none.

    `unrated` is what stands for a competency that was not rated; `-` and
    other ways to write its blank mean the same. `named`: words that name a
    level are left to whoever knows the scale.
    """
    word = text.strip().lower()
    if word in (unrated, unrated.replace(" ", "-"), "-"):
        return unrated
    if word.isascii() and word.isdigit() and len(word) < 4:
        return int(word)
    if named and any(each.isalpha() for each in word):
        return text.strip()
    allowed = "a whole number of the scale, its name," if named else "a whole number of the scale,"
    raise UsageError(
        Problem(
            text="this is no rating",
            place=place,
            found=text,
            allowed=f"{allowed} or {unrated!r}",
            code="rating",
        )
    )
