"""What the commands of performance share: parameters, rows and answers."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from talenthub.sdk import (
    CaseView,
    Column,
    DateWord,
    Desk,
    Engine,
    Fired,
    Name,
    Refused,
    Request,
    TalentError,
    Transaction,
)
from talenthub_performance.entering import CHUNK

REVIEW = Name("review or person")
FIRED = (
    Column("ref"),
    Column("step"),
    Column("before", extra=True),
    Column("now"),
    Column("opened", extra=True),
    Column("why_not"),
)
COUNTED = (Column("step"), Column("now"), Column("count", right=True), Column("why_not"))
LISTED = 40
"""So many steps are listed for people; more are counted."""


class Pair(click.ParamType[tuple[str, str]]):
    """KEY=VALUE: a competency or an objective, and what is said about it."""

    name = "key=value"

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return key and value."""
        if isinstance(value, tuple):
            return value
        key, sign, said = value.partition("=")
        if not sign or not key.strip() or not said.strip():
            self.fail(f"{value!r} is not KEY=VALUE; allowed: a key, = and a value", param, ctx)
        return key.strip(), said.strip()


PAIR = Pair()


def codes(given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return competencies, in capitals, and what is said about each."""
    return {key.upper(): said for key, said in given}


def day_of(desk: Desk, word: DateWord | None) -> str | None:
    """Return the day that was meant, as text; None if none was."""
    if word is None:
        return None
    return desk.workspace.run(desk.actor, lambda tx: word.on(tx.today), read_only=True).isoformat()


def figure(value: Any) -> str:
    """Return a figure as people read it."""
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


Find = Callable[[Engine, Transaction], Sequence[Request]]


def fire_found(desk: Desk, find: Find, *, label: str = "Steps", following: str = "") -> None:
    """Fire what `find` returns, in chunks; what is refused stops no other.

    A chunk is one transaction; a dry run is one in all. `following` is said
    at the end, with the first case that was opened in place of {opened}.
    """
    engine = desk.workspace.engine
    requests = desk.workspace.run(desk.actor, lambda tx: list(find(engine, tx)), read_only=True)
    size = CHUNK if not desk.dry_run else max(len(requests), 1)
    answers: list[Fired | TalentError] = []
    with bar(len(requests), label) as advance:
        for start in range(0, len(requests), size):
            chunk = requests[start : start + size]
            own_id = desk.request_id and f"{desk.request_id}/{start // size}"
            answers += desk.run(
                lambda tx, chunk=chunk, own_id=own_id: engine.fire_many(tx, chunk, request_id=own_id)  # type: ignore[misc]
            )
            advance(len(chunk))
    _tell(desk, requests, answers)
    opened = [ref for each in answers if isinstance(each, Fired) for ref in each.opened]
    if following and opened:
        desk.say(f"Next: {following.format(opened=opened[0])}")


def _tell(desk: Desk, requests: Sequence[Request], answers: Sequence[Fired | TalentError]) -> None:
    rows = [_row(request, answer) for request, answer in zip(requests, answers, strict=True)]
    errors = [each for each in answers if isinstance(each, TalentError)]
    if len(rows) > LISTED and _as_table(desk):
        desk.emit(_counted(rows), COUNTED)
        desk.say("-o json lists each.")
    elif len(errors) < len(rows) or not rows:
        desk.emit(rows, FIRED if errors else FIRED[:-1])
    raise_refusals(errors, len(rows))


def _as_table(desk: Desk) -> bool:
    return desk.for_people and (desk.common.style.form == "table" or sys.stdout.isatty())


def _counted(rows: Sequence[dict[str, Any]]) -> list[dict[str, object]]:
    """Return how many came to which state, and why others did not."""
    found = Counter((each["step"], each["now"] or "", "; ".join(each["why_not"])) for each in rows)
    return [
        {"step": step, "now": now, "count": count, "why_not": why}
        for (step, now, why), count in found.most_common(LISTED)
    ]


def raise_refusals(errors: Sequence[TalentError], asked: int) -> None:
    """Raise the only refusal as it is, or say how many there were."""
    if len(errors) == 1 and asked == 1:
        raise errors[0]
    if errors:
        raise Refused(f"{len(errors)} of {asked} were refused; the others are done")


def _row(request: Request, answer: Fired | TalentError) -> dict[str, Any]:
    if isinstance(answer, TalentError):
        return {"ref": request.ref, "step": request.transition, "now": None, "why_not": why_not(answer)}
    return {
        "ref": answer.ref,
        "step": answer.transition.replace("_", " "),
        "before": answer.source.replace("_", " "),
        "now": answer.target.replace("_", " "),
        "opened": list(answer.opened),
        "why_not": [],
    }


def why_not(error: TalentError) -> list[str]:
    """Return what stands in the way, as short lines."""
    if isinstance(error, Refused) and error.verdicts:
        unmet = [each for each in error.verdicts if not each.ok]
        lines = [detail.text for each in unmet for detail in each.details] or [each.text for each in unmet]
        return lines or [str(each) for each in error.problems]
    return [str(each) for each in error.problems]


@contextlib.contextmanager
def bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that moves a progress bar on; none without a terminal."""
    if length <= CHUNK or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, file=sys.stderr, label=label) as shown:
        yield shown.update


def one(desk: Desk, find: Callable[[Engine, Transaction], CaseView], step: str, form: dict[str, Any]) -> None:
    """Fire one step of the case that `find` returns."""
    fire_found(desk, lambda engine, tx: [Request(find(engine, tx).ref, step, form)])
