"""The public names for reading files of rows, as plugins know them."""

from __future__ import annotations

from talenthub.people.filerows import FileRow as CsvRow
from talenthub.people.filerows import Problems, Sheet, day_in
from talenthub.people.filetables import read_rows as read_csv

__all__ = ["CsvRow", "Problems", "Sheet", "day_in", "read_csv"]
