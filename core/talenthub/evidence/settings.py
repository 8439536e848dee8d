"""EvidenceSettings: half-life, weights, purposes and cuts, with a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from talenthub.config.defaults import PURPOSES, READERS, WEIGHTS
from talenthub.errors import ConfigurationError, Problem, UsageError, unknown
from talenthub.evidence.exact import Exactable, exact, rounded
from talenthub.storage.types import digest

LARGEST_EXPONENT = 1000
"""Beyond 2^±1000 a double no longer holds a decayed weight."""

BANDS: Mapping[str, Exactable] = MappingProxyType({"minor": "0.25", "material": "0.5", "large": "1"})
NO_BAND = "none"
FEWEST = 3
"""The floor of every smallest group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSettings:
    """How evidence is weighed, read and shown; ConfigurationError if absurd."""

    half_life_days: int = 180
    """After so many days a row counts half."""
    weights: Mapping[str, Exactable] = field(default_factory=lambda: WEIGHTS)
    """Source → weight of a new row; 0 is shown and not counted."""
    purposes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: PURPOSES)
    """Purpose of the reader → purposes of the rows that it may use."""
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READERS)
    """self, line or hr → purposes of the rows that they may look at."""
    bands: Mapping[str, Exactable] = field(default_factory=lambda: BANDS)
    """Name of a gap's band → the smallest gap in it, in levels."""
    strength: Exactable = "0.5"
    """So many levels above the required one make a strength."""
    close_sources: int = 2
    """So many sources must agree before a gap closes."""
    close_days: int = 60
    """And so recent their ratings must be, in days."""
    sure_weight: Exactable = "1"
    """Under this effective weight a standing is provisional."""
    minimum_people: int = 3
    """A figure about fewer people is shown to nobody as a group figure."""
    minimum_unit: int = 5
    """The same for units."""
    epoch: date = date(2025, 1, 1)
    """The day to which the kept sums are scaled."""

    version: str = field(init=False)
    """What a kept sum depends on, as 16 hexadecimal digits.

    Weights are not in it: each row keeps the weight of its own day.
    """

    def __post_init__(self) -> None:
        problems = list(_faults(self))
        if problems:
            raise ConfigurationError.of(problems)
        _freeze(self, "weights", {name: exact(each) for name, each in self.weights.items()})
        # Standings are rounded before they meet a cut, and so are the cuts.
        _freeze(self, "bands", {name: rounded(exact(each)) for name, each in self.bands.items()})
        _freeze(self, "purposes", {name: tuple(each) for name, each in self.purposes.items()})
        _freeze(self, "readers", {name: tuple(each) for name, each in self.readers.items()})
        for name in ("strength", "sure_weight"):
            object.__setattr__(self, name, rounded(exact(getattr(self, name))))
        version = digest("sums", self.half_life_days, self.epoch.isoformat())[:16]
        object.__setattr__(self, "version", version)

    @property
    def row_purposes(self) -> tuple[str, ...]:
        """Return every purpose a row may have, sorted."""
        named = set(self.purposes).union(*self.purposes.values(), *self.readers.values())
        return tuple(sorted(named))

    def usable(self, purpose: str) -> tuple[str, ...]:
        """Return the purposes of rows that a reader with `purpose` may use."""
        try:
            return self.purposes[purpose]
        except KeyError:
            raise UsageError(unknown("purpose", purpose, self.purposes)) from None

    def weight_of(self, source: str) -> Fraction:
        """Return the weight of a new row from `source`; UsageError if unknown."""
        try:
            return exact(self.weights[source])
        except KeyError:
            raise UsageError(unknown("evidence source", source, self.weights)) from None

    def band_of(self, size: float) -> str:
        """Return the band of a gap of `size` levels; a cut is in the upper one."""
        reached = [(float(edge), name) for name, edge in self.bands.items() if size >= float(edge)]
        return max(reached)[1] if reached else NO_BAND

    @property
    def smallest_band(self) -> float:
        """Return the size from which on something is a gap, in levels."""
        return min((float(edge) for edge in self.bands.values()), default=0.0)

    def is_gap(self, size: float) -> bool:
        """Return whether so many levels below the required one are a gap."""
        return self.band_of(size) != NO_BAND

    def is_strength(self, above: float) -> bool:
        """Return whether so many levels above the required one are a strength."""
        return rounded(above) >= float(self.strength)

    def is_provisional(self, weight: float) -> bool:
        """Return whether an effective weight is too small to rely on."""
        return weight < float(self.sure_weight)

    def exponent(self, day: date) -> float:
        """Return how often a row of `day` doubled since the epoch."""
        return (day - self.epoch).days / self.half_life_days

    def holds(self, day: date) -> bool:
        """Return whether a weight of `day` fits into a kept sum."""
        return abs(self.exponent(day)) <= LARGEST_EXPONENT


def _freeze(settings: EvidenceSettings, name: str, value: Mapping[str, object]) -> None:
    object.__setattr__(settings, name, MappingProxyType(dict(value)))


def _faults(settings: EvidenceSettings) -> Iterator[Problem]:
    if settings.half_life_days < 1:
        yield _fault("half_life_days", "a half-life is at least one day", settings.half_life_days)
    for name in ("close_sources", "close_days"):
        if getattr(settings, name) < 1:
            yield _fault(name, "at least one is needed", getattr(settings, name))
    for table in ("weights", "bands"):
        for name, number in getattr(settings, table).items():
            if not _is_amount(number):
                yield _fault(f"{table}.{name}", "a number from 0 on is needed", number)
    for name in ("strength", "sure_weight"):
        if not _is_amount(getattr(settings, name)):
            yield _fault(name, "a number from 0 on is needed", getattr(settings, name))
    for name in ("minimum_people", "minimum_unit"):
        if getattr(settings, name) < FEWEST:
            yield _fault(name, "a figure about so few shows its members", getattr(settings, name))


def _is_amount(number: Exactable) -> bool:
    try:
        return exact(number) >= 0
    except (ValueError, ZeroDivisionError):
        return False


def _fault(setting: str, text: str, found: object) -> Problem:
    return Problem(text=text, path=f"evidence.{setting}", found=str(found), code="evidence.setting")
