"""Host: the enabled plugins of one workspace, each behind its own wall."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from talenthub import hooks
from talenthub.blame import declared_at
from talenthub.errors import PluginError, Problem, nearest
from talenthub.host.discovery import Installed, installed
from talenthub.host.loading import HOOKS, OBSERVERS, OWN_EXECUTORS, Loaded, attribute, load
from talenthub.host.status import Fault, PluginStatus, State, place_of, sentence
from talenthub.patience import called
from talenthub.storage.migrate import Owner

if TYPE_CHECKING:
    from pydantic import BaseModel

    from talenthub.workflow.adjusting.named_guards import NamedGuard
    from talenthub.workflow.definition import Workflow

T = TypeVar("T")

_UNIQUE = {
    "talenthub_commands": "command",
    "talenthub_reports": "report",
    "talenthub_framework_formats": "framework format",
    "talenthub_evidence_sources": "evidence source",
    "talenthub_executors": "executor",
}
"""Hooks whose values have names that belong to one plugin only."""


@dataclass(frozen=True, slots=True)
class Provided(Generic[T]):
    """A value and the plugin that provides it."""

    plugin: str
    value: T


class Host:
    """Loads the enabled plugins, in order; a broken one is off and named.

    `reserved` are command names of the core, which no plugin may take.
    """

    def __init__(self, enabled: Sequence[str], reserved: Collection[str] = ()) -> None:
        self._found = installed()
        self._loaded: dict[str, Loaded] = {}
        self._statuses: dict[str, PluginStatus] = {}
        for name in dict.fromkeys(enabled):
            self._load(name, frozenset(reserved))
        for name, several in self._found.items():
            self._statuses.setdefault(name, _status(several[0], State.OFF))

    @property
    def statuses(self) -> tuple[PluginStatus, ...]:
        """Return what became of every enabled or installed plugin, by name."""
        return tuple(self._statuses[name] for name in sorted(self._statuses))

    def status(self, name: str) -> PluginStatus | None:
        """Return what became of one plugin, or None if nobody knows it."""
        return self._statuses.get(name)

    @property
    def loaded(self) -> tuple[str, ...]:
        """Return the names of the plugins that work, in enabled order."""
        return tuple(self._loaded)

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """Return the hooks that a loaded plugin implements."""
        manager = self._loaded[name].manager
        return tuple(hook for hook in HOOKS if getattr(manager.hook, hook).get_hookimpls())

    def fail(self, name: str, error: BaseException) -> None:
        """Turn a loaded plugin off because of `error`."""
        self._loaded.pop(name, None)
        self._statuses[name] = _status(self._found[name][0], State.BROKEN, error)

    def commands(self) -> list[Provided[hooks.Command]]:
        """Return the commands of the loaded plugins."""
        return self._values("talenthub_commands")

    def reports(self) -> list[Provided[hooks.Report]]:
        """Return the reports of the loaded plugins."""
        return self._values("talenthub_reports")

    def framework_formats(self) -> list[Provided[hooks.FrameworkFormat]]:
        """Return the framework formats of the loaded plugins."""
        return self._values("talenthub_framework_formats")

    def event_handlers(self) -> list[Provided[hooks.EventHandler]]:
        """Return the event handlers of the loaded plugins."""
        return self._values("talenthub_event_handlers")

    def campaigns(self) -> list[Provided[hooks.Campaign]]:
        """Return what the loaded plugins do for many people."""
        return self._values("talenthub_campaigns")

    def executors(self) -> list[Provided[hooks.Executor]]:
        """Return the engines that the loaded plugins bring."""
        return self._values("talenthub_executors")

    def evidence_sources(self) -> list[Provided[hooks.EvidenceSource]]:
        """Return the evidence sources of the loaded plugins."""
        return self._values("talenthub_evidence_sources")

    def personal_data(self) -> list[Provided[hooks.PersonalData]]:
        """Return where the loaded plugins keep data about people."""
        return self._values("talenthub_personal_data")

    def tables(self) -> list[Owner]:
        """Return the owners of the plugins' tables, for the migrations."""
        return [
            Owner(each.plugin, each.value.migrations, each.value.prefix)
            for each in self._values("talenthub_tables")
        ]

    def settings_models(self) -> dict[str, type[BaseModel]]:
        """Return the settings model of each loaded plugin that has one."""
        return {
            each.plugin: model
            for each in self._values("talenthub_settings")
            if (model := self._fetch(each.plugin, each.value.target, _settings_model)) is not None
        }

    def workflows(self) -> list[Provided[Workflow]]:
        """Return the workflows of the loaded plugins, imported now.

        A workflow that cannot be imported turns its plugin off.
        """
        found: dict[tuple[str, int], Provided[Workflow]] = {}
        for each in self._values("talenthub_workflows"):
            workflow = self._fetch(each.plugin, each.value.target, _workflow)
            if workflow is not None and each.plugin in self._loaded:
                self._add_workflow(found, each.plugin, workflow)
        return [each for each in found.values() if each.plugin in self._loaded]

    def guards(self) -> dict[str, NamedGuard]:
        """Return the guards that organisations may name, by name.

        One that cannot be imported, or has another's name, turns its plugin off.
        """
        found: dict[str, NamedGuard] = {}
        for each in self._values("talenthub_guards"):
            guard = self._fetch(each.plugin, each.value.target, _guard)
            if guard is None:
                continue
            if not guard.name.startswith(f"{each.plugin}.") or guard.name in found:
                said = f"the guard {guard.name!r} must be called {each.plugin}.SOMETHING, each once"
                self.fail(each.plugin, Fault(said))
            found[guard.name] = guard
        return {name: each for name, each in found.items() if name.partition(".")[0] in self._loaded}

    def _add_workflow(
        self, found: dict[tuple[str, int], Provided[Workflow]], plugin: str, workflow: Workflow
    ) -> None:
        other = found.get((workflow.name, workflow.version))
        if other is not None:
            owners = f"{self._statuses[other.plugin].owner} and by {self._statuses[plugin].owner}"
            said = f"the workflow {workflow.name!r} version {workflow.version} is declared by {owners}"
            self.fail(plugin, Fault(said))
        elif not workflow.name.startswith(f"{plugin}."):
            self.fail(plugin, Fault(f"the workflow {workflow.name!r} must be called {plugin}.SOMETHING"))
        else:
            found[workflow.name, workflow.version] = Provided(plugin, workflow)

    def function(self, plugin: str, target: str) -> Callable[..., Any] | None:
        """Return the function `target` of a plugin; None if that broke it."""
        return self._fetch(plugin, target, function)

    def observers(self) -> list[tuple[str, str]]:
        """Return (plugin, hook) for each observer of cases."""
        return [(name, hook) for name in self._loaded for hook in OBSERVERS if hook in self.hooks_of(name)]

    def observe(self, plugin: str, hook: str, event: hooks.CaseEvent) -> None:
        """Tell one plugin's observer of an event; PluginError if it fails."""
        loaded = self._loaded.get(plugin)
        if loaded is None:
            raise PluginError(Problem(text=f"plugin {plugin} is off", code="plugin.off"))
        try:
            called(partial(getattr(loaded.manager.hook, hook), event=event))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # sys.exit() in a plugin must not end talent
            raise PluginError(
                Problem(text=f"plugin {plugin}, {hook}: {sentence(error)}", code="plugin.failed")
            ) from error

    def _load(self, name: str, reserved: frozenset[str]) -> None:
        several = self._found.get(name)
        if several is None:
            self._statuses[name] = PluginStatus(
                name, None, None, State.MISSING, _how_to_get(name, self._found)
            )
            return
        try:
            if len(several) > 1:
                owners = " and ".join(each.owner for each in several)
                raise Fault(f"two plugins have the name {name!r}: {owners}; uninstall one")
            loaded = called(load, several[0])
            self._refuse_conflicts(loaded, reserved)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # sys.exit() in a plugin must not end talent
            self._statuses[name] = _status(several[0], State.BROKEN, error)
        else:
            self._loaded[name] = loaded
            self._statuses[name] = _status(several[0], State.LOADED)

    def _refuse_conflicts(self, loaded: Loaded, reserved: frozenset[str]) -> None:
        for hook, kind in _UNIQUE.items():
            own_names = {"command": reserved, "executor": OWN_EXECUTORS}.get(kind, ())
            taken = dict.fromkeys(own_names, "talenthub itself")
            for each in self._values(hook):
                taken[each.value.name] = self._statuses[each.plugin].owner
            own = _status(loaded.plugin, State.LOADED).owner
            for value in loaded.values[hook]:
                if value.name in taken:
                    raise Fault(f"the {kind} {value.name!r} is provided by {taken[value.name]} and by {own}")
                taken[value.name] = own

    def _values(self, hook: str) -> list[Provided[Any]]:
        return [Provided(name, value) for name, each in self._loaded.items() for value in each.values[hook]]

    def _fetch(self, plugin: str, target: str, check: Callable[[str, Any], T]) -> T | None:
        try:
            return check(target, attribute(target))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self.fail(plugin, error)
            return None


