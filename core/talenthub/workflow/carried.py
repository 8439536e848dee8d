"""Carried: the base of what cases carry, and how a competency is rated."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from talenthub.framework.model import RatingMode
from talenthub.framework.rating import as_relative, place


class Carried(BaseModel):
    """The base of everything that a case carries: it never changes in place."""

    # A command knows every model there is and fills in a few: each is built when first used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Measure(Carried):
    """How one competency of a role is rated, as a case keeps it."""

    competency: str
    required: int
    lowest: int
    highest: int
    mode: Literal["relative", "level"] = "relative"
    critical: bool = False
    descriptor: str = ""
    """The hash of the exact words that are rated."""

    @property
    def allowed(self) -> tuple[int, ...]:
        """Return the ratings that may be given."""
        return (1, 2, 3, 4, 5) if self.mode == "relative" else tuple(range(self.lowest, self.highest + 1))

    def ladder(self, rating: int | Fraction) -> Fraction:
        """Return where a rating stands on the competency's common ladder."""
        return place(RatingMode(self.mode), self.required, rating, self.highest)

    def as_points(self, rating: int | Fraction) -> Fraction:
        """Return a rating on the five points, whatever its mode."""
        return as_relative(RatingMode(self.mode), self.required, rating)


def plain(models: Iterable[BaseModel]) -> list[dict[str, Any]]:
    """Return models as the JSON values that a case keeps."""
    return [each.model_dump(mode="json") for each in models]
