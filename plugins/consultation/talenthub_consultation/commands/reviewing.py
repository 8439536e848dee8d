"""A consultation from its opening to the day its version is in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    DAY,
    Column,
    DateWord,
    Desk,
    Name,
    Problem,
    Transaction,
    UsageError,
    writes,
)
from talenthub_consultation import changing
from talenthub_consultation.changing import Change
from talenthub_consultation.commands.common import ITEM, REVIEWS, review_argument, tell
from talenthub_consultation.files import read_changes
from talenthub_consultation.finding import review_case
from talenthub_consultation.opening import open_review
from talenthub_consultation.telling import item_rows, review_rows

_COUNTED = (
    *(Column(each) for each in ("item", "state")),
    *(Column(each, right=True) for each in ("votes", "accept", "edit", "reject")),
)


@click.command("open")
@click.argument("code", metavar="[FRAMEWORK]", type=Name("framework"), required=False)
@click.argument("number", metavar="[VERSION]", type=Name("version"), required=False)
@click.option("--roles", is_flag=True, help="The roles' own words are voted on, too.")
@click.option("--changed", is_flag=True, help="Only what differs from the version in force.")
@writes
def open_(desk: Desk, code: str | None, number: str | None, roles: bool, changed: bool) -> None:
    """Open the consultation of a draft: the newest version, or the one named."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        made = open_review(engine, tx, code, number, roles=roles, changed=changed)
        return [row for row in review_rows(engine, tx) if row["ref"] == made.ref]

    [row] = desk.run(run)
    desk.emit([row], REVIEWS)
    desk.say(f"Next: talent consultation groups {row['ref']} --file groups.csv")


@click.command("begin")
@review_argument
@writes
def begin(desk: Desk, word: str) -> None:
    """Begin the next round: every voter is asked, the draft is locked."""
    engine = desk.workspace.engine
    fired = desk.run(lambda tx: changing.begin(engine, tx, review_case(engine, tx, word)))
    tell(desk, fired, following=f"talent consultation vote {fired.ref} --file votes.xlsx")


@click.command("close")
@review_argument
@writes
def close(desk: Desk, word: str) -> None:
    """Close the round and count it; the end of its time does so, too."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> tuple[list[dict[str, Any]], str, str]:
        engine.fire(tx, review_case(engine, tx, word).ref, "close")
        after = review_case(engine, tx, word)
        newest = [row for row in item_rows(after.data) if row["round"] == after.data.round]
        return newest, after.ref, after.state

    rows, ref, state = desk.run(run)
    desk.emit(rows, _COUNTED)
    following = {
        "adjusting": f"talent consultation adjust {ref} --file revised.csv",
        "escalated": f"talent consultation decide {ref} --item ITEM --because …",
        "accepted": f"talent consultation sign {ref} --effective DAY",
    }
    desk.say(f"{ref} is {state}. Next: {following[state]}")


def _changing(help_line: str, step: str) -> click.Command:
    @click.command(step, help=help_line)
    @review_argument
    @click.option(
        "--item", "codes", type=ITEM, multiple=True, help="Which item; several go where words stay."
    )
    @click.option("--text", help="The new words; left out: they stay.")
    @click.option("--because", help="Why.")
    @click.option("--file", type=click.Path(path_type=Path), help="CSV or XLSX: columns item, text, reason.")
    @writes
    def command(
        desk: Desk,
        word: str,
        codes: tuple[str, ...],
        text: str | None,
        because: str | None,
        file: Path | None,
    ) -> None:
        changes = _changes(codes, text, because, file)
        engine = desk.workspace.engine
        fired = desk.run(lambda tx: changing.change(engine, tx, review_case(engine, tx, word), step, changes))
        following = {"adjusting": "begin", "accepted": "sign"}.get(fired.target)
        tell(desk, fired, following=f"talent consultation {following} {fired.ref}" if following else "")

    return command


def _changes(
    codes: tuple[str, ...], text: str | None, because: str | None, file: Path | None
) -> list[Change]:
    if (file is None) == (not codes):
        raise UsageError(Problem(text="name items or a file", allowed="--item with --because, or --file"))
    if file is not None:
        return read_changes(file)
    if not because:
        raise UsageError(Problem(text="say why", allowed="--because"))
    if text is not None and len(codes) > 1:
        raise UsageError(Problem(text="several items do not get the same words", allowed="--file"))
    return [Change(each, because, text) for each in codes]


adjust = _changing("Revise what was not accepted, and say why.", "adjust")
decide = _changing("Decide what the rounds left open, as a sponsor, with the reason.", "decide")


@click.command("sign")
@review_argument
@click.option("--effective", type=DAY, required=True, help="From when it is to be in force.")
@writes
def sign(desk: Desk, word: str, effective: DateWord) -> None:
    """Sign, as a sponsor, that the version may be put in force."""
    engine = desk.workspace.engine
    fired = desk.run(
        lambda tx: engine.fire(
            tx,
            review_case(engine, tx, word).ref,
            "sign",
            {"effective": effective.on(tx.today).isoformat()},
        )
    )
    tell(desk, fired, following=f"talent consultation publish {fired.ref}")


@click.command("publish")
@review_argument
@click.option("--effective", type=DAY, help="Another day than the one that was signed.")
@writes
def publish(desk: Desk, word: str, effective: DateWord | None) -> None:
    """Put the accepted version in force; who edited it last cannot."""
    engine = desk.workspace.engine
    made = desk.run(
        lambda tx: changing.put_in_force(
            engine,
            tx,
            review_case(engine, tx, word),
            effective.on(tx.today) if effective else None,
        )
    )
    desk.emit_record(
        {
            "framework": made.code,
            "number": made.number,
            "status": str(made.status),
            "effective_from": made.effective_from,
        }
    )


@click.command("withdraw")
@review_argument
@click.option("--because", required=True, help="Why, in words.")
@writes
def withdraw(desk: Desk, word: str, because: str) -> None:
    """End a consultation without a result; the draft is open again."""
    engine, form = desk.workspace.engine, {"reason": because}
    tell(desk, desk.run(lambda tx: engine.fire(tx, review_case(engine, tx, word).ref, "withdraw", form)))
