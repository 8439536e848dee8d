"""O*NET ratings: how important, and on which level, occupations need what.

A row per occupation, element and scale. The level (scale LV, 0 to 7) of a
requirement is rounded to a whole one and its importance (IM) is its weight;
the exact figures, their bounds and their number stand in its rationale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from talenthub.framework.content import Document
from talenthub.framework.formats.naming import slug
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import Outline, notes_of
from talenthub.framework.formats.sheets import Sheet, SheetRow
from talenthub.framework.formats.sources import Sources
from talenthub.framework.formats.tabular import filled, require_text, table, tables_with
from talenthub.framework.model import Level

JOB, ELEMENT, SCALE, VALUE = "O*NET-SOC Code", "Element ID", "Scale ID", "Data Value"
RATED = (JOB, ELEMENT, "Element Name", SCALE, VALUE)
ANCHORED = (ELEMENT, "Anchor Value", "Anchor Description")
DESCRIBED = (JOB, "Title", "Description")
LEVEL, IMPORTANCE = "LV", "IM"
HIGHEST = 7
ATTRIBUTION = (
    "Includes information from the O*NET Database by the U.S. Department of Labor, Employment and Training "
    "Administration (USDOL/ETA), used under the CC BY 4.0 license. O*NET is a trademark of USDOL/ETA."
)


def recognises(files: Sources) -> bool:
    """Return whether a table has ratings of occupations."""
    return bool(tables_with(files, RATED))


def read(files: Sources) -> Document:
    """Return the framework in the tables; FileError holds all problems."""
    require_text(files)
    rated = tables_with(files, RATED) or list(files[:1])
    notes = notes_of(rated[0])
    outline = Outline(notes, rated[0].name)
    outline.head(
        id="onet-" + slug(rated[0].path.stem),
        name="O*NET " + rated[0].path.stem,
        version="1",
        language="en",
        licence="CC BY 4.0",
        attribution=ATTRIBUTION,
        source="https://www.onetcenter.org/database.html",
    )
    reader = _Reader(outline)
    for file in tables_with(files, DESCRIBED):
        reader.describe(table(file, DESCRIBED, notes))
    for file in rated:
        reader.rate(table(file, RATED, notes))
    for file in tables_with(files, ANCHORED):
        reader.anchor(table(file, ANCHORED, notes))
    reader.ask()
    return outline.document()


@dataclass(slots=True)
class _Rating:
    job: str
    element: str
    by_scale: dict[str, tuple[Fraction, SheetRow]] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    outline: Outline
    described: dict[str, SheetRow] = field(default_factory=dict)
    elements: dict[str, Node] = field(default_factory=dict)
    jobs: dict[str, Node] = field(default_factory=dict)
    ratings: dict[tuple[str, str], _Rating] = field(default_factory=dict)
    _scale: str = ""

    def describe(self, sheet: Sheet) -> None:
        """Keep what occupations are called."""
        self.described |= {row.text(JOB).strip(): row for row in sheet.rows}

    def rate(self, sheet: Sheet) -> None:
        """Add the elements and occupations of the ratings."""
        if not self._scale and sheet.rows:
            levels = [Level(each, str(each), str(each)) for each in range(HIGHEST + 1)]
            self._scale = self.outline.scale(levels, "level")
        for row in sheet.rows:
            job, element, scale = (filled(row, each) for each in (JOB, ELEMENT, SCALE))
            value = self._value(row)
            if job is None or element is None or scale is None or value is None:
                self._incomplete(row, (job, element, scale))
                continue
            self._add(row, job, element)
            rating = self.ratings.setdefault((job, element), _Rating(job, element))
            if scale in rating.by_scale:
                text = "the same rating stands twice"
                self.outline.notes.add(_at(row, SCALE), "", text, "clash", found=f"{job} {element} {scale}")
            rating.by_scale[scale] = (value, row)

    def anchor(self, sheet: Sheet) -> None:
        """Give the levels of elements their words; whole ones have a place."""
        for row in sheet.rows:
            element, words = filled(row, ELEMENT), filled(row, "Anchor Description")
            value = filled(row, "Anchor Value") or ""
            known = self.elements.get(element or "")
            if known is None or words is None:
                continue
            if value.isdecimal() and len(value) == 1 and int(value) <= HIGHEST:
                self.outline.words(known, int(value), words)
            else:
                place = row.place_of("Anchor Value")
                self.outline.leave(place, "no level has this value", "anchor", "left out", found=value)

    def ask(self) -> None:
        """Have the occupations require what was rated."""
        rounded = 0
        for each in self.ratings.values():
            level = each.by_scale.get(LEVEL)
            if level is not None and filled(level[1], "Not Relevant") != "Y":
                rounded += level[0].denominator != 1
                self._ask(each, *level)
            elif level is not None:
                text, done = "this element is not relevant for the occupation", "it asks for none"
                found = f"{each.job} {each.element}"
                self.outline.leave(level[1].place, text, "not-relevant", done, found=found)
            for scale, (_, row) in each.by_scale.items():
                if scale not in (LEVEL, IMPORTANCE) or level is None:
                    self.outline.point(row.place, each.job, f"scale {scale}", each.element, row.text(VALUE))
        if rounded:
            text = f"{rounded} levels lie between two whole ones"
            done = "rounded; the exact figure stands in the rationale"
            self.outline.leave(self.outline.place, text, "rounded", done)

    def _ask(self, rating: _Rating, value: Fraction, row: SheetRow) -> None:
        level = int(value + Fraction(1, 2))
        importance = rating.by_scale.get(IMPORTANCE)
        told = [_told("level", row)]
        weight = None
        if importance is not None:
            weight = filled(importance[1], VALUE)
            told.append(_told("importance", importance[1]))
        if filled(row, "Recommend Suppress") == "Y":
            text, done = "the source advises against using this figure", "kept; its rationale says so"
            found = f"{rating.job} {rating.element}"
            self.outline.leave(row.place, text, "suppress", done, found=found)
            told.append("the source advises against using it")
        self.outline.ask(
            self.jobs[rating.job], rating.element, level, row.place, weight=weight, rationale="; ".join(told)
        )

    def _value(self, row: SheetRow) -> Fraction | None:
        written = filled(row, VALUE) or ""
        whole, _, rest = written.partition(".")
        if not (
            whole.isdecimal() and whole.isascii() and (rest.isdecimal() or not rest) and len(written) < 9
        ):
            if filled(row, SCALE) in (LEVEL, IMPORTANCE):
                self.outline.notes.wants(_at(row, VALUE), "", "a number")
            return None if filled(row, SCALE) in (LEVEL, IMPORTANCE) else Fraction(0)
        value = Fraction(written)
        if filled(row, SCALE) == LEVEL and value > HIGHEST:
            text, allowed = "this number is out of range", f"0 to {HIGHEST}"
            self.outline.notes.add(_at(row, VALUE), "", text, "range", found=written, allowed=allowed)
            return None
        return value

    def _incomplete(self, row: SheetRow, told: tuple[str | None, ...]) -> None:
        if None in told:
            text, allowed = "this row is not complete", ", ".join((JOB, ELEMENT, SCALE))
            self.outline.notes.add(_at(row, VALUE), "", text, "missing", allowed=allowed)

    def _add(self, row: SheetRow, job: str, element: str) -> None:
        if element not in self.elements:
            name = filled(row, "Element Name") or element
            self.elements[element] = self.outline.competency(row.place, element, name, scale=self._scale)
        if job not in self.jobs:
            known = self.described.get(job)
            title = filled(row, "Title") or (filled(known, "Title") if known else None) or job
            purpose = filled(known, "Description") if known else None
            self.jobs[job] = self.outline.role(row.place, job, title, purpose=purpose)


def _told(what: str, row: SheetRow) -> str:
    """Return the figure as it was told: value, bounds and number of raters."""
    low, high, count = (filled(row, each) for each in ("Lower CI Bound", "Upper CI Bound", "N"))
    bounds = f" ({low} to {high})" if low and high else ""
    return f"{what} {row.text(VALUE).strip()}{bounds}" + (f", n {count}" if count else "")


def _at(row: SheetRow, column: str) -> Node:
    written = row.text(column)
    return Node(0, 0, written, written[:80], place=row.place_of(column))
