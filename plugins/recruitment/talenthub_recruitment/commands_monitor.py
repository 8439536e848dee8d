"""`talent recruitment monitor`, `demographics` and `raters`."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    REFERENCE,
    Column,
    DateWord,
    Desk,
    Group,
    Problem,
    Transaction,
    UsageError,
    reads,
    writes,
)
from talenthub_recruitment.monitoring.demographics import Imported, import_declarations, read_declarations
from talenthub_recruitment.monitoring.figures import (
    RULES,
    Figures,
    Period,
    monitor_file,
    monitor_period,
    monitor_vacancy,
)
from talenthub_recruitment.monitoring.files import read_past
from talenthub_recruitment.monitoring.panels import RULES as RATER_RULES
from talenthub_recruitment.monitoring.panels import agreement_rows, rater_rows


def _figure(value: Fraction | float | None) -> str:
    return "" if value is None else f"{float(value):.3f}"


_MONITOR = (
    Column("by", extra=True),
    Column("step"),
    Column("group"),
    Column("number", "No.", right=True),
    Column("selected", "Sel.", right=True),
    *(Column(each, right=True, show=_figure) for each in ("rate", "ratio", "p", "flip")),
    Column("flag"),
    *(Column(each, extra=True) for each in ("flagged", "firm", "compared_with", "requisitions", "rules")),
)
_RATERS = (
    Column("rater"),
    Column("people", right=True),
    *(Column(each, right=True, show=_figure) for each in ("mean", "difference", "z")),
    Column("severity"),
    *(Column(each, right=True, show=_figure) for each in ("halo", "within")),
    Column("rules", extra=True),
)
_AGREEMENT = (
    Column("selection"),
    Column("competency"),
    Column("candidates", right=True),
    Column("raters", right=True),
    *(
        Column(name, title, right=True, show=_figure)
        for name, title in (
            ("icc_1", "ICC(1)"),
            ("icc_2_1", "ICC(2,1)"),
            ("icc_2_k", "ICC(2,k)"),
            ("icc_3_1", "ICC(3,1)"),
            ("alpha", "Alpha"),
            ("r_wg", "r_wg"),
            ("exact", ""),
            ("within_one", ""),
        )
    ),
    Column("rules", extra=True),
)


@click.command()
@click.argument("ref", metavar="[REQ|SEL]", type=REFERENCE, required=False)
@click.option("--since", type=DAY, help="Vacancies that closed on this day or later.")
@click.option("--until", type=DAY, help="Vacancies that closed on this day or earlier.")
@click.option("--group", "attribute", help="What people declared: sex …; default: each of it.")
@click.option("--from", "file", type=click.Path(path_type=Path), help="Past candidates instead: a CSV file.")
@reads
def monitor(
    desk: Desk,
    ref: str | None,
    since: DateWord | None,
    until: DateWord | None,
    attribute: str | None,
    file: Path | None,
) -> None:
    """Compare how often groups are selected, overall and by step.

    \b
    talent recruitment monitor REQ-12
    talent recruitment monitor --since 2026-01-01 --group sex
    talent recruitment monitor --from past.csv

    Counts only, of groups of five or more, for holders of the grant monitor
    or hr_head who have no part in the selection.
    """
    _require_one(ref, since or until, file)
    figures = _monitored(desk, ref, since, until, attribute, file)
    _emit_by_attribute(desk, figures)
    for note in figures.notes:
        desk.say(note)
    if desk.for_people:
        for name, rule in RULES.items():
            desk.say(f"{name}: {rule}")


def _require_one(ref: str | None, period: DateWord | None, file: Path | None) -> None:
    if sum(each is not None for each in (ref, period, file)) > 1:
        raise UsageError(
            Problem(
                text="these do not go together",
                place="monitor",
                allowed="one vacancy, or --since and --until, or --from",
                code="recruitment.monitor-usage",
            )
        )


def _monitored(
    desk: Desk,
    ref: str | None,
    since: DateWord | None,
    until: DateWord | None,
    attribute: str | None,
    file: Path | None,
) -> Figures:
    if file is not None:
        return monitor_file(read_past(file, attribute))

    def run(tx: Transaction) -> Figures:
        if ref is not None:
            return monitor_vacancy(desk.workspace.engine, tx, ref.upper(), attribute)
        first, last = (None if each is None else each.on(tx.today) for each in (since, until))
        if first is not None and last is not None and last < first:
            text, found = "the first day is after the last", f"{first} to {last}"
            raise UsageError(Problem(text=text, place="--since", found=found, code="recruitment.period"))
        return monitor_period(tx, Period(first, last), attribute)

    return desk.run(run)


def _emit_by_attribute(desk: Desk, figures: Figures) -> None:
    # Tables one below the other; every other format gets all rows at once.
    names = list(dict.fromkeys(each["by"] for each in figures.rows))
    if not desk.for_people or len(names) < 2:
        desk.emit(figures.rows, _MONITOR, title=f"By {names[0]}" if names else None)
        return
    for name in names:
        desk.emit([each for each in figures.rows if each["by"] == name], _MONITOR, title=f"By {name}")


@click.group(cls=Group)
def demographics() -> None:
    """What candidates declare about themselves, for monitoring only."""


@demographics.command("import")
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@writes
def import_(desk: Desk, file: Path) -> None:
    """Keep what people declared: candidate, declared_on, and attributes.

    Each other column is an attribute, as sex or age_band. An empty cell
    declares nothing, - takes a declaration back. Nobody can read them again:
    they come out as counts of groups only.
    """
    wanted = read_declarations(file)
    done = desk.run(lambda tx: import_declarations(desk.workspace.engine, tx, wanted))
    desk.emit([_imported(done)], [Column(each, right=True) for each in _imported(done)])
    desk.say("Next, once vacancies are closed: talent recruitment monitor")


def _imported(done: Imported) -> dict[str, Any]:
    return {
        "people": done.people,
        "new": done.new,
        "changed": done.changed,
        "removed": done.removed,
        "unchanged": done.unchanged,
    }


@click.command()
@click.argument("refs", metavar="SELECTION…", type=REFERENCE, nargs=-1, required=True)
@click.option("--agreement", is_flag=True, help="How far each panel agrees, by competency.")
@reads
def raters(desk: Desk, refs: tuple[str, ...], agreement: bool) -> None:
    """Look at raters: severity, halo; or how far panels agree.

    From revealed ratings only, and for raters of five people or more, or
    panels that rated as many.
    """
    engine = desk.workspace.engine
    named = [each.upper() for each in refs]
    make, columns = (agreement_rows, _AGREEMENT) if agreement else (rater_rows, _RATERS)
    rows = desk.run(lambda tx: make(engine, tx, named))
    desk.emit(rows, columns)
    if not rows:
        desk.say("Nothing to show: it takes five candidates whose ratings are all revealed to you.")
    elif desk.for_people:
        kept = ("icc", "alpha", "accord", "r_wg") if agreement else ("severity", "halo")
        for name in kept:
            desk.say(f"{name}: {RATER_RULES[name]}")
