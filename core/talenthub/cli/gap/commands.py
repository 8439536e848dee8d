"""`talent gap`: what roles ask for and people have not shown yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.evidence import for_option, on_option
from talenthub.cli.files import Made, deliver, draws
from talenthub.cli.gap.drawn import map_, radar
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column
from talenthub.cli.parameters import COMPETENCY, PERSON, UNIT, DateWord, Name

if TYPE_CHECKING:
    from talenthub.evidence.closing import Closing
    from talenthub.evidence.gap import Gap
    from talenthub.evidence.needs import Need
    from talenthub.evidence.viewing import GroupView
    from talenthub.storage.transaction import Transaction

ROLE = Name("role")

_GAP = (
    Column("competency"),
    *(Column(each, right=True) for each in ("required", "current", "gap")),
    *(Column(each) for each in ("band", "critical", "provisional")),
    Column("rows", right=True),
    *(Column(each, extra=True) for each in ("essential", "strength", "weight", "phase", "closing")),
    *(Column(each, extra=True) for each in ("opened_on", "closed_on", "sources_needed", "sources")),
)
_TOLD = ("closing", "closed")
"""Phases that the band alone does not show."""
_rows_option = click.option("--people", is_flag=True, help="The gaps of each person you may see.")


@click.group("gap", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def gap() -> None:
    """What a role asks for and a person has not shown yet.

    \b
    talent gap person amara.okoye
    talent gap person amara.okoye --role service-team-leader
    talent gap team --people
    talent gap org --unit harbour
    talent gap org --plan
    talent gap map --to gaps.svg
    """


gap.add_command(radar)
gap.add_command(map_)


@gap.command()
@click.argument("person", type=PERSON, required=False)
@click.option("--role", type=ROLE, help="Against this role; default: that of the post.")
@click.option("--level", type=ROLE, help="The level of a role that has several.")
@click.option("--framework", type=Name("framework"), help="Of this framework; default: that of the post.")
@click.option("--open", "only_open", is_flag=True, help="Only what is a gap, or unknown.")
@for_option
@on_option
@reads
def person(
    desk: Desk,
    person: str | None,
    role: str | None,
    level: str | None,
    framework: str | None,
    only_open: bool,
    purpose: str,
    on: DateWord | None,
) -> None:
    """The gaps of PERSON (default: you), each with how many rows made it."""
    from talenthub.cli.evidence_rows import UNKNOWN, gap_rows
    from talenthub.evidence.viewing import view_person

    for option, word in (("--level", level), ("--framework", framework)):
        _goes_with(option, word, role, "--role ROLE")
    settings = desk.workspace.evidence
    view = desk.run(
        lambda tx: view_person(
            tx, person, purpose, settings, _day(on, tx), role=role, role_level=level, framework=framework
        )
    )
    handle = view.person.handle
    rows = [
        row
        for row in gap_rows(view.gaps, {view.person.id: handle}, view.closings, settings)
        if not only_open or row["band"] != "none"
    ]
    desk.emit(rows, (Column("person", extra=True), *_GAP), title=f"{handle} · {view.role or 'no role'}")
    if view.fit is None:
        desk.say("No role is known: a post names one, or --role does.")
        return
    unknown = [row["competency"] for row in rows if row["band"] == UNKNOWN]
    value = UNKNOWN if view.fit.value is None else f"{view.fit.value:.1f} %"
    desk.say(
        f"Fit {value}, over {view.fit.coverage:.0%} of the role; unknown: {', '.join(unknown) or 'none'}"
    )
    for row in rows:
        if row.get("phase") in _TOLD:
            desk.say(f"{row['competency']} {row['closing']}")
    desk.say(f"Next: talent evidence explain {handle} COMPETENCY")


@gap.command()
@click.argument("manager", type=PERSON, required=False)
@click.option("--deep", is_flag=True, help="Everybody below, not only direct reports.")
@_rows_option
@for_option
@on_option
@reads
def team(
    desk: Desk, manager: str | None, deep: bool, people: bool, purpose: str, on: DateWord | None
) -> None:
    """The gaps of the team of MANAGER (default: you)."""
    from talenthub.evidence.viewing import view_team

    settings = desk.workspace.evidence
    _emit(
        desk,
        lambda tx: view_team(tx, manager, purpose, settings, _day(on, tx), deep),
        people,
        settings.minimum_people,
    )


@gap.command()
@click.option("--unit", type=UNIT, help="Only this unit and what lies beneath it.")
@_rows_option
@click.option("--plan", is_flag=True, help="What there is to learn, first what matters most.")
@click.option("--cover", "chosen", type=COMPETENCY, multiple=True, help="How much of it these would cover.")
@click.option(
    "--framework", type=Name("framework"), help="Whose learning and weights; default: the only one."
)
@for_option
@on_option
@draws
def org(
    desk: Desk,
    unit: str | None,
    people: bool,
    plan: bool,
    chosen: tuple[str, ...],
    framework: str | None,
    purpose: str,
    on: DateWord | None,
    file: Path | None,
) -> None:
    """The gaps of everybody on a post, as group figures.

    --plan makes of them what a training plan begins with: competencies by
    people-gaps × strategy weight, and what the catalogue has for each.
    """
    from talenthub.evidence.viewing import view_organisation

    _goes_with("--framework", framework, plan or chosen, "--plan or --cover COMPETENCY")
    settings = desk.workspace.evidence
    if plan or chosen:
        _emit_plan(desk, Asked(unit, framework, purpose, on, chosen), people, file)
        return
    _emit(
        desk,
        lambda tx: view_organisation(tx, unit, purpose, settings, _day(on, tx), listed=people),
        people,
        settings.minimum_unit,
        file,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose training plan is asked for."""

    unit: str | None
    framework: str | None
    purpose: str
    on: DateWord | None
    chosen: tuple[str, ...]
    """What a programme would be about."""


