"""Rich skill descriptors: the CSV that the Open Skills tool (OSMT) exports.

A row per skill, with lists between semicolons. The first category is the
group of a skill; what else a row lists (keywords, standards, jobs, alignment)
is kept as pointers. There are no levels and no roles.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from talenthub.framework.content import Document
from talenthub.framework.formats.naming import folded, slug
from talenthub.framework.formats.outline import Outline, notes_of
from talenthub.framework.formats.sheets import Sheet, SheetRow
from talenthub.framework.formats.sources import SourceFile, Sources
from talenthub.framework.formats.tabular import filled, has_columns, parts, table

NAMES = ("RSD Name", "Skill Name")
STATEMENTS = ("Contextualized Skill Statement", "Skill Statement")
CATEGORIES = ("Skill Categories", "Skill Category", "Categories", "Category")
AUTHORS = ("Authors", "Author")
COLLECTIONS = ("Collection", "Collections", "Collection Name")
ADDRESSES = ("Canonical URL", "RSD URL", "URL")
ALIGNMENT_TITLES = ("Alignment Title", "Alignment Name")
ALIGNMENTS = ("Alignment", "Alignment URL")


def recognises(files: Sources) -> bool:
    """Return whether a CSV file has skills with a statement."""
    return _table_in(files) is not None


def read(files: Sources) -> Document:
    """Return the framework in the file; FileError holds all problems."""
    chosen = _table_in(files) or files[0]
    notes = notes_of(chosen)
    name = next((each for each in NAMES if has_columns(chosen, [each])), NAMES[1])
    statement = next((each for each in STATEMENTS if has_columns(chosen, [each])), STATEMENTS[0])
    sheet = table(chosen, (name, statement), notes)
    outline = Outline(notes, chosen.name)
    reader = _Reader(outline, name, statement)
    reader.head(sheet, chosen)
    for row in sheet.rows:
        reader.add(row)
    return outline.document()


def _table_in(files: Sources) -> SourceFile | None:
    return next(
        (
            each
            for each in files
            if any(has_columns(each, [name, said]) for name in NAMES for said in STATEMENTS)
        ),
        None,
    )


@dataclass(slots=True)
class _Reader:
    outline: Outline
    name: str
    statement: str
    _groups: dict[str, str] = field(default_factory=dict)
    """Compared name of a category to its code."""

    def head(self, sheet: Sheet, file: SourceFile) -> None:
        """Name the framework after its collection, else after the file."""
        collections = dict.fromkeys(filter(None, (filled(row, *COLLECTIONS) for row in sheet.rows)))
        title = next(iter(collections)) if len(collections) == 1 else file.path.stem
        authors = dict.fromkeys(filter(None, (filled(row, *AUTHORS) for row in sheet.rows)))
        self.outline.head(
            id=slug(title), name=title, version="1", language="en", attribution="; ".join(authors) or None
        )

    def add(self, row: SheetRow) -> None:
        """Add the skill of a row, and what it points to."""
        title = filled(row, self.name)
        if title is None:
            place = row.place_of(self.name)
            self.outline.leave(place, "this row names no skill", "no-name", "left out")
            return
        code = self.outline.code(slug(title), title)
        categories = [each for column in CATEGORIES for each in parts(row, column)]
        definition = filled(row, self.statement)
        if definition is None:
            text = "this skill has no statement"
            self.outline.leave(row.place_of(self.statement), text, "no-text", "left empty", found=title)
        self.outline.competency(
            row.place,
            code,
            title,
            definition=row.text(self.statement) if definition else None,
            parent=self._group(categories[0], row) if categories else None,
            scale=self.outline.held(),
        )
        for each in categories[1:]:
            self.outline.point(row.place, code, "category", each)
        self._rest(row, code)

    def _group(self, category: str, row: SheetRow) -> str:
        known = self._groups.get(folded(category))
        if known is None:
            known = self._groups[folded(category)] = self.outline.code(slug(category), category)
            self.outline.competency(row.place, known, category)
        return known

    def _rest(self, row: SheetRow, code: str) -> None:
        self.outline.point(row.place, code, "sameAs", filled(row, *ADDRESSES) or "")
        title = filled(row, *ALIGNMENT_TITLES)
        self.outline.point(row.place, code, "alignment", filled(row, *ALIGNMENTS) or title or "", title)
        known = {self.name, self.statement, *CATEGORIES, *AUTHORS, *ADDRESSES}
        for column in row.cells:
            if column not in (*known, *ALIGNMENT_TITLES, *ALIGNMENTS):
                for each in parts(row, column):
                    self.outline.point(row.place_of(column), code, column[:80], each)
