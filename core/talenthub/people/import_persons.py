"""The rows of people.csv, turned into what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from talenthub.errors import nearest
from talenthub.people.filerows import FileRow, Sheet, day_in
from talenthub.people.import_leavers import leaving_in, without_seat
from talenthub.people.import_plan import CLEAR, KnownRole, Plan
from talenthub.people.import_structure import cell_or, unique_rows, unit_in
from talenthub.people.organisation import NewPerson, NewPost, NewUnit
from talenthub.people.persons import EMAIL, HANDLE, LANGUAGE
from talenthub.people.tables import longest, person, unit

PEOPLE = Sheet(
    (
        *("handle", "name", "email", "kind", "unit", "unit_parent", "post", "role", "manager", "since"),
        *("login", "grants", "language", "site", "left_on"),
    ),
    ("handle",),
    days=("since", "left_on"),
    page="People",
    longest={
        **longest(person, "handle", "name", "email", "login", "language", "site"),
        **dict.fromkeys(("unit", "unit_parent"), longest(unit, "code")["code"]),
    },
)
"""One line for each person; `manager` is a handle, `-` for nobody."""

EXAMPLE = "example.person"
"""The handle of the template's example row; an import passes over it."""

KINDS = ("candidate", "employee", "external")


def plan_people(plan: Plan, rows: Sequence[FileRow]) -> None:
    """Add the persons of a file, their seats and lines to what is wanted."""
    rows = [row for row in rows if row.text("handle") != EXAMPLE]
    kept = unique_rows(rows, "handle", plan.problems)
    for row in kept.values():
        _plan_unit(plan, row)
    for handle, row in kept.items():
        if HANDLE.fullmatch(handle):
            plan.wanted.people[handle] = _person(plan, handle, row)
        else:
            allowed = "small letters a-z and digits, joined by dots or hyphens"
            close = handle.lower() if HANDLE.fullmatch(handle.lower()) else None
            plan.problems.add(
                row.problem("handle", "this is no handle", "handle", allowed=allowed, close=close)
            )
    rows_by_handle = {
        handle: without_seat(row) if plan.wanted.people[handle].left_on else row
        for handle, row in kept.items()
        if handle in plan.wanted.people
    }
    _check_logins(plan, rows_by_handle)
    # Who names a post comes first, so that nobody else is given it as a vacant one.
    for handle, row in sorted(rows_by_handle.items(), key=lambda each: each[1].text("post") is None):
        _plan_seat(plan, handle, row)
    _check_seats(plan, rows_by_handle)
    for handle, row in rows_by_handle.items():
        _plan_manager(plan, handle, row)


def _plan_unit(plan: Plan, row: FileRow) -> None:
    """Make a new unit of a row that says where it belongs.

    Without that a unit nobody knows is a mistake in writing, not a wish.
    """
    code, parent = row.text("unit"), row.text("unit_parent")
    if code is None or parent is None or code in plan.wanted.units:
        return
    if parent != CLEAR and parent not in plan.wanted.units:
        plan.problems.unknown(row, "unit_parent", parent, plan.wanted.units, kind="unit")
    plan.wanted.units[code] = NewUnit(
        code, code.replace("-", " ").capitalize(), cell_or(row, "unit_parent", None)
    )


def _person(plan: Plan, handle: str, row: FileRow) -> NewPerson:
    old = plan.stored.people.get(handle)
    if old is None and row.text("name") is None:
        plan.problems.add(row.problem("name", "a new person needs a name", "missing"))
    made = old or NewPerson(handle, row.text("name") or handle)
    email = cell_or(row, "email", made.email)
    if email is not None and not EMAIL.fullmatch(email):
        plan.problems.add(
            row.problem("email", "this is no e-mail address", "email", allowed="name@example.org")
        )
    language = row.text("language") or made.language
    if not LANGUAGE.fullmatch(language):
        plan.problems.add(
            row.problem(
                "language", "this is no language tag", "language", allowed="a tag such as en or pt-BR"
            )
        )
    left_on = leaving_in(plan, old, row)
    if left_on is not None:
        made = replace(made, login=None, post=None, since=None, grants=(), left_on=left_on)
        row = without_seat(row)
    kind = "leaver" if left_on is not None else _kind(plan, old, row)
    return replace(
        made,
        name=row.text("name") or made.name,
        kind=kind,
        email=email,
        login=cell_or(row, "login", made.login),
        language=language,
        site=cell_or(row, "site", made.site),
        grants=_grants(plan, made, row),
        left_on=made.left_on if kind == "leaver" else None,
    )


