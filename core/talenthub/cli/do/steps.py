"""The work of `talent do`: what was asked, which step, one case or many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from talenthub.cli.base import Desk
from talenthub.cli.casework import (
    REF,
    engine_of,
    known_person,
    no_reference,
    read,
    reference,
    step_name,
)
from talenthub.cli.chosen_cases import Cases
from talenthub.cli.do.files import read_form
from talenthub.cli.do.forms import Asked, edge_of, form_of
from talenthub.cli.do.many import Wish, fire_many
from talenthub.cli.do.told import COLUMNS, fired_row, following
from talenthub.cli.forms import Reader, faults_of, kind_words
from talenthub.cli.why_rows import Steps, steps_of
from talenthub.errors import Problem, TalentError, UsageError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.choosing import ended
from talenthub.workflow.definition import Transition, Workflow
from talenthub.workflow.engine import Engine
from talenthub.workflow.firing import Fired


def take_steps(desk: Desk, asked: Asked) -> None:
    """Take a step on one case, or on all that were named."""
    words, step = _split(asked.words, needs_refs=asked.source is None and asked.where is None)
    cases = Cases(tuple(reference(word) for word in words), asked.source, asked.where)
    given = read_form(asked.form_file) if asked.form_file is not None else {}
    if cases.is_one:
        _take_one(desk, cases.words[0], step, asked, given)
        return
    if step is None:
        raise UsageError(_no_step("name the step to take on all of them", ()))
    fire_many(desk, cases.lines(desk), Wish(step_name(step), step, asked, given))


def _split(words: Sequence[str], *, needs_refs: bool) -> tuple[list[str], str | None]:
    """Return the references and the step: the last word that is none."""
    refs = list(words)
    step = refs.pop() if refs and REF.fullmatch(refs[-1]) is None else None
    if needs_refs and not refs:
        problem = (
            no_reference(step)
            if step is not None
            else Problem(
                text="name at least one case", place="REF", mend="talent inbox shows yours", code="cli.ref"
            )
        )
        raise UsageError(problem)
    wrong = [no_reference(word) for word in refs if REF.fullmatch(word) is None]
    if wrong:
        raise UsageError.of(wrong)
    return refs, step


def _take_one(desk: Desk, ref: str, word: str | None, asked: Asked, given: dict[str, Any]) -> None:
    steps = read(desk, lambda engine, tx: steps_of(engine, tx, ref))
    name = step_name(word) if word is not None else _choose(desk, steps)
    edge = edge_of(steps.workflow, steps.case.state, name, word or name)
    form = read(desk, lambda _engine, tx: form_of(tx, edge, asked, given))
    if desk.interactive:
        form = _ask(desk, edge, form)
    faults = faults_of(edge.form, form, "--set" if not asked.form_file else asked.form_file)
    if faults and _starts_here(steps, name):
        raise UsageError.of(faults)
    # A repeated request finds the case moved on, and must ask the very same.
    seen = steps.case.version if desk.request_id is None else None
    engine = engine_of(desk)
    fired = desk.run(
        lambda tx: engine.fire(tx, ref, name, form, expected_version=seen, request_id=desk.request_id)
    )
    _tell(desk, steps.workflow, fired)


def _starts_here(steps: Steps, name: str) -> bool:
    # Elsewhere the refusal of the state comes first: the fields are beside the point.
    return any(each.edge.name == name for each in steps.judged)


def _no_step(text: str, possible: Sequence[str]) -> Problem:
    return Problem(text=text, place="STEP", allowed=", ".join(possible) or None, code="cli.step")


def _choose(desk: Desk, steps: Steps) -> str:
    """Return the step picked from a numbered list; a pipe has to name it."""
    possible = steps.possible
    if not steps.case.is_open:
        raise ended(steps.case, steps.workflow)
    if not desk.interactive:
        mend = f"talent why {steps.case.ref} tells what the others need"
        problem = _no_step("name the step to take", possible)
        raise UsageError(
            Problem(
                text=problem.text,
                place="STEP",
                allowed=problem.allowed or "none by you now",
                mend=mend,
                code="cli.step",
            )
        )
    if not possible:
        raise UsageError(
            _no_step(f"no step on {steps.case.ref} is possible for you now: talent why {steps.case.ref}", ())
        )
    desk.say(steps.title)
    for number, name in enumerate(possible, start=1):
        desk.say(f"  {number}  {name}")
    picked: int = click.prompt("Which", type=click.IntRange(1, len(possible)), err=True)
    return possible[picked - 1]


def _ask(desk: Desk, edge: Transition, form: dict[str, Any]) -> dict[str, Any]:
    """Return the form with what a person at a terminal was asked for.

    Needed fields always; the others only where nothing was given at all.
    """
    if edge.form is None:
        return form
    values = dict(form)
    for name, info in edge.form.model_fields.items():
        if name in values or (form and not info.is_required()):
            continue
        hint = kind_words(info.annotation) + ("" if info.is_required() else ", Enter for none")
        while True:
            answer: str = click.prompt(
                f"{info.title or name.replace('_', ' ')} ({hint})",
                default="" if not info.is_required() else None,
                show_default=False,
                err=True,
            )
            if not answer:
                break
            problem = _put_answer(desk, edge, values, name, answer)
            if problem is None:
                break
            desk.say(f"  {problem}")
    return values


def _put_answer(
    desk: Desk, edge: Transition, values: dict[str, Any], name: str, answer: str
) -> Problem | None:
    def put(_engine: Engine, tx: Transaction) -> Problem | None:
        assert edge.form is not None
        return Reader(edge.form, tx.today, lambda handle: known_person(tx, handle).id).put(
            values, name, answer, "answer"
        )

    try:
        return read(desk, put)
    except TalentError as error:
        return error.problems[0]


def _tell(desk: Desk, workflow: Workflow, fired: Fired) -> None:
    if not desk.for_people:
        desk.emit([fired_row(fired)], COLUMNS)
        return
    source, target = (workflow.state(name).words for name in (fired.source, fired.target))
    moved = f"{source} → {target}" if fired.source != fired.target else f"still {target}"
    desk.write_text(f"{fired.ref}: {fired.transition}; {moved}")
    if fired.opened:
        desk.write_text(f"opened: {', '.join(fired.opened)}")
    if not desk.dry_run:
        _say_next(desk, fired.ref)


def _say_next(desk: Desk, ref: str) -> None:
    try:
        steps = read(desk, lambda engine, tx: steps_of(engine, tx, ref))
    except TalentError:
        return  # it may be out of sight now, which is no failure of the step
    desk.say(f"Next: {following(steps)}")
