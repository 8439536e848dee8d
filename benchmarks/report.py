"""The measurements as a page: docs/benchmarks.md, put together from chapters."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from frameworks import LEVELS, STEPS, Grown
from measuring import ROUNDS, Measured

if TYPE_CHECKING:
    from fitting import Fitted

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
KEPT = Path(__file__).parent / "measured"
"""The chapters as they were measured last, each with its day and its machine."""
HEAD = """# Benchmarks

What the engine costs over writing the same rows by hand. Each line compares
talenthub with the bare driver (`sqlite3`, `psycopg`) that reads the case and
the right to act, checks the same condition and writes the same rows, with the
same indexes, the same hashes and the same durability, on the same machine in
the same run. The two sides take turns, {rounds} rounds each; who goes first
changes each round.

*Share* is the bare driver's time divided by ours: 100 % would mean that
rights, verdicts, history and intents cost nothing. It stands as
lowest / median / highest of the rounds. For the inbox, where we aim at a
multiple, *times* is ours divided by the bare one. *Fastest rounds* compares the
best round of each side: other work on the machine can only add time.

The last column is what we aim at; where the median misses it, it is missed.

Make it again with `make bench`, or a chapter of it with `python benchmarks NAME --write`.
Each chapter says when it was measured, on what, and how busy the machine was.
"""
TAIL = """
## What is done in one unit

- **Fire**: one transition of a case whose states each have a guard, a task and a timer,
  in a transaction of its own: lock the case, judge, move it under its guard, append
  the event and its payload under a salted hash, close the old task and timer, open
  new ones, commit. SQLite runs with `journal_mode=WAL, synchronous=FULL`, PostgreSQL
  with `fsync` and `synchronous_commit` on, unless a chapter says otherwise.
- **Fire in bulk**: the same for {chunk} cases in one transaction, each kind of row
  written by one statement for all of them. Numbers of new tasks are taken ahead on
  both sides, so that nothing is asked back.
- **Open in bulk**: {chunk} cases in one transaction, with event, payload, task and timer.
- **Inbox**: the next 50 open tasks of a person who has 200 of {tasks:,} and a grant.
  The bare side runs three statements and judges nothing; ours runs two, and also
  decides for each case what the reader may see of it.

Both sides send a firing's rows as statements that were prepared once and go to the
driver as they are. What ours adds is the judging, SQLAlchemy's bookkeeping of each
statement and its reading of rows into values.

After the run the engine verified every history that either side had written.
"""


@dataclass(frozen=True, slots=True)
class Volumes:
    """What was measured in a house with many vacancies, and its building."""

    measured: Sequence[Measured]
    seconds: Mapping[str, float]
    """What each command took that built it."""


VOLUME = """
## Hundreds of vacancies, {kind}

1,200 people; the vacancies, their candidates and three scorecards for each were
made by the commands below from files, 500 cases a transaction. The bare side runs
SQL for the same counts and means; it judges no rights and lists no rows.
"""

ORGANISATION = """
## The gaps of a large organisation

The gaps of everybody against their role, as `talent gap org` counts them, beside one
bare join of the same tables. The rows were put straight into the tables.
"""

LARGE = """
## A large framework, {kind}

Competencies with {levels} levels each, every level with a text and three indicators, and roles
that ask for twelve; the later version rewords every tenth level and gives every fiftieth
competency another code. Seconds of the processor (of the client, where there is a server).
"""

BACKGROUND = """
## Background work and many clients, PostgreSQL

A job calls a handler that writes one row: the delivery is claimed, its case and event
are read, and the row and the mark are one transaction. Beside `embedded` a bare loop
claims the same rows with `SKIP LOCKED`; beside ours on Procrastinate stands bare
Procrastinate, with as many slots, whose jobs write the row and nothing else. Clients
are processes that fire at the same time, each on cases of its own, here as there.
"""

PEERS = """
## Peers, PostgreSQL

