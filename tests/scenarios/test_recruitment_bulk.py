"""Bulk commands of recruitment: files, and statements that do not grow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from talenthub.cli import firing

MARIA = "maria.costa"
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
CHUNKS = {
    "ask": (18, 19),
    "approve": (15, 16),
    "open": (17, 18),
    "plan": (14, 15),
    "advertise": (13, 14),
    "add": (18, 19),
    "shortlist": (11, 12),
    "close": (13, 14),
    "start": (17, 19),
    "score": (16, 19),
    "decide": (16, 18),
    "moderate": (14, 15),
    "merit": (15, 16),
    "offer": (17, 18),
    "accept": (14, 15),
    "hire": (17, 18),
}
"""Statements of a chunk from BEGIN to COMMIT, however large it is (docs/guarantees.md).

On SQLite and on PostgreSQL, without what is read once for all chunks.
"""
MOST = 20
"""All stay under it (architecture, section 9)."""
ONCE = re.compile(
    r'FROM "?(rating_anchor|value|level|scale|competency_value|competency|indicator|descriptor|requirement'
    r'|role_level|role|question|pointer|workflow_version|pinned_settings)"? WHERE|framework_version\.id = '
)
"""Reads what never changes: framework content, stored versions and settings of workflows."""
ROUNDS = ((4, 2), (6, 7))
"""Vacancies, and candidates for each."""
BEGIN = "BEGIN IMMEDIATE"
PANEL = "jonas.weber kofi.mensah ana.ribeiro"


@contextmanager
def counted() -> Iterator[list[str]]:
    """Yield the statements sent meanwhile; one for many rows is one."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(" ".join(given[2].split()))

    def begun(connection: Connection) -> None:
        if connection.dialect.name != "sqlite":  # there it is a statement like others
            seen.append(BEGIN)

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "begin", begun)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        event.remove(Engine, "begin", begun)


