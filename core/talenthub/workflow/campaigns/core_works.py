"""What the core itself does for many people, by the names of the works."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from talenthub.workflow.campaigns.chunks import Work
from talenthub.workflow.campaigns.fire_chunks import FIRE, fire_chunk
from talenthub.workflow.campaigns.reminding import REMIND, remind_chunk
from talenthub.workflow.digest import DIGESTS, make_digests

CORE_WORKS: Mapping[str, Work] = MappingProxyType(
    {FIRE: fire_chunk, REMIND: remind_chunk, DIGESTS: make_digests}
)
