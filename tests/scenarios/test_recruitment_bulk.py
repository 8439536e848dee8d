"""Bulk commands of recruitment: files, and statements that do not grow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

MARIA = "maria.costa"
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
MOST = {"score": 100, "decide": 100}
"""Statements of one command on one chunk; several steps each (rate, lock, collect, reveal)."""
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
    make_world: Any,
) -> None:
    world = make_world()
    sizes: dict[str, list[int]] = {}

    def do(name: str, *words: str, who: str = MARIA) -> Any:
        with counted() as seen:
            answer = world.talent(*words, "--yes", "-o", "json", who=who)
        sizes.setdefault(name, []).append(len(seen))
        return json.loads(answer.out)["items"]

    def file(name: str, header: str, lines: list[str]) -> str:
        path = world.folder / name
        path.write_text("\n".join([header, *lines]) + "\n")
        return str(path)

    first = 1
    for vacancies, each in ((2, 2), (5, 8)):
        asked = [f"case-officer,harbour,growth,dario.conti,{PANEL}"] * vacancies
        opened = do(
            "ask", "recruitment", "open", "--file", file("v.csv", "role,unit,reason,chair,panel", asked)
        )
        assert len(opened) == vacancies
        posts = [post for row in opened for post in row["posts"]]
        assert len(posts) == len(set(posts))
        do("approve", "do", "approve", "--where", "state=submitted", who="tomas.lind")
        do("open", "do", "open", "--where", "state=approved")
        do("plan", "do", "approve_plan", "--where", "state=designing", who="grace.lindqvist")
        do("advertise", "do", "advertise", "--where", "state=plan_approved")
        lines = [
            f"SEL-{first + at},Ada Byron {at}-{number},{'job fair' if number else ''}"
            for at in range(vacancies)
            for number in range(each)
        ]
        added = do(
            "add",
            *("recruitment", "candidate", "add", "--source", "website"),
            *("--file", file("c.csv", "selection,name,source", lines)),
        )
        assert [row["source"] for row in added[:2]] == ["website", "job fair"]
        assert len({row["person"] for row in added}) == vacancies * each
        taken = do("shortlist", "recruitment", "shortlist", "--where", "state=received")
        assert [row["now"] for row in taken] == ["shortlisted"] * (vacancies * each)
        do("close", "do", "close", "--where", "state=open workflow=recruitment.selection")
        do("start", "do", "start_assessing", "--where", "state=closed")
        waiting = [row["application"] for row in added]
        rated = [f"{ref},{who},{code},4" for ref in waiting for who in PANEL.split() for code in CODES]
        scored = do(
            "score",
            *("recruitment", "score", "--lock", "--file"),
            file("s.csv", "application,assessor,competency,rating", rated),
        )
        assert [row["state"] for row in scored] == ["locked"] * (3 * vacancies * each)
        ranked = do(
            "decide", *("recruitment", "decide", "--where", "state=awaiting_consensus"), who="dario.conti"
        )
        assert [row["state"] for row in ranked] == ["ranked"] * (vacancies * each)
        first += vacancies
    assert sizes["score"][1] <= MOST["score"]
    assert sizes["decide"][1] <= MOST["decide"]
    grown = {name: (few, many) for name, (few, many) in sizes.items() if many > few}
    assert not grown
