"""What the core itself does for many people, by the names of the works."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from talenthub.workflow.chunks import Work
from talenthub.workflow.digest import DIGESTS, make_digests
from talenthub.workflow.fire_chunks import FIRE, fire_chunk

CORE_WORKS: Mapping[str, Work] = MappingProxyType({FIRE: fire_chunk, DIGESTS: make_digests})
