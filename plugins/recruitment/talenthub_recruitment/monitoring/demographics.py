"""What candidates declare about themselves: kept apart, read in sums only.

No function here, and no command, returns what one person declared. Rows are
written by an import, joined with outcomes inside monitoring, and leave it as
counts of groups large enough.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import bindparam, delete, insert, select, update

from talenthub.sdk import (
    SYSTEM,
    CsvRow,
    Engine,
    NotFound,
    NotPermitted,
    Problem,
    Problems,
    Sheet,
    TalentError,
    Transaction,
    day_in,
    person,
    read_csv,
)
from talenthub_recruitment.monitoring.cases import requisitions_with
from talenthub_recruitment.monitoring.rights import barred_from, require_monitor
from talenthub_recruitment.opening import expect
from talenthub_recruitment.tables import LONGEST_ATTRIBUTE, LONGEST_VALUE, demographics

NAMED = ("candidate", "declared_on")
"""Columns that are no attribute."""
NOTHING = "-"
"""Takes a declaration back."""

_REFERENCE = re.compile(r"[A-Za-z]{2,5}-\d{1,12}", re.ASCII)
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

_all_values = select(demographics.c.person_id, demographics.c.attribute, demographics.c.value)
_of_attribute = select(demographics.c.person_id, demographics.c.value).where(
    demographics.c.attribute == bindparam("attribute")
)
_attributes = select(demographics.c.attribute).distinct().order_by(demographics.c.attribute)
_key = (
    demographics.c.person_id == bindparam("which"),
    demographics.c.attribute == bindparam("what"),
)
_add = insert(demographics)
_change = (
    update(demographics)
    .where(*_key)
    .values(value=bindparam("said"), declared_on=bindparam("on"), recorded_at=bindparam("moment"))
)
_remove = delete(demographics).where(*_key)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody declared, as a file has it."""

    candidate: str
    """A handle, or the reference of an application."""
    attribute: str
    value: str
    declared_on: date | None
    row: CsvRow


@dataclass(frozen=True, slots=True)
class Imported:
    """How many declarations an import made; never whose."""

    people: int
    new: int
    changed: int
    removed: int
    unchanged: int


def read_declarations(file: Path) -> list[Declaration]:
    """Return the declarations of a CSV file; all its faults at once.

    Every column but `candidate` and `declared_on` is an attribute; an empty
    cell declares nothing.
    """
    problems = Problems()
    attributes = other_columns(file, NAMED)
    found = []
    sheet = Sheet(columns=(*NAMED, *attributes), required=("candidate",))
    rows = read_csv(file, sheet, problems)
    _check_attributes(file, attributes, bool(rows), problems)
    for row in rows:
        found += _declared(row, attributes, problems)
    problems.raise_any()
    return found


