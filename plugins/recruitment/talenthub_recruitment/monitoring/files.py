"""Past candidates from a file: a declared group and what became of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from talenthub.sdk import CsvRow, Problem, Problems, Sheet, UsageError, read_csv, unknown
from talenthub_recruitment.monitoring.demographics import NOTHING, other_columns
from talenthub_recruitment.monitoring.tracks import HIRED, OFFERED, STEPS, End, Track, further

KNOWN = ("candidate", "requisition", "outcome", "step")

OUTCOMES = {
    "selected": End.SELECTED,
    "hired": End.SELECTED,
    "yes": End.SELECTED,
    "1": End.SELECTED,
    "rejected": End.REJECTED,
    "not selected": End.REJECTED,
    "no": End.REJECTED,
    "0": End.REJECTED,
    "withdrawn": End.LEFT,
    "declined": End.LEFT,
}


@dataclass(frozen=True, slots=True)
class Past:
    """The candidates of a file, by each of its group columns."""

    by_attribute: Mapping[str, tuple[Track, ...]]
    with_steps: bool
    """Whether the file says which step each candidate came to."""


@dataclass(frozen=True, slots=True)
class _Row:
    groups: Mapping[str, str | None]
    came: tuple[int, End]
    person: tuple[str, str] | None


def read_past(file: Path, attribute: str | None = None) -> Past:
    """Return the candidates of a CSV file; all its faults at once.

    With `attribute` only that column's groups. Somebody with the same
    `candidate` and `requisition` twice is counted once.
    """
    problems = Problems()
    attributes = other_columns(file, KNOWN)
    listed = read_csv(file, Sheet(columns=(*KNOWN, *attributes), required=("outcome",)), problems)
    rows = [each for one in listed if (each := _row(one, attributes, problems)) is not None]
    problems.raise_any()
    wanted = _wanted(file, attributes, attribute)
    once = _once(rows)
    return Past(
        {each: tuple(Track(row.groups[each], *row.came) for row in once) for each in wanted},
        "step" in listed[0].cells,
    )


def _wanted(file: Path, attributes: tuple[str, ...], attribute: str | None) -> tuple[str, ...]:
    if attribute is not None and attribute not in attributes:
        raise UsageError(unknown("group column", attribute, attributes, place="--group"))
    if not attributes:
        raise UsageError(
            Problem(
                text="the file has no column of groups",
                place=f"{file}:1",
                allowed=f"a column beside {', '.join(KNOWN)}, as sex",
                code="import.attribute",
            )
        )
    return (attribute,) if attribute is not None else attributes


def _row(row: CsvRow, attributes: tuple[str, ...], problems: Problems) -> _Row | None:
    word, step = (row.text("outcome") or "").casefold(), (row.text("step") or "").casefold()
    if word not in OUTCOMES:
        problems.add(row.unknown("outcome", word, list(OUTCOMES)))
        return None
    if step and step not in STEPS:
        problems.add(row.unknown("step", step, STEPS))
        return None
    groups = {each: _group(row.text(each)) for each in attributes}
    candidate = row.text("candidate")
    person = (row.text("requisition") or "", candidate) if candidate is not None else None
    return _Row(groups, (_depth(word, step), OUTCOMES[word]), person)


def _group(text: str | None) -> str | None:
    return None if text == NOTHING else text


def _depth(word: str, step: str) -> int:
    if OUTCOMES[word] is End.SELECTED:
        return HIRED
    if word == "declined":
        return OFFERED
    return STEPS.index(step) if step else 0


def _once(rows: list[_Row]) -> list[_Row]:
    found: dict[object, _Row] = {}
    seen: dict[object, int] = defaultdict(int)
    for place, row in enumerate(rows):
        key = row.person if row.person is not None else place
        seen[key] += 1
        before = found.get(key)
        if before is None or further(before.came, row.came) != before.came:
            found[key] = row
    return list(found.values())
