"""CSV files and workbooks of invitations, votes and revised words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talenthub.sdk import CsvRow, Problems, Sheet, read_csv
from talenthub_consultation.cases import CHOICES, NEEDS
from talenthub_consultation.changing import Change

GROUPS = Sheet(columns=("group", "person", "facilitator"), required=("group", "person", "facilitator"))
VOTES = Sheet(
    columns=("person", "item", "text", "vote", "need", "edit", "sorted_competency", "sorted_level"),
    required=("item",),
)
CHANGES = Sheet(columns=("item", "text", "reason", "state", "before"), required=("item", "reason"))


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited to a group, and who leads it."""

    group: str
    person: str
    facilitator: str
    row: CsvRow | None = None
    """Where a file says so; None for one that was typed."""


def read_groups(file: Path) -> list[Invited]:
    """Return who is invited by a file; all its faults at once."""
    problems = Problems()
    found = []
    for row in read_csv(file, GROUPS, problems):
        group, person, facilitator = (row.text(each) or "" for each in GROUPS.columns)
        found.append(Invited(group, person, facilitator, row))
        for name in GROUPS.columns:
            if not row.text(name):
                problems.add(row.problem(name, "this must be filled in", "empty"))
    problems.raise_any()
    return found


def read_changes(file: Path) -> list[Change]:
    """Return what a file changes; all its faults at once."""
    problems = Problems()
    found = [
        Change(row.text("item") or "", row.text("reason") or "", row.text("text"))
        for row in read_csv(file, CHANGES, problems)
    ]
    problems.raise_any()
    return found


Forms = dict[str, dict[str, list[dict[str, Any]]]]
"""What each voter says, as the form of a vote: by handle."""


def read_votes(file: Path, voter: str | None = None) -> Forms:
    """Return what each voter of a file says; all its faults at once.

    `voter`: whose votes they are where the file has no column person. A line
    without a vote, a need and a place says nothing and is left out.
    """
    problems = Problems()
    forms: Forms = {}
    seen: dict[tuple[str, str, bool], int] = {}
    for row in read_csv(file, VOTES, problems):
        handle = row.text("person") or voter
        if handle is None:
            problems.add(
                row.problem("person", "whose vote is this?", "empty", mend="name them, or --by PERSON")
            )
            continue
        form = forms.setdefault(handle, {"votes": [], "sortings": []})
        for kind, said in _said(row, problems):
            place = (handle, row.text("item") or "", kind == "votes")
            if place in seen:
                problems.add(row.problem("item", f"line {seen[place]} says it already", "twice"))
            seen[place] = row.line
            form[kind].append(dict(said))
    problems.raise_any()
    return {handle: form for handle, form in forms.items() if form["votes"] or form["sortings"]}


def _said(row: CsvRow, problems: Problems) -> Iterator[tuple[str, Mapping[str, Any]]]:
    item, choice, need = row.text("item") or "", _word(row.text("vote")), _word(row.text("need"))
    for column, word, allowed in (("vote", choice, CHOICES), ("need", need, NEEDS)):
        if word is not None and word not in allowed:
            problems.unknown(row, column, word, allowed)
            return
    if choice is not None or need is not None:
        yield from _vote(row, problems, item, choice, need)
    if row.text("sorted_competency") is not None:
        yield from _sorting(row, problems, item)


def _vote(
    row: CsvRow, problems: Problems, item: str, choice: str | None, need: str | None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    edit = row.text("edit") or ""
    if (choice == "edit") != bool(edit):
        said = "say the words in the column edit" if choice == "edit" else "words without the vote edit"
        problems.add(row.problem("edit", said, "edit"))
        return
    given = {"item": item, "choice": choice, "need": need, "edit": edit}
    yield "votes", {name: value for name, value in given.items() if value}


def _sorting(row: CsvRow, problems: Problems, item: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    level = row.text("sorted_level") or ""
    if not (level.isascii() and level.removeprefix("-").isdigit()):
        problems.add(row.problem("sorted_level", "this is no level", "level", allowed="a whole number"))
        return
    yield "sortings", {"indicator": item, "competency": row.text("sorted_competency"), "level": int(level)}


def _word(text: str | None) -> str | None:
    """Return the word as the plugin writes it: `not necessary` has a line."""
    return None if text is None else text.lower().replace(" ", "_").replace("accept_with_edit", "edit")
