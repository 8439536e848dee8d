"""Rows of `talent framework diff`, `map` and `impact`."""

from __future__ import annotations

from typing import Any

from talenthub.cli.output import Group
from talenthub.framework.changes import Change, ChangeClass, Difference, Link
from talenthub.framework.mapping_files import rows_of
from talenthub.framework.page import Heading, Page, Paragraph, Table
from talenthub.workflow.impact import Impact, Touched, in_words

Row = dict[str, Any]


def change_row(found: Change) -> Row:
    """Return a change as one row."""
    return {
        "class": found.kind,
        "thing": found.thing,
        "what": found.what,
        "where": found.where,
        "before": found.before,
        "after": found.after,
        "why": found.why,
        "similarity": found.similarity,
    }


def link_row(found: Link) -> Row:
    """Return what succeeds a competency as one row."""
    return {**rows_of([found])[0], "new": found.new or "nothing"}


def links_to_map(found: Difference) -> list[Link]:
    """Return the links that a mapping holds: all but what simply stays."""
    return [each for each in found.links if each.needs_confirming or each.kind is ChangeClass.RETIRE]


def touched_row(found: Touched) -> Row:
    """Return what a version touches as one row."""
    return {
        "kind": found.kind,
        "what": found.what,
        "state": found.state,
        "count": found.count,
        "who": found.who.replace("_", " "),
        "why": found.why,
    }


def touched_groups(found: Impact) -> list[Group]:
    """Return what a version touches, kind by kind, without empty columns."""
    groups = []
    for kind, words in _KINDS.items():
        rows = [touched_row(each) for each in found.touched if each.kind == kind]
        empty = tuple(name for name in ("state", "count", "who") if not any(row[name] for row in rows))
        if rows:
            groups.append(Group(f"{words} · {len(rows)}", rows, ("kind", *empty)))
    return groups


def impact_page(found: Impact, language: str) -> Page:
    """Return the impact as a document."""
    title = f"What changes with {found.difference.after}"
    head = ("What", "State", "Count", "Who must act", "Why")
    blocks: list[Any] = [Heading(title), Paragraph(in_words(found.touched), "lead")]
    for kind, words in _KINDS.items():
        rows = [each for each in found.touched if each.kind == kind]
        if rows:
            told = [
                (each.what, each.state, "" if each.count is None else str(each.count), each.who, each.why)
                for each in rows
            ]
            filled = [at for at in range(len(head)) if any(row[at] for row in told)]
            shown = tuple(tuple(row[at] for at in filled) for row in told)
            blocks += [Heading(words, 2), Table(tuple(head[at] for at in filled), shown)]
    note = "Open cases keep the version they began with. Only cases the reader may know of are listed."
    return Page(title, language, (*blocks, Paragraph(note, "note")))


_KINDS = {
    "case": "Open cases",
    "role": "Role profiles",
    "posts": "Posts",
    "evidence": "Evidence",
}
