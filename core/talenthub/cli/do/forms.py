"""What `talent do` was asked for, and the form that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from talenthub.cli.casework import known_person
from talenthub.cli.forms import Reader, unknown_field
from talenthub.cli.why_rows import unknown_step
from talenthub.errors import Problem, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.definition import Transition, Workflow
from talenthub.workflow.persons_in import numbered


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of the command."""

    words: tuple[str, ...]
    assignments: tuple[str, ...]
    form_file: str | None
    reason: str | None
    source: str | None
    where: str | None
    all_or_nothing: bool
    background: bool = False


def edge_of(workflow: Workflow, state: str, name: str, word: str) -> Transition:
    """Return the transition a step means; UsageError if there is none."""
    here = [edge for edge in workflow.edges(state, name) if edge.by.includes_people]
    anywhere = [edge for edge in workflow.transitions if edge.name == name]
    if not anywhere:
        raise unknown_step(workflow, word)
    return (here or anywhere)[0]


def form_of(tx: Transaction, edge: Transition, asked: Asked, given: dict[str, Any]) -> dict[str, Any]:
    """Return the form's values as told by --form, --set and --reason."""
    values = dict(given)
    pairs = [_pair(each) for each in asked.assignments]
    problems = [each for each in pairs if isinstance(each, Problem)]
    if edge.form is None and (pairs or asked.reason is not None):
        place = "--set" if pairs else "--reason"
        raise UsageError(Problem(text=f"the step {edge.name} takes no fields", place=place, code="form.none"))
    if edge.form is not None:
        reader = Reader(edge.form, tx.today, lambda handle: known_person(tx, handle).id)
        for pair in pairs:
            if not isinstance(pair, Problem):
                problem = reader.put(values, *pair, "--set")
                problems += [problem] if problem is not None else []
        problems += _put_reason(reader, values, asked.reason)
    if problems:
        raise UsageError.of(problems)
    if edge.form is None:
        return values
    return numbered(edge.form, values, lambda handle: known_person(tx, handle).id)


def _pair(text: str) -> tuple[str, str] | Problem:
    key, mark, value = text.partition("=")
    if not mark or not key.strip():
        return Problem(
            text="a field needs a value",
            place="--set",
            found=text[:80],
            allowed="FIELD=VALUE",
            code="form.pair",
        )
    return key.strip(), value


def _put_reason(reader: Reader, values: dict[str, Any], reason: str | None) -> list[Problem]:
    if reason is None:
        return []
    field = next((name for name in ("reason", "note") if name in reader.model.model_fields), None)
    if field is None:
        return [unknown_field(reader.model, "reason", "--reason")]
    problem = reader.put(values, field, reason, "--reason")
    return [problem] if problem is not None else []
