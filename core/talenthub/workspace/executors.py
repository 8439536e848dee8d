"""Executors: which engine has the background work run here, and may it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from talenthub.config.layers import Layers
from talenthub.config.settings import Settings
from talenthub.errors import PluginError, Problem, nearest
from talenthub.host import Host
from talenthub.host.loading import EMBEDDED, OWN_EXECUTORS, PROCRASTINATE
from talenthub.outbound.on_procrastinate import OnProcrastinate, owner
from talenthub.outbound.port import Background, Place
from talenthub.storage.migrate import Owner

EXTRA = "pip install 'talenthub[postgres]'"


def executor_problems(layers: Layers, settings: Settings | None, host: Host) -> Iterator[Problem]:
    """Yield what keeps the executor of the settings from working here."""
    if settings is None:
        return
    name, place = settings.jobs.executor, layers.origin(("jobs", "executor")).place
    known = (*OWN_EXECUTORS, *(each.value.name for each in host.executors()))
    if name not in known:
        yield Problem(
            text="unknown executor",
            place=place,
            path="jobs.executor",
            found=name,
            allowed=", ".join(known),
            nearest=nearest(name, known),
            code="jobs.executor",
        )
    elif name == PROCRASTINATE:
        yield from _missing(settings, place)


def _missing(settings: Settings, place: str) -> Iterator[Problem]:
    if not settings.database.url.startswith("postgresql"):
        yield Problem(
            text="the executor procrastinate works on PostgreSQL only",
            place=place,
            path="jobs.executor",
            allowed='[database] url = "postgresql://USER@HOST/NAME", or executor = "embedded"',
            code="jobs.database",
        )
    if find_spec(PROCRASTINATE) is None:
        yield Problem(
            text="the executor procrastinate is not installed",
            place=place,
            path="jobs.executor",
            mend=EXTRA,
            code="jobs.extra",
        )


def executor_owners(settings: Settings) -> list[Owner]:
    """Return whose tables the executor needs that no plugin brings."""
    return [owner()] if settings.jobs.executor == PROCRASTINATE else []


def background_of(settings: Settings, host: Host, url: str) -> Background | None:
    """Return the engine of the settings; None for the embedded executor."""
    name = settings.jobs.executor
    if name == EMBEDDED:
        return None
    place = Place(url, settings.jobs.dead_after)
    if name == PROCRASTINATE:
        return OnProcrastinate(place)
    brought = next(each for each in host.executors() if each.value.name == name)
    function = host.function(brought.plugin, brought.value.target)
    if function is None:
        status = host.status(brought.plugin)
        said = status.error if status is not None else None
        raise PluginError(Problem(text=f"plugin {brought.plugin}: {said}", code="plugin.broken"))
    made: Background = function(place)
    return made
