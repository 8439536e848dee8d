"""Catalogue: the workflows that the enabled plugins brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from talenthub.errors import PluginError, Problem, UsageError, unknown
from talenthub.workflow.context import NoData
from talenthub.workflow.declaration import declaration_of, hash_of
from talenthub.workflow.definition import Workflow
from talenthub.workflow.machine import Kernel
from talenthub.workflow.relations import Relation


@dataclass(frozen=True)
class Loaded:
    """A workflow version with its owner, ready to run."""

    workflow: Workflow
    plugin: str
    settings_model: type[BaseModel] = NoData
    settings: Any = field(default_factory=NoData)
    """The plugin's settings of today: new cases pin them."""

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


class Catalogue:
    """All loaded workflow versions; the newest of a name opens new cases."""

    def __init__(self, loaded: Iterable[Loaded] = (), broken: Collection[str] = ()) -> None:
        """Take the sound workflows, and the names of plugins that failed."""
        self._broken = frozenset(broken)
        self._versions: dict[tuple[str, int], Loaded] = {}
        for each in loaded:
            self._versions[each.workflow.name, each.workflow.version] = each
        self._newest = {name: self._versions[name, max(self._of(name))] for name, _ in self._versions}

    def _of(self, name: str) -> list[int]:
        return [version for other, version in self._versions if other == name]

    def __iter__(self) -> Iterator[Loaded]:
        """Return the newest version of each workflow, by name."""
        return iter(sorted(self._newest.values(), key=lambda each: each.workflow.name))

    def versions(self) -> Iterator[Loaded]:
        """Return every loaded version."""
        return iter(self._versions.values())

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
        """Return the version a case runs on; PluginError if it is parked."""
        found = self.find(name, version)
        if found is None:
            plugin = name.partition(".")[0]
            others = sorted(self._of(name))
            raise PluginError(_parked(name, version, plugin, others, is_broken=plugin in self._broken))
        return found

    def grants(self) -> frozenset[str]:
        """Return every grant that a workflow asks for."""
        return frozenset(name for each in self._versions.values() for name in grants_asked_by(each.workflow))


def _parked(name: str, version: int, plugin: str, others: list[int], *, is_broken: bool) -> Problem:
    if others:
        listed = ", ".join(map(str, others))
        return Problem(
            text=f"the case is parked: the plugin {plugin} no longer brings this version",
            found=f"{name} version {version}",
            allowed=f"version {listed}",
            mend=f"install a {plugin} that still brings version {version}",
            code="plugin.parked",
        )
    # Enabling a broken plugin again mends nothing: its error does, once seen.
    brings = f"the plugin {plugin} is broken" if is_broken else "no enabled plugin brings it"
    return Problem(
        text=f"the case is parked: {brings}",
        found=f"{name} version {version}",
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
