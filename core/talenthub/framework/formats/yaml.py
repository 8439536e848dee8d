"""Our own YAML: a framework, its roles, and the records beside it, in one file.

The learning catalogue and the strategy weights may stand in the same file;
they become dated records and do not freeze with the version. `docs/framework.md`
describes every key.
"""

from __future__ import annotations

from pathlib import Path

from talenthub.errors import FileError, Problem, TalentError
from talenthub.framework.content import Content, Document
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.nodes import Node, parse
from talenthub.framework.formats.progression_signs import is_progression
from talenthub.framework.formats.sources import Sources, collect
from talenthub.framework.formats.yaml_competencies import Known, read_competencies, read_scales, read_values
from talenthub.framework.formats.yaml_extras import read_catalogue, read_pointers, read_questions
from talenthub.framework.formats.yaml_head import read_head
from talenthub.framework.formats.yaml_roles import read_roles

NAME = "yaml"


def recognises(files: Sources) -> bool:
    """Return whether a file is YAML, and none is somebody else's."""
    # A licence has no suffix either: only alone such a file may be a framework.
    is_yaml = len(files) == 1 or any(each.suffix in (".yaml", ".yml") for each in files)
    return is_yaml and not any(map(is_progression, files))


def read_file(path: Path) -> Document:
    """Return the framework in a file; FileError holds all its problems."""
    return read_files(collect([path]))


def read_files(files: Sources) -> Document:
    """Return the framework in the one file of `files`."""
    if len(files) != 1:
        place, found = files[0].name, ", ".join(each.name for each in files[1:])
        text = "a framework in YAML is one file"
        raise FileError(Problem(text=text, place=place, found=found, code="framework.one-file"))
    return read(files[0].data, files[0].name)


def read(data: bytes, name: str) -> Document:
    """Return the framework in `data`; `name` begins the place of a problem."""
    root, problems = parse(data, name)
    notes = Notes(name)
    notes.problems += problems
    return document_of(root, notes)


def document_of(root: Node, notes: Notes) -> Document:
    """Return the framework in a tree of nodes; FileError holds all problems."""
    top = Fields(root, "", notes)
    document = _document(top, notes) if isinstance(root.value, dict) else None
    if notes.problems or document is None:
        raise _all_of(notes)
    return document


def _document(top: Fields, notes: Notes) -> Document | None:
    framework = read_head(top, notes)
    values = read_values(top)
    scales = read_scales(top)
    known = Known({each.code for each in values}, {each.code: each for each in scales})
    known.role_scale = None if framework is None else framework.role_scale
    competencies, descriptors = read_competencies(top, known)
    roles, own_words = read_roles(top, known)
    questions = read_questions(top, known)
    pointers = read_pointers(top, {*known.competencies, *(each.code for each in roles)})
    catalogue = read_catalogue(top, known)
    top.finish()
    if framework is None or notes.problems:
        return None
    content = Content(
        framework=framework,
        values=values,
        scales=scales,
        competencies=competencies,
        descriptors=descriptors + own_words,
        roles=roles,
        questions=questions,
        pointers=pointers,
    )
    return Document(content, catalogue, tuple(notes.deviations))


def _all_of(notes: Notes) -> TalentError:
    def order(problem: Problem) -> tuple[int, int]:
        parts = (problem.place or "").removeprefix(notes.name + ":").split(":")
        line, column = (*parts, "0", "0")[:2]
        return int(line) if line.isdigit() else 0, int(column) if column.isdigit() else 0

    in_lines = all(notes.name + ":" in (each.place or "") for each in notes.problems)
    return FileError.of(sorted(notes.problems, key=order) if in_lines else notes.problems)
