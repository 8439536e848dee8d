"""Bad input of every class: what is told, where, and that nothing changes.

The classes B1 to B24 are those of the catalogue: files and settings (B1-B10),
workflows (B11), frameworks (B12), rules (B13), plugins (B14), databases (B15),
words and days (B16-B20), files of rows (B21-B23) and workbooks (B24). What is
given and what must be answered stands in the tables beside this file.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import bad_frameworks
import bad_plugins
import bad_settings
import bad_sheets
import bad_words
import pytest
from bad_rows import Bad

TABLES = (bad_settings, bad_frameworks, bad_plugins, bad_words, bad_sheets)
ROWS: tuple[Bad, ...] = tuple(row for table in TABLES for row in table.ROWS)
CASES = [
    pytest.param(kind, row, id=f"{row.kind} {row.about} {kind}")
    for kind in ("sqlite", "postgresql")
    for row in ROWS
    if kind == "sqlite" or row.both
]


@pytest.mark.usefixtures("wrong_plugins")
@pytest.mark.parametrize(("kind", "row"), CASES)
def test_bad_input_is_answered_in_its_place(ground, kind, row, tmp_path, monkeypatch, as_it_was):
    given = ground(kind)
    before = as_it_was(given.database)
    told = given.ask(given.folder(tmp_path, row), row, monkeypatch)
    assert told.code == row.exit, told.err
    assert as_it_was(given.database) == before
    assert "Traceback" not in told.err
    assert told.out == "" or row.words.endswith(("-o json", "doctor"))
    said = " ".join([told.err, told.out, *(each.text for each in told.problems)])
    assert row.says in said
    assert row.near is None or f"did you mean '{row.near}'?".lower() in said.lower()
    if row.code is not None:
        answers = {
            (each.code, without(tmp_path, each.place), each.path, without(tmp_path, each.found))
            for each in told.problems
        }
        assert (row.code, row.place, row.path, row.found) in answers


def without(folder: Path, text: str | None) -> str | None:
    """Return a place as it reads in the folder itself."""
    tables = Path(__file__).parent / "tables"
    for each in (folder, tables):
        text = text and text.replace(f"{each}/", "").replace(str(each), "")
    return text


def test_every_class_has_three_rows_or_more():
    counted = Counter(row.kind for row in ROWS)
    assert {
        kind: counted[kind] for kind in (f"B{number}" for number in range(1, 25)) if counted[kind] < 3
    } == {}
    assert sum(row.both for row in ROWS) >= 8
    assert len({(row.kind, row.about) for row in ROWS}) == len(ROWS)