def other_columns(file: Path, known: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a CSV file beside the known ones.

    Nothing for a file that cannot be read; `read_csv` says why.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    cells = next(csv.reader([first], delimiter=delimiter), [])
    names = [each.strip().casefold().replace(" ", "_") for each in cells]
    return tuple(dict.fromkeys(each for each in names if each and each not in known))


def _check_attributes(file: Path, attributes: Sequence[str], any_rows: bool, problems: Problems) -> None:
    place = f"{file}:1"
    for each in attributes:
        if not _ATTRIBUTE.fullmatch(each) or len(each) > LONGEST_ATTRIBUTE:
            allowed = f"a word of small letters, digits and _, at most {LONGEST_ATTRIBUTE} long"
            problems.add(
                Problem(
                    text="this cannot name an attribute",
                    place=place,
                    found=each[:80],
                    allowed=allowed,
                    code="import.attribute",
                )
            )
    if any_rows and not attributes:
        problems.add(
            Problem(
                text="the file declares nothing",
                place=place,
                allowed="a column for each attribute, as sex or age_band",
                code="import.attribute",
            )
        )


def _declared(row: CsvRow, attributes: Sequence[str], problems: Problems) -> list[Declaration]:
    who, on = row.text("candidate"), day_in(row, "declared_on", problems)
    if who is None:
        problems.add(row.problem("candidate", "who declares this?", "empty", allowed="a handle or APP-12"))
        return []
    found = []
    for attribute in attributes:
        value = row.text(attribute)
        if value is not None and len(value) > LONGEST_VALUE:
            # The cell is not repeated: it says something about a person.
            text = f"the cell is longer than {LONGEST_VALUE} characters"
            problems.add(Problem(text=text, place=row.place, path=attribute, code="import.cell"))
        elif value is not None:
            found.append(Declaration(who, attribute, value, on, row))
    return found


def import_declarations(engine: Engine, tx: Transaction, wanted: Sequence[Declaration]) -> Imported:
    """Keep what people declared; newer ones replace those there.

    All or nothing. NotPermitted unless the actor may monitor, and has no
    part in a selection of any of these people.
    """
    require_monitor(tx)
    problems = Problems()
    people = _people(engine, tx, wanted, problems)
    _refuse_contradictions(wanted, people, problems)
    problems.raise_any()
    _refuse_part(tx, set(people.values()))
    return _keep(tx, {(people[each.candidate], each.attribute): each for each in wanted})


def _people(
    engine: Engine, tx: Transaction, wanted: Sequence[Declaration], problems: Problems
) -> dict[str, int]:
    found: dict[str, int] = {}
    first = {one.candidate: one for one in reversed(wanted)}
    for each in (one for one in wanted if first[one.candidate] is one):
        try:
            found[each.candidate] = _person(engine, tx, each.candidate)
        except TalentError:
            # One answer to whatever is wrong: nobody probes for people here.
            text = "no candidate goes by this handle or reference"
            problems.add(each.row.problem("candidate", text, "unknown-candidate"))
    return found


def _person(engine: Engine, tx: Transaction, word: str) -> int:
    if not _REFERENCE.fullmatch(word):
        return person(tx, word).id
    case = expect(engine.case(tx.by(SYSTEM), word.upper()), "recruitment.application")
    if case.subject is None:
        raise NotFound(Problem(text="the application is about nobody", found=word))
    return case.subject


def _refuse_contradictions(
    wanted: Sequence[Declaration], people: Mapping[str, int], problems: Problems
) -> None:
    said: dict[tuple[int, str], str] = {}
    for each in wanted:
        if each.candidate not in people:
            continue
        before = said.setdefault((people[each.candidate], each.attribute), each.value)
        if before != each.value:
            text = "the file declares two things for one person"
            place = each.row.place
            problems.add(Problem(text=text, place=place, path=each.attribute, code="import.twice"))


def _refuse_part(tx: Transaction, people: set[int]) -> None:
    if not people.isdisjoint(tx.actor.identities):
        raise NotPermitted(
            Problem(
                text="nobody imports a declaration of their own: somebody else does",
                code="recruitment.monitor-own",
            )
        )
    if barred_from(tx, requisitions_with(tx, people)):
        raise NotPermitted(
            Problem(
                text="you have a part in a selection of somebody in this file",
                allowed="somebody with the grant monitor and no part in these selections",
                code="recruitment.monitor-part",
            )
        )


def _keep(tx: Transaction, wanted: Mapping[tuple[int, str], Declaration]) -> Imported:
    there = {(row.person_id, row.attribute): row.value for row in tx.rows(_all_values)}
    removed = [key for key, each in wanted.items() if each.value == NOTHING and key in there]
    said = {key: each for key, each in wanted.items() if each.value != NOTHING}
    new = [key for key in said if key not in there]
    changed = [key for key, each in said.items() if key in there and there[key] != each.value]
    tx.write(_add, [_row(tx, key, said[key]) for key in new])
    tx.write(_change, [_changed(tx, key, said[key]) for key in changed])
    tx.write(_remove, [{"which": which, "what": what} for which, what in removed])
    left = len(wanted) - len(new) - len(changed) - len(removed)
    return Imported(len({which for which, _ in wanted}), len(new), len(changed), len(removed), left)


def _row(tx: Transaction, key: tuple[int, str], said: Declaration) -> dict[str, object]:
    return {
        "person_id": key[0],
        "attribute": key[1],
        "value": said.value,
        "declared_on": said.declared_on or tx.today,
        "recorded_at": tx.now,
    }


def _changed(tx: Transaction, key: tuple[int, str], said: Declaration) -> dict[str, object]:
    on = said.declared_on or tx.today
    return {"which": key[0], "what": key[1], "said": said.value, "on": on, "moment": tx.now}


def attributes_of(tx: Transaction) -> tuple[str, ...]:
    """Return the attributes that anybody has declared."""
    return tuple(row.attribute for row in tx.rows(_attributes))


def groups_by_person(tx: Transaction, attribute: str) -> dict[int, str]:
    """Return who declared what, for counting inside monitoring only."""
    return {row.person_id: row.value for row in tx.rows(_of_attribute, {"attribute": attribute})}
