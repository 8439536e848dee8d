"""CASE, read: a package of 1.0 or 1.1 as one JSON file.

Items become competencies, those above others groups; rubrics give the words
of their levels; associations that are no place in the tree are kept as
pointers, also where their other end is not in the package.
"""

from __future__ import annotations

from talenthub.errors import FileError, Problem
from talenthub.framework.content import Document
from talenthub.framework.formats.case_items import read_package
from talenthub.framework.formats.case_own import has_extension, read_own
from talenthub.framework.formats.fields import Fields
from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.outline import notes_of, top_of
from talenthub.framework.formats.sources import Sources


def recognises(files: Sources) -> bool:
    """Return whether a JSON file holds a document of CASE."""
    return any(b'"CFDocument"' in each.data for each in files if each.suffix == ".json")


def read(files: Sources) -> Document:
    """Return the framework in the package; FileError holds all problems."""
    packages = [each for each in files if b'"CFDocument"' in each.data] or list(files[:1])
    notes = notes_of(packages[0])
    root = top_of(packages[0], notes)
    if len(packages) > 1:
        found = ", ".join(each.name for each in packages[1:])
        notes.add(root, "", "a framework is one package", "one-file", found=found)
        raise FileError.of(notes.problems)
    if notes.problems:
        raise FileError.of(notes.problems)
    package = _unwrapped(root)
    if not (isinstance(package.value, dict) and "CFDocument" in package.value):
        raise _no_package(package, packages[0].name)
    top = Fields(package, "", notes)
    return read_own(top) if has_extension(top) else read_package(top)


def _no_package(root: Node, name: str) -> FileError:
    """Return what stands in a file instead of a package."""
    keys = ", ".join(list(root.value)[:8]) if isinstance(root.value, dict) else ""
    found = keys or ("a list" if isinstance(root.value, list) else "a single value")
    return FileError(
        Problem(
            text="this is no CASE package",
            place=name,
            found=found[:80],
            allowed="CFDocument, CFItems, CFAssociations, CFRubrics …",
            mend="without --format its own format is found",
            code="framework.no-package",
        )
    )


def _unwrapped(root: Node) -> Node:
    """Return the package itself; some servers wrap it once more."""
    wrapped = root.value.get("CFPackage") if isinstance(root.value, dict) else None
    return root if wrapped is None else wrapped
