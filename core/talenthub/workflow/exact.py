"""Exact: numbers as text, as somebody types them and as a case keeps them.

Neither is ever a float, and none has an exponent: `1e999999999` is ten letters
to type, and a thousand million digits to work with.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field

_TYPED = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}|[0-9]{1,30}/[0-9]{1,30})")
_KEPT = re.compile(r"-?[0-9]{1,2000}(?:/[0-9]{1,2000}|\.[0-9]{1,2000})?")
_DIVIDED_BY_NOTHING = re.compile(r".*/0+")
_WITH_COMMA = re.compile(r"([+-]?[0-9]{1,30}),([0-9]{1,30})")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


def exact_number(text: str) -> str:
    """Return a number as its exact text: `0.8` as `4/5`; ValueError if none."""
    given = text.strip()
    if not _TYPED.fullmatch(given) or _DIVIDED_BY_NOTHING.fullmatch(given):
        found = f"; found {given[:40]!r}{likely_number(given)}"
        raise ValueError(f"this is no number such as 20, 0.8 or 4/5{found}")
    return str(Fraction(given))


def likely_number(text: str) -> str:
    """Return `; did you mean 0.8?` of a number with a comma; else nothing.

    `1,000` may be a thousand or one: nobody is told to type either.
    """
    found = _WITH_COMMA.fullmatch(text.strip())
    if found is None or _THOUSANDS.fullmatch(text.strip()):
        return ""
    return f"; did you mean {found[1]}.{found[2]}?"


def _figure(text: str) -> str:
    if not _KEPT.fullmatch(text) or _DIVIDED_BY_NOTHING.fullmatch(text):
        raise ValueError("this is no figure such as 3, 2.7 or 7/3")
    return text


def shown(number: Fraction | None, places: int = 3) -> str:
    """Return a figure as people read it: `3.100`, `2`; `-` where unknown."""
    if number is None:
        return "-"
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.{places}f}"


Exact = Annotated[str, Field(coerce_numbers_to_str=True), AfterValidator(exact_number)]
"""A number in a form: 20, 0.8 or 4/5, given on as its exact text."""

Figure = Annotated[str, AfterValidator(_figure)]
"""A figure that a case carries, exact: `3`, `2.7` or `7/3`."""
