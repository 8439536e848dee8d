"""Conditions: which cases `state=assessing older=14d` means.

One SELECT over columns of the case and its open tasks, in the actor's view:
a condition never tells of a case more than looking at it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from talenthub.errors import Problem, TalentError, UsageError, nearest, unknown
from talenthub.people.clauses import PLACE, read_clauses
from talenthub.people.listing import record
from talenthub.people.persons import person
from talenthub.people.units import unit, unit_paths
from talenthub.storage.transaction import Transaction
from talenthub.workflow.adjusting.adjustments import know_every_adjustment
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.choosing import not_found
from talenthub.workflow.outlines import Outline, outlines_by_ref, outlines_where
from talenthub.workflow.resolution import authority
from talenthub.workflow.sight import Sight, sights
from talenthub.workflow.tables import case_task, task_pool, workflow_case, workflow_version
from talenthub.workflow.versions.stored import every_state

MOST = 20_000
"""Cases of one condition; whoever hits more meant something else."""

OPEN = ("open", "closed", "any")

_versions = (
    select(workflow_version.c.id, workflow_version.c.version)
    .where(workflow_version.c.name.in_(bindparam("names", expanding=True)))
    .order_by(workflow_version.c.version)
)
_AGE = re.compile(r"(\d{1,4})([dw])", re.ASCII)
_AGES = "a number of days or weeks, as 14d or 2w"

Clause = ColumnElement[bool]


def cases_matching(
    tx: Transaction, catalogue: Catalogue, text: str, *, workflow: str | None = None
) -> list[Outline]:
    """Return the cases in sight that a condition fits, the oldest first.

    `workflow` narrows to one whatever is typed. UsageError tells all that is
    wrong with the condition, each with the nearest match.
    """
    clauses = read_clauses(text, tuple(FIELDS))
    reader = _Reader(tx, catalogue, _chosen(catalogue, clauses.get("workflow"), workflow))
    names = {each.workflow.name for each in reader.workflows}
    conditions = [_within(reader.workflows), *reader.read(clauses)]
    found = outlines_where(tx, conditions, names, limit=MOST + 1)
    if len(found) > MOST:
        said = f"the condition fits more than {MOST:,} cases"
        raise UsageError(Problem(text=said, place=PLACE, mend="narrow it", code="cli.where-many"))
    # Whom a task waits for is content: who sees no more than the status cannot ask for it.
    return found if clauses.get("assigned", "me") == "me" else _with_content(tx, catalogue, found)


def _with_content(tx: Transaction, catalogue: Catalogue, found: Sequence[Outline]) -> list[Outline]:
    cases = cases_by_id(tx, [each.id for each in found])
    seen = sights(tx, catalogue, list(cases.values()))
    return [each for each in found if seen.of(cases[each.id]) is Sight.CONTENT]


def _chosen(catalogue: Catalogue, typed: str | None, fixed: str | None) -> list[Loaded]:
    """Return the versions of the workflows that are meant."""
    every = list(catalogue.versions())
    named = [each for each in every if fixed in (None, each.workflow.name)]
    if typed is None:
        return named
    words = typed.split(",")
    known = {each.workflow.name for each in named}
    short = {name.rpartition(".")[2]: name for name in sorted(known, reverse=True)}
    wrong = [
        replace(unknown("workflow", word, known, place=PLACE), nearest=nearest(word, [*known, *short]))
        for word in words
        if word not in known and word not in short
    ]
    if wrong:
        raise UsageError.of(wrong)
    meant = {word if word in known else short[word] for word in words}
    return [each for each in named if each.workflow.name in meant]


def _within(workflows: Iterable[Loaded]) -> Clause:
    return workflow_case.c.workflow.in_(sorted({each.workflow.name for each in workflows}))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the value of each clause."""

    tx: Transaction
    catalogue: Catalogue
    workflows: list[Loaded]

    def read(self, clauses: Mapping[str, str]) -> list[Clause]:
        """Return one condition a clause; open cases are meant unless said."""
        conditions: list[Clause] = []
        problems: list[Problem] = []
        for name, value in {"is": "open", **clauses}.items():
            try:
                conditions.append(FIELDS[name](self, value))
            except TalentError as error:
                problems += (replace(each, place=PLACE, path=name) for each in error.problems)
        if problems:
            raise UsageError.of(problems)
        return conditions

    def start_of(self, day: date) -> datetime:
        """Return the moment a day begins at the organisation."""
        return datetime.combine(day, time(), self.tx.zone).astimezone(UTC)


def _is(_reader: _Reader, value: str) -> Clause:
    if value not in OPEN:
        raise UsageError(unknown("value", value, OPEN))
    if value == "any":
        return workflow_case.c.id.is_not(None)
    closed = workflow_case.c.closed_at
    return closed.is_(None) if value == "open" else closed.is_not(None)