def _status(plugin: Installed, state: State, error: BaseException | None = None) -> PluginStatus:
    said, place = (sentence(error), place_of(error)) if error is not None else (None, None)
    return PluginStatus(plugin.name, plugin.distribution, plugin.version, state, said, place)


def _how_to_get(name: str, known: Mapping[str, object]) -> str:
    close = nearest(name, known)
    hint = f"did you mean {close!r}? " if close else ""
    mend = f"Install the distribution that brings it, or: talent plugin disable {name}"
    return f"it is not installed; {hint}{mend}"


def _settings_model(target: str, value: Any) -> type[BaseModel]:
    from pydantic import BaseModel

    if not (isinstance(value, type) and issubclass(value, BaseModel)):
        raise Fault(f"{target} must be a pydantic model")
    if value.model_config.get("extra") != "forbid" or not value.model_config.get("frozen"):
        raise Fault(f'{target} must have extra="forbid" and frozen=True')
    return value


def _workflow(target: str, value: Any) -> Workflow:
    from talenthub.workflow.definition import Workflow
    from talenthub.workflow.forming import malformed

    if not isinstance(value, Workflow):
        raise Fault(f"{target} must be a Workflow, not a {type(value).__name__}")
    for said in malformed(value):
        raise Fault(f"{target}: {said}", value.declared_at)
    return value


def _guard(target: str, value: Any) -> NamedGuard:
    from talenthub.workflow.adjusting.named_guards import NamedGuard

    if not isinstance(value, NamedGuard):
        raise Fault(f"{target} must be a NamedGuard, not a {type(value).__name__}")
    if value.takes.model_config.get("extra") != "forbid" or not value.takes.model_config.get("frozen"):
        raise Fault(f'{target}: {value.takes.__name__} must have extra="forbid" and frozen=True')
    return value


def function(target: str, value: Any) -> Callable[..., Any]:
    """Return what a target names; Fault if it cannot be called."""
    if not callable(value):
        raise Fault(f"{target} must be a function, not a {type(value).__name__}")
    if inspect.iscoroutinefunction(value):
        raise Fault(f"{target} must not be async: nobody would await it", declared_at(value))
    made: Callable[..., Any] = value
    return made
