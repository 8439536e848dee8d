"""Rows and pictures of `talent gap radar` and `map`; imported when one runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from talenthub import pictures
from talenthub.evidence.settings import NO_BAND
from talenthub.pictures.marks import TONES

if TYPE_CHECKING:
    from talenthub.evidence.figures import Figure
    from talenthub.evidence.settings import EvidenceSettings
    from talenthub.people.units import Unit

Row = dict[str, Any]


def draw_radar(title: str, rows: Sequence[Row]) -> pictures.Picture:
    """Return what is known of a person beside what the role asks for."""
    spokes = [pictures.Spoke(row["competency"], row.get("current"), row["required"]) for row in rows]
    highest = max([math.ceil(max(each.value or 0, each.asked or 0)) for each in spokes], default=0)
    return pictures.radar(title, spokes, highest or 1, "shown", "asked for")


def map_rows(found: Iterable[tuple[Unit, tuple[Figure, ...]]], settings: EvidenceSettings) -> list[Row]:
    """Return a row a unit and competency; what is too small is empty."""
    return [
        {
            "unit": unit.code,
            "name": unit.name,
            "competency": each.competency,
            "people": each.people,
            "known": each.known,
            "mean_gap": each.mean_size,
            "band": None if each.mean_size is None else settings.band_of(each.mean_size),
        }
        for unit, figures in found
        for each in figures
    ]


def draw_map(title: str, rows: Sequence[Row], settings: EvidenceSettings) -> pictures.Picture:
    """Return units against competencies; a cell is dark as its band."""
    by_place = {(row["name"], row["competency"]): row for row in rows}
    codes = sorted({row["competency"] for row in rows})
    bands = [NO_BAND, *settings.bands]
    heat = [
        pictures.HeatRow(name, tuple(_cell(by_place.get((name, code)), bands) for code in codes))
        for name in dict.fromkeys(row["name"] for row in rows)
    ]
    return pictures.heat_map(title, codes, heat, bands[:TONES])


def _cell(row: Row | None, bands: Sequence[str]) -> pictures.Cell | None:
    if row is None or row["mean_gap"] is None:
        return None
    tone = min(bands.index(row["band"]), TONES - 1)
    return pictures.Cell(f"{row['mean_gap']:.2f}", tone, f"{row['known']} of {row['people']}")
