"""Bulk commands of recruitment: files, and statements that do not grow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from talenthub.cli import firing

MARIA = "maria.costa"
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
CHUNKS = {
    "approve": 16,
    "open": 19,
    "plan": 15,
    "advertise": 14,
    "shortlist": 12,
    "close": 14,
    "start": 23,
    "score": 30,
    "decide": 25,
    "moderate": 15,
    "merit": 16,
    "offer": 20,
    "accept": 15,
    "hire": 30,
}
"""Statements of a chunk from BEGIN to COMMIT, however large it is (docs/guarantees.md)."""
PANEL = "jonas.weber kofi.mensah ana.ribeiro"


@contextmanager
def counted() -> Iterator[list[str]]:
    """Yield the statements sent meanwhile; one for many rows is one."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Desk:
    """A recruiter's desk, where the statements of each command are counted."""

    def __init__(self, world: Any, patch: pytest.MonkeyPatch) -> None:
        self.world, self.patch = world, patch
        self.sizes: dict[str, list[int]] = {}
        self.chunks: dict[str, list[int]] = {}

    def do(self, name: str, *words: str, items: int, who: str = MARIA) -> Any:
        # Two chunks: the first one also reads what is read once, as the framework.
        self.patch.setattr(firing, "CHUNK", (items + 1) // 2)
        with counted() as seen:
            answer = self.world.talent(*words, "--yes", "-o", "json", who=who)
        begun = [at for at, each in enumerate(seen) if each == "BEGIN IMMEDIATE"]
        self.sizes.setdefault(name, []).append(len(seen))
        self.chunks.setdefault(name, []).append(len(seen) - begun[-1])
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


def test_files_of_vacancies_and_candidates_take_as_many_statements_as_short_ones(
    make_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    desk = Desk(world, monkeypatch)
    first = 1
    for vacancies, each in ((4, 2), (6, 7)):
        advertised(desk, vacancies)
        waiting = shortlisted(desk, first, vacancies, each)
        decided(desk, waiting, vacancies)
        hired(desk, waiting, vacancies, each)
        first += vacancies
    assert {name: desk.chunks[name] for name in CHUNKS} == {name: [most] * 2 for name, most in CHUNKS.items()}
    assert desk.sizes["ask"][1] <= desk.sizes["ask"][0]
    assert desk.sizes["add"][1] <= desk.sizes["add"][0]
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
