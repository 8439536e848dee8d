"""One step on many cases: chunks, a progress bar, refusals in words."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import click

from talenthub.cli.base import Desk
from talenthub.cli.case_files import Line
from talenthub.cli.casework import engine_of, hidden, known_person, read
from talenthub.cli.do.background import leave_to_workers
from talenthub.cli.do.forms import Asked, edge_of, form_of
from talenthub.cli.do.told import COLUMNS, fired_row
from talenthub.cli.failures import lines_of
from talenthub.cli.firing import CHUNK, tell_each, work_through
from talenthub.cli.firing import fired_row as in_words
from talenthub.cli.forms import UNKNOWN_FIELD, Reader, faults_of
from talenthub.errors import FileError, Problem, Refused, TalentError, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Transition
from talenthub.workflow.engine import Engine
from talenthub.workflow.firing import Fired, Request
from talenthub.workflow.lookups import look

REFUSED = 3


@dataclass(slots=True)
class _Run:
    """What a run has done so far, in the order of the lines."""

    results: dict[str, Fired | TalentError] = field(default_factory=dict)

    @property
    def fired(self) -> list[Fired]:
        return [each for each in self.results.values() if isinstance(each, Fired)]

    @property
    def refused(self) -> dict[str, TalentError]:
        return {ref: each for ref, each in self.results.items() if isinstance(each, TalentError)}


class _TakeBack(Exception):  # noqa: N818 - not a fault: it makes the transaction roll back
    """Raised inside a transaction to have nothing of it kept."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The step that is to be taken on all of them."""

    name: str
    word: str
    """The step as it was typed."""
    asked: Asked
    given: dict[str, Any]
    """The values of --form."""


def fire_many(desk: Desk, lines: Sequence[Line], wish: Wish) -> None:
    """Take one step on many cases and tell what became of each.

    Exit code 3 if any was refused; the others are done, unless all or
    nothing was asked for.
    """
    _refuse_doubles(lines)
    prepared = _prepare(desk, lines, wish)
    run = _Run({ref: each for ref, each in prepared.items() if isinstance(each, TalentError)})
    requests = [each for each in prepared.values() if isinstance(each, Request)]
    if wish.asked.background:
        leave_to_workers(desk, requests, wish.name)
        requests = []
    together = wish.asked.all_or_nothing
    (_fire_together if together else _fire_in_chunks)(desk, requests, run)
    if not wish.asked.background or run.refused:
        _tell(desk, lines, run, together=together)
    if run.refused:
        click.get_current_context().exit(REFUSED)


def _refuse_doubles(lines: Sequence[Line]) -> None:
    counted = Counter(line.ref for line in lines)
    doubled = ", ".join(ref for ref, count in counted.items() if count > 1)
    if doubled:
        problem = Problem(text="a case is named twice", place="REF", found=doubled, code="cli.twice")
        raise UsageError(problem)


def _prepare(desk: Desk, lines: Sequence[Line], wish: Wish) -> dict[str, Request | TalentError]:
    """Return a request for each line, or why there is none.

    What is wrong with a file is told before anything is written.
    """
    prepared: dict[str, Request | TalentError] = {}
    for start in range(0, len(lines), CHUNK):
        prepared |= read(desk, partial(_requests, chunk=lines[start : start + CHUNK], wish=wish))
    wrong = [each for error in prepared.values() if isinstance(error, FileError) for each in error.problems]
    if wrong:
        raise FileError.of(_once_a_column(wrong))
    return prepared


def _once_a_column(wrong: Sequence[Problem]) -> list[Problem]:
    """Return the problems; a column that no form has, where it stands first."""
    first = {each.found: each for each in reversed(wrong) if each.code == UNKNOWN_FIELD}
    return [each for each in wrong if each.code != UNKNOWN_FIELD or first[each.found] is each]


