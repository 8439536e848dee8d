"""Deciding: compare, decide, except from the rule, reject."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    Cases,
    Column,
    Desk,
    Request,
    Transaction,
    cases_option,
    fire_each,
    in_chunks,
    raise_refusals,
    reads,
    writes,
)
from talenthub_recruitment.commands.common import PAIR, REFERENCE, codes_named, fire_one
from talenthub_recruitment.comparing import compared, rating_rows
from talenthub_recruitment.deciding import decide as decide_chunk
from talenthub_recruitment.deciding import decision_row, to_decide
from talenthub_recruitment.opening import plan_of
from talenthub_recruitment.plan import spelled


def _figure(value: Any) -> str:
    return "" if value is None else f"{float(value):.3f}"


_DECIDED = (
    Column("application"),
    Column("state"),
    Column("overall", right=True, show=_figure),
    Column("overall_exact", extra=True),
    Column("why_not"),
)
_RATINGS = tuple(
    Column(each)
    for each in ("application", "candidate", "scorecard", "assessor", "competency", "first", "rating", "note")
)


@click.command()
@click.argument("ref", metavar="SELECTION", type=REFERENCE)
@click.option("--rows", is_flag=True, help="List the ratings behind the means.")
@reads
def compare(desk: Desk, ref: str, rows: bool) -> None:
    """Show candidates beside each other: means, rank and why not."""
    engine = desk.workspace.engine
    if rows:
        desk.emit(desk.run(lambda tx: rating_rows(engine, tx, ref)), _RATINGS)
        return

    def run(tx: Transaction) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        return plan_of(engine, tx, ref).codes, compared(engine, tx, ref)

    codes, found = desk.run(run)
    fills_several = len({row["requisition"] for row in found if row["requisition"]}) > 1
    columns = (
        Column("rank", right=True),
        Column("application", "Ref"),
        Column("candidate"),
        Column("requisition", "Fills", extra=not fills_several),
        *(Column(code, code, right=True, show=_figure) for code in codes),
        Column("overall", right=True, show=_figure),
        *(Column(each, extra=True) for each in ("state", "appointable", "why_not")),
        *(Column(each, extra=True) for each in ("overall_exact", "means_exact")),
    )
    desk.emit(found, columns)
    if desk.common.style.chosen == "table":
        for row in found:
            filled = f" for {row['requisition']}" if row["requisition"] else ""
            why = "; ".join(row["why_not"])
            desk.write_text(f"{row['application']} {row['state']}{filled}" + (f": {why}" if why else ""))


@click.command()
@cases_option("REF…", workflow="recruitment.application", kind=REFERENCE)
@click.option("--note", default="", help="What the panel agreed on.")
@writes
def decide(desk: Desk, cases: Cases, note: str) -> None:
    """Record the consensus and rank: applications, or whole selections."""
    engine, named = desk.workspace.engine, cases.refs(desk)
    asked = desk.workspace.run(desk.actor, lambda tx: to_decide(engine, tx, named), read_only=True)
    found = in_chunks(
        desk,
        asked,
        lambda tx, chunk: decide_chunk(engine, tx, chunk, note=note, request_id=desk.request_id),
    )
    errors = [each.error for each in found if each.error is not None]
    if len(found) != 1 or not errors or found[0].state == "assessed":
        desk.emit([decision_row(each) for each in found], _DECIDED)
    raise_refusals(errors, len(found))


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.option("--reason", required=True, help="Why the rule should not count here.")
@click.option("--sign", "step", flag_value="sign_override", help="Put the second signature under it.")
@click.option("--refuse", "step", flag_value="refuse_override", help="Refuse the exception.")
@writes
def override(desk: Desk, ref: str, reason: str, step: str | None) -> None:
    """Ask as a sponsor for an exception; a second one signs it."""
    chosen = step or "request_override"
    following = "" if step else f"another sponsor or the head of HR: talent recruitment override {ref} --sign"
    fire_one(desk, Request(ref, chosen, {"reason": reason}), following=following)


@click.command()
@cases_option("APPLICATION…", workflow="recruitment.application", kind=REFERENCE)
@click.option("--because", type=PAIR, multiple=True, help='TRU="…": the reason for an essential not met.')
@click.option("--reason", default="", help="The reason where no essential failed.")
@writes
def reject(desk: Desk, cases: Cases, because: tuple[tuple[str, str], ...], reason: str) -> None:
    """Reject candidates, with a reason for each essential not met."""
    refs = cases.refs(desk)
    known = codes_named(desk, refs) if because else {}
    fire_each(
        desk, [Request(each, "reject", _rejection(because, reason, known.get(each, ()))) for each in refs]
    )


def _rejection(because: tuple[tuple[str, str], ...], reason: str, known: tuple[str, ...]) -> dict[str, Any]:
    return {"reasons": {spelled(code, known): why for code, why in because}, "reason": reason}
