"""What a shell offers for the word that is being typed.

It is read from the workspace's database in the actor's view: nothing is
offered that the same person could not list. Whatever goes wrong, nothing is
offered and nothing is said: a key was pressed, no question was asked.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem
from sqlalchemy import select

from talenthub.cli.table import COMMANDS
from talenthub.framework.library import content, versions
from talenthub.framework.text import say
from talenthub.people import tables
from talenthub.people.directory import listed_select
from talenthub.people.grants import CORE_GRANTS
from talenthub.people.units import units
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import visible_cases
from talenthub.workflow.tables import workflow_case
from talenthub.workspace import Workspace, find

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

MOST = 50
"""Words that are offered; more would be a wall."""

Item = tuple[str, str]
"""A word, and what it stands for."""


def offered(ctx: click.Context, kind: str, incomplete: str) -> list[CompletionItem]:
    """Return the words of a kind that begin so; never fails, never speaks."""
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        try:
            found = _looked_up(ctx, kind, incomplete)
        except Exception:
            return []
    return [CompletionItem(word, help=text) for word, text in found]


def _looked_up(ctx: click.Context, kind: str, incomplete: str) -> list[Item]:
    parts = kind.split(" or ")
    # A plugin may call its cases as it likes: "plan or person".
    kinds = [_KINDS.get(each, _cases) for each in parts if each in _KINDS or len(parts) > 1]
    if not kinds:
        return []
    given = ctx.find_root().params | {name: each for name, each in ctx.params.items() if each}
    opened = Workspace.open(find(given.get("workspace_folder")), reserved=COMMANDS, check_tables=False)
    with contextlib.closing(opened) as workspace:
        engine = workspace.engine
        asked = {**ctx.params, "incomplete": incomplete}
        return workspace.run(
            workspace.actor(as_handle=given.get("as_handle")),
            lambda tx: [item for each in kinds for item in each(engine, engine.enter(tx), asked)],
            read_only=True,
        )


def _persons(_engine: Engine, tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    person = tables.person.c
    typed = person.handle.istartswith(asked["incomplete"], autoescape=True)
    statement = select(person.handle, person.name).where(typed).order_by(person.handle).limit(MOST)
    if not tx.actor.is_system:
        statement = statement.where(person.id.in_(listed_select(tx)))
    for row in tx.rows(statement):
        yield row.handle, row.name


def _cases(_engine: Engine, tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    case = workflow_case.c
    typed = case.ref.istartswith(asked["incomplete"], autoescape=True)
    statement = select(case.ref, case.about).where(typed, case.closed_at.is_(None))
    if not tx.actor.is_system:
        statement = statement.where(case.id.in_(visible_cases(tx)))
    for row in tx.rows(statement.order_by(case.id.desc()).limit(MOST)):
        yield row.ref, row.about


def _steps(engine: Engine, tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    """Return the steps that are possible on the case named before."""
    named = asked.get("ref") or next(reversed(asked.get("words") or ()), None)
    if named:
        possible = dict.fromkeys(each.edge.name for each in engine.why(tx, named.upper()) if each.ok)
        yield from _beginning(((name, "") for name in possible), asked)


def _competencies(_engine: Engine, tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    found: dict[str, str] = {}
    for version in versions(tx):
        if version.status == "published":
            held = content(tx, version.id)
            found |= {each.code: say(each.title, held.framework.language) for each in held.competencies}
    return _beginning(found.items(), asked)


def _units(_engine: Engine, tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    return _beginning(((each.code, each.name) for each in units(tx)), asked)


def _posts(_engine: Engine, tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    post = tables.post.c
    typed = post.code.istartswith(asked["incomplete"], autoescape=True)
    for row in tx.rows(select(post.code, post.title).where(typed).order_by(post.code).limit(MOST)):
        yield row.code, row.title


def _workflows(engine: Engine, _tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    return _beginning(((name, "") for name in engine.catalogue.names()), asked)


def _grants(engine: Engine, _tx: Transaction, asked: Mapping[str, Any]) -> Iterator[Item]:
    asked_for = dict.fromkeys(sorted(engine.catalogue.grants()), "")
    return _beginning((asked_for | CORE_GRANTS).items(), asked)


def _beginning(items: Any, asked: Mapping[str, Any]) -> Iterator[Item]:
    typed = asked["incomplete"].lower()
    matching = ((word, text) for word, text in items if word.lower().startswith(typed))
    for (word, text), _ in zip(matching, range(MOST), strict=False):
        yield word, text


_KINDS: Mapping[str, Callable[[Engine, Transaction, Mapping[str, Any]], Iterator[Item]]] = {
    "person": _persons,
    "reference": _cases,
    "step": _steps,
    "competency": _competencies,
    "unit": _units,
    "post": _posts,
    "workflow": _workflows,
    "grant": _grants,
}
