"""The rows of units.csv and posts.csv, turned into what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from talenthub.people.filerows import FileRow, Problems, Sheet, day_in
from talenthub.people.import_plan import CLEAR, Plan
from talenthub.people.organisation import NewPost, NewUnit
from talenthub.people.tables import longest, post, unit

UNITS = Sheet(
    ("code", "name", "parent", "function", "site"),
    ("code",),
    page="Units",
    longest=longest(unit, "code", "name", "function", "site"),
)
"""One line for each unit; `parent` is a code, `-` for the top."""

POSTS = Sheet(
    ("code", "title", "role", "unit", "reports_to", "critical", "since", "level"),
    ("code",),
    days=("since",),
    page="Posts",
    longest=longest(post, "code", "title"),
)
"""One line for each seat; `reports_to` is a code of a post, `-` for none."""

_YES_NO = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


def plan_units(plan: Plan, rows: Sequence[FileRow]) -> None:
    """Add the units of a file to what is wanted."""
    kept = unique_rows(rows, "code", plan.problems)
    for code, row in kept.items():
        old = plan.stored.units.get(code)
        if old is None and row.text("name") is None:
            plan.problems.add(row.problem("name", "a new unit needs a name", "missing"))
        made = old or NewUnit(code, row.text("name") or code)
        plan.wanted.units[code] = replace(
            made,
            name=row.text("name") or made.name,
            parent=cell_or(row, "parent", made.parent),
            function=cell_or(row, "function", made.function),
            site=cell_or(row, "site", made.site),
        )
    for code, row in kept.items():
        parent = plan.wanted.units[code].parent
        if parent is not None and parent not in plan.wanted.units:
            plan.problems.unknown(row, "parent", parent, plan.wanted.units, kind="unit")


def plan_posts(plan: Plan, rows: Sequence[FileRow]) -> None:
    """Add the posts of a file to what is wanted."""
    kept = unique_rows(rows, "code", plan.problems)
    for code, row in kept.items():
        old = plan.stored.posts.get(code)
        made = _new_post(plan, code, row) if old is None else _changed_post(plan, old, row)
        if made is not None:
            plan.wanted.posts[code] = made
    for code, row in kept.items():
        if row.text("reports_to") is not None and code in plan.wanted.posts:
            _plan_line(plan, code, row)


def unique_rows(rows: Sequence[FileRow], column: str, problems: Problems) -> dict[str, FileRow]:
    """Return the rows by their key; a missing or repeated one is a problem."""
    kept: dict[str, FileRow] = {}
    for row in rows:
        key = row.text(column)
        if key is None or key == CLEAR:
            problems.add(row.problem(column, "the cell is empty", "missing"))
        elif key in kept:
            first = f"it is on line {kept[key].line} too"
            problems.add(row.problem(column, "the same line twice", "twice", mend=first))
        else:
            kept[key] = row
    return kept


def cell_or(row: FileRow, column: str, former: str | None) -> str | None:
    """Return what a cell wants: itself, nothing for `-`, else the former."""
    text = row.text(column)
    if text is None:
        return former
    return None if text == CLEAR else text


def unit_in(plan: Plan, row: FileRow) -> str | None:
    """Return the code of the unit a row names; an unknown one is a problem."""
    code = row.text("unit")
    if code is not None and code not in plan.wanted.units:
        plan.problems.unknown(row, "unit", code, plan.wanted.units)
        return None
    return code


def _new_post(plan: Plan, code: str, row: FileRow) -> NewPost | None:
    role, unit = plan.role(row), unit_in(plan, row)
    for column in ("role", "unit"):
        if row.text(column) is None:
            plan.problems.add(row.problem(column, f"a new post needs a {column}", "missing"))
    if role is None or unit is None:
        return None
    return NewPost(
        code=code,
        title=row.text("title") or role.title,
        framework=role.framework,
        role=role.code,
        unit=unit,
        since=day_in(row, "since", plan.problems) or plan.today,
        level=row.text("level") or role.level,
        critical=_yes_no(plan, row, former=False),
    )


def _changed_post(plan: Plan, old: NewPost, row: FileRow) -> NewPost:
    role, since = plan.role(row), day_in(row, "since", plan.problems)
    if role is not None and role.code != old.role:
        mend = "a seat for another role is another post: give it a new code"
        plan.problems.add(row.problem("role", "a post keeps its role", "role", allowed=old.role, mend=mend))
    if since is not None and since != old.since:
        plan.problems.add(row.problem("since", "a post keeps its first day", "day", allowed=str(old.since)))
    return replace(
        old,
        title=row.text("title") or old.title,
        unit=unit_in(plan, row) or old.unit,
        level=cell_or(row, "level", old.level),
        critical=_yes_no(plan, row, former=old.critical),
    )


def _plan_line(plan: Plan, code: str, row: FileRow) -> None:
    above = cell_or(row, "reports_to", None)
    if above is not None and above not in plan.wanted.posts:
        plan.problems.unknown(row, "reports_to", above, plan.wanted.posts, kind="post")
        return
    plan.wanted.posts[code] = replace(plan.wanted.posts[code], reports_to=above)
    plan.lines[code] = row


def _yes_no(plan: Plan, row: FileRow, *, former: bool) -> bool:
    text = row.text("critical")
    if text is None:
        return former
    if text.casefold() not in _YES_NO:
        plan.problems.add(row.problem("critical", "neither yes nor no", "yes-no", allowed="yes, no"))
    return _YES_NO.get(text.casefold(), former)
