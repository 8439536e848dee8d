"""Bulk steps: chunks, a progress bar, one way to tell what became of each.

@click.command()
@cases_option("APPLICATION…", workflow="recruitment.application")
@writes
def withdraw(desk: Desk, cases: Cases) -> None:
    fire_each(desk, [Request(ref, "withdraw") for ref in cases.refs(desk)])
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any, TypeVar

import click

from talenthub.cli.base import Desk
from talenthub.cli.output import Column, on_terminal
from talenthub.cli.screen import is_terminal
from talenthub.errors import NotFound, NotPermitted, Refused, TalentError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.firing import Fired, Request

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 500
"""Cases of one transaction."""

LISTED = 40
"""So many steps are listed on a screen; of more it is told how many."""

FIRED = (
    Column("ref"),
    Column("step"),
    Column("before", extra=True),
    Column("now"),
    Column("opened"),
    Column("why_not"),
)
_COUNTED = (Column("step"), Column("now"), Column("count", right=True), Column("why_not"))


def fire_each(desk: Desk, requests: Sequence[Request], *, following: str = "") -> None:
    """Fire each request, print what became of it; refused ones stop none.

    Raises the only refusal as it is; Refused says how many of many there
    were. `following` is the command to go on with where all went well.
    """
    engine = desk.workspace.engine
    answers = in_chunks(
        desk, requests, lambda tx, chunk: engine.fire_many(tx, chunk, request_id=desk.request_id)
    )
    tell_answers(desk, list(zip(requests, answers, strict=True)), following=following)


def tell_answers(
    desk: Desk, answers: Sequence[tuple[Request, Fired | TalentError]], *, following: str = ""
) -> None:
    """Print what became of each request; raise what was refused."""
    tell_each(desk, [_row(request, answer) for request, answer in answers])
    raise_refusals([each for _, each in answers if isinstance(each, TalentError)], len(answers))
    if following:
        desk.say(f"Next: {following}")


def in_chunks(
    desk: Desk,
    items: Sequence[T],
    work: Callable[[Transaction, Sequence[T]], Sequence[R]],
    *,
    label: str = "Steps",
) -> list[R]:
    """Return what `work` answers for each item, in order.

    A chunk of 500 is one transaction, repeated after a deadlock; a dry run is
    one in all, so that a chunk sees what those before it did.
    """
    found = work_through(desk, items, work, label=label)
    if desk.dry_run:
        desk.say("Dry run: nothing was written.")
    return found


def work_through(
    desk: Desk,
    items: Sequence[T],
    work: Callable[[Transaction, Sequence[T]], Sequence[R]],
    *,
    label: str = "Steps",
) -> list[R]:
    """Return the same without a word about a dry run."""
    chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
    if desk.dry_run:
        return desk.workspace.run(
            desk.actor,
            lambda tx: [each for chunk in chunks for each in work(tx, chunk)],
            dry_run=True,
            bold=True,
        )
    found: list[R] = []
    with _interruption_told(desk, found, len(items)), progress(len(items), label) as done:
        for chunk in chunks:
            found += desk.workspace.run(
                desk.actor,
                lambda tx, chunk=chunk: work(tx, chunk),  # type: ignore[misc]
                bold=True,
            )
            done(len(chunk))
    return found


@contextmanager
def _interruption_told(desk: Desk, found: Sequence[object], asked: int) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        desk.say(f"Interrupted: {len(found)} of {asked} are done; the same command does the others.")
        raise


@contextmanager
def progress(length: int, label: str = "Steps") -> Iterator[Callable[[int], None]]:
    """Yield what counts the done ones; a bar where somebody can see it."""
    shown = length > CHUNK and on_terminal() and is_terminal(sys.stderr)
    bar = click.progressbar(length=length, file=sys.stderr, label=label) if shown else nullcontext()
    with bar as opened:
        yield opened.update if opened is not None else lambda _count: None


def tell_each(desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    """Print rows of FIRED; on a screen more than forty are counted.

    Nothing of a single one that was refused: what is raised then says why.
    """
    is_table = desk.common.style.chosen == "table"
    if is_table and len(rows) > LISTED:
        desk.emit(_counted(rows), _shown(_COUNTED, rows))
        desk.say("-o json lists each.")
    elif len(rows) != 1 or rows[0]["now"] is not None:
        desk.emit(rows, _shown(FIRED, rows) if is_table else FIRED)


def _shown(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> list[Column]:
    """Return the columns, without those in which nothing stands."""
    empty = {name for name in ("opened", "why_not") if not any(row.get(name) for row in rows)}
    return [replace(each, extra=each.extra or each.name in empty) for each in columns]


def _counted(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return how many came to which state, and why others did not."""
    found = Counter((row["step"], row["now"], "; ".join(row["why_not"])) for row in rows)
    return [
        {"step": step, "now": now, "count": count, "why_not": why}
        for (step, now, why), count in found.most_common(LISTED)
    ]


def raise_refusals(errors: Sequence[TalentError], asked: int) -> None:
    """Raise the only refusal as it is, or say how many there were."""
    if len(errors) == 1 and asked == 1:
        raise errors[0]
    if errors:
        others = "nothing was done" if len(errors) == asked else "the others are done"
        raise Refused(f"{len(errors)} of {asked} were refused; {others}")


def _row(request: Request, answer: Fired | TalentError) -> dict[str, Any]:
    if isinstance(answer, Fired):
        return fired_row(answer)
    step = request.transition.replace("_", " ")
    return {"ref": request.ref, "step": step, "now": None, "why_not": _beside(request.ref, answer)}


def _beside(ref: str | int, error: TalentError) -> list[str]:
    """Return why not, without the reference that the row says already.

    Of many, what says the same is counted together.
    """
    if not isinstance(error, NotFound):
        return why_not(error)
    return [str(replace(each, found=None) if each.found == ref else each) for each in error.problems]


def fired_row(fired: Fired) -> dict[str, Any]:
    """Return a firing as a row of FIRED, in words."""
    return {
        "ref": fired.ref,
        "step": fired.transition.replace("_", " "),
        "before": fired.source.replace("_", " "),
        "now": fired.now or fired.target.replace("_", " "),
        "opened": list(fired.opened),
        "why_not": [],
    }


def why_not(error: TalentError) -> list[str]:
    """Return what stands in the way, as short lines."""
    told = error.verdicts if isinstance(error, Refused | NotPermitted) else ()
    unmet = [each for each in told if not each.ok]
    details = [detail.text for each in unmet for detail in each.details]
    return details or [each.text for each in unmet] or [str(each) for each in error.problems]
