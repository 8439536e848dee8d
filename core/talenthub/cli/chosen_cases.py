"""Which cases a command means: references, a file of them, or a condition.

@click.command()
@cases_option("APPLICATION…", workflow="recruitment.application")
@click.option("--note", default="")
@writes
def withdraw(desk: Desk, cases: Cases, note: str) -> None:
    fire_each(desk, [Request(ref, "withdraw", {"note": note}) for ref in cases.refs(desk)])
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli.base import Desk
from talenthub.cli.parameters import REFERENCE
from talenthub.errors import NotFound, Problem, UsageError

if TYPE_CHECKING:
    from talenthub.cli.case_files import Line
    from talenthub.storage.transaction import Transaction
    from talenthub.workflow.engine import Engine
    from talenthub.workflow.outlines import Outline

Command = Callable[..., None]

SHOWN = 20
"""Cases of a condition that are listed before one goes on."""

where_option = click.option(
    "--where", metavar="CONDITION", help='Which cases: "state=assessing older=14d"; docs/everyday.md.'
)
from_option = click.option(
    "--from", "source", metavar="FILE|-", help="References from CSV or XLSX, or standard input."
)


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases that the words of a command mean."""

    words: tuple[str, ...] = ()
    source: str | None = None
    where: str | None = None
    workflow: str | None = None
    """The only workflow that `where` looks through."""

    def refs(self, desk: Desk) -> tuple[str, ...]:
        """Return the references, in order; nothing where nothing was said.

        Of a condition it is told how many cases fit; a writing command then
        asks whether to go on, and lists them where it runs dry.
        """
        return tuple(line.ref for line in self.lines(desk))

    def lines(self, desk: Desk) -> list[Line]:
        """Return the same with the other columns of the file."""
        from talenthub.cli.case_files import Line, read_lines

        if self.where is not None:
            self._alone()
            return [Line(each.ref, {}, each.ref) for each in self._fitting(desk)]
        typed = [Line(ref, {}, ref) for ref in self.words]
        return typed + (read_lines(self.source) if self.source is not None else [])

    @property
    def is_one(self) -> bool:
        """Return whether one case was named, and no more."""
        return len(self.words) == 1 and self.source is None and self.where is None

    @property
    def are_named(self) -> bool:
        """Return whether anything says which cases are meant."""
        return bool(self.words) or self.source is not None or self.where is not None

    def _alone(self) -> None:
        if self.words or self.source is not None:
            text, allowed = "say which cases in one way", "references, --from FILE, or --where"
            raise UsageError(Problem(text=text, place="--where", allowed=allowed, code="cli.ways"))

    def _fitting(self, desk: Desk) -> Sequence[Outline]:
        from talenthub.cli.casework import people_of, read
        from talenthub.workflow.conditions import cases_matching

        def look(engine: Engine, tx: Transaction) -> tuple[list[Outline], list[str]]:
            found = cases_matching(tx, engine.catalogue, self.where or "", workflow=self.workflow)
            people = people_of(tx, [each.subject for each in found[:SHOWN]])
            return found, [_line(engine, each, people) for each in found[:SHOWN]]

        found, lines = read(desk, look)
        if not found:
            text = "no case that you may see fits this condition"
            raise NotFound(Problem(text=text, place="--where", found=self.where, code="cli.where-none"))
        if desk.common.is_write:
            _ask(desk, len(found), lines)
        return found


def _line(engine: Engine, case: Outline, people: Any) -> str:
    from talenthub.cli.casework import about_words, name_of, state_words

    state = state_words(engine.catalogue.find_for(case), case)
    line = f"  {case.ref}  {state}  {about_words(case, name_of(people, case.subject))}"
    return line if len(line) <= 79 else line[:78] + "…"


def _ask(desk: Desk, count: int, lines: Sequence[str]) -> None:
    rest = [f"  … and {count - len(lines)} more"] if count > len(lines) else []
    fits = "1 case fits" if count == 1 else f"{count} cases fit"
    if desk.interactive or desk.dry_run:
        desk.say("\n".join([f"{fits}:", *lines, *rest]))
    else:
        desk.say(fits)
    desk.confirm(f"Go on with {'it' if count == 1 else f'all {count}'}?")


def cases_option(
    metavar: str = "REF…",
    *,
    workflow: str | None = None,
    kind: click.ParamType[Any] = REFERENCE,
    required: bool = True,
) -> Callable[[Command], Command]:
    """Give a command `cases`: references, `--from FILE` or `--where`.

    Stands above `reads` or `writes`. `required` refuses to run without any.
    """

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def gathered(words: tuple[str, ...], source: str | None, where: str | None, **given: Any) -> None:
            cases = Cases(words, source, where, workflow)
            if required and not cases.are_named:
                text, allowed = "say which cases", f"{metavar}, --from FILE or --where CONDITION"
                raise UsageError(Problem(text=text, allowed=allowed, code="cli.ref"))
            command(cases=cases, **given)

        argument = click.argument("words", metavar=metavar, type=kind, nargs=-1)
        return argument(from_option(where_option(gathered)))

    return decorate
