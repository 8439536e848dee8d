"""Rewording: other words for cells of a draft, everything else as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from talenthub.access.rules import Decision
from talenthub.errors import Problem, UsageError
from talenthub.framework.content import Cell, Document
from talenthub.framework.library import FrameworkVersion, content, version
from talenthub.framework.locking import lock
from talenthub.framework.model import Descriptor
from talenthub.framework.publishing import import_framework
from talenthub.framework.text import Text, Translations
from talenthub.storage.transaction import Transaction


def reword(
    tx: Transaction, version_id: int, texts: Mapping[Cell, str], *, right: Decision | None = None
) -> FrameworkVersion:
    """Give cells of a draft other words; return the version.

    The words are in the framework's own language; translations stay. A draft
    that is locked for review is locked again. UsageError names the cells
    that have no words yet, Refused says what else is in the way.
    """
    found, old = version(tx, version_id), content(tx, version_id)
    if missing := [cell for cell in texts if old.descriptor(*cell) is None]:
        problems = [
            Problem(text="this cell has no words yet", found=_named(each), code="framework.no-cell")
            for each in missing
        ]
        raise UsageError(problems[0], *problems[1:])
    language = old.framework.language
    descriptors = tuple(_reworded(each, texts, language) for each in old.descriptors)
    if found.locked:
        lock(tx, version_id, locked=False)
    import_framework(tx, Document(dataclasses.replace(old, descriptors=descriptors)), right=right)
    return lock(tx, version_id, locked=found.locked) if found.locked else version(tx, version_id)


def _reworded(words: Descriptor, texts: Mapping[Cell, str], language: str) -> Descriptor:
    said = texts.get((words.competency, words.level, words.role, words.role_level))
    if said is None:
        return words
    return dataclasses.replace(words, text=_in_language(words.text, said, language))


def _in_language(old: Text | None, said: str, language: str) -> Text:
    if not isinstance(old, Translations):
        return said
    return Translations(tuple((dict(old.texts) | {language: said}).items()))


def _named(cell: Cell) -> str:
    return " ".join(str(each) for each in cell if each is not None)
