"""Laid out: what a plugin's format has read, in the shape of our own file."""

from __future__ import annotations

from talenthub.framework.content import Document


def framework_document(data: bytes, name: str) -> Document:
    """Return the framework that YAML or JSON lays out; FileError if wrong.

    `docs/framework.md` describes the shape; `name` begins the place of each
    problem.
    """
    # Imported here: every plugin imports the public names, few read frameworks.
    from talenthub.framework.formats.yaml import read

    return read(data, name)
