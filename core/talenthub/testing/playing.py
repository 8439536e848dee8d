"""Playing a workflow from a text that reads like a scene.

# who: step reference field=value …
maria.costa: open mentoring.pair about ana.silva
ana.silva:   accept MEN-1 goal="Write for the reader"
eva.sand:    end MEN-1 refused "Only the pair may end it"
day 2026-03-02
MEN-1 is running
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from talenthub.errors import NotPermitted, Refused, TalentError
from talenthub.people.persons import person
from talenthub.testing.worlds import World
from talenthub.workspace import Workspace


def play(world: World, text: str) -> None:
    """Play a text line by line; AssertionError names the line that fails.

    `open` opens a case, any other word is a transition; `refused "WORDS"` at
    the end says that it is refused, and with which words. `day DAY` runs all
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
            step, ref, *fields = words
            world.fire(who, ref, step, _form(fields))
    except (Refused, NotPermitted) as error:
        told = "; ".join([str(error), *(each.text for each in error.verdicts if not each.ok)])
        assert said is not None, told
        assert said in told, f"it is refused, but because: {told}"
    else:
        assert said is None, "it is not refused"


def _open(world: World, who: str, words: Sequence[str]) -> None:
    workflow, *rest = words
    about = None
    if rest[:1] == ["about"]:
        _, about, *rest = rest

    def run(workspace: Workspace) -> None:
        actor = workspace.actor(as_handle=who)
        workspace.run(
            actor,
            lambda tx: workspace.engine.open(
                tx, workflow, subject=person(tx, about).id if about else None, data=_form(rest)
            ),
        )

    with world.open() as workspace:
        run(workspace)


def _form(fields: Sequence[str]) -> Mapping[str, Any]:
    wrong = [each for each in fields if "=" not in each]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no FIELD=VALUE")
    return dict(each.split("=", 1) for each in fields)


def _anybody(world: World) -> str:
    return world.people(1)[0]
