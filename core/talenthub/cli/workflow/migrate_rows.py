"""The work of `talent workflow migrate`; imported when the command runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from talenthub.cli.base import Desk
from talenthub.cli.casework import engine_of, read, reference
from talenthub.cli.chosen_cases import Cases
from talenthub.cli.firing import LISTED, in_chunks, raise_refusals, why_not
from talenthub.cli.output import Column, Group
from talenthub.cli.workflow.diff_rows import full_name
from talenthub.errors import FileError, NotFound, Problem, TalentError, UsageError
from talenthub.people.filecells import CellLine, read_cell_lines
from talenthub.storage.transaction import Transaction
from talenthub.workflow.engine import Engine
from talenthub.workflow.versions.migrating import Migrated, check_wish, migrate_cases, migrate_once, target_of
from talenthub.workflow.versions.migration import Migration
from talenthub.workflow.versions.stored import stored_declarations

COLUMNS = (
    Column("ref"),
    Column("former", "Version", right=True),
    Column("before", "State", show=lambda state: (state or "").replace("_", " ")),
    Column("now", show=lambda state: (state or "").replace("_", " ")),
    Column("changed", "Data"),
    Column("remade", "Tasks and timers", show=lambda lines: "; ".join(lines or ())),
    Column("why_not"),
    Column("now_on", extra=True),
    Column("ok", extra=True),
)
_COUNTED = (
    Column("before", "State"),
    Column("now"),
    Column("count", right=True),
    Column("changed", "Data"),
    Column("why_not"),
)


def move_cases(desk: Desk, name: str, version: int, pairs: Sequence[str], cases: Cases) -> None:
    """Move cases to a version and tell what became of each."""
    states = _mapping(pairs)
    wanted = read(desk, lambda engine, tx: _wish(desk, engine, tx, Migration(name, version, states)))
    refs = _refs(desk, wanted, cases)
    engine = engine_of(desk)
    for line in read(desk, lambda engine, tx: list(_four_eyes(engine, tx, wanted))):
        desk.say(line)

    def work(tx: Transaction, chunk: Sequence[str]) -> Sequence[Migrated | TalentError]:
        if desk.request_id is None:
            return migrate_cases(engine, tx, chunk, wanted)
        return migrate_once(engine, tx, desk.request_id, chunk, wanted)

    answers = in_chunks(desk, refs, work, label="Cases")
    _tell(desk, [_row(ref, answer) for ref, answer in zip(refs, answers, strict=True)])
    raise_refusals([each for each in answers if isinstance(each, TalentError)], len(answers))


def _wish(desk: Desk, engine: Engine, tx: Transaction, typed: Migration) -> Migration:
    """Return what is wanted, once all of it is known to be possible."""
    wanted = replace(typed, workflow=full_name(engine, tx, typed.workflow))
    tx.dry_run = desk.dry_run
    check_wish(engine, tx, wanted)
    return wanted


def _four_eyes(engine: Engine, tx: Transaction, wanted: Migration) -> Iterator[str]:
    """Return what four eyes of the new version cannot see of the former ones."""
    edges = target_of(engine, wanted).workflow.transitions
    looked_at = {name for each in edges for name in each.four_eyes} - {"open"}
    for version, declared in stored_declarations(tx, wanted.workflow).items():
        missing = sorted(looked_at - {each["name"] for each in declared["transitions"]})
        if missing:
            names = ", ".join(f"«{each}»" for each in missing)
            yield f"Four eyes of version {wanted.to} look back at {names}: version {version} has no such step"


def _refs(desk: Desk, wanted: Migration, cases: Cases) -> tuple[str, ...]:
    named = replace(cases, words=tuple(reference(each) for each in cases.words), workflow=wanted.workflow)
    if named.words or named.source is not None or named.where is not None:
        return named.refs(desk)
    others = read(desk, lambda _engine, tx: sorted({*stored_declarations(tx, wanted.workflow)} - {wanted.to}))
    if not others:
        text, allowed = f"no case ever ran on another version of {wanted.workflow}", "references or --where"
        raise NotFound(Problem(text=text, allowed=allowed, code="workflow.one-version"))
    return replace(named, where=f"version={','.join(map(str, others))}").refs(desk)


def _mapping(pairs: Sequence[str]) -> Mapping[str, str]:
    """Return the mapping of states; what is wrong with it is told at once."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for old, new, place in (each for pair in pairs for each in _read(pair)):
        if not old or not new:
            text = "a mapping is a former state and its new one"
            problems.append(
                Problem(text=text, place=place, found=f"{old}={new}", allowed="old=new", code="workflow.map")
            )
        elif found.setdefault(old, new) != new:
            problems.append(
                Problem(text="a state is mapped twice", place=place, found=old, code="workflow.map-twice")
            )
    if problems:
        raise UsageError.of(problems)
    return found


def _read(pair: str) -> Iterator[tuple[str, str, str]]:
    if "=" in pair:
        old, _, new = pair.partition("=")
        yield _state(old), _state(new), "--map"
        return
    lines = read_cell_lines(Path(pair))
    header = [text.strip().lower() for text in lines[0].texts] if lines else []
    if sorted(header) != ["from", "to"]:
        text = "a mapping has the columns from and to"
        place = lines[0].place() if lines else pair
        raise FileError(Problem(text=text, place=place, found=", ".join(header), code="file.header"))
    for line in lines[1:]:
        yield _cell(line, header.index("from")), _cell(line, header.index("to")), line.place()


def _cell(line: CellLine, column: int) -> str:
    return _state(line.texts[column]) if column < len(line.texts) else ""


def _state(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def _row(ref: str, answer: Migrated | TalentError) -> dict[str, Any]:
    if isinstance(answer, TalentError):
        return {"ref": ref, "ok": False, "now": None, "why_not": why_not(answer)}
    return {
        "ref": ref,
        "former": answer.former,
        "now_on": answer.now_on,
        "before": answer.source,
        "now": answer.target,
        "changed": list(answer.changed),
        "remade": list(answer.remade),
        "why_not": [],
        "ok": True,
    }


def _tell(desk: Desk, rows: Sequence[dict[str, Any]]) -> None:
    """Print what became of each; on a screen more than forty are counted."""
    moved = [row for row in rows if row["ok"]]
    if desk.common.style.chosen != "table":
        desk.emit(rows, COLUMNS)
    elif len(rows) > LISTED:
        desk.emit(_counted(rows), _shown(_COUNTED, rows))
        desk.say("-o json lists each.")
    elif moved or len(rows) > 1:
        desk.emit_groups(
            list(_groups(desk, moved, [row for row in rows if not row["ok"]])), _shown(COLUMNS, rows)
        )


def _groups(desk: Desk, moved: Sequence[dict[str, Any]], stay: Sequence[dict[str, Any]]) -> Iterator[Group]:
    if moved:
        yield Group(f"{'To be moved' if desk.dry_run else 'Moved'} · {len(moved)}", moved, ("why_not",))
    if stay:
        yield Group(f"Stay as they are · {len(stay)}", stay, ("former", "before", "now", "changed", "remade"))


def _shown(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> list[Column]:
    empty = {each for each in ("changed", "remade", "why_not") if not any(row.get(each) for row in rows)}
    return [replace(each, extra=each.extra or each.name in empty) for each in columns]


def _counted(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [
        (row.get("before"), row["now"], ", ".join(row.get("changed", ())), "; ".join(row["why_not"]))
        for row in rows
    ]
    return [
        {"before": before, "now": now, "count": count, "changed": changed, "why_not": why}
        for (before, now, changed, why), count in Counter(keys).most_common(LISTED)
    ]
