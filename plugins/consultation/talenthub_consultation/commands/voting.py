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
    Request,
    TalentError,
    Transaction,
    UsageError,
    cases_by_id,
    deliver,
    draws,
    in_chunks,
    persons,
    raise_refusals,
    why_not,
    writes,
)
from talenthub_consultation.cases import CHOICES, NEEDS
from talenthub_consultation.commands.common import ITEM, review_argument
from talenthub_consultation.files import Forms, read_votes
from talenthub_consultation.finding import BALLOT, ballots_by_voter, review_number

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
        ballots = engine.of_workflow(tx, BALLOT, open_only=True)
        number = review_number(engine, tx, word, ballots)
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

    asked = desk.run(lambda tx: _requests(desk, tx, word, _forms(desk, tx, codes, said, voter, file)))
    answers = in_chunks(
        desk,
        [request for _, request in asked],
        lambda tx, chunk: engine.fire_many(tx, chunk, request_id=desk.request_id),
        label="Voters",
    )
    _tell(desk, [_row(*each, answer) for each, answer in zip(asked, answers, strict=True)])
    raise_refusals([each for each in answers if isinstance(each, TalentError)], len(answers))


MOST_LISTED = 40
"""So many voters are listed on a screen; of more only those refused."""


Asked = tuple[str, Request]
"""Whose votes, and the step that casts them."""


def _forms(
    desk: Desk,
    tx: Transaction,
    codes: tuple[str, ...],
    said: dict[str, str | None],
    voter: str | None,
    file: Path | None,
) -> Forms:
    if file is not None:
        return read_votes(file, voter)
    given = {name: value for name, value in said.items() if value}
    votes = [{"item": each, **given} for each in codes]
    return {voter or _own(desk, tx): {"votes": votes, "sortings": []}}


def _own(desk: Desk, tx: Transaction) -> str:
    actor = desk.actor.person
    if actor is None:
        text = "you are no person here: say whose votes they are"
        raise NotFound(Problem(text=text, mend="--by PERSON", code="consultation.nobody"))
    return persons(tx, [actor])[actor].handle


def _requests(desk: Desk, tx: Transaction, word: str, forms: Forms) -> list[Asked]:
    ballots = ballots_by_voter(desk.workspace.engine, tx, word, list(forms))
    return [(handle, Request(ballots[handle].ref, "vote", form)) for handle, form in forms.items()]


def _row(handle: str, request: Request, answer: Fired | TalentError) -> dict[str, Any]:
    row = {"ref": request.ref, "person": handle, "votes": len(request.form["votes"])}
    if isinstance(answer, TalentError):
        return {**row, "now": None, "why_not": why_not(answer)}
    return {**row, "now": answer.target, "why_not": []}


def _tell(desk: Desk, rows: list[dict[str, Any]]) -> None:
    """Print what became of each; on a screen of many only who was refused."""
    refused = [row for row in rows if row["now"] is None]
    if len(refused) == len(rows) == 1:
        return
    listed = refused if desk.for_people and len(rows) > MOST_LISTED else rows
    if listed:
        desk.emit(listed, _VOTED if refused else _VOTED[:-1])
    done = [row for row in rows if row["now"] is not None]
    voters = "1 voter" if len(done) == 1 else f"{len(done)} voters"
    desk.say(f"{voters}, {sum(row['votes'] for row in done)} votes")
