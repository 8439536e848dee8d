"""An assessment: readiness of a day as the case keeps it."""

from __future__ import annotations

from datetime import date

from talenthub.sdk import RoleGaps
from talenthub_succession.cases import Assessment, Nomination, Occasion
from talenthub_succession.forms import Discussed
from talenthub_succession.readiness import Known, Readiness, readiness, shown
from talenthub_succession.settings import SuccessionSettings


def known_of(data: Nomination, form: Discussed, settings: SuccessionSettings) -> Known:
    """Return what the form says; what it leaves out is as it was."""
    before = data.agreed
    return Known(
        settings.level_of(form.performance) or (before.performance if before else None),
        settings.level_of(form.potential) or (before.potential if before else None),
        tuple(each.kept() for each in form.growth) or (before.growth if before else ()),
        form.at_once or (before.at_once if before else settings.at_once),
    )


def assessed(
    data: Nomination,
    form: Discussed,
    gaps: RoleGaps,
    settings: SuccessionSettings,
    on: date,
    *,
    by: int | None,
) -> Assessment:
    """Return the readiness that people agree on, beside the computed one."""
    before = data.agreed
    known = known_of(data, form, settings)
    found = readiness(gaps, known, settings)
    made = _kept(found, known, settings, on, agreed=form.readiness or found.band)
    return made.model_copy(
        update={
            "occasion": "review" if before is None else "revalidation",
            "performance_source": _source(form, before, "performance"),
            "potential_source": _source(form, before, "potential"),
            "reason": form.reason,
            "by": by,
        }
    )


def _source(form: Discussed, before: Assessment | None, what: str) -> str:
    said, source = getattr(form, what), getattr(form, f"{what}_source")
    if said is None:
        return getattr(before, f"{what}_source") if before is not None else ""
    return f"{shown(said) if '/' in said else said}: {source}"


def scored_anew(
    data: Nomination,
    gaps: RoleGaps,
    settings: SuccessionSettings,
    on: date,
    occasion: Occasion,
) -> Assessment | None:
    """Return today's computed readiness, with what was agreed left alone.

    None where nobody has assessed the person yet.
    """
    before = data.agreed
    if before is None:
        return None
    known = Known(before.performance, before.potential, before.growth, before.at_once)
    made = _kept(readiness(gaps, known, settings), known, settings, on, agreed=before.agreed)
    return made.model_copy(
        update={
            "occasion": occasion,
            "performance_source": before.performance_source,
            "potential_source": before.potential_source,
        }
    )


def _kept(
    found: Readiness, known: Known, settings: SuccessionSettings, on: date, *, agreed: str
) -> Assessment:
    band = settings.named(agreed)
    return Assessment(
        on=on,
        performance=known.performance,
        potential=known.potential,
        growth=known.growth,
        at_once=known.at_once,
        measures=found.measures,
        fit=None if found.fit is None else str(found.fit),
        coverage=str(found.coverage),
        residual=str(found.residual),
        velocity=str(found.velocity),
        months=None if found.months is None else str(found.months),
        computed=found.band,
        agreed=agreed,
        strength=str(band.strength) if band else "0",
        covers=band.covers if band else False,
    )
