"""The plugin module is light: it is imported at each start of `talent`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from talenthub.conformance.finding import Level, fault
from talenthub.conformance.places import plugin_file
from talenthub.errors import Problem
from talenthub.host import Found

HEAVY = ("sqlalchemy", "pydantic", "transitions", "alembic", "numpy", "pandas", "scipy", "rich", "jinja2")


def problems(found: Found) -> Iterator[tuple[Level, Problem]]:
    """Yield each heavy module that importing the plugin brings along."""
    before = set(sys.modules)
    found.entry.load()
    brought = {name.partition(".")[0] for name in set(sys.modules) - before}
    for name in sorted(brought & set(HEAVY)):
        yield fault(
            f"importing it imports {name}, at each start of talent",
            place=plugin_file(found),
            mend='name what is heavy as "module:attribute"; import nothing but talenthub.hooks here',
            code="plugin.heavy",
        )
    if "talenthub.sdk" in set(sys.modules) - before:
        yield fault(
            "importing it imports talenthub.sdk, which opens the whole engine",
            place=plugin_file(found),
            mend="import talenthub.hooks only",
            code="plugin.heavy",
        )