def _requests(
    engine: Engine, tx: Transaction, chunk: Sequence[Line], wish: Wish
) -> dict[str, Request | TalentError]:
    found = cases_by_ref(tx, [line.ref for line in chunk])
    seen = {each.case.ref: each.case for each in look(tx, engine.catalogue, list(found.values()))}
    clerk = _Clerk(engine, tx, wish)
    return {line.ref: clerk.request(line, seen.get(line.ref)) for line in chunk}


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Makes requests of lines; what all of them share is read once."""

    engine: Engine
    tx: Transaction
    wish: Wish
    shared: dict[tuple[str, int, str | None, str], dict[str, Any]] = field(default_factory=dict)

    def request(self, line: Line, case: CaseView | None) -> Request | TalentError:
        if case is None:
            return hidden(line.ref)
        try:
            workflow = self.engine.catalogue.running_for(case).workflow
        except TalentError as parked:
            return parked
        edge = edge_of(workflow, case.state, self.wish.name, self.wish.word)
        form, problems = self._form(line, case, edge)
        if not problems:
            return Request(line.ref, self.wish.name, form)
        return (UsageError if line.place == line.ref else FileError).of(problems)

    def _form(self, line: Line, case: CaseView, edge: Transition) -> tuple[dict[str, Any], Sequence[Problem]]:
        key = (case.workflow, case.workflow_version, case.adjustment, case.state)
        if key not in self.shared:
            self.shared[key] = form_of(self.tx, edge, self.wish.asked, self.wish.given)
        form = copy.deepcopy(self.shared[key])
        if edge.form is None:
            return form, faults_of(None, line.values, line.place)
        reader = Reader(edge.form, self.tx.today, lambda handle: known_person(self.tx, handle).id)
        found = [
            _put(reader, form, column, text, line.place_of(column)) for column, text in line.values.items()
        ]
        problems = [each for each in found if each is not None]
        # On a closed case, or from another state, the fields are beside the point: the engine says so.
        starts_here = case.is_open and case.state in edge.sources
        faults = faults_of(edge.form, form, line.place) if starts_here and not problems else []
        return form, problems or [_at_cell(each, line) for each in faults]


def _at_cell(fault: Problem, line: Line) -> Problem:
    # The form names the field first: "months: must be at most 60".
    return replace(fault, place=line.place_of(fault.text.partition(":")[0]))


def _put(reader: Reader, form: dict[str, Any], column: str, text: str, place: str) -> Problem | None:
    try:
        return reader.put(form, column, text, place)
    except TalentError as unknown:
        first = unknown.problems[0]
        return Problem(
            text=first.text,
            place=place,
            path=column,
            found=first.found,
            nearest=first.nearest,
            code=first.code,
        )


def _fire_in_chunks(desk: Desk, requests: Sequence[Request], run: _Run) -> None:
    engine = engine_of(desk)
    results = work_through(
        desk, requests, lambda tx, chunk: engine.fire_many(tx, chunk, request_id=desk.request_id)
    )
    run.results.update(zip((str(each.ref) for each in requests), results, strict=True))


def _fire_together(desk: Desk, requests: Sequence[Request], run: _Run) -> None:
    engine = engine_of(desk)

    def together(tx: Transaction) -> None:
        run.results = {ref: each for ref, each in run.results.items() if isinstance(each, TalentError)}
        for start in range(0, len(requests), CHUNK):
            chunk = requests[start : start + CHUNK]
            results = engine.fire_many(tx, chunk, request_id=desk.request_id)
            run.results.update(zip((str(each.ref) for each in chunk), results, strict=True))
        if run.refused:
            raise _TakeBack

    with suppress(_TakeBack):
        desk.workspace.run(desk.actor, together, dry_run=desk.dry_run)


def _tell(desk: Desk, lines: Sequence[Line], run: _Run, *, together: bool) -> None:
    taken_back = together and bool(run.refused)
    is_table = desk.for_people and desk.common.style.chosen == "table"
    rows = []
    for line in lines:
        result = run.results.get(line.ref)
        if isinstance(result, Fired) and not taken_back:
            rows.append((in_words if is_table else fired_row)(result))
        elif isinstance(result, TalentError):
            _say_refusal(desk, line, result)
            if not desk.for_people:
                rows.append(_refused_row(line.ref, result))
    if rows and is_table:
        tell_each(desk, rows)
    elif rows or not desk.for_people:
        desk.emit(rows, COLUMNS)
    done = 0 if taken_back else len(run.fired)
    note = "; nothing was written" if taken_back or desk.dry_run else ""
    desk.say(f"{done} done, {len(run.refused)} refused{note}")


def _refused_row(ref: str, error: TalentError) -> dict[str, Any]:
    first = error.problems[0]
    unmet = [each.text for each in getattr(error, "verdicts", ()) if not each.ok]
    return {"ref": ref, "ok": False, "error": "; ".join(unmet) or str(first), "code": first.code}


def _say_refusal(desk: Desk, line: Line, error: TalentError) -> None:
    told = list(lines_of(error))
    names_it = error.problems[0].place == line.ref
    place = "" if line.place == line.ref else f"{line.place} "
    if isinstance(error, Refused) and len(told) > 1:
        told = [told[0], *(each for each in told[1:] if "✔" not in each)]
    named = "" if names_it and not place else f"{place}{line.ref}: "
    desk.say("\n".join([f"{named}{told[0]}", *told[1:]]))
