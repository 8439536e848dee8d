"""Readiness, computed and argued: exact from the standing to the cut.

residual = max(0, required − current − tolerance) of each essential
competency; months = 12·Σ residual / (velocity·targets at once).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from talenthub.sdk import Fit, RoleGaps, fit
from talenthub_succession.cases import Growth, Measure
from talenthub_succession.settings import INSUFFICIENT, NOT_READY, Band, SuccessionSettings


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a nominee beside the ledger."""

    performance: str | None
    potential: str | None
    growth: tuple[Growth, ...]
    at_once: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was computed of one nominee against one role."""

    measures: tuple[Measure, ...]
    fit: Fraction | None
    coverage: Fraction
    residual: Fraction
    velocity: Fraction
    months: Fraction | None
    """None: at this pace what is missing is never reached."""
    unknown: tuple[str, ...]
    band: str


def readiness(gaps: RoleGaps, known: Known, settings: SuccessionSettings) -> Readiness:
    """Return how ready a nominee is, with every number that says so."""
    measures = tuple(_measures(gaps, settings))
    met = role_fit(gaps)
    residual = sum((Fraction(each.residual) for each in measures if each.residual), Fraction(0))
    pace = velocity(known.growth, settings)
    found = Readiness(
        measures,
        None if met.value is None else _exact(met.value),
        _exact(met.coverage),
        residual,
        pace,
        months_of(residual, pace, known.at_once),
        tuple(each.competency for each in measures if each.current is None and each.essential),
        "",
    )
    return _with_band(found, known, met, settings)


def _with_band(found: Readiness, known: Known, met: Fit, settings: SuccessionSettings) -> Readiness:
    if lacking(met, settings):
        band = INSUFFICIENT
    else:
        reached = (each.name for each in settings.band if not any(misses(each, found, known, settings)))
        band = next(reached, NOT_READY)
    return replace(found, band=band)


def lacking(met: Fit, settings: SuccessionSettings) -> list[str]:
    """Return what evidence is missing for any judgement; empty: enough."""
    found = []
    if _exact(met.coverage) < Fraction(settings.coverage):
        found.append(f"{met.coverage:.0%} of the role is known; at least {settings.coverage:.0%} is needed")
    if met.unknown_critical:
        found.append(f"critical and unknown: {', '.join(met.unknown_critical)}")
    if found and met.unknown:
        found.append(f"unknown: {', '.join(met.unknown)}")
    return found


def misses(band: Band, found: Readiness, known: Known, settings: SuccessionSettings) -> Iterator[str]:
    """Yield what stands between a nominee and a band, in words."""
    if found.months is None:
        yield "at this pace it is never reached"
    elif found.months > Fraction(band.months):
        yield f"{shown(found.months, 1)} months, at most {band.months}"
    if band.fit is not None and (found.fit is None or found.fit < Fraction(band.fit)):
        yield f"fit {shown(found.fit, 1)}, at least {band.fit}"
    for what, level, least in (
        ("performance", known.performance, band.performance),
        ("potential", known.potential, band.potential),
    ):
        if not settings.reaches(level, least):
            yield f"{what} {level or 'unknown'}, at least {least}"
    if band.complete and found.unknown:
        yield f"unknown: {', '.join(found.unknown)}"


def velocity(growth: Sequence[Growth], settings: SuccessionSettings) -> Fraction:
    """Return levels a year: the own targets, drawn to what is usual.

    (n·observed + weight·usual) / (n + weight), n the closed targets and
    observed their mean gain a year.
    """
    usual, weight, n = Fraction(settings.velocity), settings.velocity_weight, len(growth)
    if not n:
        return usual
    return (sum((each.yearly for each in growth), Fraction(0)) + weight * usual) / (n + weight)


def months_of(residual: Fraction, pace: Fraction, at_once: int) -> Fraction | None:
    """Return 12·residual / (pace·targets at once); None if never."""
    if residual == 0:
        return Fraction(0)
    return 12 * residual / (pace * at_once) if pace > 0 else None


def role_fit(gaps: RoleGaps) -> Fit:
    """Return how well the subject's standings meet the role."""
    return fit(gaps.profile.requirements, {each.competency: each.standing for each in gaps.gaps})


def _measures(gaps: RoleGaps, settings: SuccessionSettings) -> Iterator[Measure]:
    known = {each.competency: each for each in gaps.gaps}
    for asked in gaps.profile.requirements:
        code = asked.competency
        tolerance = settings.tolerated(code, critical=asked.critical)
        own = known.get(code)
        current = None if own is None else _exact(own.current)
        missing = None if current is None else max(Fraction(0), asked.level - current - tolerance)
        yield Measure(
            competency=code,
            required=asked.level,
            critical=asked.critical,
            essential=asked.essential,
            current=None if current is None else str(current),
            tolerance=str(tolerance),
            residual=str(missing) if missing is not None and asked.essential else None,
        )


def _exact(number: float) -> Fraction:
    # Standings are rounded to nine decimals: the number that prints is meant.
    return Fraction(str(number))


def shown(number: Fraction | str | None, places: int = 3) -> str:
    """Return a figure as people read it; `unknown` where it is."""
    return "unknown" if number is None else f"{float(Fraction(number)):.{places}f}"
