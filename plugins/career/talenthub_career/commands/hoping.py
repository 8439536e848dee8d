"""Hoping and moving: aspirations that are one's own, and the next post."""

from __future__ import annotations

from typing import Any

import click

from talenthub.sdk import (
    DAY,
    PERSON,
    REFERENCE,
    Cases,
    CaseView,
    Column,
    DateWord,
    Desk,
    Engine,
    Entry,
    Group,
    Name,
    Problem,
    Transaction,
    UsageError,
    day_on,
    fire_entries,
    reads,
    writes,
)
from talenthub_career.commands.common import CASES, WORD, looked_up, moves_option
from talenthub_career.finding import ASPIRATION, MOVE, case_of, cases_of
from talenthub_career.starting import handles
from talenthub_career.starting import hope as say_hope
from talenthub_career.starting import interest as open_interest
from talenthub_career.telling import case_row, handle_of


def _own(desk: Desk) -> str:
    mine = desk.actor.person
    if mine is None:
        raise UsageError(Problem(text="nobody acts", place="--as", mend="--as PERSON"))
    found = looked_up(desk, lambda tx: handle_of(tx, mine))
    return str(found)


@click.group(cls=Group)
def aspire() -> None:
    """How far you want to go: yours alone until you share it."""


@aspire.command("say")
@click.option("--reach", type=click.IntRange(1, 5), help="1: stay and do it well … 5: as far as it goes.")
@click.option("--role", default="", help="The role you would like.")
@click.option("--words", default="", help="What you hope for.")
@writes
def say(desk: Desk, reach: int | None, role: str, words: str) -> None:
    """Say how far you want to go; nobody reads it yet."""
    engine, own = desk.workspace.engine, _own(desk)
    told = {"reach": reach, "role": role, "words": words}
    desk.emit([desk.run(lambda tx: case_row(tx, say_hope(engine, tx, own, told)))], CASES)
    desk.say("Next: talent career aspire share --with PERSON --until +180d")


@aspire.command("share")
@click.option("--with", "people", type=PERSON, multiple=True, required=True, help="Who may read it.")
@click.option("--until", type=DAY, required=True, help="The last day they may.")
@writes
def share(desk: Desk, people: tuple[str, ...], until: DateWord) -> None:
    """Share it with people you name, until a day."""
    form = {"people": looked_up(desk, lambda tx: handles(tx, people)), "until": day_on(desk, until)}
    fire_entries(desk, [Entry(_own(desk), form)], "share", _aspiration)


@aspire.command("revoke")
@writes
def revoke(desk: Desk) -> None:
    """Take it back: from now on nobody else reads it."""
    fire_entries(desk, [Entry(_own(desk))], "revoke", _aspiration)


@aspire.command("drop")
@writes
def drop(desk: Desk) -> None:
    """Close it."""
    fire_entries(desk, [Entry(_own(desk))], "drop", _aspiration)


@aspire.command("show")
@click.argument("who", metavar="[PERSON]", type=PERSON, required=False)
@reads
def show(desk: Desk, who: str | None) -> None:
    """Show your aspiration, or one that was shared with you."""
    engine, word = desk.workspace.engine, who or _own(desk)

    def run(tx: Transaction) -> dict[str, Any]:
        case = _aspiration(engine, tx, word)
        data = case.data
        return case_row(tx, case) | {
            "reach": data.reach,
            "role": data.role,
            "words": data.words,
            "shared_with": [handle_of(tx, each) for each in case.people("confidant")],
            "until": data.until,
        }

    desk.emit_record(desk.run(run))


def _aspiration(engine: Engine, tx: Transaction, word: str) -> CaseView:
    return case_of(engine, tx, word, ASPIRATION)


def _move(engine: Engine, tx: Transaction, word: str) -> CaseView:
    return case_of(engine, tx, word, MOVE)


@click.command()
@click.argument("role", type=Name("role"))
@click.option("--level", type=Name("level"), help="Which level of a role with several.")
@click.option("--why", default="", help="What draws you there.")
@click.option("--for", "who", type=PERSON, help="Default: you.")
@writes
def interest(desk: Desk, role: str, level: str | None, why: str, who: str | None) -> None:
    """Say that you are interested in another role."""
    engine, word = desk.workspace.engine, who or _own(desk)
    desk.emit([desk.run(lambda tx: case_row(tx, open_interest(engine, tx, word, role, level, why)))], CASES)
    desk.say("Next: talent career move view MOV-…")


@click.group(cls=Group)
def move() -> None:
    """From interest to another post: look, apply or propose, agree."""


def _simple(name: str, transition: str, help_line: str) -> None:
    @move.command(name, help=help_line)
    @moves_option
    @writes
    def command(desk: Desk, cases: Cases) -> None:
        fire_entries(desk, [Entry(each) for each in cases.refs(desk)], transition, _move)


_simple("view", "view_gap", "Look at what the role asks of you, and keep what is lacking.")
_simple("propose", "propose", "Propose the move to your manager.")
_simple("release", "release", "Let somebody go, as their manager.")


@move.command("apply")
@click.argument("word", metavar="MOVE|PERSON", type=WORD)
@click.option("--to", "vacancy", type=REFERENCE, required=True, help="The selection: SEL-1.")
@writes
def apply(desk: Desk, word: str, vacancy: str) -> None:
    """Apply for a vacancy; what follows is configured as a handoff."""
    fire_entries(desk, [Entry(word, {"vacancy": vacancy})], "apply", _move)


@move.command("agree")
@click.argument("word", metavar="MOVE|PERSON", type=WORD)
@click.option("--post", required=True, type=Name("post"), help="A vacant post of the role.")
@click.option("--from", "first", type=DAY, required=True, help="The first day there.")
@writes
def agree(desk: Desk, word: str, post: str, first: DateWord) -> None:
    """Name the post and the first day, as HR; the person moves then."""
    fire_entries(desk, [Entry(word, {"post": post, "starts_on": day_on(desk, first)})], "agree", _move)


@move.command("decline")
@moves_option
@click.option("--reason", required=True, help="Why you ask them to stay.")
@writes
def decline(desk: Desk, cases: Cases, reason: str) -> None:
    """Ask somebody to stay, as their manager, with a reason."""
    fire_entries(desk, [Entry(each, {"reason": reason}) for each in cases.refs(desk)], "decline", _move)


@move.command("drop")
@moves_option
@click.option("--reason", required=True, help="Why it goes no further.")
@writes
def let_go(desk: Desk, cases: Cases, reason: str) -> None:
    """Let interest go."""
    fire_entries(desk, [Entry(each, {"reason": reason}) for each in cases.refs(desk)], "drop", _move)


@move.command("list")
@click.argument("words", metavar="[MOVE|PERSON]…", type=WORD, nargs=-1)
@reads
def list_(desk: Desk, words: tuple[str, ...]) -> None:
    """List interest and moves that are yours to see."""
    engine = desk.workspace.engine

    def run(tx: Transaction) -> list[dict[str, Any]]:
        return [
            case_row(tx, each) | {"lacking": list(each.data.viewed) if each.data is not None else []}
            for each in cases_of(engine, tx, words, MOVE)
        ]

    desk.emit(desk.run(run), (*CASES, Column("lacking")))
