"""The extension of a package: what CASE itself has no place for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from talenthub.framework.content import Document
from talenthub.framework.formats.yaml_tree import Tree, tree_of

_KEPT = ("id", "group", "scale", "values")
_TEXTS = ("name", "definition")


def shell_of(document: Document) -> Tree:
    """Return the tree of a document without what items and rubrics tell."""
    tree = tree_of(document)
    tree["competencies"] = [_competency(each) for each in tree.get("competencies", [])]
    made: Tree = _plain(tree)
    return made


def _competency(each: Tree) -> Tree:
    shell = {key: each[key] for key in _KEPT if key in each}
    shell |= {key: each[key] for key in _TEXTS if isinstance(each.get(key), dict)}
    levels = {ordinal: _cell(cell) for ordinal, cell in each.get("levels", {}).items()}
    levels = {ordinal: cell for ordinal, cell in levels.items() if cell}
    return shell | {"levels": levels} if levels else shell


def _cell(cell: Tree) -> Tree:
    """Return the texts of a level that are told in several languages."""
    kept: Tree = {}
    for key, text in cell.items():
        if isinstance(text, dict):
            kept[key] = text
        elif isinstance(text, list) and any(isinstance(each, dict) for each in text):
            kept[key] = [each if isinstance(each, dict) else None for each in text]
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value
