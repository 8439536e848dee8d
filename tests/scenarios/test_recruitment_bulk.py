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
    "approve": 18,
    "open": 21,
    "plan": 17,
    "advertise": 16,
    "shortlist": 14,
    "close": 16,
    "start": 25,
    "score": 34,
    "decide": 29,
    "moderate": 17,
    "merit": 18,
    "offer": 22,
    "accept": 17,
    "hire": 32,
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


def test_files_of_vacancies_and_candidates_take_as_many_statements_as_short_ones(
    make_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    sizes: dict[str, list[int]] = {}
    chunks: dict[str, list[int]] = {}

    def do(name: str, *words: str, items: int, who: str = MARIA) -> Any:
        # Two chunks: the first one also reads what is read once, as the framework.
        monkeypatch.setattr(firing, "CHUNK", (items + 1) // 2)
        with counted() as seen:
            answer = world.talent(*words, "--yes", "-o", "json", who=who)
        begun = [at for at, each in enumerate(seen) if each == "BEGIN IMMEDIATE"]
        sizes.setdefault(name, []).append(len(seen))
        chunks.setdefault(name, []).append(len(seen) - begun[-1])
        return json.loads(answer.out)["items"]

    def file(name: str, header: str, lines: list[str]) -> str:
        path = world.folder / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return str(path)

    first = 1
    for vacancies, each in ((4, 2), (6, 7)):
        people = vacancies * each
        asked = [f"case-officer,harbour,growth,dario.conti,{PANEL}"] * vacancies
        opened = do(
            "ask",
            *("recruitment", "open", "--file", file("v.csv", "role,unit,reason,chair,panel", asked)),
            items=vacancies,
        )
        assert len(opened) == vacancies
        posts = [post for row in opened for post in row["posts"]]
        assert len(posts) == len(set(posts))
        do("approve", "do", "approve", "--where", "state=submitted", who="tomas.lind", items=vacancies)
        do("open", "do", "open", "--where", "state=approved", items=vacancies)
        do("plan", "do", "approve_plan", "--where", "state=designing", who="grace.lindqvist", items=vacancies)
        do("advertise", "do", "advertise", "--where", "state=plan_approved", items=vacancies)
        lines = [
            f"SEL-{first + at},Ada Byron {at}-{number},{'job fair' if number else ''}"
            for at in range(vacancies)
            for number in range(each)
        ]
        added = do(
            "add",
            *("recruitment", "candidate", "add", "--source", "website"),
            *("--file", file("c.csv", "selection,name,source", lines)),
            items=people,
        )
        assert [row["source"] for row in added[:2]] == ["website", "job fair"]
        assert len({row["person"] for row in added}) == vacancies * each
        taken = do("shortlist", "recruitment", "shortlist", "--where", "state=received", items=people)
        assert [row["now"] for row in taken] == ["shortlisted"] * (vacancies * each)
        do("close", "do", "close", "--where", "state=open workflow=recruitment.selection", items=vacancies)
        do("start", "do", "start_assessing", "--where", "state=closed", items=vacancies)
        waiting = [row["application"] for row in added]
        rated = [f"{ref},{who},{code},4" for ref in waiting for who in PANEL.split() for code in CODES]
        scored = do(
            "score",
            *("recruitment", "score", "--lock", "--file"),
            file("s.csv", "application,assessor,competency,rating", rated),
            items=3 * people,
        )
        assert [row["state"] for row in scored] == ["locked"] * (3 * vacancies * each)
        ranked = do(
            "decide",
            *("recruitment", "decide", "--where", "state=awaiting_consensus"),
            who="dario.conti",
            items=people,
        )
        assert [row["state"] for row in ranked] == ["ranked"] * (vacancies * each)
        moderated = "state=assessing workflow=recruitment.selection"
        do("moderate", "do", "start_moderation", "--where", moderated, who="dario.conti", items=vacancies)
        do("merit", "do", "decide", "--where", "state=moderating", items=vacancies)
        best = [waiting[at * each] for at in range(vacancies)]
        for step, now in (("offer", "offered"), ("accept", "accepted"), ("hire", "hired")):
            done = do(step, "do", *best, step, items=vacancies)
            assert [row["target"] for row in done] == [now] * vacancies
        first += vacancies
    assert {name: chunks[name] for name in CHUNKS} == {name: [most] * 2 for name, most in CHUNKS.items()}
    assert sizes["ask"][1] <= sizes["ask"][0]
    assert sizes["add"][1] <= sizes["add"][0]
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