class Desk:
    """A recruiter's desk, where the statements of each command are counted."""

    def __init__(self, world: Any, patch: pytest.MonkeyPatch) -> None:
        self.world, self.patch = world, patch
        self.chunks: dict[str, list[int]] = {}

    def do(self, name: str, *words: str, items: int, who: str = MARIA) -> Any:
        # Two chunks: the first one also reads what is read once, as the framework.
        self.patch.setattr(firing, "CHUNK", (items + 1) // 2)
        with counted() as seen:
            answer = self.world.talent(*words, "--yes", "-o", "json", who=who)
        begun = [at for at, each in enumerate(seen) if each == BEGIN]
        chunk = [each for each in seen[begun[-1] :] if not ONCE.search(each)]
        self.chunks.setdefault(name, []).append(len(chunk))
        return json.loads(answer.out)["items"]

    def file(self, name: str, header: str, lines: list[str]) -> str:
        path = self.world.folder / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return str(path)


def advertised(desk: Desk, vacancies: int) -> None:
    asked = [f"case-officer,harbour,growth,dario.conti,{PANEL}"] * vacancies
    opened = desk.do(
        "ask",
        *("recruitment", "open", "--file", desk.file("v.csv", "role,unit,reason,chair,panel", asked)),
        items=vacancies,
    )
    assert len(opened) == vacancies
    posts = [post for row in opened for post in row["posts"]]
    assert len(posts) == len(set(posts))
    desk.do("approve", "do", "approve", "--where", "state=submitted", who="tomas.lind", items=vacancies)
    desk.do("open", "do", "open", "--where", "state=approved", items=vacancies)
    desk.do(
        "plan", "do", "approve_plan", "--where", "state=designing", who="grace.lindqvist", items=vacancies
    )
    desk.do("advertise", "do", "advertise", "--where", "state=plan_approved", items=vacancies)


def shortlisted(desk: Desk, first: int, vacancies: int, each: int) -> list[str]:
    """Return the applications, those of a selection one after the other."""
    people = vacancies * each
    lines = [
        f"SEL-{first + at},Ada Byron {at}-{number},{'job fair' if number else ''}"
        for at in range(vacancies)
        for number in range(each)
    ]
    added = desk.do(
        "add",
        *("recruitment", "candidate", "add", "--source", "website"),
        *("--file", desk.file("c.csv", "selection,name,source", lines)),
        items=people,
    )
    assert [row["source"] for row in added[:2]] == ["website", "job fair"]
    assert len({row["person"] for row in added}) == vacancies * each
    taken = desk.do("shortlist", "recruitment", "shortlist", "--where", "state=received", items=people)
    assert [row["now"] for row in taken] == ["shortlisted"] * (vacancies * each)
    return [row["application"] for row in added]


def decided(desk: Desk, waiting: list[str], vacancies: int) -> None:
    people = len(waiting)
    desk.do("close", "do", "close", "--where", "state=open workflow=recruitment.selection", items=vacancies)
    desk.do("start", "do", "start_assessing", "--where", "state=closed", items=vacancies)
    rated = [f"{ref},{who},{code},4" for ref in waiting for who in PANEL.split() for code in CODES]
    scored = desk.do(
        "score",
        *("recruitment", "score", "--lock", "--file"),
        desk.file("s.csv", "application,assessor,competency,rating", rated),
        items=3 * people,
    )
    assert [row["state"] for row in scored] == ["locked"] * (3 * people)
    ranked = desk.do(
        "decide",
        *("recruitment", "decide", "--where", "state=awaiting_consensus"),
        who="dario.conti",
        items=people,
    )
    assert [row["state"] for row in ranked] == ["ranked"] * people


def hired(desk: Desk, waiting: list[str], vacancies: int, each: int) -> None:
    moderated = "state=assessing workflow=recruitment.selection"
    desk.do("moderate", "do", "start_moderation", "--where", moderated, who="dario.conti", items=vacancies)
    desk.do("merit", "do", "decide", "--where", "state=moderating", items=vacancies)
    best = [waiting[at * each] for at in range(vacancies)]
    for step, now in (("offer", "offered"), ("accept", "accepted"), ("hire", "hired")):
        done = desk.do(step, "do", *best, step, items=vacancies)
        assert [row["target"] for row in done] == [now] * vacancies


def as_they_came_where_equal(desk: Desk, waiting: list[str], last: int) -> None:
    """References have two digits and three by now: equals stand in order."""
    selections = [waiting[at : at + 7] for at in range(0, len(waiting), 7)]
    at = next(place for place, refs in enumerate(selections) if refs != sorted(refs))
    ref = f"SEL-{last - len(selections) + 1 + at}"
    rows = desk.world.figures("recruitment", "compare", ref, who=MARIA)["items"]
    assert [row["application"] for row in rows] == selections[at]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_each_step_takes_as_many_statements_however_many_cases(
    make_world: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    assert all(counted < MOST for both in CHUNKS.values() for counted in both)
    desk = Desk(make_world(kind), monkeypatch)
    first = 1
    for vacancies, each in ROUNDS:
        advertised(desk, vacancies)
        waiting = shortlisted(desk, first, vacancies, each)
        decided(desk, waiting, vacancies)
        hired(desk, waiting, vacancies, each)
        first += vacancies
    as_they_came_where_equal(desk, waiting, first - 1)
    wanted = {name: both[kind != "sqlite"] for name, both in CHUNKS.items()}
    assert {name: counted[-1] for name, counted in desk.chunks.items()} == wanted
    # The first file is the first that asks for references of its kind.
    assert [name for name, (one, other) in desk.chunks.items() if one != other] == ["ask", "add"]
    if kind == "sqlite":
        nobody_is_doubled(desk.world)


def nobody_is_doubled(world: Any) -> None:
    # The same file once more would double everybody.
    again = world.talent(
        "recruitment", "candidate", "add", "--file", str(world.folder / "c.csv"), who=MARIA, code=9
    )
    assert "c.csv:3 name: this candidate stands in SEL-5 already, as APP-10" in " ".join(again.err.split())
    world.talent("recruitment", "candidate", "add", "SEL-5", "Ada Byron 0-1", who=MARIA, code=3)
    assert world.state("APP-50") == "ranked"
    refused = world.talent("recruitment", "reject", "APP-49", "APP-50", who=MARIA, code=3)
    assert "2 of 2 were refused; nothing was done" in refused.err
    assert [line.split("\t")[0] for line in refused.out.splitlines()] == ["APP-49", "APP-50"]
