"""Playing a workflow from a text that reads like a scene.

# who: step reference field=value …
maria.costa: open mentoring.pair about ana.silva
ana.silva:   accept MEN-1 goal="Write for the reader" with=eva.sand
eva.sand:    end MEN-1 refused "Only the pair may end it"
day 2026-03-02
MEN-1 is running
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel

from talenthub.cli.do.forms import edge_of
from talenthub.cli.forms import Reader
from talenthub.errors import NotPermitted, Refused, TalentError, UsageError
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing.worlds import World
from talenthub.verdict import Verdict


def play(world: World, text: str) -> None:
    """Play a text line by line; AssertionError names the line that fails.

    `open` opens a case, any other word is a transition; `refused "WORDS"` at
    the end says that it is refused, and with which words. A FIELD=VALUE is
    read as `talent do --set` reads it: persons by handle. `day DAY` runs all
    that falls due until then; `REF is STATE` looks where a case stands.
    """
    for number, line in enumerate(text.splitlines(), 1):
        words = shlex.split(line, comments=True)
        if not words:
            continue
        try:
            _play(world, words)
        except (AssertionError, TalentError, ValueError) as error:
            raise AssertionError(f"line {number}, {line.strip()!r}: {error}") from error


def _play(world: World, words: Sequence[str]) -> None:
    first, *rest = words
    if first == "day":
        (day,) = rest
        world.talent("tick", "--to", date.fromisoformat(day).isoformat(), who=_anybody(world))
    elif first.endswith(":"):
        _act(world, first.removesuffix(":"), rest)
    elif len(rest) == 2 and rest[0] == "is":
        state = world.state(first)
        assert state == rest[1], f"it is {state}"
    else:
        raise ValueError('a line is "WHO: STEP REF …", "REF is STATE" or "day DAY"')


def _act(world: World, who: str, words: Sequence[str]) -> None:
    said = None
    if len(words) > 2 and words[-2] == "refused":
        *words, _, said = words
    try:
        if words[0] == "open":
            _open(world, who, words[1:])
        else:
            _fire(world, who, *words)
    except TalentError as error:
        verdicts = error.verdicts if isinstance(error, Refused | NotPermitted) else ()
        told = "; ".join([str(error), *(_words(each) for each in verdicts if not each.ok)])
        assert said is not None, told
        assert said in told, f"it is refused, but because: {told}"
    else:
        assert said is None, "it is not refused"


def _words(verdict: Verdict) -> str:
    return " ".join((verdict.text, *(each.text for each in verdict.details)))


def _open(world: World, who: str, words: Sequence[str]) -> None:
    name, *rest = words
    about = None
    if rest[:1] == ["about"]:
        _, about, *rest = rest
    with world.open() as workspace:
        engine = workspace.engine

        def run(tx: Transaction) -> None:
            subject = person(tx, about).id if about else None
            data = _form(tx, engine.catalogue.newest(name).workflow.data, rest)
            engine.open(tx, name, subject=subject, data=data)

        workspace.run(workspace.actor(as_handle=who), run)


def _fire(world: World, who: str, step: str, ref: str, *fields: str) -> None:
    with world.open() as workspace:
        engine = workspace.engine

        def run(tx: Transaction) -> None:
            case = engine.case(tx.by(SYSTEM), ref)
            edge = edge_of(engine.catalogue.running_for(case).workflow, case.state, step, step)
            engine.fire(tx, ref, step, _form(tx, edge.form, fields))

        workspace.run(workspace.actor(as_handle=who), run)


def _form(tx: Transaction, model: type[BaseModel] | None, fields: Sequence[str]) -> Mapping[str, Any]:
    wrong = [each for each in fields if "=" not in each]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no FIELD=VALUE")
    pairs = [each.split("=", 1) for each in fields]
    if model is None:
        return dict(pairs)
    values: dict[str, Any] = {}
    reader = Reader(model, tx.today, lambda handle: person(tx, handle).id)
    problems = [problem for key, text in pairs if (problem := reader.put(values, key, text, key))]
    if problems:
        raise UsageError.of(problems)
    return values


def _anybody(world: World) -> str:
    return world.people(1)[0]
