"""Which record a word means, and the plain ones among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import select

from talenthub.cli.base import Desk
from talenthub.cli.casework import REF, no_reference, people_of, read, reference
from talenthub.cli.show_case import show_case
from talenthub.errors import NotFound, Problem, UsageError, nearest
from talenthub.framework.text import say
from talenthub.people import tables
from talenthub.people.directory import listed_select
from talenthub.people.listing import record, unit_seats
from talenthub.people.posts import incumbents_of, post
from talenthub.people.units import unit, units
from talenthub.storage.transaction import Transaction
from talenthub.workflow.engine import Engine
from talenthub.workflow.framework_sight import versions_in_sight
from talenthub.workflow.lookups import look, visible_subject_cases


def show_record(desk: Desk, word: str, kind: str | None) -> None:
    """Show the record that `word` means; ask which where it means several."""
    if kind == "case" or (kind is None and REF.fullmatch(word)):
        show_case(desk, reference(word))
        return
    found = read(desk, lambda _engine, tx: _meanings(tx, word))
    chosen = [each for each in found if kind in (None, each[0])]
    if not chosen:
        raise NotFound(read(desk, lambda _engine, tx: _nothing(tx, word, kind)))
    what, code = chosen[0] if len(chosen) == 1 else _pick(desk, word, chosen)
    desk.emit_record(read(desk, lambda engine, tx: _READERS[what](engine, tx, code)))


def _meanings(tx: Transaction, word: str) -> list[tuple[str, str]]:
    known = _known(tx)
    folded = word.casefold()
    exact = [(kind, code) for kind in _READERS for code in known[kind] if code == word]
    return exact or [(kind, code) for kind in _READERS for code in known[kind] if code.casefold() == folded]


def _known(tx: Transaction) -> Mapping[str, Sequence[str]]:
    """Return what words may mean, in the actor's view."""
    handles = select(tables.person.c.handle).order_by(tables.person.c.handle)
    if not tx.actor.is_system:
        handles = handles.where(tables.person.c.id.in_(listed_select(tx)))
    return {
        "person": list(tx.connection.execute(handles).scalars()),
        "unit": [each.code for each in units(tx)],
        "post": list(
            tx.connection.execute(select(tables.post.c.code).order_by(tables.post.c.code)).scalars()
        ),
        "framework": list(dict.fromkeys(each.code for each in versions_in_sight(tx))),
    }


def _nothing(tx: Transaction, word: str, kind: str | None) -> Problem:
    known = _known(tx)
    words = [code for each in _READERS if kind in (None, each) for code in known[each]]
    loose = no_reference(word).nearest if kind is None else None
    return Problem(
        text=f"there is no such {kind or 'record'}, or it is not yours to see",
        found=word,
        nearest=loose or nearest(word, words),
        allowed="a case such as APP-12, or the handle or code of: " + ", ".join(_READERS)
        if kind is None
        else None,
        mend=f"talent search {word}" if word.isalnum() else "talent search TEXT",
        code="show.not-found",
    )


def _pick(desk: Desk, word: str, found: Sequence[tuple[str, str]]) -> tuple[str, str]:
    if not desk.interactive:
        kinds = ", ".join(kind for kind, _ in found)
        mend = f"talent show {word} --kind {found[0][0]}"
        problem = Problem(
            text="this means several records", found=word, allowed=kinds, mend=mend, code="show.several"
        )
        raise UsageError(problem)
    for number, (kind, code) in enumerate(found, start=1):
        desk.say(f"  {number}  {kind} {code}")
    picked: int = click.prompt("Which", type=click.IntRange(1, len(found)), err=True)
    return found[picked - 1]


def _person(engine: Engine, tx: Transaction, handle: str) -> dict[str, Any]:
    found = record(tx, handle)
    shown = asdict(found.listed)
    if found.is_full:
        shown |= {name: value for name, value in asdict(found).items() if name not in ("listed", "is_full")}
    cases = look(tx, engine.catalogue, visible_subject_cases(tx, handle))
    return {"record": "person"} | shown | {"cases": [each.case.ref for each in cases]}


def _unit(_engine: Engine, tx: Transaction, code: str) -> dict[str, Any]:
    found = unit(tx, code)
    by_id = {each.id: each for each in units(tx)}
    above = by_id[found.parent_id].code if found.parent_id is not None else None
    seats = unit_seats(tx, code)
    return {
        "record": "unit",
        "code": found.code,
        "name": found.name,
        "above": above,
        "function": found.function,
        "site": found.site,
        "below": [each.code for each in by_id.values() if each.parent_id == found.id],
        "posts": len(seats),
        "vacant": sum(each.holder is None for each in seats),
    }


def _post(_engine: Engine, tx: Transaction, code: str) -> dict[str, Any]:
    found = post(tx, code)
    holder = incumbents_of(tx, [found.id])[found.id]
    people = people_of(tx, [holder])
    codes = {each.id: each.code for each in units(tx)}
    return {
        "record": "post",
        "code": found.code,
        "title": found.title,
        "unit": codes[found.unit_id],
        "holder": people[holder].handle if holder is not None else None,
        "framework": found.framework_code,
        "role": found.role_code,
        "level": found.level,
        "critical": found.critical,
        "since": found.since,
        "until": found.until,
    }


def _framework(_engine: Engine, tx: Transaction, code: str) -> dict[str, Any]:
    every = [each for each in versions_in_sight(tx) if each.code == code]
    newest = every[-1]
    return {
        "record": "framework",
        "code": newest.code,
        "title": say(newest.title, newest.language),
        "number": newest.number,
        "status": newest.status,
        "effective_from": newest.effective_from,
        "versions": [f"{each.number} ({each.status})" for each in every],
    }


_READERS: Mapping[str, Callable[[Engine, Transaction, str], dict[str, Any]]] = {
    "person": _person,
    "unit": _unit,
    "post": _post,
    "framework": _framework,
}
