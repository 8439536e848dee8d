"""CareerSettings: cuts, weights and days, as the organisation sets them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from talenthub_career.strategies import BANDS, STRATEGIES, Band, Strategy

Share = Annotated[Decimal, Field(ge=0, le=1)]


class Anchored(BaseModel):
    """An item of learning agility, with words for both ends of its scale."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z-]*$", max_length=30, description="A small word of its own.")
    low: str = Field(description="What a 1 looks like.")
    high: str = Field(description="What a 5 looks like.")


AGILITY = (
    Anchored(name="curiosity", low="stays with what is known", high="looks for what nobody has asked yet"),
    Anchored(name="feedback", low="explains it away", high="asks for it and changes by it"),
    Anchored(name="experience", low="repeats a mistake", high="draws a rule from each case and tries it"),
    Anchored(name="newness", low="waits for instructions", high="finds a way on unknown ground"),
)


class CareerSettings(BaseModel):
    """The settings under `[plugin.career]`; a case pins those of its day.

    Cuts are decimals and compared exactly: a value on a cut belongs to the
    higher band.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    middle: Decimal = Field(default=Decimal("2.5"), description="From here on neither axis is low.")
    high: Decimal = Field(default=Decimal("3.5"), description="From here on it is high.")
    objectives_share: Share = Field(
        default=Decimal("0.5"), description="The share of what was reached in the performance."
    )
    agility_weight: Share = Field(default=Decimal("0.40"), description="Learning agility in the potential.")
    aspiration_weight: Share = Field(default=Decimal("0.25"), description="How far the person wants to go.")
    fit_weight: Share = Field(default=Decimal("0.35"), description="The fit to the next role.")
    agility: tuple[Anchored, ...] = Field(default=AGILITY, description="What raters of potential rate.")
    fewest_raters: int = Field(default=2, ge=2, le=6, description="So many rate before a placement.")
    strategies: tuple[Strategy, ...] = Field(
        default=STRATEGIES, description="One for each pair of bands; people see titles only."
    )
    without_placement: str = Field(default="broaden", description="The strategy of who was not placed.")

    strategy_share: Share = Field(default=Decimal("0.5"), description="Of the context: this year's strategy.")
    challenge_share: Share = Field(default=Decimal("0.3"), description="Of the context: the challenge now.")
    near_share: Share = Field(default=Decimal("0.2"), description="Of the context: the near-future role.")
    near_need: Share = Field(default=Decimal("0.5"), description="How much a gap to that role counts.")
    context_share: Share = Field(default=Decimal("0.6"), description="Of the priority; the rest is need.")
    choices: int = Field(default=3, ge=1, le=8, description="A target is one of the first so many.")

    hours: int = Field(default=100, ge=4, le=2000, description="The hours of a learning map.")
    over: Decimal = Field(
        default=Decimal("1.1"), ge=1, le=2, description="A kind may take so much of its share."
    )
    thin: Share = Field(default=Decimal("0.10"), description="A mix further off than this is thin.")
    in_flow: Share = Field(default=Decimal("0.60"), description="The least share of hours at work.")

    grace_days: int = Field(default=7, ge=1, le=30, description="An entry may be late by so many days.")
    misses: int = Field(default=2, ge=1, le=6, description="So many missed in a row go to the manager.")
    review_day: int = Field(default=90, ge=1, description="The day of the talk half-way.")
    length: int = Field(default=182, ge=28, le=730, description="After so many days it is reassessed.")
    longest_extension: int = Field(default=182, ge=7, le=730, description="An extension is no longer.")
    pulse_people: tuple[int, int] = Field(default=(3, 5), description="Colleagues asked: at least, at most.")
    asking_days: int = Field(default=14, ge=1, le=90, description="A question to colleagues closes then.")
    minimum_group: int = Field(default=3, ge=3, le=20, description="Answers of fewer are never shown.")
    partly: Share = Field(default=Decimal("0.5"), description="From this closure on it is partly achieved.")
    green: Share = Field(default=Decimal("0.8"), description="Entries and actions of a plan on its way.")

    expected_velocity: Decimal = Field(
        default=Decimal("1.0"), gt=0, description="Levels gained a year, before anything is known."
    )
    velocity_weight: int = Field(default=2, ge=0, description="That counts like so many closed targets.")
    tolerance: Decimal = Field(default=Decimal("0.5"), ge=0, description="A step may lack so much.")
    critical_tolerance: Decimal = Field(
        default=Decimal("0.25"), ge=0, description="So much of a critical competency."
    )
    at_once: int = Field(default=2, ge=1, le=4, description="Targets that a path works on at once.")
    minimum_unit: int = Field(default=5, ge=5, description="Figures and pictures of fewer are not shown.")

    @field_validator("strategies", mode="before")
    @classmethod
    def _beside_the_usual(cls, given: Any) -> Any:
        """Return what was given, and the usual ones of the boxes it leaves out."""
        if not isinstance(given, list | tuple) or not all(isinstance(each, Mapping) for each in given):
            return given
        taken = {(each.get("performance"), each.get("potential")) for each in given}
        return (*(each for each in STRATEGIES if each.box not in taken), *given)

    @model_validator(mode="after")
    def _fits_together(self) -> CareerSettings:
        if not 1 <= self.middle < self.high <= 5:
            raise ValueError("1 <= middle < high <= 5")
        for name, weights in (
            ("agility, aspiration and fit", (self.agility_weight, self.aspiration_weight, self.fit_weight)),
            ("strategy, challenge and near", (self.strategy_share, self.challenge_share, self.near_share)),
        ):
            if sum(weights) != 1:
                raise ValueError(f"the weights of {name} make {sum(weights)}, not 1")
        boxes = sorted(each.box for each in self.strategies if each.box is not None)
        if boxes != sorted(product(BANDS, BANDS)):
            raise ValueError("strategies: each pair of bands needs exactly one")
        if len({each.name for each in self.strategies}) < len(self.strategies):
            raise ValueError("strategies: each needs a name of its own")
        if self.without_placement not in {each.name for each in self.strategies}:
            raise ValueError(f"without_placement: no strategy is called {self.without_placement!r}")
        if not 3 <= self.pulse_people[0] <= self.pulse_people[1]:
            raise ValueError("pulse_people: at least three, and no more than the second number")
        return self

    def band(self, value: Fraction) -> Band:
        """Return the band of a figure; one on a cut is in the higher one."""
        if value >= Fraction(self.high):
            return "high"
        return "middle" if value >= Fraction(self.middle) else "low"

    def strategy_of(self, performance: Fraction, potential: Fraction) -> Strategy:
        """Return the strategy that the two figures mean."""
        box = self.band(performance), self.band(potential)
        return next(each for each in self.strategies if each.box == box)

    def strategy(self, name: str) -> Strategy | None:
        """Return the strategy of this name, or None."""
        return next((each for each in self.strategies if each.name == name), None)
