"""Impact: whom and what a draft of the framework touches, before it is out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from talenthub.evidence.tables import evidence
from talenthub.framework.changes import WEIGHT, ChangeClass, Difference, Thing, What
from talenthub.framework.content import Content
from talenthub.framework.library import content, versions
from talenthub.framework.mapping import Pair, compare
from talenthub.people.persons import persons
from talenthub.people.tables import assignment, post
from talenthub.storage.transaction import Transaction
from talenthub.workflow.access import visible_cases
from talenthub.workflow.relations import parse_relation
from talenthub.workflow.tables import OPEN, case_task, workflow_case

_cases = (
    select(
        workflow_case.c.id,
        workflow_case.c.ref,
        workflow_case.c.workflow,
        workflow_case.c.state,
        workflow_case.c.subject_id,
        workflow_case.c.framework_version_id,
    )
    .where(
        workflow_case.c.framework_version_id.in_(bindparam("versions", expanding=True)),
        workflow_case.c.closed_at.is_(None),
        workflow_case.c.parent_id.is_(None),
    )
    .order_by(workflow_case.c.workflow, workflow_case.c.id)
)
_tasks = (
    select(case_task.c.case_id, case_task.c.relation)
    .join(workflow_case, workflow_case.c.id == case_task.c.case_id)
    .where(
        case_task.c.status == OPEN,
        workflow_case.c.framework_version_id.in_(bindparam("versions", expanding=True)),
    )
    .order_by(case_task.c.id)
)
_held = (assignment.c.since <= bindparam("today")) & or_(
    assignment.c.until.is_(None), assignment.c.until > bindparam("today")
)
_posts = (
    select(
        post.c.role_code,
        func.count(post.c.id.distinct()).label("posts"),
        func.count(assignment.c.id).label("held"),
    )
    .select_from(post.outerjoin(assignment, (assignment.c.post_id == post.c.id) & _held))
    .where(
        post.c.framework_code == bindparam("code"),
        or_(post.c.until.is_(None), post.c.until > bindparam("today")),
    )
    .group_by(post.c.role_code)
)
_evidence = (
    select(
        evidence.c.competency,
        func.count().label("rows"),
        func.count(evidence.c.person_id.distinct()).label("people"),
    )
    .where(evidence.c.framework_code == bindparam("code"), evidence.c.weight != "0")
    .group_by(evidence.c.competency)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One thing that a new version touches, and who must act."""

    kind: str
    """case, role, posts or evidence."""
    what: str
    """`PLAN-3`, `case-officer`, `COM`."""
    state: str = ""
    count: int | None = None
    """None: one thing, or too few people to be counted."""
    why: str
    who: str
    """Who must act, in words; empty: nobody."""


