"""Rows of `talent workflow diff`; imported when the command runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.casework import read
from talenthub.cli.output import Column
from talenthub.errors import NotFound, Problem, unknown
from talenthub.storage.transaction import Transaction
from talenthub.workflow.declaration import read_declaration
from talenthub.workflow.definition import Duration
from talenthub.workflow.diagram import words_of
from talenthub.workflow.engine import Engine
from talenthub.workflow.relations import parse_relation
from talenthub.workflow.versions.declared_changes import Change, changes
from talenthub.workflow.versions.stored import Declaration, stored_declarations

COLUMNS = (
    Column("part"),
    Column("name"),
    Column("what"),
    Column("change"),
    Column("before", show=lambda value: _said(value)),
    Column("after", show=lambda value: _said(value)),
)


def print_diff(desk: Desk, name: str, former: int | None, now: int | None) -> None:
    """Print the differences of two versions, stored or installed."""
    full, before, after, found = read(desk, lambda engine, tx: _compared(engine, tx, name, former, now))
    if found or not desk.for_people:
        desk.emit([_row(each) for each in found], COLUMNS, title=f"{full}: version {before} → {after}")
    else:
        desk.write_text(f"{full}: {_no_difference(before, after)}")


def _no_difference(before: int, after: int) -> str:
    if before == after:
        return f"version {after} is declared as it was stored, and there is none before it"
    return f"versions {before} and {after} say the same"


def _compared(
    engine: Engine, tx: Transaction, name: str, former: int | None, now: int | None
) -> tuple[str, int, int, list[Change]]:
    full = full_name(engine, tx, name)
    stored, installed = stored_declarations(tx, full), _installed(engine, full)
    known = sorted({*stored, *installed})
    after = now if now is not None else max(installed or stored)
    before = former if former is not None else max((each for each in known if each < after), default=after)
    wrong = [unknown("version", str(each), map(str, known)) for each in (before, after) if each not in known]
    if wrong:
        raise NotFound.of(wrong)
    # The same number twice: as it was stored, and as the plugin declares it now.
    old = stored.get(before) or installed[before]
    new = installed.get(after) or stored[after]
    return full, before, after, changes(old, new)


def _installed(engine: Engine, name: str) -> Mapping[int, Declaration]:
    return {
        each.workflow.version: read_declaration(each.declaration)
        for each in engine.catalogue.versions()
        if each.workflow.name == name
    }


def full_name(engine: Engine, tx: Transaction, name: str) -> str:
    """Return the name of a workflow, brought or stored, by its last word too."""
    from talenthub.workflow.lookups import stored_versions

    known = {*engine.catalogue.names(), *(each for each, _, _ in stored_versions(tx))}
    ending = [each for each in known if each.rpartition(".")[2] == name]
    if name in known:
        return name
    if len(ending) == 1:
        return ending[0]
    problem: Problem = unknown("workflow", name, known, mend="talent workflow list")
    raise NotFound(problem)


def _row(change: Change) -> dict[str, Any]:
    return {
        "part": change.part,
        "name": change.name,
        "what": change.what,
        "change": change.change,
        "before": change.before,
        "after": change.after,
    }


def _said(value: Any) -> str:
    """Return a value of a declaration in words."""
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_said(each) for each in value)
    return _relation(str(value))


def _mapping(value: Mapping[str, Any]) -> str:
    if value.keys() == {"days", "working"}:
        return words_of(Duration(value["days"], value["working"]))
    if "needed" in value:
        return _field(value)
    shown = {key.replace("_", " "): _said(each) for key, each in value.items() if key != "name"}
    return "; ".join(f"{key} {said}" for key, said in shown.items() if said and said != "no")


def _field(value: Mapping[str, Any]) -> str:
    kinds = [value, *value.get("anyOf", ())]
    named = [
        str(each.get("called") or each.get("type")) for each in kinds if "type" in each or "called" in each
    ]
    rest = {
        key: each
        for key, each in value.items()
        if key in ("minimum", "maximum", "minLength", "maxLength", "enum")
    }
    parts = ["needed" if value["needed"] else "optional", " or ".join(named)]
    return ", ".join([*filter(None, parts), *(f"{key} {_said(each)}" for key, each in rest.items())])


def _relation(text: str) -> str:
    try:
        return parse_relation(text).words if "(" in text or text in ("subject", "system") else text
    except ValueError:
        return text
