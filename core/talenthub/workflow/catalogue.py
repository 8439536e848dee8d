"""Catalogue: the workflows that the enabled plugins brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from pydantic import BaseModel

from talenthub.errors import PluginError, Problem, UsageError, unknown
from talenthub.storage.types import digest
from talenthub.workflow.adjusting.named_guards import NO_GUARDS, NamedGuard
from talenthub.workflow.context import NoData
from talenthub.workflow.declaration import declaration_of, hash_of
from talenthub.workflow.definition import Workflow
from talenthub.workflow.machine import Kernel
from talenthub.workflow.parking import ParkedError, version_named
from talenthub.workflow.relations import Relation


@dataclass(frozen=True)
class Loaded:
    """A workflow version with its owner, ready to run."""

    workflow: Workflow
    plugin: str
    settings_model: type[BaseModel] = NoData
    settings: Any = field(default_factory=NoData)
    """The plugin's settings of today: new cases pin them."""
    adjustment: str = ""
    """What an organisation adjusts, as JSON text; empty: nothing."""
    as_declared: Loaded | None = None
    """The same as the plugin declares it, where this one is adjusted."""

    @property
    def declared(self) -> Loaded:
        """Return the version as its plugin declares it."""
        return self.as_declared or self

    @cached_property
    def adjustment_hash(self) -> str | None:
        """Return what tells this adjustment from all others, if it is one."""
        if not self.adjustment:
            return None
        return digest(self.workflow.name, self.workflow.version, self.adjustment)

    @cached_property
    def kernel(self) -> Kernel:
        """Return the machine that chooses edges, built once."""
        return Kernel(self.workflow)

    @cached_property
    def declaration(self) -> str:
        """Return the declaration as JSON text."""
        return declaration_of(self.workflow)

    @cached_property
    def hash(self) -> str:
        """Return the hash of the declaration."""
        return hash_of(self.declaration)


class Pinned(Protocol):
    """What runs on one version of a workflow: a case, or its outline."""

    @property
    def workflow(self) -> str:
        """Return the workflow's name."""

    @property
    def workflow_version(self) -> int:
        """Return its version."""

    @property
    def adjustment(self) -> str | None:
        """Return the hash of the adjustment, if there is one."""


