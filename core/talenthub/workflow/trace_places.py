"""Places: where in a framework the words stand that a rating was given by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from talenthub.framework.content import Content
from talenthub.framework.library import FrameworkVersion, content, version
from talenthub.framework.lookup import wording
from talenthub.framework.mapping import mapping_of
from talenthub.framework.text import Text
from talenthub.storage.transaction import Transaction

Worded = Mapping[str, tuple[str, Text | None]]
"""The hash of words to `COM.3` or `case-officer.COM.3`, and the words."""


class Places:
    """The words of one competency, in a version and in those before it."""

    def __init__(self, tx: Transaction, current: FrameworkVersion, code: str) -> None:
        self._tx, self._current, self._code = tx, current, code
        self._earlier: dict[int, Worded] = {}

    def own(self, level: int | None = None) -> Iterator[tuple[str, Text | None]]:
        """Return place and words of each cell of the version, or of a level."""
        for place, text in self._own.values():
            if level is None or place.endswith(f".{level}"):
                yield place, text

    def of(self, row: Row[Any]) -> str:
        """Return where the words of a rating stand: `COM.3`, `COM.3 (1.0.0)`."""
        here = self._own.get(row.descriptor_hash)
        if row.framework_version_id == self._current.id:
            return here[0] if here else self._code
        found = self._words_of(row.framework_version_id).get(row.descriptor_hash)
        if found and here and found[0] == here[0]:
            return here[0]
        # The same words at another level now were not rated as that level.
        number = version(self._tx, row.framework_version_id).number
        return f"{found[0] if found else self._code} ({number})"

    def text(self, place: str) -> Text | None:
        """Return the words at a place of the version; None elsewhere."""
        return next((text for at, text in self._own.values() if at == place), None)

    def is_earlier(self, place: str) -> bool:
        """Return whether the words stand in another version only."""
        return place.endswith(")")

    @cached_property
    def _own(self) -> Worded:
        held = content(self._tx, self._current.id)
        return _worded(held, self._code) if held.has_competency(self._code) else {}

    def _words_of(self, version_id: int) -> Worded:
        if version_id not in self._earlier:
            held = content(self._tx, version_id)
            words: dict[str, tuple[str, Text | None]] = {}
            for code in (self._code, *self._codes_before):
                words |= _worded(held, code) if held.has_competency(code) else {}
            self._earlier[version_id] = words
        return self._earlier[version_id]

    @cached_property
    def _codes_before(self) -> list[str]:
        """Return under which other codes the version before knew it."""
        return [each.old for each in mapping_of(self._tx, self._current.id) if each.new == self._code]


def _worded(held: Content, code: str) -> dict[str, tuple[str, Text | None]]:
    found: dict[str, tuple[str, Text | None]] = {}
    if held.competency(code).scale is None:
        return found
    owners = {(each.role, each.role_level): None for each in held.descriptors if each.competency == code}
    for role, step in ((None, None), *owners):
        for level in held.scale_of(code).levels:
            words = wording(held, code, level.ordinal, role, step)
            place = ".".join(filter(None, (role, step, code, str(level.ordinal))))
            found.setdefault(words.hash, (place, words.text))
    return found
