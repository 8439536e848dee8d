"""Voting: one item, or a spreadsheet of two hundred people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    PERSON,
    Column,
    Desk,
    Fired,
    Made,
    NotFound,
    OneOf,
    Problem,
    Refused,
    Request,
    TalentError,
    Transaction,
    UsageError,
    cases_by_id,
    deliver,
    draws,
    persons,
    writes,
)
from talenthub_consultation.cases import CHOICES, NEEDS
from talenthub_consultation.commands.common import ITEM, review_argument
from talenthub_consultation.files import Forms, read_votes
from talenthub_consultation.finding import ballots_by_voter, review_case, review_number

_SHEET = tuple(Column(each) for each in ("item", "text", "vote", "need", "edit"))
_VOTED = (
    Column("ref", extra=True),
    Column("person"),
    Column("votes", right=True),
    Column("now"),
    Column("why_not"),
)


@click.command("sheet")
@review_argument
@draws
def sheet(desk: Desk, word: str, file: Path | None) -> None:
    """Print what is voted on, as a sheet to fill in."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        from talenthub_consultation.finding import BALLOT

        ballots = engine.of_workflow(tx, BALLOT, open_only=True)
        number = review_number(engine, tx, word, ballots) or review_case(engine, tx, word).id
        waiting = cases_by_id(tx, [number])[number].data.waiting()
        return [
            {"item": each.code, "text": each.text, "vote": "", "need": "", "edit": ""} for each in waiting
        ]

    rows = desk.run(run)
    deliver(desk, Made("Votes", rows, _SHEET), file)


@click.command("vote")
@review_argument
@click.argument("codes", metavar="[ITEM]…", type=ITEM, nargs=-1)
@click.option("--vote", "choice", type=OneOf("vote", CHOICES), help="What you say of the items.")
@click.option("--need", type=OneOf("need", NEEDS), help="Whether the work needs what they describe.")
@click.option("--text", "edit", help="With --vote edit: the words you would rather read.")
@click.option("--by", "voter", type=PERSON, help="Whose votes they are; default: your own.")
@click.option(
    "--file", type=click.Path(path_type=Path), help="CSV or XLSX: columns person, item, vote, need, edit."
)
@writes
def vote(
    desk: Desk,
    word: str,
    codes: tuple[str, ...],
    choice: str | None,
    need: str | None,
    edit: str | None,
    voter: str | None,
    file: Path | None,
) -> None:
    """Vote on items; who is refused stops no other."""
    if (file is None) == (not codes):
        raise UsageError(Problem(text="name items or a file", allowed="ITEM… with --vote, or --file"))
    said = {"choice": choice, "need": need, "edit": edit}
    if file is not None and any(said.values()):
        raise UsageError(
            Problem(text="the file says the votes", allowed="--file without --vote, --need, --text")
        )
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        own = voter or _own(desk, tx)
        forms = read_votes(file, own) if file is not None else _typed(own, codes, said)
        ballots = ballots_by_voter(engine, tx, word, list(forms))
        requests = [Request(ballots[handle].ref, "vote", form) for handle, form in forms.items()]
        answers = engine.fire_many(tx, requests, request_id=desk.request_id) if requests else []
        return [_row(*each) for each in zip(requests, forms, answers, strict=True)]

    rows = desk.run(run)
    refused = [row for row in rows if row["now"] is None]
    if len(rows) == 1 and refused:
        raise refused[0]["error"]
    desk.emit(
        rows if len(rows) <= MOST_LISTED or not desk.for_people else refused,
        _VOTED if refused else _VOTED[:-1],
    )
    done = [row for row in rows if row["now"] is not None]
    desk.say(f"{len(done)} voters, {sum(row['votes'] for row in done)} votes")
    if refused:
        raise Refused(f"{len(refused)} of {len(rows)} were refused; the others are done")


MOST_LISTED = 40
"""So many voters are listed on a screen; of more only those refused."""


def _own(desk: Desk, tx: Transaction) -> str:
    actor = desk.actor.person
    if actor is None:
        raise NotFound(Problem(text="you are no person here: say whose votes they are", mend="--by PERSON"))
    return persons(tx, [actor])[actor].handle


def _typed(voter: str, codes: tuple[str, ...], said: dict[str, str | None]) -> Forms:
    given = {name: value for name, value in said.items() if value}
    return {voter: {"votes": [{"item": each, **given} for each in codes], "sortings": []}}


def _row(request: Request, handle: str, answer: Fired | TalentError) -> dict[str, Any]:
    row = {"ref": request.ref, "person": handle, "votes": len(request.form["votes"])}
    if isinstance(answer, TalentError):
        return {**row, "now": None, "why_not": _why(answer), "error": answer}
    return {**row, "now": answer.target.replace("_", " "), "why_not": []}


def _why(error: TalentError) -> list[str]:
    unmet = [each for each in error.verdicts if not each.ok] if isinstance(error, Refused) else []
    return [each.text for verdict in unmet for each in verdict.details] or [
        str(each) for each in error.problems
    ]