def _workflow(reader: _Reader, _value: str) -> Clause:
    return _within(reader.workflows)


def _state(reader: _Reader, value: str) -> Clause:
    """Return the states that are meant, each with its workflow: so the index serves."""
    known: dict[str, set[str]] = {}
    # Cases also stand in the states that the organisation adds, or once did.
    know_every_adjustment(reader.tx, reader.catalogue)
    names = {each.workflow.name for each in reader.workflows}
    added = [each for each in reader.catalogue.adjusted() if each.workflow.name in names]
    for each in (*reader.workflows, *added):
        for state in each.workflow.states:
            known.setdefault(_plain(state.name), set()).add(each.workflow.name)
    wanted = [_plain(word) for word in value.split(",")]
    if not known.keys() >= set(wanted):
        _add_former(reader, known)
    wrong = [unknown("state", word, known) for word in wanted if word not in known]
    if wrong:
        raise UsageError.of(wrong)
    case = workflow_case.c
    pairs = [(name, word) for word in wanted for name in sorted(known[word])]
    return or_(*(and_(case.workflow == name, case.state == word) for name, word in pairs))


def _add_former(reader: _Reader, known: dict[str, set[str]]) -> None:
    """Add the states of versions that no plugin brings any more: cases may stand there."""
    for name in sorted({each.workflow.name for each in reader.workflows}):
        for state in every_state(reader.tx, name):
            known.setdefault(_plain(state), set()).add(name)


def _version(reader: _Reader, value: str) -> Clause:
    """Return the versions of the workflows that are meant, brought or not."""
    names = sorted({each.workflow.name for each in reader.workflows})
    rows = reader.tx.rows(_versions, {"names": names})
    known = {str(row.version) for row in rows}
    words = [word.strip() for word in value.split(",")]
    wrong = [unknown("version", word, sorted(known, key=int)) for word in words if word not in known]
    if wrong:
        raise UsageError.of(wrong)
    return workflow_case.c.workflow_version_id.in_([row.id for row in rows if str(row.version) in words])


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def _older(reader: _Reader, value: str) -> Clause:
    return workflow_case.c.entered_at < reader.start_of(reader.tx.today - _days(value) + timedelta(days=1))


def _due(reader: _Reader, value: str) -> Clause:
    words = {"overdue": timedelta(0), "today": timedelta(days=1)}
    try:
        ahead = words[value] if value in words else _days(value) + timedelta(days=1)
    except UsageError:
        close = unknown("day", value, words).nearest
        allowed = f"overdue, today, or {_AGES}"
        raise UsageError(
            Problem(text="this is no due", found=value, allowed=allowed, nearest=close, code="cli.where")
        ) from None
    return _open_task(case_task.c.due_at < reader.start_of(reader.tx.today + ahead))


def _days(value: str) -> timedelta:
    found = _AGE.fullmatch(value)
    if found is None:
        raise UsageError(Problem(text="this is no age", found=value, allowed=_AGES, code="cli.where"))
    return timedelta(days=int(found[1]) * (7 if found[2] == "w" else 1))


def _unit(reader: _Reader, value: str) -> Clause:
    top = unit(reader.tx, value).id
    beneath = [each for each, path in unit_paths(reader.tx).items() if top in path]
    return workflow_case.c.unit_id.in_(beneath)


def _subject(reader: _Reader, value: str) -> Clause:
    return workflow_case.c.subject_id == _person(reader.tx, value)


def _assigned(reader: _Reader, value: str) -> Clause:
    if value == "me":
        return _waits_in(authority(reader.tx, [], []).pools())
    return _waits_in((f"person:{_person(reader.tx, value)}",))


def _waits_in(pools: Iterable[str]) -> Clause:
    waiting = task_pool.c.task_id == case_task.c.id
    return _open_task(exists().where(waiting, task_pool.c.pool.in_(list(pools)), task_pool.c.is_open))


def _open_task(condition: Clause) -> Clause:
    return exists().where(case_task.c.case_id == workflow_case.c.id, case_task.c.status == "open", condition)


def _person(tx: Transaction, handle: str) -> int:
    if handle == "me" and tx.actor.person is not None:
        return tx.actor.person
    if not tx.actor.is_system:
        record(tx, handle)
    return person(tx, handle).id


def _parent(reader: _Reader, value: str) -> Clause:
    ref = value.upper()
    found = outlines_by_ref(reader.tx, [ref])
    if ref not in found:
        raise not_found(ref)
    return workflow_case.c.parent_id == found[ref].id


FIELDS: Mapping[str, Callable[[_Reader, str], Clause]] = {
    "state": _state,
    "workflow": _workflow,
    "version": _version,
    "unit": _unit,
    "subject": _subject,
    "assigned": _assigned,
    "older": _older,
    "due": _due,
    "parent": _parent,
    "is": _is,
}
"""What `--where` knows of cases; docs/everyday.md tells what each means."""
