"""Histories: a plugin's migrations, gone up and down as organisations would."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect

from talenthub import hooks
from talenthub.blame import words_of
from talenthub.conformance.finding import Level, doubt, fault
from talenthub.conformance.rows import Filler, count_rows
from talenthub.errors import Problem, TalentError
from talenthub.storage.database import Database
from talenthub.storage.migrate import VERSIONS, Owner, downgrade, upgrade
from talenthub.storage.types import metadata

Findings = Iterator[tuple[Level, Problem]]

BASE = "base"

_MENDS = (
    ("null", "give the column a server_default, or fill it in before it may not be empty"),
    ("unique", "make the rows distinct first"),
    ("duplicate column", "add each column once"),
    ("already exists", "make each table and column once"),
    ("duplicate key", "make the rows distinct first"),
    ("foreign key", "keep the rows that others lead to"),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where migrations are tried: a database, and what stands in it."""

    database: Database
    kind: str
    contract: str | None = None
    """Whose tables of the core it has; None: those of this talenthub."""

    def __str__(self) -> str:
        """Return it as the end of a sentence."""
        core = f" with the core's tables of contract {self.contract}" if self.contract else ""
        return f"on {self.kind}{core}"


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of a history, and the one before it."""

    revision: str
    before: str
    file: Path


def steps(owner: Owner) -> list[Step]:
    """Return the revisions in the order they run."""
    files = sorted(owner.folder.glob("[0-9][0-9][0-9][0-9]_*.py"))
    names = [each.name[:4] for each in files]
    return [Step(*each) for each in zip(names, [BASE, *names], files, strict=False)]


def try_empty(owner: Owner, ground: Ground) -> Findings:
    """Go up, down and up again without a row; compare with what is declared."""
    going = _went(owner, ground, up=True)
    if going:
        yield going
        return
    with ground.database.begin() as connection:
        yield from _differences(connection, owner, ground)
    going = _went(owner, ground, up=False)
    if going:
        yield going
        return
    with ground.database.begin() as connection:
        for name in sorted(_tables(connection, owner)):
            yield fault(
                f"going down leaves the table {name}", place=str(owner.folder), code="plugin.migration"
            )


def try_with_rows(owner: Owner, ground: Ground) -> Findings:
    """Go up step by step, each on tables that hold rows, and down again."""
    unfilled: dict[str, str] = {}
    for step in steps(owner):
        held = _counts(ground, owner)
        failed = _gone(owner, ground, step, step.revision, held)
        if failed:
            yield failed
            return
        wrong = [*_lost(owner, ground, step, held), *_nowhere(owner, ground, step)]
        yield from wrong
        if wrong:
            return
        unfilled |= _filled(ground, owner)
    for name, why in unfilled.items():
        yield doubt(
            f"the table {name} could not be filled, so that its migrations were tried without rows",
            place=str(owner.folder),
            found=why,
            code="plugin.rows",
        )
    for step in reversed(steps(owner)):
        failed = _gone(owner, ground, step, step.before, _counts(ground, owner))
        if failed:
            yield failed
            return


def try_below(owner: Owner, ground: Ground, core: Owner) -> Findings:
    """Bring the core's tables to their newest, beneath rows of the plugin."""
    upgrade(ground.database, [owner])
    _filled(ground, owner)
    held = _counts(ground, owner)
    place = str(owner.folder)
    try:
        upgrade(ground.database, [core])
    except Exception as error:
        yield fault(
            f"the core's migrations fail over the plugin's tables, {ground}: {_words(error)}",
            place=place,
            mend="refer only to the columns that are never renamed: person.id, workflow_case.id …",
            code="plugin.migration",
        )
        return
    for name, (count, now) in _less(held, _counts(ground, owner)).items():
        yield fault(
            f"the core's migrations lose {count - now} of {count} rows of {name}, {ground}",
            place=place,
            code="plugin.migration",
        )


def _went(owner: Owner, ground: Ground, *, up: bool) -> tuple[Level, Problem] | None:
    """Go all the way; return what is wrong with the first step that fails."""
    for step in steps(owner) if up else reversed(steps(owner)):
        failed = _gone(owner, ground, step, step.revision if up else step.before, {})
        if failed:
            return failed
    return None


def _gone(
    owner: Owner, ground: Ground, step: Step, to: str, held: Mapping[str, int]
) -> tuple[Level, Problem] | None:
    """Go one step; return what is wrong with it if it fails."""
    way = "up" if to == step.revision else "down"
    others = _others(ground, owner)
    try:
        if way == "up":
            upgrade(ground.database, [owner], to=to)
        else:
            downgrade(ground.database, owner, to=to)
    except Exception as error:
        said = _words(error)
        with_rows = ", where the tables hold rows" if any(held.values()) else ""
        return fault(
            f"{step.file.name} cannot go {way} {ground}{with_rows}: {said}",
            place=f"{step.file}:{_line_in(error, step.file) or _line_of(step, f'{way}grade')}",
            mend=_mend(said, ground),
            code="plugin.migration",
        )
    return _meddled(step, way, ground, others, _others(ground, owner))


