"""Readiness: computed from the ledger, argued by people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from talenthub.sdk import CaseView, Desk, Engine, Problem, Request, Transaction, UsageError, writes
from talenthub_succession.commands.common import CLOSED, NOMINATION, file_option, fire_found
from talenthub_succession.files import Entry, read_assessments
from talenthub_succession.finding import all_nominations
from talenthub_succession.growing import Closed, growth_of, placement_of


@click.command("assess")
@click.argument("words", metavar="NOM…", type=NOMINATION, nargs=-1)
@click.option("--performance", help="A level such as M, or a figure such as 3.66.")
@click.option("--performance-source", help="Where it comes from.")
@click.option("--potential", help="A level, or a figure.")
@click.option("--potential-source", help="Where it comes from.")
@click.option(
    "--closed", type=CLOSED, multiple=True, help="A development target that was closed: COM:DAY:DAY."
)
@click.option("--at-once", type=int, help="How many targets are worked on at the same time.")
@click.option("--readiness", help="What you agree on, where it is not what is computed.")
@click.option("--because", "reason", help="Why it is not what is computed.")
@file_option
@writes
def assess(
    desk: Desk,
    words: tuple[str, ...],
    performance: str | None,
    performance_source: str | None,
    potential: str | None,
    potential_source: str | None,
    closed: tuple[Closed, ...],
    at_once: int | None,
    readiness: str | None,
    reason: str | None,
    file: Path | None,
) -> None:
    """Compute the readiness of nominees and agree on it; again when in force.

    Performance and potential come from the newest placement in sight unless
    they are given; what is left out later is as it was.
    """
    if bool(words) == (file is not None):
        raise UsageError(Problem(text="name nominations or a file", allowed="NOM… or --file"))
    said = {
        "performance": performance,
        "performance_source": performance_source,
        "potential": potential,
        "potential_source": potential_source,
        "at_once": at_once,
        "readiness": readiness,
        "reason": reason,
    }
    form = {name: value for name, value in said.items() if value is not None}
    entries = read_assessments(file) if file is not None else [Entry(each, form) for each in words]

    def find(engine: Engine, tx: Transaction) -> list[Request]:
        return [
            _request(engine, tx, case, each.form, closed)
            for each in entries
            for case in all_nominations(engine, tx, [each.word])
        ]

    fire_found(desk, find, following="talent succession show NOM-…")


def _request(
    engine: Engine, tx: Transaction, case: CaseView, said: dict[str, Any], closed: tuple[Closed, ...]
) -> Request:
    growth = [growth_of(engine, tx, case, each) for each in closed]
    form = {**placement_of(engine, tx, case), **said, **({"growth": growth} if growth else {})}
    return Request(case.ref, "revalidate" if case.state == "active" else "discuss", form)
