"""Personal data: all that is kept about people is declared, and exists."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from sqlalchemy import Column, Enum, String, Table

from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem, nearest
from talenthub.hooks import PersonalData
from talenthub.host import Host, Installed, State
from talenthub.storage.types import metadata
from talenthub.workflow.definition import Workflow
from talenthub.workflow.persons_in import PersonNumber

FREE = frozenset(
    {
        *("answer", "comment", "comments", "feedback", "message", "note", "notes", "opinion"),
        *("email", "handle", "name", "person", "phone"),
        *("reason", "remark", "remarks", "summary", "text", "words"),
    }
)
"""Fields of these names most likely hold free text about people, or name one."""

_PERSON = typing.get_args(PersonNumber)[1]
"""The mark of a field that holds the number of a person."""


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield what is kept and not declared, and what is declared and not kept."""
    host = Host([plugin.name])
    workflows = [each.value for each in host.workflows()]
    status = host.status(plugin.name)
    if status is None or status.state is not State.LOADED:
        return
    _import_tables(plugin)
    tables = [
        table
        for owner in host.tables()
        for table in metadata.sorted_tables
        if table.name.startswith(owner.prefix)
    ]
    declared = [each.value for each in host.personal_data()]
    kept = _kept(workflows, tables)
    known = {(each.where, each.column) for each in declared}
    yield from _undeclared(workflows, tables, known, plugin_file(plugin))
    for each in declared:
        yield from _imagined(each, kept, plugin_file(plugin))


def _import_tables(plugin: Installed) -> None:
    # Tables are known once their module was imported; by convention `tables`.
    import importlib
    import importlib.util

    module = f"{plugin.entry.module.rpartition('.')[0] or plugin.entry.module}.tables"
    try:
        if importlib.util.find_spec(module) is not None:
            importlib.import_module(module)
    except ModuleNotFoundError:
        return


def _kept(workflows: list[Workflow], tables: list[Table]) -> Mapping[str, set[str]]:
    kept = {each.name: {name for name, _, _ in _fields(each)} for each in workflows}
    return kept | {table.name: set(table.columns.keys()) for table in tables}


def _undeclared(
    workflows: list[Workflow], tables: list[Table], declared: set[tuple[str, str]], place: str
) -> Iterator[tuple[Level, Problem]]:
    for workflow in workflows:
        for name in workflow.personal:
            if (workflow.name, name) not in declared:
                yield fault(
                    f"the field {name} of {workflow.name} is personal, and not declared",
                    place=workflow.declared_at,
                    mend=f'talenthub_personal_data: PersonalData("{workflow.name}", "{name}", …)',
                    code="plugin.personal",
                )
        for name, info, where in _fields(workflow):
            kind = info.annotation
            if _names_persons(info) and (workflow.name, name) not in declared:
                yield fault(
                    f"the field {name} of {where} names a person, and is not declared",
                    place=workflow.declared_at,
                    mend=f'talenthub_personal_data: PersonalData("{workflow.name}", "{name}", …)',
                    code="plugin.personal",
                )
            elif name not in workflow.personal and name in FREE and _is_text(kind):
                yield doubt(
                    f"the field {name} of {where} holds free text: it may name a person",
                    place=workflow.declared_at,
                    mend=f'add "{name}" to personal=(…) of the workflow, and declare it',
                    code="plugin.free-text",
                )
    for table in tables:
        for column in table.columns:
            if _names_a_person(column) and (table.name, column.name) not in declared:
                yield fault(
                    f"the column {table.name}.{column.name} leads to a person, and is not declared",
                    place=place,
                    mend=f'talenthub_personal_data: PersonalData("{table.name}", "{column.name}", …)',
                    code="plugin.personal",
                )
            elif column.name in FREE and _is_words(column) and (table.name, column.name) not in declared:
                yield doubt(
                    f"the column {table.name}.{column.name} holds free text: it may name a person",
                    place=place,
                    mend=f'talenthub_personal_data: PersonalData("{table.name}", "{column.name}", …)',
                    code="plugin.free-text",
                )


def _imagined(
    each: PersonalData, kept: Mapping[str, set[str]], place: str
) -> Iterator[tuple[Level, Problem]]:
    if each.where not in kept:
        yield fault(
            "personal data is declared of what is neither a workflow nor a table",
            place=place,
            found=each.where,
            nearest=nearest(each.where, kept),
            code="plugin.personal",
        )
    elif each.column not in kept[each.where]:
        yield fault(
            f"personal data is declared of a field that {each.where} does not have",
            place=place,
            found=each.column,
            nearest=nearest(each.column, kept[each.where]),
            code="plugin.personal",
        )


def _fields(workflow: Workflow) -> Iterator[tuple[str, FieldInfo, str]]:
    forms = {each.form.__name__: each.form for each in workflow.transitions if each.form is not None}
    models: dict[str, type[BaseModel]] = {workflow.data.__name__: workflow.data, **forms}
    for where, model in models.items():
        for name, info in model.model_fields.items():
            yield name, info, where


def _names_persons(info: FieldInfo, within: tuple[object, ...] = ()) -> bool:
    """Return whether a field holds the number of a person, itself or deeper."""
    return _PERSON in info.metadata or _holds_person(info.annotation, within)


def _holds_person(kind: Any, within: tuple[object, ...]) -> bool:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        inner = kind.model_fields.values() if kind not in within else ()
        return any(_names_persons(each, (*within, kind)) for each in inner)
    if _PERSON in getattr(kind, "__metadata__", ()):
        return True
    return any(_holds_person(each, within) for each in typing.get_args(kind))


def _is_text(kind: Any) -> bool:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return any(_is_text(each) for each in typing.get_args(kind))
    return kind is str


def _is_words(column: Column[Any]) -> bool:
    return isinstance(column.type, String) and not isinstance(column.type, Enum)


def _names_a_person(column: Column[Any]) -> bool:
    return any(key.target_fullname == "person.id" for key in column.foreign_keys)
