"""One change for many persons: chunks, a progress bar, refusals in words."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli.base import Desk
from talenthub.cli.output import Column, on_terminal
from talenthub.cli.parameters import PERSON
from talenthub.cli.screen import is_terminal
from talenthub.errors import Problem, TalentError, UsageError

if TYPE_CHECKING:
    from talenthub.people.choosing import Chosen
    from talenthub.storage.transaction import Transaction

CHUNK = 500
"""Persons of one transaction."""
REFUSED = 3

Command = Callable[..., None]

_ROWS = (Column("handle"), Column("done"), Column("error", extra=True), Column("code", extra=True))


@dataclass(frozen=True, slots=True)
class Whom:
    """How a command was told whom it means."""

    handles: tuple[str, ...]
    source: Path | None
    where: str | None

    @property
    def is_one(self) -> bool:
        """Return whether one person was named, and no more."""
        return len(self.handles) == 1 and self.source is None and self.where is None

    def chosen(self, desk: Desk, columns: Sequence[str] = (), required: Sequence[str] = ()) -> list[Chosen]:
        """Return the persons meant; UsageError unless it was said in one way."""
        from talenthub.people.choosing import Chosen, persons_of_file, persons_where, read_condition

        ways = [bool(self.handles), self.source is not None, self.where is not None]
        if sum(ways) != 1:
            text = "say whom in one way" if any(ways) else "name a person"
            raise UsageError(Problem(text=text, allowed="PERSON..., --from FILE or --where", code="cli.whom"))
        if self.source is not None:
            return persons_of_file(self.source, ("handle", *columns), ("handle", *required))
        if self.where is not None:
            condition = read_condition(self.where)
            return desk.workspace.run(desk.actor, lambda tx: persons_where(tx, condition), read_only=True)
        doubled = [each for each, count in Counter(self.handles).items() if count > 1]
        if doubled:
            text = "a person is named twice"
            raise UsageError(Problem(text=text, found=", ".join(doubled), code="cli.twice"))
        return [Chosen(each, each, {}) for each in self.handles]


@dataclass(frozen=True, slots=True)
class Bulk:
    """What is to be done for each person."""

    verb: str
    """Names the work under a request id: `people.leave`."""
    body: Callable[[Chosen], Any]
    """What is asked for one person, as JSON knows it."""
    act: Callable[[Transaction, Chosen], dict[str, Any]]
    following: str = ""


def many_options(command: Command) -> Command:
    """Add `--from` and `--where`."""
    where = click.option(
        "--where", metavar="CONDITION", help='Whom: "unit=harbour role=case-officer kind=employee".'
    )
    source = click.option(
        "--from",
        "source",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="CSV or XLSX with a column handle.",
    )
    return source(where(command))


handles_argument = click.argument("handles", type=PERSON, nargs=-1, metavar="PERSON...")


def run_bulk(desk: Desk, chosen: Sequence[Chosen], bulk: Bulk, *, is_one: bool) -> None:
    """Do it for everyone chosen and tell what became of each.

    Exit code 3 if somebody was refused; the others are done. For one person
    the refusal itself is the answer.
    """
    answers: dict[str, dict[str, Any] | TalentError] = {}
    with _progress(len(chosen)) as bar:
        for start in range(0, len(chosen), CHUNK):
            answers |= _chunk(desk, chosen[start : start + CHUNK], bulk)
            bar(min(CHUNK, len(chosen) - start))
    if is_one:
        _tell_one(desk, next(iter(answers.values())), bulk)
        return
    _tell(desk, chosen, answers)
    if any(isinstance(each, TalentError) for each in answers.values()):
        click.get_current_context().exit(REFUSED)


def _chunk(desk: Desk, chunk: Sequence[Chosen], bulk: Bulk) -> dict[str, dict[str, Any] | TalentError]:
    from talenthub.workspace.once import once

    by_handle = {each.handle: each for each in chunk}
    wanted = {handle: bulk.body(each) for handle, each in by_handle.items()}
    return desk.workspace.run(
        desk.actor,
        lambda tx: once(
            tx, desk.request_id, bulk.verb, wanted, lambda handle: bulk.act(tx, by_handle[handle])
        ),
        dry_run=desk.dry_run,
    )


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], object]]:
    shown = length > CHUNK and on_terminal() and is_terminal(sys.stderr)
    bar = click.progressbar(length=length, file=sys.stderr, label="Persons") if shown else nullcontext()
    with bar as opened:
        yield opened.update if opened is not None else lambda _count: None


def _tell_one(desk: Desk, answer: dict[str, Any] | TalentError, bulk: Bulk) -> None:
    if isinstance(answer, TalentError):
        raise answer
    desk.emit_record(answer)
    desk.say("Dry run: nothing was written." if desk.dry_run else bulk.following)


def _tell(desk: Desk, chosen: Sequence[Chosen], answers: dict[str, dict[str, Any] | TalentError]) -> None:
    rows = []
    refused = 0
    for each in chosen:
        answer = answers[each.handle]
        if isinstance(answer, TalentError):
            refused += 1
            first = answer.problems[0]
            rows.append({"handle": each.handle, "done": None, "error": str(first), "code": first.code})
            place = "" if each.place == each.handle else f"{each.place} "
            desk.say(f"{place}{each.handle}: {first}")
        else:
            rows.append({"handle": each.handle, "done": _said(answer)})
    desk.emit(rows if not desk.for_people else [row for row in rows if row["done"]], _ROWS)
    note = "; dry run: nothing was written" if desk.dry_run else ""
    desk.say(f"{len(chosen) - refused} done, {refused} refused{note}")


def _said(answer: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in answer.items() if name != "handle" and value)
