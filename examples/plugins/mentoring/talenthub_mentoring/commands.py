"""`talent mentoring`: programmes, who joins them, and the pairs."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    PERSON,
    REFERENCE,
    SYSTEM,
    CaseView,
    Column,
    Desk,
    Group,
    OneOf,
    Request,
    Transaction,
    fire_each,
    person,
    persons,
    reads,
    writes,
)
from talenthub_mentoring.cases import PROGRAMME, RELATIONSHIP

PROGRAMMES = (Column("ref"), Column("title"), Column("state"), Column("mentors"), Column("mentees"))
PAIRS = (Column("mentor"), Column("mentee"), Column("focus"), Column("closes"))
NOBODY = "Nobody here is known to be strong where somebody else has a gap."
OWN = (Column("ref"), Column("mentee"), Column("state"), Column("focus"))


@click.group(cls=Group)
def mentoring() -> None:
    """Mentors and mentees.

    \b
    talent mentoring plan "Writing for readers"
    talent mentoring join MPR-1 dario.conti lin.zhao --role mentor
    talent mentoring suggest MPR-1
    talent mentoring propose MPR-1
    """


@mentoring.command()
@click.argument("titles", metavar="TITLE…", nargs=-1, required=True)
@writes
def plan(desk: Desk, titles: tuple[str, ...]) -> None:
    """Plan a programme of each TITLE, all or none."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        opened = [engine.open(tx, PROGRAMME, data={"title": title}, about=title) for title in titles]
        return [_programme(each) for each in opened]

    rows = desk.run(run)
    desk.emit(rows, PROGRAMMES)
    desk.say(f"Next: talent do {rows[0]['ref']} confirm")


@mentoring.command("list")
@reads
def list_(desk: Desk) -> None:
    """List the programmes you may see, the oldest first."""
    engine = desk.workspace.engine
    desk.emit(
        desk.run(lambda tx: [_programme(each) for each in engine.of_workflow(tx, PROGRAMME)]), PROGRAMMES
    )


@mentoring.command()
@reads
def pairs(desk: Desk) -> None:
    """List the pairs you are one of; nobody sees those of others."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        found = engine.of_workflow(tx, RELATIONSHIP)
        known = persons(tx, {each.subject for each in found if each.subject is not None})
        return [
            {
                "ref": each.ref,
                "mentee": known[each.subject].handle if each.subject in known else None,
                "state": each.state,
                "focus": list(each.data.focus) if each.data is not None else None,
            }
            for each in found
        ]

    desk.emit(desk.run(run), OWN)


@mentoring.command()
@click.argument("ref", type=REFERENCE)
@click.argument("handles", metavar="PERSON…", type=PERSON, nargs=-1, required=True)
@click.option("--role", type=OneOf("role", ("mentor", "mentee")), required=True, help="As what they join.")
@writes
def join(desk: Desk, ref: str, handles: tuple[str, ...], role: str) -> None:
    """Let each PERSON join the programme REF, one by one."""
    numbers = desk.run(lambda tx: [person(tx, handle).id for handle in handles])
    for number in numbers:
        fire_each(desk, [Request(ref, f"add_{role}", {"person": number})])


@mentoring.command()
@click.argument("ref", type=REFERENCE)
@reads
def suggest(desk: Desk, ref: str) -> None:
    """Show which pairs of programme REF would close most.

    A mentor is strong where they stand at what the mentee's role asks for.
    """
    rows = desk.run(lambda tx: _pairs(desk, tx, ref)[1])
    if not rows:
        desk.say(NOBODY)
    desk.emit(rows, PAIRS, title="Suggested pairs")
    own = "" if rows else " --pair MENTOR MENTEE"
    desk.say(f"Next: talent mentoring propose {ref}{own}")


@mentoring.command()
@click.argument("ref", type=REFERENCE)
@click.option(
    "--pair",
    "own",
    type=(PERSON, PERSON),
    multiple=True,
    metavar="MENTOR MENTEE",
    help="A pair of your own choice, in place of those suggested.",
)
@writes
def propose(desk: Desk, ref: str, own: tuple[tuple[str, str], ...]) -> None:
    """Propose the suggested pairs of programme REF to both of each."""
    form, rows = desk.run(lambda tx: _own(tx, own) if own else _pairs(desk, tx, ref))
    if not rows:
        desk.say(NOBODY)
        return
    desk.emit(rows, PAIRS)
    fire_each(desk, [Request(ref, "propose", {"pairs": form})], following="talent inbox")


def _own(
    tx: Transaction, pairs: tuple[tuple[str, str], ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the form that proposes pairs somebody chose, and the rows to show."""
    form = [{"mentor": person(tx, mentor).id, "mentee": person(tx, mentee).id} for mentor, mentee in pairs]
    return form, [
        {"mentor": mentor, "mentee": mentee, "focus": [], "closes": None} for mentor, mentee in pairs
    ]


def _pairs(desk: Desk, tx: Transaction, ref: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the form that proposes the best pairs, and the rows to show."""
    # Matching imports what compares standings; `list` does without.
    from talenthub_mentoring.matching import suggest as suggested

    engine = desk.workspace.engine
    case = engine.case(tx, ref)
    settings = engine.catalogue.newest(PROGRAMME).settings
    taken = engine.of_workflow(tx.by(SYSTEM), RELATIONSHIP, open_only=True)
    busy = [number for each in taken for number in each.people("mentor")]
    paired = {each.subject for each in taken if each.parent == case.id}
    known = persons(tx, {*case.people("mentor"), *case.people("mentee")})
    found = suggested(
        engine,
        tx,
        {each: settings.mentees_per_mentor - busy.count(each) for each in case.people("mentor")},
        {each: known[each].handle for each in case.people("mentee") if each not in paired},
        settings.smallest_gap,
    )
    form = [{"mentor": each.mentor, "mentee": each.mentee, "focus": each.focus} for each in found]
    rows = [
        {
            "mentor": known[each.mentor].handle,
            "mentee": known[each.mentee].handle,
            "focus": list(each.focus),
            "closes": each.closes,
        }
        for each in found
    ]
    return form, rows


def _programme(case: CaseView) -> dict[str, Any]:
    return {
        "ref": case.ref,
        "title": case.data.title if case.data is not None else None,
        "state": case.state,
        "mentors": len(case.people("mentor")),
        "mentees": len(case.people("mentee")),
    }