@dataclass(frozen=True, slots=True)
class Impact:
    """All that a draft touches; only cases the reader may know of."""

    difference: Difference
    touched: tuple[Touched, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many things of each kind are touched."""
        return dict(Counter(each.kind for each in self.touched))


def impact(tx: Transaction, pair: Pair, fewest_people: int) -> Impact:
    """Return what publishing touches; a fixed number of statements.

    Rows about fewer than `fewest_people` persons carry no count.
    """
    found = compare(tx, pair.before, pair.after)
    before = content(tx, pair.before.id)
    heavy = {each.old for each in found.links if WEIGHT[each.kind] >= WEIGHT[ChangeClass.MAJOR]}
    touched = [
        *_touched_cases(tx, pair),
        *_touched_roles(tx, pair, found, before, heavy),
        *_touched_evidence(tx, pair, found, fewest_people),
    ]
    return Impact(found, tuple(touched))


def _touched_cases(tx: Transaction, pair: Pair) -> Iterator[Touched]:
    numbers = {each.id: each.number for each in versions(tx, pair.after.code) if each.id != pair.after.id}
    wanted = {"versions": sorted(numbers)}
    seen = _cases if tx.actor.is_system else _cases.where(workflow_case.c.id.in_(visible_cases(tx)))
    rows = tx.rows(seen, wanted)
    acting: dict[int, list[str]] = {}
    for task in tx.rows(_tasks, wanted):
        acting.setdefault(task.case_id, []).append(parse_relation(task.relation).words)
    people = persons(tx, {row.subject_id for row in rows if row.subject_id is not None})
    for row in rows:
        subject = people.get(row.subject_id)
        about = f"{row.workflow} of {subject.handle}" if subject is not None else row.workflow
        yield Touched(
            kind="case",
            what=row.ref,
            state=row.state,
            why=f"{about}: stays on {numbers[row.framework_version_id]}",
            who=", ".join(dict.fromkeys(acting.get(row.id, ["hr_partner"]))),
        )


def _touched_roles(
    tx: Transaction, pair: Pair, found: Difference, before: Content, heavy: set[str]
) -> Iterator[Touched]:
    changes: dict[str, list[str]] = {}
    gone: set[str] = set()
    known = {each.code for each in before.roles}
    for each in found.changes:
        if each.thing in (Thing.ROLE, Thing.REQUIREMENT):
            code = each.where if each.where in known else _role_of(each.where, known)
            changes.setdefault(code, []).append(f"{each.thing} {each.what}")
            if each.where == code and each.what in (What.REMOVED, What.RENAMED_PERHAPS):
                gone.add(code)
    for role in before.roles:
        asked = {each.competency for level in role.levels for each in level.requirements}
        if asked & heavy:
            changes.setdefault(role.code, []).append(f"asks for {', '.join(sorted(asked & heavy))}")
    seats = {row.role_code: row for row in tx.rows(_posts, {"code": pair.before.code, "today": tx.today})}
    for code, why in changes.items():
        told = "; ".join(f"{each} ×{many}" if many > 1 else each for each, many in Counter(why).items())
        yield Touched(kind="role", what=code, why=told, who="framework_owner")
        if code in seats:
            held = f"{seats[code].held} held" if seats[code].held else "none held"
            must = "hr_partner" if code in gone else ""
            need = "the role is gone: move its posts" if code in gone else "their profile changes"
            yield Touched(kind="posts", what=code, state=held, count=seats[code].posts, why=need, who=must)


def _role_of(where: str, known: set[str]) -> str:
    """Return the role in `case-officer.full.COM`; a code may hold dots."""
    parts = where.split(".")
    prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((each for each in prefixes if each in known), parts[0])


def _touched_evidence(tx: Transaction, pair: Pair, found: Difference, fewest: int) -> Iterator[Touched]:
    rows = {row.competency: row for row in tx.rows(_evidence, {"code": pair.before.code})}
    for link in found.links:
        row = rows.get(link.old)
        if row is not None and (link.moves_evidence or link.new is None):
            yield Touched(
                kind="evidence",
                what=link.old,
                state=str(link.new or "nothing"),
                count=row.rows if row.people >= fewest else None,
                why=_passing(link.kind, link.strength),
                who="" if link.confirmed or not link.needs_confirming else "framework_owner",
            )


def _passing(kind: ChangeClass, strength: Any) -> str:
    return f"{kind}: nothing passes on" if not strength else f"{kind}: passes on with strength {strength}"


def in_words(found: Sequence[Touched]) -> str:
    """Return what is touched, counted, in one sentence."""
    names = {
        "case": ("open case", "open cases"),
        "role": ("role profile", "role profiles"),
        "posts": ("role with posts", "roles with posts"),
        "evidence": ("competency with evidence", "competencies with evidence"),
    }
    counts = Counter(each.kind for each in found)
    told = [f"{counts[kind]} {words[counts[kind] > 1]}" for kind, words in names.items() if counts[kind]]
    return f"Touched: {', '.join(told)}." if told else "Nothing is touched."
