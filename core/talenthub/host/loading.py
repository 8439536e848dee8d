"""Loading: one plugin module becomes a set of checked values, or a Fault."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pluggy

from talenthub import hooks
from talenthub.blame import declared_at
from talenthub.errors import nearest
from talenthub.host.contract import named_contract
from talenthub.host.discovery import Installed
from talenthub.host.status import Fault

SEVERAL: Mapping[str, type] = {
    "talenthub_workflows": hooks.WorkflowRef,
    "talenthub_guards": hooks.GuardRef,
    "talenthub_commands": hooks.Command,
    "talenthub_reports": hooks.Report,
    "talenthub_framework_formats": hooks.FrameworkFormat,
    "talenthub_event_handlers": hooks.EventHandler,
    "talenthub_campaigns": hooks.Campaign,
    "talenthub_executors": hooks.Executor,
    "talenthub_evidence_sources": hooks.EvidenceSource,
    "talenthub_personal_data": hooks.PersonalData,
}
"""Hooks that return several values, and the type of each."""

ONE: Mapping[str, type] = {"talenthub_settings": hooks.Settings, "talenthub_tables": hooks.Tables}
"""Hooks that return one value or None."""

EMBEDDED, PROCRASTINATE = OWN_EXECUTORS = ("embedded", "procrastinate")
"""The executors that no plugin brings."""

MOST = 1_000
"""Values that a hook may return: more are no declaration."""

OBSERVERS = ("talenthub_case_opened", "talenthub_case_fired", "talenthub_case_closed")
HOOKS = (*SEVERAL, *ONE, *OBSERVERS)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin that was imported, and all that it declared."""

    plugin: Installed
    manager: pluggy.PluginManager
    values: Mapping[str, tuple[Any, ...]]
    """What each declaring hook returned, checked, by the hook's name."""


def load(plugin: Installed) -> Loaded:
    """Import a plugin and collect what it declares; raises whatever it raises."""
    module = plugin.entry.load()
    _check_module(module)
    # A manager of its own: another plugin's fault cannot reach this one.
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    _check_arguments(module)
    manager.register(module, plugin.name)
    _check_names(manager, module)
    values = {name: tuple(_several(manager, name, kind)) for name, kind in SEVERAL.items()}
    values |= {name: tuple(_one(manager, name, kind)) for name, kind in ONE.items()}
    _check_tables(plugin.name, values["talenthub_tables"])
    return Loaded(plugin, manager, values)


def attribute(target: str) -> Any:
    """Return what `module:attribute` names, imported now."""
    module, _, path = target.partition(":")
    value: Any = importlib.import_module(module)
    for part in path.split("."):
        if not hasattr(value, part):
            close = nearest(part, dir(value))
            hint = f"; did you mean {close!r}?" if close else ""
            raise Fault(f"{target}: there is no {part!r} in it{hint}")
        value = getattr(value, part)
    return value


def _check_module(module: object) -> None:
    if not isinstance(module, ModuleType):
        raise Fault(f"the entry point names a {type(module).__name__}; it must name a module")
    named_contract(module)


def _check_names(manager: pluggy.PluginManager, module: ModuleType) -> None:
    marked = {caller.name for caller in manager.get_hookcallers(module) or ()}
    for name in sorted(marked - set(HOOKS)):
        close = nearest(name, HOOKS)
        hint = f"; did you mean {close!r}?" if close else ""
        raise Fault(f"unknown hook {name!r}{hint}", _line(getattr(module, name)))
    for name in HOOKS:
        value = getattr(module, name, None)
        if value is not None and not callable(value):
            said = f"{name} is a {type(value).__name__}; it must be a function marked with @hookimpl"
            raise Fault(said)
    for name, value in vars(module).items():
        is_own = inspect.isfunction(value) and value.__module__ == module.__name__
        if is_own and name.startswith("talenthub_") and name not in marked:
            raise Fault(f"{name} is not marked with @hookimpl, so it would never be called", _line(value))


def _check_arguments(module: ModuleType) -> None:
    """Refuse a hook that asks for what it is not given."""
    for name in HOOKS:
        value = getattr(module, name, None)
        if not inspect.isfunction(value) or not hasattr(value, f"{hooks.PROJECT}_impl"):
            continue
        if inspect.iscoroutinefunction(value) or inspect.isasyncgenfunction(value):
            raise Fault(f"{name} is async; hooks are called, and nobody would await it", _line(value))
        given = tuple(inspect.signature(getattr(hooks, name)).parameters)
        wanted = inspect.signature(value).parameters
        for each in wanted.values():
            if each.name not in given or each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
                right = f"write def {name}({', '.join(given)})"
                raise Fault(f"{name} takes {str(each)!r}, which it is not given; {right}", _line(value))


def _line(value: object) -> str | None:
    return declared_at(value) if inspect.isfunction(value) else None


def _several(manager: pluggy.PluginManager, name: str, kind: type) -> Iterable[Any]:
    for answer in getattr(manager.hook, name)():
        if isinstance(answer, str | bytes) or not isinstance(answer, Iterable):
            said = f"{name} must return a list of {kind.__name__}, not a {type(answer).__name__}"
            raise Fault(said, _where(manager, name))
        for number, value in enumerate(answer):
            if number == MOST:
                raise Fault(f"{name} returns more than {MOST} values", _where(manager, name))
            yield _checked(manager, name, kind, value)


def _one(manager: pluggy.PluginManager, name: str, kind: type) -> Iterable[Any]:
    for answer in getattr(manager.hook, name)():
        if answer is not None:
            yield _checked(manager, name, kind, answer)


def _checked(manager: pluggy.PluginManager, name: str, kind: type, value: object) -> object:
    if not isinstance(value, kind):
        said = f"{name} must return {kind.__name__} values, not a {type(value).__name__}"
        raise Fault(said, _where(manager, name))
    return value


def _where(manager: pluggy.PluginManager, name: str) -> str | None:
    (implementation,) = getattr(manager.hook, name).get_hookimpls()
    return _line(implementation.function)


def _check_tables(plugin: str, tables: tuple[hooks.Tables, ...]) -> None:
    expected = plugin.replace("-", "_") + "_"
    for each in tables:
        if each.prefix != expected:
            raise Fault(f"talenthub_tables: the prefix is {each.prefix!r}; it must be {expected!r}")
        if not each.migrations.is_dir():
            raise Fault(f"talenthub_tables: the folder {each.migrations.name!r} of migrations is not there")