def _others(ground: Ground, owner: Owner) -> dict[str, tuple[list[str], int]]:
    """Return the columns and the rows of each table that is not the plugin's."""
    with ground.database.begin() as connection:
        found = inspect(connection).get_multi_columns()
        return {
            name: ([each["name"] for each in columns], count_rows(connection, name))
            for (_, name), columns in found.items()
            if not name.startswith((owner.prefix, VERSIONS))
        }


def _meddled(
    step: Step, way: str, ground: Ground, before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[Level, Problem] | None:
    """Return which tables of others a step has changed, if any."""
    changed = sorted(name for name in {**before, **after} if before.get(name) != after.get(name))
    if not changed:
        return None
    return fault(
        f"{step.file.name} going {way} changes what is not its own, {ground}: {', '.join(changed)}",
        place=f"{step.file}:{_line_of(step, f'{way}grade')}",
        mend="keep it in a table of your own that refers to theirs",
        code="plugin.migration",
    )


def _lost(owner: Owner, ground: Ground, step: Step, held: Mapping[str, int]) -> Findings:
    """Yield the tables that hold less than before; a dropped one may."""
    for name, (count, now) in _less(_renamed(held, step), _counts(ground, owner)).items():
        yield fault(
            f"{step.file.name} loses {count - now} of {count} rows of {name}, {ground}",
            place=f"{step.file}:{_line_of(step, 'upgrade')}",
            mend="carry the rows over; who wants them gone says so by dropping the table",
            code="plugin.migration",
        )


def _nowhere(owner: Owner, ground: Ground, step: Step) -> Findings:
    """Yield the foreign keys to tables that are not there: SQLite makes them all the same."""
    with ground.database.begin() as connection:
        inspector = inspect(connection)
        there = set(inspector.get_table_names())
        for name in sorted(_tables(connection, owner)):
            for key in inspector.get_foreign_keys(name):
                if key["referred_table"] not in there:
                    yield fault(
                        f"{name} refers to the table {key['referred_table']}, which is not there {ground}",
                        place=f"{step.file}:{_line_of(step, 'upgrade')}",
                        mend=_mend("", ground),
                        code="plugin.migration",
                    )


def _less(held: Mapping[str, int], now: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    return {name: (count, now[name]) for name, count in held.items() if now.get(name, count) < count}


def _renamed(held: Mapping[str, int], step: Step) -> dict[str, int]:
    """Return the counts by the names that tables have after a step."""
    names = {
        old.value: new.value
        for node in ast.walk(ast.parse(step.file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("rename_table")
        for old, new in [node.args[:2]]
        if isinstance(old, ast.Constant) and isinstance(new, ast.Constant)
    }
    return {str(names.get(name, name)): count for name, count in held.items()}


def _counts(ground: Ground, owner: Owner) -> dict[str, int]:
    with ground.database.begin() as connection:
        return {name: count_rows(connection, name) for name in sorted(_tables(connection, owner))}


def _filled(ground: Ground, owner: Owner) -> dict[str, str]:
    with ground.database.begin() as connection:
        return Filler(connection, sorted(_tables(connection, owner))).fill()


def _differences(connection: Connection, owner: Owner, ground: Ground) -> Findings:
    """Yield tables and columns that only the code or only the migrations know."""
    place = str(owner.folder)
    made = _tables(connection, owner)
    declared = {name for name in metadata.tables if name.startswith(owner.prefix)}
    for name in sorted(declared - made):
        yield fault(
            f"no migration makes the table {name}", place=place, code="plugin.migration", found=ground.kind
        )
    for name in sorted(made - declared):
        yield doubt(f"the table {name} is made and not declared", place=place, code="plugin.migration")
    for name in sorted(made & declared):
        stored = {each["name"] for each in inspect(connection).get_columns(name)}
        for column in sorted(stored ^ set(metadata.tables[name].columns.keys())):
            where = "in the migrations" if column in stored else "in the code"
            yield fault(f"the column {name}.{column} is only {where}", place=place, code="plugin.migration")


def _tables(connection: Connection, owner: Owner) -> set[str]:
    return {name for name in inspect(connection).get_table_names() if name.startswith(owner.prefix)}


def _mend(said: str, ground: Ground) -> str:
    if ground.contract is not None:  # on the newest tables it went well
        return f'CONTRACT = "{hooks.CONTRACT}", where the tables are those it needs'
    return next((mend for word, mend in _MENDS if word in said.casefold()), "mend it before it is released")


def _words(error: Exception) -> str:
    if isinstance(error, TalentError) and error.__cause__ is None:
        return str(error)
    # What the driver said is worth more here than what users are told of it.
    return words_of(error.__cause__ or error).partition("\n")[0]


def _line_in(error: BaseException | None, file: Path) -> int | None:
    """Return the last line of a file that an error came through."""
    while error is not None:
        lines = [
            line
            for frame, line in traceback.walk_tb(error.__traceback__)
            if Path(frame.f_code.co_filename) == file
        ]
        if lines:
            return lines[-1]
        error = error.__cause__ or error.__context__
    return None


def _line_of(step: Step, function: str) -> int:
    tree = ast.parse(step.file.read_text(encoding="utf-8"))
    lines = [each.lineno for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == function]
    return lines[0] if lines else 1
