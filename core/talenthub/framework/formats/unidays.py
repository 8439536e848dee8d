"""UNiDAYS competency framework: a folder of JSON files, joined by paths.

Files with topics hold values and competencies, files with roles or
departments hold roles whose levels name `set/topic/level`. A path is a
stable id: it becomes the code, with dots for the slashes. The set of values
is read twice, as values and as the competencies that are rated for them.
"""

from __future__ import annotations

from talenthub.errors import FileError
from talenthub.framework.content import Content, Document
from talenthub.framework.formats.fields import Fields, Notes
from talenthub.framework.formats.json_nodes import parse_json
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.sources import SourceFile, Sources
from talenthub.framework.formats.unidays_roles import read_departments
from talenthub.framework.formats.unidays_topics import Topics, read_set
from talenthub.framework.model import CheckProfile, Framework, RatingMode, RatingScale

_HEAD = Framework(
    code="unidays",
    title="UNiDAYS competency framework",
    version="1",
    language="en",
    licence="MIT",
    attribution="© 2019 MyUNiDAYS Ltd",
    source="https://github.com/MyUNiDAYS/competency-framework",
    rating=RatingScale(RatingMode.LEVEL),
    checks=CheckProfile.LENIENT,
)


def recognises(files: Sources) -> bool:
    """Return whether one of the JSON files holds topics with levels."""
    return any(b'"topics"' in each.data for each in files if each.suffix == ".json")


def read(files: Sources) -> Document:
    """Return the framework in the files; FileError holds all problems."""
    tops = [_top(each) for each in files if each.suffix == ".json" and not _is_schema(each)]
    topics = Topics()
    for top in tops:
        if "topics" in top:
            read_set(top, topics)
    roles = tuple(role for top in tops if "topics" not in top for role in read_departments(top, topics))
    notes = [top.notes for top in tops]
    problems = [problem for each in notes for problem in each.problems]
    if problems:
        raise FileError.of(problems)
    content = Content(
        framework=_HEAD,
        values=tuple(topics.values),
        scales=tuple(topics.scales),
        competencies=tuple(topics.competencies),
        descriptors=tuple(topics.descriptors),
        roles=roles,
    )
    return Document(content, deviations=tuple(problem for each in notes for problem in each.deviations))


def _is_schema(file: SourceFile) -> bool:
    return b'"$schema"' in file.data


def _top(file: SourceFile) -> Fields:
    notes = Notes(file.name)
    try:
        root, problems = parse_json(file.data, file.name)
    except FileError as error:
        notes.problems += error.problems
        return Fields(Node(1, 1, {}), "", notes)
    notes.problems += problems
    return Fields(root, "", notes)
