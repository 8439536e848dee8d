"""ESCO: the official set of CSV files, or the same as two JSON files.

Skills and knowledge become competencies under a group each, occupations
roles; their ids are the ends of their addresses, which no language changes.
There are no levels. A link to a skill that is not among the files is kept
as a pointer.
"""

from __future__ import annotations

import re

from talenthub.framework.content import Document
from talenthub.framework.formats.esco_growing import Growing
from talenthub.framework.formats.esco_records import read_json, read_tables
from talenthub.framework.formats.fields import Notes
from talenthub.framework.formats.outline import Outline
from talenthub.framework.formats.sources import Sources
from talenthub.framework.formats.tabular import has_columns, require_text

PREFIX = b"data.europa.eu/esco/"
ATTRIBUTION = (
    "This service uses the ESCO classification of the European Commission; it was changed by reading it as a "
    "framework."
)
_LANGUAGE = re.compile(r"_([a-z]{2})$")


def recognises(files: Sources) -> bool:
    """Return whether a file has skills or occupations with ESCO's addresses."""
    return any(
        PREFIX in each.data
        and (
            has_columns(each, ["conceptUri", "preferredLabel"])
            or (each.suffix == ".json" and b'"skillType"' in each.data)
        )
        for each in files
    )


def read(files: Sources) -> Document:
    """Return the framework in the files; FileError holds all problems."""
    require_text(files)
    notes = Notes(files[0].name)
    outline = Outline(notes, files[0].name)
    told = [found[1] for each in files if (found := _LANGUAGE.search(each.path.stem))]
    outline.head(
        id="esco",
        name="ESCO: European Skills, Competences, Qualifications and Occupations",
        version="1",
        language=told[0] if told else "en",
        licence="CC BY 4.0",
        attribution=ATTRIBUTION,
        source="https://esco.ec.europa.eu",
    )
    growing = Growing(outline)
    for file in files:
        if file.suffix == ".json":
            read_json(file, growing.records, notes)
        elif file.suffix == ".csv":
            read_tables(file, growing.records, notes)
    growing.grow()
    return outline.document()
