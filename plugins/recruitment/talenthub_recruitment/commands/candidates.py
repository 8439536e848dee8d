"""Candidates: add, list, shortlist, withdraw, count."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    PERSON,
    Cases,
    CaseView,
    Column,
    Desk,
    Group,
    Name,
    Problem,
    Request,
    Transaction,
    UsageError,
    cases_option,
    fire_each,
    persons,
    reads,
    writes,
)
from talenthub_recruitment.candidates import Candidate, add_candidates, read_candidates
from talenthub_recruitment.commands.common import REFERENCE, answered_once
from talenthub_recruitment.cv import cv_reference
from talenthub_recruitment.opening import each_application, selection_of
from talenthub_recruitment.reports import funnel_of

_CANDIDATE = (
    Column("application"),
    Column("person"),
    Column("candidate"),
    Column("state"),
    Column("source", extra=True),
    Column("cv", extra=True),
)
_FUNNEL = (
    Column("selection"),
    Column("about"),
    Column("requisition", "Fills"),
    Column("state"),
    *(Column(each, right=True) for each in ("count", "reached", "days")),
    *(Column(each, extra=True) for each in ("rows", "reached_rows")),
)


@click.group(cls=Group)
def candidate() -> None:
    """Candidates of a selection."""


@candidate.command("add")
@click.argument("ref", metavar="[REF]", type=REFERENCE, required=False)
@click.argument("name", type=Name("name"), required=False)
@click.option("--email", help="Where to write to.")
@click.option("--handle", type=PERSON, help="How commands name the person; default: from the name.")
@click.option("--person", "known", type=PERSON, help="Somebody who is known already, by handle.")
@click.option("--source", default="", help="How they found us; a file may say it of each.")
@click.option("--cv", default="", help="Its https address; it is never fetched.")
@click.option(
    "--file", type=click.Path(path_type=Path), help="CSV or XLSX; its columns: docs/recruitment.md."
)
@writes
def add(
    desk: Desk,
    ref: str | None,
    name: str | None,
    email: str | None,
    handle: str | None,
    known: str | None,
    source: str,
    cv: str,
    file: Path | None,
) -> None:
    """Add a candidate, or all of a file, to the selection REF.

    \b
    talent recruitment candidate add SEL-1 "Amara Okoye" --email a@example.org
    talent recruitment candidate add SEL-1 --file candidates.csv --dry-run

    A file with a column `selection` is for many, and needs no REF.
    """
    if sum(each is not None for each in (name, known, file)) != 1 or (ref is None and file is None):
        text, allowed = "name a selection and one candidate, or a file", "REF NAME, REF --person or --file"
        raise UsageError(Problem(text=text, place="candidate add", allowed=allowed))
    single = Candidate(
        name or "", email, handle, person=known, source=source, cv=cv_reference(cv, None), selection=ref or ""
    )
    wanted = [single] if file is None else read_candidates(file, ref or "", source)
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        def act() -> dict[str, Any]:
            return {"opened": add_candidates(engine, tx, wanted)}

        body = {"candidates": [asdict(replace(each, row=None)) for each in wanted]}
        answer = answered_once(desk, tx, "recruitment candidate add", body, act)
        return _rows(tx, list(engine.cases(tx, answer["opened"]).values()))

    desk.emit(desk.run(run), _CANDIDATE)
    chosen = list(dict.fromkeys(each.selection for each in wanted))
    more = " …" if len(chosen) > 3 else ""
    desk.say(f"Next: talent recruitment shortlist {' '.join(chosen[:3])}{more}")


@candidate.command("list")
@click.argument("ref", type=REFERENCE)
@reads
def list_(desk: Desk, ref: str) -> None:
    """List the candidates of the selection REF."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        selection = selection_of(engine, tx, ref)
        return _rows(tx, list(engine.children(tx, selection.id, "recruitment.application")))

    desk.emit(desk.run(run), _CANDIDATE)


def _rows(tx: Transaction, cases: list[CaseView]) -> list[dict[str, Any]]:
    people = persons(tx, {each.subject for each in cases if each.subject is not None})
    return [
        {
            "application": each.ref,
            "person": people[each.subject].handle if each.subject in people else None,
            "candidate": people[each.subject].name if each.subject in people else None,
            "state": each.state.replace("_", " "),
            "source": each.data.source if each.data is not None else None,
            "cv": each.data.cv if each.data is not None else None,
        }
        for each in cases
    ]


@click.command()
@cases_option("REF…", workflow="recruitment.application", kind=REFERENCE)
@click.option("--note", default="", help="What the screening found.")
@writes
def shortlist(desk: Desk, cases: Cases, note: str) -> None:
    """Shortlist applications, or all new ones of a selection."""
    engine = desk.workspace.engine
    named = cases.refs(desk)
    waiting = ("received", "screening")
    found = desk.workspace.run(desk.actor, lambda tx: each_application(engine, tx, named), read_only=True)
    chosen = [each for each in found if each.ref in named or each.state in waiting]
    fire_each(desk, [Request(each.ref, "shortlist", {"note": note}) for each in chosen])


@click.command()
@cases_option("REF…", workflow="recruitment.application", kind=REFERENCE)
@click.option("--note", default="", help="What the candidate said.")
@writes
def withdraw(desk: Desk, cases: Cases, note: str) -> None:
    """Withdraw applications, as the candidate or on their behalf."""
    fire_each(desk, [Request(each, "withdraw", {"note": note}) for each in cases.refs(desk)])


@click.command()
@click.argument("refs", metavar="[REF]…", type=REFERENCE, nargs=-1)
@click.option("--rows", is_flag=True, help="List the applications behind each number.")
@reads
def funnel(desk: Desk, refs: tuple[str, ...], rows: bool) -> None:
    """Count applications by state, with the median of days in it.

    Without a REF: of all selections that you may see.
    """
    engine = desk.workspace.engine
    counted = desk.run(lambda tx: funnel_of(engine, tx, refs))
    # Words make way for the references, so that a line stays a line.
    hidden = {"about", "reached_rows"} if rows else {"rows", "reached_rows"}
    if not any(row["requisition"] for row in counted):
        hidden.add("requisition")
    desk.emit(counted, [replace(each, extra=each.name in hidden) for each in _FUNNEL])
