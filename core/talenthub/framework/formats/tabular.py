"""Tables of others: CSV files told apart by the columns they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from talenthub.errors import FileError, Problem
from talenthub.framework.formats.delimited import decoded, parse
from talenthub.framework.formats.fields import Notes
from talenthub.framework.formats.sheets import Sheet, SheetRow, sheet_of
from talenthub.framework.formats.sources import SourceFile, Sources

SUFFIXES = (".csv", ".tsv", ".txt")


def require_text(files: Sources) -> None:
    """Raise FileError with every table that is no text in UTF-8.

    No column is found in such a file, and saying so would mislead.
    """
    problems: list[Problem] = []
    for each in files:
        if each.suffix in SUFFIXES:
            try:
                decoded(each.data, each.name)
            except FileError as error:
                problems += error.problems
    if problems:
        raise FileError.of(problems)


def has_columns(file: SourceFile, columns: Iterable[str]) -> bool:
    """Return whether the first line of a table names all these columns."""
    if file.suffix not in SUFFIXES:
        return False
    lines = file.data[:4_000].decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    for sign in ",;\t|":
        named = {each.strip().strip('"').casefold() for each in first.split(sign)}
        if all(each.casefold() in named for each in columns):
            return True
    return False


def tables_with(files: Sources, columns: Collection[str]) -> list[SourceFile]:
    """Return the files whose first line names all these columns."""
    return [each for each in files if has_columns(each, columns)]


def table(file: SourceFile, required: Collection[str], notes: Notes) -> Sheet:
    """Return a table with whatever columns it has; problems go to `notes`."""
    try:
        records = parse(file.data, file.name)
    except FileError as error:
        notes.problems += error.problems
        return Sheet(file.name, file.name, (), ())
    return sheet_of(
        file.name,
        file.name,
        records,
        tuple(required),
        notes.problems,
        required=tuple(required),
        open_ended=True,
    )


def filled(row: SheetRow, *columns: str) -> str | None:
    """Return the first of these columns that is filled; None for none."""
    return next((text for each in columns if (text := row.text(each).strip())), None)


def parts(row: SheetRow, column: str, sign: str = ";") -> list[str]:
    """Return the parts of a cell that is a list."""
    return [part.strip() for part in row.text(column).split(sign) if part.strip()]