def _kind(plan: Plan, old: NewPerson | None, row: FileRow) -> str:
    kind, has_seat = row.text("kind"), bool(row.text("post") or row.text("role"))
    if kind is None:
        return "employee" if has_seat or old is None else old.kind
    if kind == "leaver" and old is not None and old.kind == "leaver" and not has_seat:
        return kind
    if kind not in KINDS:
        mend = "give the day in left_on" if kind == "leaver" else None
        allowed, close = ", ".join(KINDS), nearest(kind, KINDS)
        plan.problems.add(
            row.problem("kind", "unknown kind of person", "kind", allowed=allowed, close=close, mend=mend)
        )
    elif kind != "employee" and has_seat:
        plan.problems.add(row.problem("kind", "who has a post is an employee", "kind", allowed="employee"))
    return kind


def _grants(plan: Plan, made: NewPerson, row: FileRow) -> tuple[tuple[str, str | None], ...]:
    held = dict.fromkeys(made.grants)
    for word in (row.text("grants") or "").replace("|", " ").split():
        name, _, unit = word.partition("@")
        if name not in plan.grants:
            plan.problems.unknown(row, "grants", name, plan.grants, kind="grant")
        elif unit and unit not in plan.wanted.units:
            plan.problems.unknown(row, "grants", unit, plan.wanted.units, kind="unit")
        else:
            held[name, unit or None] = None
    return tuple(held)


def _check_logins(plan: Plan, rows: dict[str, FileRow]) -> None:
    owners: dict[str, str] = {}
    for handle, each in plan.wanted.people.items():
        if each.login is None:
            continue
        first = owners.setdefault(each.login, handle)
        if first != handle and (row := rows.get(handle) or rows.get(first)):
            mend = f"{first} and {handle} have the same"
            plan.problems.add(row.problem("login", "a login belongs to one person", "login", mend=mend))


def _plan_seat(plan: Plan, handle: str, row: FileRow) -> None:
    made = plan.wanted.people[handle]
    code = _seat_code(plan, made, row)
    since = day_in(row, "since", plan.problems)
    if code is None:
        return
    if code == made.post:
        if since is not None and since != made.since:
            began = f"{made.since}, as entered"
            plan.problems.add(
                row.problem("since", "this assignment began on another day", "day", allowed=began)
            )
        return
    first = since or plan.today
    if made.since is not None and first <= made.since:
        plan.problems.add(
            row.problem("since", "the former assignment began later", "day", allowed=f"after {made.since}")
        )
    if first < plan.wanted.posts[code].since:
        exists = f"from {plan.wanted.posts[code].since}"
        plan.problems.add(
            row.problem("since", f"the post {code} does not exist on that day", "day", allowed=exists)
        )
    plan.wanted.people[handle] = replace(made, post=code, since=first, kind="employee", left_on=None)


def _seat_code(plan: Plan, made: NewPerson, row: FileRow) -> str | None:
    """Return the code of the post a row wants; None keeps things as they are."""
    code, role, unit = row.text("post"), _role(plan, row), unit_in(plan, row)
    if code is not None and code in plan.wanted.posts:
        return code if _agrees(plan, plan.wanted.posts[code], row) else None
    if code is not None and (row.text("role") is None or row.text("unit") is None):
        plan.problems.unknown(row, "post", code, plan.wanted.posts)
        return None
    if row.text("role") is None and row.text("unit") is None:
        return None
    present = plan.wanted.posts.get(made.post or "")
    if code is None and present is not None and _is(present, row):
        return present.code
    if row.text("role") is None or row.text("unit") is None:
        missing = "role" if row.text("role") is None else "unit"
        plan.problems.add(row.problem(missing, "unit and role belong together", "missing"))
        return None
    if role is None or unit is None:
        return None
    first = day_in(row, "since", plan.problems) or plan.today
    code = code or _free_code(plan, role.code, unit)
    if code not in plan.wanted.posts:
        plan.wanted.posts[code] = NewPost(
            code, role.title, role.framework, role.code, unit, first, role.level
        )
    return code


