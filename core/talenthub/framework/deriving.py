"""Deriving: a draft that begins as a copy of a version."""

from __future__ import annotations

from talenthub.access.rules import Decision
from talenthub.errors import Problem, Refused
from talenthub.framework.content import Document, retitled
from talenthub.framework.library import FrameworkVersion, content, versions
from talenthub.framework.publishing import import_framework
from talenthub.storage.transaction import Transaction


def derive(
    tx: Transaction, source: FrameworkVersion, number: str, *, right: Decision | None = None
) -> FrameworkVersion:
    """Return a new draft with the content of `source` under a new number.

    Refused if the number is taken, NotPermitted without the right.
    """
    if any(each.number == number for each in versions(tx, source.code)):
        raise Refused(
            Problem(
                text=f"there is a version {number} of {source.code} already",
                mend="--to another number",
                code="framework.number-taken",
            )
        )
    copied = retitled(Document(content(tx, source.id)), number=number)
    return import_framework(tx, copied, right=right).version
