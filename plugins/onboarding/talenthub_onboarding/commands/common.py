"""What the commands of onboarding share: parameters, rows and answers."""

from __future__ import annotations

from pathlib import Path

import click

from talenthub.sdk import CaseView, Engine, Name, Pair, Transaction, cases_option
from talenthub_onboarding.finding import TASK, expect

PLAN = Name("plan or person")
PAIR = Pair(upper=True)

plans_option = cases_option("PLAN|PERSON…", workflow="onboarding.plan", kind=PLAN)

file_option = click.option(
    "--file", type=click.Path(path_type=Path), help="CSV of many; its columns: docs/onboarding.md."
)


def find_task(engine: Engine, tx: Transaction, word: str) -> CaseView:
    """Return the task of this reference."""
    return expect(engine.case(tx, word.upper()), TASK)