def _role(plan: Plan, row: FileRow) -> KnownRole | None:
    """Return the role of a row; that of a known post needs no framework."""
    post = plan.wanted.posts.get(row.text("post") or "")
    return None if post is not None and post.role == row.text("role") else plan.role(row)


def _is(post: NewPost, row: FileRow) -> bool:
    return row.text("role") in (None, post.role) and row.text("unit") in (None, post.unit)


def _agrees(plan: Plan, post: NewPost, row: FileRow) -> bool:
    for column, value in (("role", post.role), ("unit", post.unit)):
        if row.text(column) not in (None, value):
            mend = "posts.csv moves a post" if column == "unit" else None
            plan.problems.add(
                row.problem(column, f"the post {post.code} says otherwise", "post", allowed=value, mend=mend)
            )
            return False
    return True


LONGEST_STEM = 112
"""Characters of a new post's code before its number: all of it fits in 120."""


def _free_code(plan: Plan, role: str, unit: str) -> str:
    """Return a vacant post of the role in the unit, or the next new code."""
    vacant = plan.vacant_posts().get((role, unit))
    if vacant:
        return vacant.pop(0)
    number = plan.numbers.get((role, unit), 1)
    stem = f"{unit}-{role}"[:LONGEST_STEM]
    while (code := f"{stem}-{number:02}") in plan.wanted.posts:
        number += 1
    plan.numbers[role, unit] = number + 1
    return code


def _check_seats(plan: Plan, rows: dict[str, FileRow]) -> None:
    claims: dict[str, str] = {}
    for handle, row in rows.items():
        made = plan.wanted.people[handle]
        old = plan.stored.people.get(handle)
        if made.post is None:
            continue
        first = claims.setdefault(made.post, handle)
        if first != handle:
            mend = f"line {rows[first].line} puts {first} there; one post is one seat"
            plan.problems.add(
                row.problem("post", f"the post {made.post} is given twice", "filled", mend=mend)
            )
        elif (old is None or old.post != made.post) and (
            other := _holder(plan, handle, made.post, made.since)
        ):
            plan.problems.add(
                row.problem("post", f"the post {made.post} is filled", "filled", mend=f"by {other}")
            )


def _holder(plan: Plan, handle: str, post: str, since: date | None) -> str | None:
    """Return who stored holds the post then and is not moved away by the file."""
    start = since or plan.today
    for each in plan.held.get(post, ()):
        ends = each.until
        moved = plan.wanted.people[each.handle]
        if moved.left_on is not None:
            ends = moved.left_on
        elif moved.post != post and moved.since is not None:
            ends = moved.since
        if each.handle != handle and (ends is None or ends > start):
            return each.handle
    return None


def _plan_manager(plan: Plan, handle: str, row: FileRow) -> None:
    word, seat = row.text("manager"), plan.wanted.people[handle].post
    if word is None:
        return
    above = None if word == CLEAR else _seat_of_manager(plan, row, word)
    if seat is None:
        _note_no_seat(plan, row, word)
        return
    if above is None and word != CLEAR:
        return
    given = plan.lines.get(seat)
    if given is not None and plan.wanted.posts[seat].reports_to != above:
        mend = f"{given.place} gives the post {seat} another line"
        plan.problems.add(row.problem("manager", "two lines for one post", "manager", mend=mend))
        return
    plan.wanted.posts[seat] = replace(plan.wanted.posts[seat], reports_to=above)
    plan.lines[seat] = row


def _seat_of_manager(plan: Plan, row: FileRow, word: str) -> str | None:
    manager = plan.wanted.people.get(word)
    if manager is None:
        plan.problems.unknown(row, "manager", word, plan.wanted.people, kind="person")
    elif manager.post is None:
        plan.problems.add(row.problem("manager", "the manager has no post", "manager"))
    return manager.post if manager is not None else None


def _note_no_seat(plan: Plan, row: FileRow, word: str) -> None:
    # A row that names a seat got its own problem for that one.
    if word != CLEAR and not (row.text("post") or row.text("role")):
        text = "only who has a post has a manager"
        plan.problems.add(row.problem("manager", text, "manager", mend="give unit and role"))
