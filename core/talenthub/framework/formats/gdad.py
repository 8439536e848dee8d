"""UK Government Digital and Data framework: two CSV files, joined by name.

`skills.csv` has a column per level of skill, `roles_skills.csv` a row per
role level and skill it needs. Neither has ids: codes are made from names.
Their content is under the Open Government Licence v3.0.
"""

from __future__ import annotations

from talenthub.errors import FileError, Problem
from talenthub.framework.content import Content, Document
from talenthub.framework.formats.delimited import parse
from talenthub.framework.formats.gdad_notes import Notebook
from talenthub.framework.formats.gdad_roles import read_roles
from talenthub.framework.formats.gdad_skills import SKILL_COLUMNS, read_skills
from talenthub.framework.formats.sheets import Sheet, sheet_of
from talenthub.framework.formats.sources import SourceFile, Sources
from talenthub.framework.model import CheckProfile, Framework, RatingMode, RatingScale, Scale

ROLE_COLUMNS = (
    "Role Family",
    "Role",
    "Role Description",
    "Role Level",
    "Role Level Description",
    "Skill Name",
    "Skill Description",
    "Skill Level",
    "Skill Level Description",
    "Role Type",
)
_NEEDED = ("Role", "Role Level", "Skill Name", "Skill Level")
_KNOWN_BY = "Role Level"

SCALE = "skill-levels"
LICENCE = "Open Government Licence v3.0"
ATTRIBUTION = "Contains public sector information licensed under the Open Government Licence v3.0."


def recognises(files: Sources) -> bool:
    """Return whether one of the CSV files has the header of either table."""
    return any(_kind(each) is not None for each in files if each.suffix == ".csv")


def read(files: Sources) -> Document:
    """Return the framework in the two files; FileError holds all problems."""
    by_kind = {kind: each for each in files if (kind := _kind(each)) is not None}
    problems = [_absent(kind, files) for kind in ("skills", "roles") if kind not in by_kind]
    if problems:
        # A file may only be unrecognised because it cannot be read.
        raise FileError.of(_unreadable(files) or problems)
    notebook = Notebook(problems)
    skills = _sheet(by_kind["skills"], SKILL_COLUMNS, ("Skill Name",), problems, open_ended=True)
    roles = _sheet(by_kind["roles"], ROLE_COLUMNS, _NEEDED, problems)
    if problems:
        raise FileError.of(problems)
    read = read_skills(skills, notebook)
    made = read_roles(roles, skills, read, notebook)
    if problems:
        raise FileError.of(problems)
    content = Content(
        framework=_HEAD,
        scales=(Scale(SCALE, "Levels of skill", read.levels),),
        competencies=tuple(read.competencies(SCALE)),
        descriptors=tuple(read.descriptors()),
        roles=made,
    )
    return Document(content, deviations=tuple(notebook.deviations))


_HEAD = Framework(
    code="uk-gdad",
    title="Government Digital and Data Profession Capability Framework",
    version="1",
    language="en-GB",
    licence=LICENCE,
    attribution=ATTRIBUTION,
    source="https://ddat-capability-framework.service.gov.uk/",
    rating=RatingScale(RatingMode.LEVEL),
    checks=CheckProfile.LENIENT,
)


def _kind(file: SourceFile) -> str | None:
    head = file.data[:2_000].decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    first = head[0] if head else ""
    # A skill with a statement is a rich skill descriptor.
    if "Skill Name" not in first or "Skill Statement" in first:
        return None
    return "roles" if _KNOWN_BY in first else "skills"


def _unreadable(files: Sources) -> list[Problem]:
    problems: list[Problem] = []
    for each in files:
        if each.suffix == ".csv" and _kind(each) is None:
            _sheet(each, (), (), problems, open_ended=True)
    return problems


def _absent(kind: str, files: Sources) -> Problem:
    column = "Role, Role Level, Skill Name …" if kind == "roles" else "Skill Name and a column per level"
    return Problem(
        text=f"the file of {kind} is not among them",
        place=", ".join(each.name for each in files),
        allowed=f"two CSV files; this one begins with {column}",
        mend="name both files, or the folder they are in",
        code="gdad.file",
    )


def _sheet(
    file: SourceFile,
    columns: tuple[str, ...],
    needed: tuple[str, ...],
    problems: list[Problem],
    *,
    open_ended: bool = False,
) -> Sheet:
    try:
        records = parse(file.data, file.name)
    except FileError as error:
        problems += error.problems
        return Sheet(file.name, file.name, (), ())
    return sheet_of(file.name, file.name, records, columns, problems, required=needed, open_ended=open_ended)