The same transition by those one might have taken instead: objects and a session of an
ORM (SQLAlchemy's, on the same tables), and a DBOS workflow whose one step writes the rows
with the bare driver. A commit each, one process. The bare driver is the limit of all three.
The ORM and DBOS judge the right and the state and no more: they give no verdicts and know
no intents. *Share* is the peer's time divided by ours.
"""

FITTING = """
## Everybody for every role

The twenty best-fitting people for each role, from levels in memory: `talent succession
best`. The bare side is numpy on the same arrays, one role after another: shares of
all people, weighted, added up, the twenty largest picked.
"""


def chapter(told: str, seconds: float) -> str:
    """Return a chapter with its conditions."""
    return f"{told.strip()}\n\n{_conditions(seconds)}\n"


def keep(name: str, told: str, names: Sequence[str], *, chunk: int, tasks: int) -> None:
    """Keep a chapter, and write the page of all that are kept."""
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}.md").write_text(told, encoding="utf-8")
    files = [KEPT / f"{each}.md" for each in names]
    chapters = [each.read_text(encoding="utf-8") for each in files if each.exists()]
    head, tail = HEAD.format(rounds=ROUNDS), TAIL.format(chunk=chunk, tasks=tasks)
    PAGE.write_text("\n".join([head, *chapters]).rstrip() + "\n" + tail, encoding="utf-8")


def engine(measured: Mapping[str, Sequence[Measured]]) -> str:
    """Return the chapter of firing, opening and the inbox."""
    return "\n".join(
        line for kind, rows in measured.items() for line in ("", f"## {kind}", "", *_table(rows))
    )


def volumes(found: Mapping[str, Volumes]) -> str:
    """Return the chapter of many vacancies, and of what building them took."""
    parts: list[str] = []
    for kind, each in found.items():
        built = [f"| `{command}` | {seconds:.1f} s |" for command, seconds in each.seconds.items()]
        parts += [
            VOLUME.format(kind=kind),
            *_table(each.measured),
            "",
            "| command | took |",
            "|---|---|",
            *built,
        ]
    return "\n".join(parts)


def organisation(found: Mapping[str, Measured]) -> str:
    """Return the chapter of a large organisation's gaps."""
    rows = [replace(each, title=f"{each.title}, {kind}") for kind, each in found.items()]
    return "\n".join([ORGANISATION, *_table(rows)])


def frameworks(grown: Mapping[str, Sequence[Grown]]) -> str:
    """Return the chapter of a large framework, at three sizes."""
    parts: list[str] = []
    for kind, sizes in grown.items():
        head = "| competencies | roles | " + " | ".join(STEPS) + " | memory |"
        rule = "|---" * (len(STEPS) + 3) + "|"
        parts += [LARGE.format(kind=kind, levels=LEVELS), head, rule, *map(grown_line, sizes)]
    return "\n".join(parts)


def background(worked: Sequence[Measured]) -> str:
    """Return the chapter of background work and of many clients."""
    return "\n".join([BACKGROUND, *_table(worked)])


def peers(measured: Sequence[Measured]) -> str:
    """Return the chapter of those one might have taken instead."""
    return "\n".join([PEERS, *_table(measured, "peer"), "", _others()])


def _others() -> str:
    """Return the versions of what stands beside ours."""
    return f"DBOS {version('dbos')}, SQLAlchemy {version('SQLAlchemy')}."


def fitting(fitted: Fitted) -> str:
    """Return the chapter of the ranking, with the memory it took."""
    peaks = " and ".join(f"{peak:.0f} MB for {many} roles" for many, peak in fitted.peaks.items())
    return "\n".join(
        [
            FITTING,
            *_table(fitted.measured),
            "",
            f"At its peak it held, beyond the levels themselves, {peaks}:",
            "it works in blocks of people, and never holds people × roles.",
        ]
    )


def _conditions(seconds: float) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "psycopg", "pydantic"))
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores shared with the database,"
        f" {platform.system()} {platform.machine()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}, {packages}, talenthub {version('talenthub')}."
        f" It took {max(1, round(seconds / 60))} min; load over its last five, itself included:"
        f" {os.getloadavg()[1]:.1f}."
    )


def _table(rows: Sequence[Measured], beside: str = "bare") -> list[str]:
    lines = [
        f"| what | ours, median | {beside}, median | lowest / median / highest | fastest rounds | aim |",
        "|---|---|---|---|---|---|",
    ]
    return lines + [line(each) for each in rows]


def line(each: Measured) -> str:
    """Return one measurement as a row of the table."""
    shares = each.shares
    if each.target.endswith(("times", "once")):
        low, middle, high = (f"{1 / share:.1f}" for share in (shares[-1], each.median, shares[0]))
        spread = f"{low} / **{middle}** / {high} times"
        best = f"{min(each.ours) / min(each.bare):.1f} times"
    else:
        low, middle, high = (f"{share:.0%}" for share in (shares[0], each.median, shares[-1]))
        spread = f"{low} / **{middle}** / {high}"
        best = f"{min(each.bare) / min(each.ours):.0%}"
    ours, bare = (_amount(statistics.median(side)) for side in (each.ours, each.bare))
    return f"| {each.title} | {ours} | {bare} | {spread} | {best} | {each.target} |"


def grown_line(each: Grown) -> str:
    """Return what one size of a framework took, as a row of the table."""
    took = " | ".join(f"{each.seconds[step]:.1f} s" for step in STEPS)
    return f"| {each.competencies:,} | {each.roles:,} | {took} | {each.megabytes:.0f} MB |"


def _amount(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.2f} ms" if seconds >= 0.001 else f"{seconds * 1_000_000:.0f} µs"