class Catalogue:
    """All loaded workflow versions; the newest of a name opens new cases."""

    def __init__(
        self,
        loaded: Iterable[Loaded] = (),
        broken: Collection[str] = (),
        adjusted: Iterable[Loaded] = (),
        guards: Mapping[str, NamedGuard] = NO_GUARDS,
    ) -> None:
        """Take the sound workflows, and the names of plugins that failed.

        `adjusted` are those of today that an organisation adjusts: new cases
        open with them. `guards` are those that adjustments may name.
        """
        self._broken = frozenset(broken)
        self.guards = guards
        self._versions: dict[tuple[str, int], Loaded] = {}
        for each in loaded:
            self._versions[each.workflow.name, each.workflow.version] = each
        self._newest = {name: self._versions[name, max(self._of(name))] for name, _ in self._versions}
        self._newest |= {each.workflow.name: each for each in adjusted}
        # By their own hash: what a transaction that failed had read stays true.
        self._adjusted: dict[str, Loaded | Problem] = {
            each.adjustment_hash: each for each in self._newest.values() if each.adjustment_hash is not None
        }

    def _of(self, name: str) -> list[int]:
        return [version for other, version in self._versions if other == name]

    def __iter__(self) -> Iterator[Loaded]:
        """Return the newest version of each workflow, by name."""
        return iter(sorted(self._newest.values(), key=lambda each: each.workflow.name))

    def versions(self) -> Iterator[Loaded]:
        """Return every loaded version, as the plugins declare them."""
        return iter(self._versions.values())

    def adjusted(self) -> Iterator[Loaded]:
        """Return every adjusted version that was met so far, today's first."""
        return (each for each in list(self._adjusted.values()) if isinstance(each, Loaded))

    def names(self) -> list[str]:
        """Return the names of all workflows, sorted."""
        return sorted(self._newest)

    def newest(self, name: str) -> Loaded:
        """Return the version new cases open with; UsageError names the nearest."""
        if name not in self._newest:
            raise UsageError(unknown("workflow", name, self._newest, mend="talent workflow list"))
        return self._newest[name]

    def find(self, name: str, version: int) -> Loaded | None:
        """Return one version, or None when no enabled plugin brings it."""
        return self._versions.get((name, version))

    def running(self, name: str, version: int) -> Loaded:
        """Return the version a case runs on; ParkedError if it is not here."""
        found = self.find(name, version)
        if found is None:
            raise ParkedError(self.why_parked(name, version))
        return found

    def why_parked(self, name: str, version: int) -> Problem:
        """Return why cases of a version that is not here cannot go on."""
        plugin = name.partition(".")[0]
        others = sorted(self._of(name))
        return _parked(name, version, plugin, others, is_broken=plugin in self._broken)

    def knows(self, adjustment: str) -> bool:
        """Return whether an adjustment was met before."""
        return adjustment in self._adjusted

    def learn(self, adjustment: str, found: Loaded | Problem) -> None:
        """Keep an adjusted version that cases run on, or why it cannot run."""
        self._adjusted[adjustment] = found

    def fault_of(self, adjustment: str) -> Problem | None:
        """Return why cases with an adjustment cannot go on; None if they can."""
        found = self._adjusted.get(adjustment)
        return found if isinstance(found, Problem) else None

    @cached_property
    def locking(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """Return who locks what above its cases: transition, place, workflows."""
        found: dict[str, dict[str, set[str]]] = {}
        for loaded in self.versions():
            for edge in loaded.workflow.transitions:
                # The box of sealed answers is the parent's.
                for place in (*edge.locks, *(("parent",) if edge.sealed else ())):
                    declared = found.setdefault(edge.name, {"parent": set(), "grandparent": set()})
                    declared[place].add(loaded.workflow.name)
        return {
            name: {place: frozenset(each) for place, each in places.items()} for name, places in found.items()
        }

    def find_for(self, case: Pinned) -> Loaded | None:
        """Return the version a case runs on, or None where it is parked."""
        if case.adjustment is None:
            return self._versions.get((case.workflow, case.workflow_version))
        found = self._adjusted.get(case.adjustment)
        return found if isinstance(found, Loaded) else None

    def running_for(self, case: Pinned) -> Loaded:
        """Return the version a case runs on; PluginError if it is parked."""
        if case.adjustment is None:
            return self.running(case.workflow, case.workflow_version)
        found = self._adjusted[case.adjustment]
        if isinstance(found, Problem):
            raise PluginError(found)
        return found

    def grants(self) -> frozenset[str]:
        """Return every grant that a workflow asks for."""
        return frozenset(name for each in self._all() for name in grants_asked_by(each.workflow))

    def _all(self) -> Iterator[Loaded]:
        yield from self._versions.values()
        yield from self.adjusted()


def _parked(name: str, version: int, plugin: str, others: list[int], *, is_broken: bool) -> Problem:
    if others:
        listed = ", ".join(map(str, others))
        return Problem(
            text=f"the case is parked: the plugin {plugin} no longer brings this version",
            found=version_named(name, version),
            allowed=f"version {listed}",
            mend=f"install a {plugin} that still brings version {version}, or move them:"
            f" talent workflow migrate {name} --to {others[-1]}",
            code="plugin.parked",
        )
    # Enabling a broken plugin again mends nothing: its error does, once seen.
    brings = f"the plugin {plugin} is broken" if is_broken else "no enabled plugin brings it"
    return Problem(
        text=f"the case is parked: {brings}",
        found=version_named(name, version),
        mend=f"talent plugin {'info' if is_broken else 'enable'} {plugin}",
        code="plugin.parked",
    )


def grants_asked_by(workflow: Workflow) -> Iterator[str]:
    """Return every grant that a workflow asks for; some more than once."""
    for relation in relations_of(workflow):
        yield from (who.name for who in relation.alternatives if who.kind == "holds")


def relations_of(workflow: Workflow) -> Iterator[Relation]:
    """Return every relation that a workflow's declaration names."""
    yield workflow.open_by
    yield workflow.viewers
    for transition in workflow.transitions:
        yield transition.by
    for state in workflow.states:
        for task in state.tasks or ():
            yield task.to
