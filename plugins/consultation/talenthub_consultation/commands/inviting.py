"""Review groups: who is invited, who leads, who was let go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from talenthub.sdk import (
    PERSON,
    Column,
    Desk,
    Fired,
    Name,
    NotFound,
    Problem,
    Transaction,
    UsageError,
    by_row,
    persons_named,
    writes,
)
from talenthub_consultation.commands.common import review_argument, tell
from talenthub_consultation.files import Invited, read_groups
from talenthub_consultation.finding import ballots_by_voter, review_case
from talenthub_consultation.opening import Invitation, invite
from talenthub_consultation.telling import group_rows

_GROUPS = (
    *(Column(each) for each in ("group", "facilitator", "levels")),
    *(Column(each, right=True) for each in ("invited", "voted")),
)


@click.command("groups")
@review_argument
@click.option(
    "--file", type=click.Path(path_type=Path), help="CSV or XLSX: columns group, person, facilitator."
)
@click.option("--group", type=Name("group"), help="One group in place of a file, with its people.")
@click.option("--facilitator", type=PERSON, help="Who leads it; manages none of its members.")
@click.option("--person", "members", type=PERSON, multiple=True, help="Who is invited; several go.")
@writes
def groups(
    desk: Desk,
    word: str,
    file: Path | None,
    group: str | None,
    facilitator: str | None,
    members: tuple[str, ...],
) -> None:
    """List the review groups, or invite some: all of a file, or none."""
    wanted = _wanted(file, group, facilitator, members)
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        review = review_case(engine, tx, word)
        if wanted:
            invite(engine, tx, review, _invitations(tx, wanted))
        return group_rows(tx, review)

    rows = desk.run(run)
    desk.emit(rows, _GROUPS)
    desk.say(f"{len(rows)} groups, {sum(row['invited'] for row in rows)} invited")


def _wanted(
    file: Path | None, group: str | None, facilitator: str | None, members: tuple[str, ...]
) -> list[Invited]:
    if file is not None and (group or facilitator or members):
        raise UsageError(
            Problem(text="say the groups in one way", allowed="--file, or --group with its people")
        )
    if file is not None:
        return read_groups(file)
    if any((group, facilitator, members)) and not all((group, facilitator, members)):
        raise UsageError(
            Problem(
                text="a group has a name, a facilitator and people",
                allowed="--group, --facilitator, --person",
            )
        )
    return [Invited(group or "", each, facilitator or "") for each in members]


def _invitations(tx: Transaction, wanted: Sequence[Invited]) -> list[Invitation]:
    """Return who is invited; all unknown handles of a file are told by line."""
    people = persons_named(tx, {handle for each in wanted for handle in (each.person, each.facilitator)})

    def found(each: Invited) -> Invitation:
        voter, leader = people[each.person], people[each.facilitator]
        if isinstance(voter, NotFound) or isinstance(leader, NotFound):
            missing = [fault for fault in (voter, leader) if isinstance(fault, NotFound)]
            raise NotFound.of([problem for fault in missing for problem in fault.problems])
        return Invitation(each.group, voter.id, leader.id)

    return by_row([each.row for each in wanted], [partial(found, each) for each in wanted])


@click.command("release")
@review_argument
@click.argument("handle", metavar="PERSON", type=PERSON)
@click.option("--because", required=True, help="Why, in words.")
@writes
def release(desk: Desk, word: str, handle: str, because: str) -> None:
    """Let somebody go who cannot vote; they no longer count as invited."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> Fired:
        ballot = ballots_by_voter(engine, tx, word, [handle])[handle]
        return engine.fire(tx, ballot.ref, "release", {"reason": because})

    tell(desk, desk.run(run))
