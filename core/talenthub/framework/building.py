"""Building: large content is put together with the collector at rest.

A framework is a tree of a million small things, all of them in use and none
in a cycle: a collector that goes through them again and again finds nothing,
and takes a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let the collector rest inside; also a decorator."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
