"""The sheets of roles: their levels, what these ask for, their own words."""

from __future__ import annotations

from talenthub.framework.formats.nodes import Node
from talenthub.framework.formats.sheet_nodes import Cells, listing, mapping, put, scalar
from talenthub.framework.formats.sheets import SheetRow

Steps = dict[tuple[str, str | None], Node]
"""Role and role level (None: the role itself) to where its words go."""


def read_roles(roles: Cells, levels: Cells, requirements: Cells) -> tuple[list[Node], Steps]:
    """Return the roles as our YAML has them, and the nodes by role and level."""
    found: list[Node] = []
    steps: Steps = {}
    for row in roles.sheet.rows:
        node = roles.row(row)
        found.append(node)
        steps.setdefault((roles.code(row, "id") or "", None), node)
    for row in levels.sheet.rows:
        _level(levels, row, steps)
    for row in requirements.sheet.rows:
        _requirement(requirements, row, steps)
    for node in {id(each): each for each in steps.values()}.values():
        _ranks(node)
    return found, steps


def _level(cells: Cells, row: SheetRow, steps: Steps) -> None:
    role = _known_role(cells, row, steps)
    if role is None:
        return
    node = cells.row(row, "id", "title", "level", "purpose")
    if "levels" not in role.value:
        put(role, "levels", listing(row.place, []))
    role.value["levels"].value.append(node)
    steps.setdefault((cells.code(row, "role") or "", cells.code(row, "id") or ""), node)


def _requirement(cells: Cells, row: SheetRow, steps: Steps) -> None:
    role = _known_role(cells, row, steps)
    if role is None:
        return
    step = _step(cells, row, role, steps)
    competency = cells.column(row, "competency")
    level = cells.column(row, "level")
    for column, found in (("competency", competency), ("level", level)):
        if found is None:
            mend = f"fill in the column {column}"
            cells.notes.add(scalar("", row.place), "", f"{column!r} is missing", "missing", mend=mend)
    if step is None or competency is None or level is None:
        return
    if "requires" not in step.value:
        put(step, "requires", mapping(row.place))
    requires = step.value["requires"]
    if competency.value in requires.value:
        first = requires.keys[competency.value].place
        text = f"the role asks for this competency already, at {first}"
        cells.notes.add(competency, "", text, "clash", found=competency.raw)
        return
    node = cells.row(row, "level", "desirable", "weight", "rationale")
    put(requires, competency.value, node, competency.place)
    for column in ("critical", "focus"):
        rank = cells.column(row, column)
        if rank is not None:
            _rank(cells, step, column, rank, competency)


def _rank(cells: Cells, step: Node, column: str, rank: Node, competency: Node) -> None:
    if not isinstance(rank.value, int) or rank.value < 1:
        mend = "1 for the first, 2 for the next; empty: it is not"
        cells.notes.wants(rank, "", "a rank", mend)
        return
    if column not in step.value:
        put(step, column, listing(rank.place or "", []))
    listed = step.value[column].value
    for other in listed:
        if other.line == rank.value:
            text = f"two competencies have this rank, the first at {other.place}"
            cells.notes.add(rank, "", text, "clash", found=rank.raw)
    # The line of a node in a sheet is not used: it holds the rank until all are known.
    listed.append(Node(rank.value, 0, competency.value, competency.raw, place=rank.place))


def _ranks(step: Node) -> None:
    for column in ("critical", "focus"):
        if column in step.value and isinstance(step.value[column].value, list):
            step.value[column].value.sort(key=lambda each: each.line)


def _known_role(cells: Cells, row: SheetRow, steps: Steps) -> Node | None:
    role = cells.column(row, "role")
    if role is None:
        cells.notes.add(
            scalar("", row.place), "", "'role' is missing", "missing", mend="fill in the column role"
        )
        return None
    if (role.raw, None) not in steps:
        cells.notes.unknown(role, "", "role", role.raw, [code for code, level in steps if level is None])
        return None
    return steps[role.raw, None]


def _step(cells: Cells, row: SheetRow, role: Node, steps: Steps) -> Node | None:
    code = cells.code(row, "role") or ""
    level = cells.column(row, "role_level")
    if level is not None and (code, level.raw) in steps:
        return steps[code, level.raw]
    known = [] if "levels" not in role.value else _levels_of(code, steps)
    if level is None and known:
        text = "the role has several levels: name one"
        cells.notes.add(scalar("", row.place), "", text, "which-level", allowed=", ".join(known))
        return None
    if level is None or (not known and level.raw == code):
        return role
    cells.notes.unknown(level, "", f"level of the role {code}", level.raw, known)
    return None


def _levels_of(code: str, steps: Steps) -> list[str]:
    return [each for of, each in steps if of == code and each is not None]


def put_own_words(cells: Cells, row: SheetRow, competency: Node, role: Node, steps: Steps) -> Node | None:
    """Return where the words of a role go; note a level that it does not ask."""
    if _known_role(cells, row, steps) is None:
        return None
    level = cells.column(row, "role_level")
    if level is not None and (role.raw, level.raw) not in steps:
        known = _levels_of(role.raw, steps)
        cells.notes.unknown(level, "", f"level of the role {role.raw}", level.raw, known)
        return None
    step = steps[role.raw, None if level is None else level.raw]
    _compare_level(cells, row, competency, step)
    if "descriptors" not in step.value:
        put(step, "descriptors", mapping(row.place))
    own = step.value["descriptors"]
    if competency.value not in own.value:
        put(own, competency.value, mapping(row.place), competency.place)
    found: Node = own.value[competency.value]
    return found


def _compare_level(cells: Cells, row: SheetRow, competency: Node, step: Node) -> None:
    level = cells.column(row, "level")
    requires = step.value.get("requires")
    asked = None if requires is None else requires.value.get(competency.value)
    wanted = None if asked is None else asked.value.get("level")
    if level is not None and wanted is not None and level.value != wanted.value:
        text = "a role's own words belong to the level that it asks for"
        cells.notes.add(level, "", text, "which-level", found=level.raw, allowed=wanted.raw)
