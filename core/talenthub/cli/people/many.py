"""`talent people move`, `leave` and `grant give|take`: for one or many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli.base import Desk, writes
from talenthub.cli.parameters import DAY, PERSON, UNIT, DateWord, Name, read_day
from talenthub.cli.people.bulk import Bulk, Whom, handles_argument, many_options, run_bulk
from talenthub.errors import Problem, UsageError

if TYPE_CHECKING:
    from talenthub.people.choosing import Chosen
    from talenthub.people.persons import Person
    from talenthub.storage.transaction import Transaction

GRANT = Name("grant")


@click.command()
@click.argument("words", type=PERSON, nargs=-1, metavar="PERSON... [POST]")
@click.option("--unit", type=UNIT, help="To a vacant post of their own role in this unit.")
@click.option("--on", type=DAY, help="The first day on the new post; default: today.")
@many_options
@writes
def move(
    desk: Desk,
    words: tuple[str, ...],
    unit: str | None,
    on: DateWord | None,
    source: Path | None,
    where: str | None,
) -> None:
    """Move a PERSON to a vacant POST, or several persons to another unit.

    \b
    talent people move kofi.mensah harbour-case-officer-19 --on +14d
    talent people move kofi.mensah jonas.weber --unit quay
    talent people move --from moves.csv          columns: handle,post,on
    """
    one_post: str | None = None
    if unit is None and source is None and where is None and len(words) == 2:
        one_post, words = words[-1], words[:-1]
    elif unit is None and source is None:
        mend = "name the unit they move to with --unit, or each one's post with --from"
        raise UsageError(Problem(text="one post is one seat", mend=mend, code="people.one-seat"))
    whom = Whom(words, source, where)
    columns = ("post", "on") if unit is None else ("on",)
    chosen = whom.chosen(desk, columns, ("post",) if unit is None and source else ())
    if one_post is not None:
        chosen = [replace(each, values={"post": one_post}) for each in chosen]

    def act(tx: Transaction, each: Chosen) -> dict[str, Any]:
        from talenthub.people import changes
        from talenthub.people.posts import post, vacant_post_like

        person = _person(tx, each.handle).id
        code = each.values.get("post") or vacant_post_like(tx, person, unit or "")
        moved = changes.move(tx, person, post(tx, code).id, _own_day(tx, each, on))
        return {"handle": each.handle, "post": code, "since": moved.since.isoformat()}

    following = f"Next: talent people show {chosen[0].handle}"
    body = _body(on, unit)
    run_bulk(desk, chosen, Bulk("people.move", body, act, following), is_one=whom.is_one)


@click.command()
@handles_argument
@click.option("--on", type=DAY, help="The first day without them; default: today.")
@many_options
@writes
def leave(
    desk: Desk, handles: tuple[str, ...], on: DateWord | None, source: Path | None, where: str | None
) -> None:
    """Enter that a PERSON has left: login, grants and deputies end at once.

    \b
    talent people leave kofi.mensah
    talent people leave --from leavers.xlsx      columns: handle,on
    """
    whom = Whom(handles, source, where)
    chosen = whom.chosen(desk, ("on",))
    desk.confirm(
        f"End everything {chosen[0].handle if len(chosen) == 1 else f'{len(chosen)} persons'} holds?"
    )

    def act(tx: Transaction, each: Chosen) -> dict[str, Any]:
        from talenthub.people import changes

        left = changes.leave(tx, _person(tx, each.handle).id, _own_day(tx, each, on))
        return {
            "handle": each.handle,
            "on": left.on.isoformat(),
            "posts_vacated": len(left.posts),
            "grants_ended": left.grants,
            "deputies_ended": left.deputies,
        }

    following = "Next: talent people org --vacant"
    run_bulk(desk, chosen, Bulk("people.leave", _body(on), act, following), is_one=whom.is_one)


@click.command()
@click.argument("words", type=PERSON, nargs=-1, metavar="PERSON... GRANT")
@click.option("--unit", type=UNIT, help="At this unit and beneath it; default: everywhere.")
@click.option("--since", type=DAY, help="The first day; default: today.")
@click.option("--until", type=DAY, help="The first day without it; default: no end.")
@many_options
@writes
def give(
    desk: Desk,
    words: tuple[str, ...],
    unit: str | None,
    since: DateWord | None,
    until: DateWord | None,
    source: Path | None,
    where: str | None,
) -> None:
    """Give a grant to people; `talent people grant names` lists grants."""
    whom, name = _grant_and_whom(desk, words, source, where)
    chosen = whom.chosen(desk)

    def act(tx: Transaction, each: Chosen) -> dict[str, Any]:
        from talenthub.people import grants

        person = _person(tx, each.handle).id
        grants.give(tx, person, name, _unit(tx, unit), _day(tx, since), _day(tx, until), known=(name,))
        return {"handle": each.handle, "grant": name, "unit": unit, "action": "given"}

    asked = [name, unit, since and since.text, until and until.text]
    run_bulk(desk, chosen, Bulk("people.give", lambda _each: asked, act), is_one=whom.is_one)


@click.command()
@click.argument("words", type=PERSON, nargs=-1, metavar="PERSON... GRANT")
@click.option("--unit", type=UNIT, help="The one held at this unit; default: the one held everywhere.")
@many_options
@writes
def take(
    desk: Desk, words: tuple[str, ...], unit: str | None, source: Path | None, where: str | None
) -> None:
    """Take a GRANT back from a PERSON, or several, from today on."""
    whom, name = _grant_and_whom(desk, words, source, where)
    chosen = whom.chosen(desk)

    def act(tx: Transaction, each: Chosen) -> dict[str, Any]:
        from talenthub.people import grants

        grants.take_back(tx, _person(tx, each.handle).id, name, _unit(tx, unit))
        return {"handle": each.handle, "grant": name, "unit": unit, "action": "taken back"}

    run_bulk(desk, chosen, Bulk("people.take", lambda _each: [name, unit], act), is_one=whom.is_one)


def _grant_and_whom(
    desk: Desk, words: tuple[str, ...], source: Path | None, where: str | None
) -> tuple[Whom, str]:
    from talenthub.cli.casework import known_grants
    from talenthub.people.grants import check_name

    known = known_grants(desk)
    if not words:
        raise UsageError(Problem(text="name the grant", allowed=", ".join(known), code="cli.grant"))
    check_name(words[-1], known)
    return Whom(words[:-1], source, where), words[-1]


def _body(on: DateWord | None, *more: str | None) -> Any:
    return lambda each: [dict(each.values), on and on.text, *more]


def _own_day(tx: Transaction, each: Chosen, on: DateWord | None) -> date | None:
    """Return the day of a person's row, else that of the option."""
    text = each.values.get("on")
    if text is None:
        return _day(tx, on)
    try:
        return read_day(text).on(tx.today)
    except ValueError as error:
        raise UsageError(Problem(text=str(error), place=each.place, path="on", code="cli.day")) from None


def _person(tx: Transaction, handle: str) -> Person:
    from talenthub.people.persons import known_person

    return known_person(tx, handle)


def _unit(tx: Transaction, code: str | None) -> int | None:
    from talenthub.people.units import unit

    return unit(tx, code).id if code is not None else None


def _day(tx: Transaction, word: DateWord | None) -> date | None:
    return word.on(tx.today) if word is not None else None
