"""Changes between two declarations of a workflow, part by part.

Both are plain values as they are stored: a version whose plugin is gone can
be compared as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from talenthub.workflow.versions.stored import Declaration

NEW, GONE, CHANGED = "new", "gone", "changed"

_HEAD = (
    ("initial", "initial state"),
    ("open_by", "who opens it"),
    ("viewers", "who sees it"),
    ("subject_sees", "what its subject sees"),
    ("subject_sees_all_in", "where its subject sees all"),
    ("participants", "who takes part"),
    ("parent", "part of"),
    ("entered_by", "entered by"),
    ("blind", "blind"),
    ("confidential", "confidential"),
    ("personal", "personal fields"),
    ("opening", "effects of opening"),
    ("title", "title"),
    ("stage", "stage"),
    ("ref", "reference"),
)
_STATE = (("title", "title"), ("due", "due"), ("outcome", "ends in"))
_EDGE = (
    ("sources", "from"),
    ("target", "to"),
    ("by", "who"),
    ("guards", "guards"),
    ("four_eyes", "four eyes"),
    ("effects", "effects"),
    ("locks", "locks"),
    ("sealed", "sealed"),
    ("title", "title"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two declarations."""

    part: str
    """`workflow`, `state`, `transition`, `form`, `data`, `timer` or `task`."""
    name: str
    """Of what it is: `assessing`, `shortlist`, `shortlist.note`."""
    what: str
    """What of it: `who`, `guards`; empty where all of it is new or gone."""
    change: str
    """`new`, `gone` or `changed`."""
    before: Any = None
    after: Any = None


def changes(before: Declaration, after: Declaration) -> list[Change]:
    """Return every difference, in the order of the declarations."""
    return [
        *_values("workflow", str(after.get("name", "")), _HEAD, before, after),
        *_fields("data", "", before.get("data"), after.get("data")),
        *_states(before, after),
        *_edges(before, after),
    ]


def only_adds_optional_fields(before: Declaration, after: Declaration) -> bool:
    """Return whether all that is new are fields nobody has to fill in."""
    return all(_is_optional(each) for each in changes(before, after)) and _without_models(
        before
    ) == _without_models(after)


def _is_optional(change: Change) -> bool:
    return change.part in ("data", "form") and change.change == NEW and not change.after["needed"]


def _without_models(declared: Declaration) -> Mapping[str, Any]:
    edges = [{**each, "form": each["form"] is not None} for each in declared["transitions"]]
    return {**declared, "data": None, "transitions": edges}


def _values(
    part: str,
    name: str,
    wanted: Iterable[tuple[str, str]],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Iterator[Change]:
    for key, what in wanted:
        if before.get(key) != after.get(key):
            yield Change(part, name, what, CHANGED, before.get(key), after.get(key))


def _states(before: Declaration, after: Declaration) -> Iterator[Change]:
    for name, old, new in _paired(_by_name(before["states"]), _by_name(after["states"])):
        if old is None or new is None:
            yield Change("state", name, "", NEW if old is None else GONE)
            continue
        yield from _values("state", name, _STATE, old, new)
        yield from _parts("timer", name, _by_name(old["timers"]), _by_name(new["timers"]))
        yield from _parts("task", name, _tasks(old), _tasks(new))


def _tasks(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    # Where none are declared, one is derived of the first step a person can take.
    tasks = state["tasks"]
    return {each["name"] or state["name"]: each for each in tasks} if tasks is not None else {"derived": {}}


def _parts(
    part: str, state: str, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> Iterator[Change]:
    for name, was, now in _paired(old, new):
        called = f"{state}.{name}"
        if was is None or now is None:
            yield Change(part, called, "", NEW if was is None else GONE, was, now)
            continue
        keys = [(key, key.replace("_", " ")) for key in {**was, **now} if key != "name"]
        yield from _values(part, called, keys, was, now)


def _edges(before: Declaration, after: Declaration) -> Iterator[Change]:
    for name, old, new in _paired(_edges_of(before), _edges_of(after)):
        if old is None or new is None:
            yield Change("transition", name, "", NEW if old is None else GONE)
            continue
        yield from _values("transition", name, _EDGE, old, new)
        yield from _fields("form", f"{name}.", old["form"], new["form"])


def _edges_of(declared: Declaration) -> dict[str, Mapping[str, Any]]:
    """Return the transitions by name; of several, each with its target."""
    every = declared["transitions"]
    found: dict[str, Mapping[str, Any]] = {}
    for each in every:
        several = sum(other["name"] == each["name"] for other in every) > 1
        name = f"{each['name']} → {each['target']}" if several else each["name"]
        while name in found:
            name += " (again)"
        found[name] = each
    return found


def _fields(
    part: str, prefix: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> Iterator[Change]:
    """Compare two models by their schemas, field by field."""
    before, after = _schema_fields(old), _schema_fields(new)
    for name, was, now in _paired(before, after):
        if was is None or now is None:
            yield Change(part, f"{prefix}{name}", "", NEW if was is None else GONE, was, now)
        elif was != now:
            yield Change(part, f"{prefix}{name}", "field", CHANGED, was, now)
    if before == after and _settled(old) != _settled(new):
        yield Change(part, prefix.rstrip(".") or "model", "model", CHANGED)


def _schema_fields(schema: Mapping[str, Any] | None) -> dict[str, Any]:
    if schema is None:
        return {}
    needed = schema.get("required", ())
    models = schema.get("$defs", {})
    return {
        name: {"needed": name in needed, **_meant(each, models)}
        for name, each in schema.get("properties", {}).items()
    }


def _meant(value: Any, models: Mapping[str, Any], seen: tuple[str, ...] = ()) -> Any:
    """Return a schema with the models it refers to in the place of their names."""
    if isinstance(value, list):
        return [_meant(each, models, seen) for each in value]
    if not isinstance(value, Mapping):
        return value
    name = str(value.get("$ref", "")).rpartition("/")[2]
    if name in models and name not in seen:
        return {**_meant(models[name], models, (*seen, name)), "called": name}
    return {key: _meant(each, models, seen) for key, each in value.items()}


def _settled(schema: Mapping[str, Any] | None) -> Any:
    """Return what a model says beside its fields."""
    return schema and {
        key: each for key, each in schema.items() if key not in ("properties", "required", "$defs")
    }


def _by_name(parts: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {each["name"]: each for each in parts}


def _paired(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]]:
    for name in dict.fromkeys([*new, *old]):
        yield name, old.get(name), new.get(name)
