"""What reading the UK tables has to tell: problems and deviations."""

from __future__ import annotations

from collections.abc import Iterable

from talenthub.errors import Problem, nearest
from talenthub.framework.formats.fields import LONGEST_TEXT
from talenthub.framework.formats.naming import folded, is_sentinel, odd_characters
from talenthub.framework.formats.sheets import SheetRow

SHOWN = 80
"""Characters of a text that a report quotes."""


class Notebook:
    """Collects problems, which stop an import, and deviations, which do not."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.deviations: list[Problem] = []
        self._seen: set[str] = set()

    def fault(self, place: str, text: str, code: str, found: str, allowed: Iterable[str] = ()) -> None:
        """Note what cannot be mended here."""
        known = list(allowed)
        self.problems.append(
            Problem(
                text=text,
                place=place,
                found=found[:SHOWN],
                allowed=", ".join(known[:12]) or None,
                nearest=nearest(found, known),
                code=f"gdad.{code}",
            )
        )

    def deviates(self, place: str, path: str, text: str, code: str, found: str, done: str) -> None:
        """Note what was mended or left out."""
        self.deviations.append(
            Problem(text=text, place=place, path=path, found=found[:SHOWN], mend=done, code=f"gdad.{code}")
        )

    def name(self, row: SheetRow, column: str) -> str:
        """Return a name without blanks around it; note that there were some."""
        written = row.text(column)
        name = written.strip()
        if name != written:
            self.deviates(row.place_of(column), column, "blanks around a name", "blanks", written, "removed")
        if len(name) > 200:
            self.fault(row.place_of(column), "this name is too long", "name", name)
        return name

    def same_name(self, row: SheetRow, column: str, known: dict[str, str]) -> str:
        """Return the spelling that came first for a name; `known` is kept up."""
        name = self.name(row, column)
        first = known.setdefault(folded(name), name)
        if first != name:
            text = "the same name is written in two ways"
            self.deviates(row.place_of(column), column, text, "spelling", name, f"taken for {first!r}")
        return first

    def words(self, row: SheetRow, column: str, *, quiet: bool = False) -> str | None:
        """Return a text as it stands, or None where it says that there is none."""
        text = row.text(column)
        place = row.place_of(column)
        if not text.strip():
            return None
        if is_sentinel(text):
            if not quiet:
                self.deviates(place, column, "a word in place of a text", "sentinel", text, "read as no text")
            return None
        if len(text) > LONGEST_TEXT:
            self.fault(place, "this text is too long", "text", text)
        odd = odd_characters(text)
        # A table repeats its texts in every row: one line in the report will do.
        if odd is not None and text not in self._seen:
            self._seen.add(text)
            what = "characters that print as nothing"
            self.deviates(place, column, what, "characters", odd, "kept as they are")
        return text
