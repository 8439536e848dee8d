"""The plugin module is light: it is imported at each start of `talent`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from talenthub.conformance.finding import Level, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.hooks import GROUP
from talenthub.host import Installed

HEAVY = ("sqlalchemy", "pydantic", "transitions", "alembic", "numpy", "pandas", "scipy", "rich", "jinja2")

_LOOK = (
    "import os, sys, threading, talenthub.hooks as _, {module}; print(*sys.modules); "
    "print(*(each.name for each in threading.enumerate()[1:]), sep='|'); sys.stdout.flush(); os._exit(0)"
)
"""Ends without awaiting threads: one of them may never end."""


def problems(plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    """Yield each heavy module that importing the plugin brings along."""
    try:
        plugin.entry.load()
    except (ModuleNotFoundError, AttributeError) as error:
        if not _is_misnamed(plugin, error):
            raise
        yield _misnamed(plugin, error)
        return
    brought, threads = _brought(plugin.entry.module)
    for name in sorted(threads):
        yield fault(
            "importing it starts a thread: no command could end before it",
            place=plugin_file(plugin),
            found=name,
            mend="do nothing at import; start what is needed where it is used, and end it there",
            code="plugin.thread",
        )
    for name in sorted({each.partition(".")[0] for each in brought} & set(HEAVY)):
        yield fault(
            f"importing it imports {name}, at each start of talent",
            place=plugin_file(plugin),
            mend='name what is heavy as "module:attribute"; import nothing but talenthub.hooks here',
            code="plugin.heavy",
        )
    if "talenthub.sdk" in brought:
        yield fault(
            "importing it imports talenthub.sdk, which opens the whole engine",
            place=plugin_file(plugin),
            mend="import talenthub.hooks only",
            code="plugin.heavy",
        )


def _is_misnamed(plugin: Installed, error: ModuleNotFoundError | AttributeError) -> bool:
    """Return whether the entry point names what is not there."""
    if isinstance(error, ModuleNotFoundError):
        return f"{plugin.entry.module}.".startswith(f"{error.name}.")
    return bool(plugin.entry.attr) and error.name in plugin.entry.attr.split(".")


def _misnamed(plugin: Installed, error: Exception) -> tuple[Level, Problem]:
    return fault(
        f"the entry point {plugin.name} names what is not there: {error}",
        place=f'pyproject.toml [project.entry-points."{GROUP}"]',
        found=plugin.entry.value,
        mend=f'{plugin.name} = "PACKAGE.plugin", the module with the hooks; then install it again',
        code="plugin.entry-point",
    )


def _brought(module: str) -> tuple[set[str], set[str]]:
    """Return the modules that importing one brings, and the threads it leaves."""
    # In a process without the checks, which import much themselves.
    look = [sys.executable, "-c", _LOOK.format(module=module)]
    done = subprocess.run(look, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    *_, modules, threads = done.stdout.splitlines()
    return set(modules.split()), {each for each in threads.split("|") if each}
