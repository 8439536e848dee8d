"""Parts: rows of several values, and the tones that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from talenthub.pictures.marks import TONES, Number, figure


@dataclass(frozen=True, slots=True)
class Parts:
    """One row of several values, in the order of the legend."""

    label: str
    values: tuple[Number | None, ...]
    note: str = ""


def few(parts: Sequence[str]) -> None:
    """Refuse more parts than there are tones to tell them apart."""
    if not 0 < len(parts) <= TONES:
        raise ValueError(f"1 to {TONES} parts can be told apart, not {len(parts)}")


def tone_of(place: int) -> int:
    """Return the tone of a part, by its place."""
    # The fullest first: it is the one that is looked at.
    return (3, 1, 2, 0)[place]


def said_of(rows: Sequence[Parts], parts: Sequence[str]) -> list[str]:
    """Return each row in words."""
    return [
        f"{row.label}: "
        + ", ".join(f"{part} {figure(value)}" for part, value in zip(parts, row.values, strict=True))
        for row in rows
    ]
