"""Hiring: the offer and the first day."""

from __future__ import annotations

import click

from talenthub.sdk import DAY, DateWord, Desk, Name, Request, day_on, writes
from talenthub_recruitment.commands.common import REFERENCE, fire_one

_requisition = click.option(
    "--for",
    "requisition",
    metavar="REQUISITION",
    type=REFERENCE,
    help="Which one is filled, where the selection fills several.",
)


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.option("--until", type=DAY, help="The last day the offer stands.")
@click.option("--exception", default="", help="Why somebody further down the merit list is chosen.")
@_requisition
@writes
def offer(desk: Desk, ref: str, until: DateWord | None, exception: str, requisition: str | None) -> None:
    """Offer the position to a ranked candidate."""
    form = {"expires_on": day_on(desk, until), "exception": exception, "requisition": requisition or ""}
    following = f"when the candidate answers: talent do {ref} accept"
    fire_one(desk, Request(ref, "offer", form), following=following)


@click.command()
@click.argument("ref", metavar="APPLICATION", type=REFERENCE)
@click.option("--from", "since", type=DAY, help="The first day of work; default: today.")
@click.option("--post", type=Name("post"), help="Which post; default: the first free one.")
@_requisition
@writes
def hire(desk: Desk, ref: str, since: DateWord | None, post: str | None, requisition: str | None) -> None:
    """Hire: seats the person and writes the interview into the ledger."""
    form = {"starts_on": day_on(desk, since), "post": post, "requisition": requisition or ""}
    fire_one(desk, Request(ref, "hire", form))
