"""People: who fits best, and what somebody could work on."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    Column,
    Desk,
    Made,
    Name,
    Transaction,
    best_people,
    chosen_code,
    deliver,
    draws,
    persons,
    reads,
)
from talenthub_succession.commands.common import NOMINATION, share
from talenthub_succession.developing import suggestion_rows
from talenthub_succession.finding import nomination_of, settings_today


@click.command("best")
@click.argument("roles", metavar="[ROLE]…", type=Name("role"), nargs=-1)
@click.option("--framework", help="Whose roles; needed if there are several.")
@click.option("--top", type=click.IntRange(1, 200), default=20, help="So many for each role (20).")
@draws
def best(desk: Desk, roles: tuple[str, ...], framework: str | None, top: int, file: Any) -> None:
    """Rank who fits roles best, among all whom you may see.

    All roles without ROLE. A fit is no nomination: it says whom to look at.
    """
    engine = desk.workspace.engine
    least = float(settings_today(engine).coverage)

    def run(tx: Transaction) -> list[dict[str, Any]]:
        code = chosen_code(tx, framework)
        found = best_people(tx, code, roles, "succession", engine.evidence, most=top, least_coverage=least)
        people = persons(tx, {each.person for some in found.values() for each in some})
        return [
            {
                "role": role,
                "level": level,
                "rank": rank,
                "person": people[each.person].handle,
                "fit": each.fit,
                "coverage": each.coverage,
            }
            for (role, level), some in found.items()
            for rank, each in enumerate(some, 1)
        ]

    rows = desk.run(run)
    columns = (
        Column("role"),
        Column("level", extra=True),
        Column("rank", right=True),
        Column("person"),
        Column("fit", right=True, show=lambda value: f"{value:.1f}"),
        Column("coverage", right=True, show=share),
    )
    deliver(desk, Made("Best fits", rows, columns), file)


@click.command("develop")
@click.argument("word", metavar="NOM", type=NOMINATION)
@reads
def develop(desk: Desk, word: str) -> None:
    """Suggest what a nominee could work on, worded as any other gap.

    It is told to nobody: take it into the talk about development.
    """
    engine = desk.workspace.engine
    rows = desk.run(lambda tx: suggestion_rows(tx, nomination_of(engine, tx, word)))
    columns = (
        Column("competency"),
        Column("now", right=True, show=share),
        Column("next", right=True),
        Column("gap", right=True, show=share),
        Column("band"),
        Column("looks_like", extra=True),
        # A table has room for the codes; the titles are in every other form.
        Column("with", show=lambda items: ", ".join(each.split()[0] for each in items)),
    )
    desk.emit(rows, columns)
