"""The review board: called, voting, deciding by quorum and four eyes."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import PERSON, Cases, Desk, Engine, Group, OneOf, Request, Transaction, person, writes
from talenthub_succession.commands.common import fire_found, selected, selecting


@click.group(cls=Group)
def board() -> None:
    """Decide on nominations: with a quorum, and never alone."""


@board.command("call")
@selecting
@click.option("--member", "members", type=PERSON, multiple=True, required=True, help="Who votes.")
@writes
def call(desk: Desk, cases: Cases, post: str | None, purpose: str | None, members: tuple[str, ...]) -> None:
    """Put nominations before a board; an earlier board and its votes are void."""
    words = cases.refs(desk)

    def find(engine: Engine, tx: Transaction) -> list[Request]:
        form = {"members": [person(tx, each).id for each in members]}
        found = selected(engine, tx, "call_board", words, post, purpose)
        return [Request(each.ref, "call_board", form) for each in found]

    fire_found(desk, find, following="talent succession board vote NOM-… --decision yes")


def _fire(desk: Desk, step: str, form: dict[str, Any], *which: Any) -> None:
    fire_found(
        desk,
        lambda engine, tx: [Request(each.ref, step, form) for each in selected(engine, tx, step, *which)],
    )


@board.command("vote")
@selecting
@click.option("--decision", type=OneOf("decision", ("yes", "no")), required=True, help="What you say.")
@click.option("--because", "reason", default="", help="Why, in words.")
@writes
def vote(desk: Desk, cases: Cases, post: str | None, purpose: str | None, decision: str, reason: str) -> None:
    """Vote on nominations; who submitted one does not vote on it."""
    _fire(desk, "vote", {"decision": decision, "reason": reason}, cases.refs(desk), post, purpose)


@board.command("approve")
@selecting
@writes
def approve(desk: Desk, cases: Cases, post: str | None, purpose: str | None) -> None:
    """Approve what the board is for; not by who submitted or assessed it."""
    _fire(desk, "approve", {}, cases.refs(desk), post, purpose)


@board.command("reject")
@selecting
@click.option("--because", "reason", required=True, help="Why, in words.")
@writes
def reject(desk: Desk, cases: Cases, post: str | None, purpose: str | None, reason: str) -> None:
    """Reject nominations, with a reason."""
    _fire(desk, "reject", {"reason": reason}, cases.refs(desk), post, purpose)
