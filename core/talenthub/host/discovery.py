"""Discovery: which plugins are installed; nothing is imported."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, entry_points

from talenthub.hooks import GROUP


@dataclass(frozen=True, slots=True)
class Installed:
    """A plugin that some distribution offers."""

    name: str
    entry: EntryPoint
    distribution: str | None
    version: str | None

    @property
    def owner(self) -> str:
        """Return the distribution and its version."""
        return f"{self.distribution} {self.version}" if self.distribution else self.entry.value


def installed() -> dict[str, tuple[Installed, ...]]:
    """Return every installed plugin by name; two of one name are both kept."""
    found: dict[str, dict[tuple[str | None, str], Installed]] = {}
    owners: dict[int, tuple[str | None, str | None]] = {}
    for entry in entry_points(group=GROUP):
        # A distribution's metadata is parsed anew each time it is asked for.
        if id(entry.dist) not in owners:
            owners[id(entry.dist)] = _owner(entry.dist)
        distribution, version = owners[id(entry.dist)]
        made = Installed(entry.name, entry, distribution, version)
        # An editable install may be seen twice on the path: that is one plugin.
        found.setdefault(entry.name, {})[made.distribution, entry.value] = made
    return {name: tuple(several.values()) for name, several in sorted(found.items())}


def _owner(source: Distribution | None) -> tuple[str | None, str | None]:
    if source is None:
        return None, None
    metadata = source.metadata
    return metadata["Name"], metadata["Version"]
