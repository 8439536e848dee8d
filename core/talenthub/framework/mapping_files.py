"""The file of a mapping: a row a link, in CSV or YAML, there and back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from talenthub.errors import FileError, Problem, unknown
from talenthub.framework.changes import STRENGTHS, ChangeClass, Link
from talenthub.framework.formats.nodes import LONGEST_FILE, parse

COLUMNS = ("old", "new", "class", "strength", "confirmed", "similarity", "why")
NEEDED = ("old", "new", "class")
_YES, _NO = ("yes", "true", "1", "x"), ("no", "false", "0", "")


def rows_of(links: Sequence[Link]) -> list[dict[str, str]]:
    """Return the links as rows of text, as a file has them."""
    return [
        {
            "old": each.old,
            "new": each.new or "",
            "class": each.kind.value,
            "strength": shown_strength(each.strength),
            "confirmed": "yes" if each.confirmed or not each.needs_confirming else "no",
            "similarity": "" if each.similarity is None else f"{each.similarity:.3f}",
            "why": each.why,
        }
        for each in links
    ]


def write_mapping(links: Sequence[Link], *, as_yaml: bool = False) -> bytes:
    """Return the links as a file: CSV, or YAML."""
    rows = rows_of(links)
    if as_yaml:
        return ("".join(_yaml_lines(row) for row in rows) or "[]\n").encode()
    told = io.StringIO()
    writer = csv.DictWriter(told, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return told.getvalue().encode()


def _yaml_lines(row: Mapping[str, str]) -> str:
    # What JSON writes as a text is one in YAML too.
    lines = [f"{name}: {json.dumps(row[name], ensure_ascii=False)}\n" for name in COLUMNS]
    return "- " + "  ".join(lines)


def read_mapping(data: bytes, name: str) -> tuple[Link, ...]:
    """Return the links of a file; FileError lists all that is wrong in it."""
    is_yaml = name.lower().endswith((".yaml", ".yml"))
    rows = list((_yaml_rows if is_yaml else _csv_rows)(data, name))
    problems: list[Problem] = []
    links = [_link(place, row, problems.append) for place, row in rows]
    if problems:
        raise FileError.of(problems)
    return tuple(links)


def _decoded(data: bytes, name: str) -> str:
    if len(data) > LONGEST_FILE:
        raise FileError(Problem(text="the file is too large", place=name, allowed="2 MB", code="file.size"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, mend = "the file is not UTF-8 text", "save it as UTF-8"
        raise FileError(Problem(text=text, place=name, mend=mend, code="file.encoding")) from None


def _csv_rows(data: bytes, name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    text = _decoded(data, name)
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ",")
    _require_columns(reader.fieldnames or (), name)
    try:
        for row in reader:
            if any(each for each in row.values() if each):
                yield f"{name}:{reader.line_num}", {key or "": _cell(each) for key, each in row.items()}
    except csv.Error as error:
        place = f"{name}:{reader.line_num}"
        raise FileError(Problem(text=f"no CSV: {error}", place=place, code="file.csv")) from None


def _yaml_rows(data: bytes, name: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    root, problems = parse(data, name)
    rows = root.value if isinstance(root.value, list) else [root]
    problems += [
        Problem(
            text="a row is a mapping",
            place=f"{name}:{each.line}:{each.column}",
            found=each.kind,
            allowed=", ".join(COLUMNS),
            code="framework.mapping",
        )
        for each in rows
        if not isinstance(each.value, dict)
    ]
    if problems:
        raise FileError.of(problems)
    for each in rows:
        place = f"{name}:{each.line}"
        _require_columns([str(key) for key in each.value], place)
        yield place, {str(key): _cell(cell.raw or cell.value) for key, cell in each.value.items()}


def _require_columns(found: Sequence[str] | Mapping[str, Any], place: str) -> None:
    names = [str(each).strip() for each in found]
    problems = [
        Problem(
            text=f"the column {each} is missing", place=place, allowed=", ".join(COLUMNS), code="file.column"
        )
        for each in NEEDED
        if each not in names
    ]
    problems += [unknown("column", each, COLUMNS, place=place) for each in names if each not in COLUMNS]
    if problems:
        raise FileError.of(problems)


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _link(place: str, row: Mapping[str, str], report: Callable[[Problem], None]) -> Link:
    kinds = [each.value for each in ChangeClass]
    if row["class"] not in kinds:
        report(unknown("class", row["class"], kinds, place=place))
    kind = ChangeClass(row["class"]) if row["class"] in kinds else ChangeClass.MAJOR
    said = row.get("confirmed", "").lower()
    if said not in (*_YES, *_NO):
        report(Problem(text="confirmed is yes or no", place=place, found=said, code="framework.mapping"))
    return Link(
        old=row["old"],
        new=row["new"] or None,
        kind=kind,
        strength=_strength(place, row.get("strength", ""), kind, report),
        confirmed=said in _YES,
        why=row.get("why", ""),
    )


def _strength(place: str, said: str, kind: ChangeClass, report: Callable[[Problem], None]) -> Fraction:
    if not said:
        return STRENGTHS[kind]
    try:
        return Fraction(said)
    except (ValueError, ZeroDivisionError):
        report(
            Problem(
                text="a strength is a number from 0 to 1",
                place=place,
                found=said,
                allowed="0.5 or 1/2",
                code="framework.mapping",
            )
        )
        return STRENGTHS[kind]


def shown_strength(number: Fraction) -> str:
    """Return a strength as a file has it: 0.5, or 1/3 where no decimal fits."""
    return str(float(number)) if Fraction(str(float(number))) == number else str(number)