def _emit_plan(desk: Desk, asked: Asked, people: bool, file: Path | None) -> None:
    from talenthub.cli.gap.plan import plan_of
    from talenthub.evidence.needs import covered, training_needs
    from talenthub.framework.library import chosen_code, content, published

    settings = desk.workspace.evidence

    def read(tx: Transaction) -> list[Need]:
        for each in asked.chosen:  # one that is none would cover nothing
            content(tx, published(tx, chosen_code(tx, asked.framework)).id).competency(each)
        day = _day(asked.on, tx)
        return training_needs(tx, asked.framework, asked.unit, asked.purpose, settings, day, listed=people)

    needs = desk.run(read)
    title = "What there is to learn" + (f" in {asked.unit}" if asked.unit else "")
    deliver(desk, plan_of(title, needs, people=people), file)
    if asked.chosen and (share := covered(needs, asked.chosen)) is not None:
        desk.say(f"{', '.join(asked.chosen)}: {float(share):.1%} of all people-gaps")


def _emit(
    desk: Desk,
    look: Callable[[Transaction], GroupView],
    people: bool,
    fewest: int,
    file: Path | None = None,
) -> None:
    from talenthub.cli.evidence_rows import figure_row, gap_rows
    from talenthub.evidence.viewing import closings_seen

    settings = desk.workspace.evidence

    def read(tx: Transaction) -> tuple[GroupView, dict[Gap, Closing]]:
        view = look(tx)
        # The figures need no ledger; what each person's gap waits for does.
        return view, closings_seen(tx, view.seen, settings) if people else {}

    view, closings = desk.run(read)
    title = f"{view.title} · {view.people} people"
    if people:
        listed = gap_rows(view.seen, view.handles, closings, settings)
        rows = sorted(listed, key=lambda row: str(row["person"]))
        deliver(desk, Made(title, rows, (Column("person"), *_GAP)), file)
        return
    bands = [Column(name, right=True) for name in ("none", *settings.bands)]
    counts = [Column(name, right=True) for name in ("people", "known", "mean_gap")]
    rows = [figure_row(each) for each in view.figures]
    columns = (Column("competency"), *counts, *bands, Column("shown", extra=True))
    deliver(desk, Made(title, rows, columns), file)
    if any(not row["shown"] for row in rows):
        desk.say(f"Blank: fewer than {fewest} people known, or it would tell of so few.")


def _goes_with(option: str, word: str | None, other: object, mend: str) -> None:
    """Refuse an option that says nothing without another one."""
    from talenthub.errors import Problem, UsageError

    if word is not None and not other:
        text = "this says nothing by itself"
        raise UsageError(Problem(text=text, place=option, mend=f"add {mend}", code="cli.alone"))


def _day(word: DateWord | None, tx: Transaction) -> date | None:
    return None if word is None else word.on(tx.today)
