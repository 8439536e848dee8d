"""Rows of `talent why`; imported when the command runs, not for help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.casework import about_words, name_of, people_of, read, reference, step_name
from talenthub.cli.failures import verdict_lines
from talenthub.cli.forms import fields_line
from talenthub.cli.framework.version_words import version_lines
from talenthub.cli.output import Column
from talenthub.errors import UsageError, unknown
from talenthub.storage.transaction import Transaction
from talenthub.verdict import Verdict
from talenthub.workflow.choosing import ended
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Workflow
from talenthub.workflow.engine import Engine
from talenthub.workflow.judging import Answer

COLUMNS = (
    Column("step"),
    Column("to"),
    Column("possible"),
    Column("ok"),
    Column("condition"),
    Column("details", show=lambda details: "; ".join(details or ())),
    Column("mend"),
    Column("kind", extra=True),
    Column("name", extra=True),
    Column("ref", extra=True),
    Column("state", extra=True),
)


@dataclass(frozen=True, slots=True)
class Steps:
    """A case, its workflow and its steps from here with their verdicts."""

    case: CaseView
    workflow: Workflow
    subject: str | None
    judged: tuple[Answer, ...]

    @property
    def possible(self) -> list[str]:
        """Return the steps the actor can take now."""
        return list(dict.fromkeys(each.edge.name for each in self.judged if each.ok))

    @property
    def permitted(self) -> list[str]:
        """Return the steps that are the actor's, possible now or later."""
        mine = (each for each in self.judged if not any(_bars(verdict) for verdict in each.verdicts))
        return list(dict.fromkeys(each.edge.name for each in mine))

    @property
    def title(self) -> str:
        """Return the case in one line: reference, about, state."""
        about = about_words(self.case, self.subject)
        state = self.workflow.state(self.case.state).words
        return f"{self.case.ref} {about}".rstrip() + f"   now: {state}"


def _bars(verdict: Verdict) -> bool:
    return verdict.kind == "rights" and not verdict.ok


def steps_of(engine: Engine, tx: Transaction, ref: str) -> Steps:
    """Return the steps of a case in the actor's view; PluginError if parked."""
    case = engine.case(tx, ref)
    workflow = engine.catalogue.running_for(case).workflow
    subject = name_of(people_of(tx, [case.subject]), case.subject)
    return Steps(case, workflow, subject, tuple(engine.why(tx, ref)) if case.is_open else ())


def unknown_step(workflow: Workflow, step: str) -> UsageError:
    """Return the error of a step that the workflow does not have."""
    names = [edge.name for edge in workflow.transitions if edge.by.includes_people]
    return UsageError(unknown("step", step, dict.fromkeys(names), place="STEP"))


def print_why(desk: Desk, word: str, step: str | None) -> None:
    """Print every condition of one step, or of all steps from here."""
    ref = reference(word)
    steps, versions = read(desk, lambda engine, tx: _looked_at(engine, tx, ref))
    name = step_name(step) if step is not None else None
    if name is not None and name not in steps.workflow.transition_names():
        raise unknown_step(steps.workflow, step or "")
    chosen = [_shown(each) for each in steps.judged if name in (None, each.edge.name)]
    if desk.for_people:
        desk.write_text("\n".join(_lines(steps, chosen, name, versions)))
    else:
        desk.emit(_rows(steps, chosen, name), COLUMNS)


def _looked_at(engine: Engine, tx: Transaction, ref: str) -> tuple[Steps, list[str]]:
    steps = steps_of(engine, tx, ref)
    return steps, version_lines(engine, tx, steps.case)


def _shown(judged: Answer) -> Answer:
    """Return a step of the system without the verdict that it is not ours."""
    if judged.edge.by.includes_people:
        return judged
    return replace(judged, verdicts=tuple(each for each in judged.verdicts if each.kind != "rights"))


def _lines(
    steps: Steps, chosen: Sequence[Answer], name: str | None, versions: Sequence[str]
) -> Iterator[str]:
    yield steps.title
    yield from versions
    closed = _closed(steps)
    if closed is not None:
        yield from verdict_lines([closed])
        return
    if name is not None and not chosen:
        yield _elsewhere(steps, name)
    for judged in chosen:
        several = sum(each.edge.name == judged.edge.name for each in chosen) > 1
        yield _headline(judged, several=several)
        yield from verdict_lines(judged.verdicts)
        if judged.edge.form is not None and judged.edge.by.includes_people:
            yield f"    fields: {fields_line(judged.edge.form)}"
    yield f"Possible now: {', '.join(steps.possible) or 'nothing by you'}"


def _closed(steps: Steps) -> Verdict | None:
    return None if steps.case.is_open else ended(steps.case, steps.workflow).verdicts[0]


def _elsewhere(steps: Steps, name: str) -> str:
    starts = [
        steps.workflow.state(source).words
        for edge in steps.workflow.transitions
        if edge.name == name
        for source in edge.sources
    ]
    here = steps.workflow.state(steps.case.state).words
    return f"{name} does not start from «{here}»; it starts from: {', '.join(dict.fromkeys(starts))}"


def _headline(judged: Answer, *, several: bool) -> str:
    edge = judged.edge
    name = edge.name if edge.words == edge.name.replace("_", " ") else f"{edge.name} ({edge.words})"
    name += f" → {edge.target.replace('_', ' ')}" if several else ""
    if not edge.by.includes_people:
        met = "its conditions are met" if judged.ok else "its conditions are not all met"
        return f"{name} happens by itself: {met}"
    if all(each.ok for each in judged.verdicts):
        return f"{name} is possible"
    refused = sum(not each.ok for each in judged.verdicts)
    total = len(judged.verdicts)
    of = "the condition" if total == 1 else f"{refused} of {total} conditions"
    return f"{name} is not possible yet: {of} {'is' if refused == 1 else 'are'} open"


def _rows(steps: Steps, chosen: Sequence[Answer], name: str | None) -> Iterator[dict[str, Any]]:
    head = {"ref": steps.case.ref, "state": steps.case.state}
    if name is not None and not chosen:
        closed = _closed(steps)
        sentence = closed.text if closed is not None else _elsewhere(steps, name)
        yield head | {
            "step": name,
            "possible": False,
            "ok": False,
            "condition": sentence,
            "kind": "state",
            "details": [],
        }
    for judged in chosen:
        possible = judged.ok and judged.edge.by.includes_people
        for verdict in judged.verdicts:
            yield head | {
                "step": judged.edge.name,
                "to": judged.edge.target,
                "possible": possible,
                "ok": verdict.ok,
                "condition": verdict.text,
                "details": [detail.text for detail in verdict.details],
                "mend": verdict.mend if not verdict.ok else None,
                "kind": verdict.kind,
                "name": verdict.name,
            }
