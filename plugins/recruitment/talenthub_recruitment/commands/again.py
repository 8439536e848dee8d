"""Second chances: reserve list, reinstatement, appeal."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    DAY,
    Cases,
    DateWord,
    Desk,
    Group,
    Request,
    Transaction,
    cases_option,
    day_on,
    fire_each,
    reads,
    writes,
)
from talenthub.sdk import Column as Field
from talenthub_recruitment.appealing import lodge
from talenthub_recruitment.commands.common import REFERENCE, answered_once, fire_one
from talenthub_recruitment.opening import expect, selection_of
from talenthub_recruitment.reserves import reserve_rows

_RESERVE = tuple(
    Field(each, extra=each == "application")
    for each in ("ref", "application", "candidate", "about", "agreed_on", "until")
)


@click.group(cls=Group)
def reserve() -> None:
    """The reserve list: ranked candidates who agreed to wait for a post."""


@reserve.command("add")
@cases_option("APPLICATION…", workflow="recruitment.application", kind=REFERENCE)
@click.option("--agreed", is_flag=True, required=True, help="The candidate has agreed to be kept.")
@click.option("--until", type=DAY, help="The last day on the list; default: the setting reserve_days.")
@writes
def add(desk: Desk, cases: Cases, agreed: bool, until: DateWord | None) -> None:
    """Keep ranked candidates who agree on the reserve list."""
    form = {"agreed": agreed, "until": day_on(desk, until)}
    refs = cases.refs(desk)
    following = f"for a vacancy of the same role: talent recruitment reserve take {refs[0]} --for SELECTION"
    fire_each(desk, [Request(each, "to_reserve", form) for each in refs], following=following)


@reserve.command("list")
@reads
def list_(desk: Desk) -> None:
    """List who waits on the reserve list, and until when."""
    desk.emit(desk.run(lambda tx: reserve_rows(desk.workspace.engine, tx)), _RESERVE)


@reserve.command("take")
@click.argument("ref", metavar="RESERVE", type=REFERENCE)
@click.option("--for", "selection", metavar="SELECTION", type=REFERENCE, required=True, help="Where to.")
@writes
def take(desk: Desk, ref: str, selection: str) -> None:
    """Take somebody from the reserve list into another selection.

    RESERVE is the place on the list, or the application it comes from.
    """
    number = _number(desk, ref, "recruitment.reserve", "recruitment.application")
    fire_one(desk, Request(selection, "reactivate", {"application": number}))


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.option("--reason", required=True, help="Which error was made, or why it is signed or refused.")
@click.option("--sign", "step", flag_value="sign_reinstatement", help="Put the second signature under it.")
@click.option("--refuse", "step", flag_value="refuse_reinstatement", help="Refuse it.")
@writes
def reinstate(desk: Desk, ref: str, reason: str, step: str | None) -> None:
    """Take a rejected application up again: asked by one, signed by another."""
    engine = desk.workspace.engine
    number = _number(desk, ref)
    parent = desk.workspace.run(desk.actor, lambda tx: selection_of(engine, tx, ref).ref, read_only=True)
    chosen = step or "request_reinstatement"
    following = "" if step else f"somebody else of HR: talent recruitment reinstate {ref} --sign --reason …"
    fire_one(desk, Request(parent, chosen, {"application": number, "reason": reason}), following=following)


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.option("--grounds", required=True, help="What is held against the decision.")
@writes
def appeal(desk: Desk, ref: str, grounds: str) -> None:
    """Lodge an appeal, as the candidate or on their behalf."""

    def run(tx: Transaction) -> dict[str, Any]:
        def act() -> dict[str, Any]:
            opened = lodge(desk.workspace.engine, tx, ref, grounds)
            return {"ref": opened.ref, "against": ref, "about": opened.about, "state": opened.state}

        return answered_once(desk, tx, "recruitment appeal", {"against": ref, "grounds": grounds}, act)

    row = desk.run(run)
    desk.emit_record(row)
    desk.say(f"Next: somebody of HR who had no hand in {ref}: talent do {row['ref']} admit")


def _number(desk: Desk, ref: str, *workflows: str) -> int:
    engine = desk.workspace.engine
    expected = workflows or ("recruitment.application",)
    return desk.workspace.run(
        desk.actor, lambda tx: expect(engine.case(tx, ref), *expected).id, read_only=True
    )
