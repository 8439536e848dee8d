"""The bare driver: the same rows, indexes, hashes and durability, by hand.

Nothing of the engine is used but the two hash functions, so that what both
sides write is byte for byte of one kind; `__main__` lets the engine verify
the history that was written here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy.engine import make_url
from trial import NOW

from talenthub.storage.types import canonical, digest, new_salt, salted_digest

GENESIS = "0" * 64
POOL = "grant:hr_officer@*"
TITLES = {"asked": "Check", "checking": "Ask again"}
TARGETS = {"check": ("asked", "checking"), "ask_again": ("checking", "asked")}

EVENT = """INSERT INTO case_event (case_id, version, kind, transition, source, target, actor_id, login_id,
 at, cause, payload_hash, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
PAYLOAD = "INSERT INTO case_payload (case_id, version, salt, payload) VALUES (?, ?, ?, ?)"
MOVE = """UPDATE workflow_case SET state = ?, version = version + 1, data = ?, head_hash = ?, entered_at = ?
 WHERE id = ? AND version = ? AND state = ?"""
CLOSE_POOLS = """UPDATE task_pool SET is_open = ? WHERE task_id IN
 (SELECT id FROM case_task WHERE case_id = ? AND status = 'open')"""
CLOSE_TASKS = "UPDATE case_task SET status = 'done', closed_at = ? WHERE case_id = ? AND status = 'open'"
CANCEL_TIMERS = "UPDATE case_timer SET status = 'cancelled' WHERE case_id = ? AND status = 'open'"
TASK = """INSERT INTO case_task (case_id, name, title, relation, due_at, opened_at, status)
 VALUES (?, ?, ?, ?, ?, ?, 'open') RETURNING id"""
TASK_WITH_ID = """INSERT INTO case_task (case_id, name, title, relation, due_at, opened_at, status, id)
 VALUES (?, ?, ?, ?, ?, ?, 'open', ?)"""
IN_POOL = "INSERT INTO task_pool (pool, task_id, due_at, is_open) VALUES (?, ?, ?, ?)"
TIMER = """INSERT INTO case_timer (case_id, name, fires, escalates, due_at, status)
 VALUES (?, ?, ?, ?, ?, 'open')"""
CASE = """INSERT INTO workflow_case (id, ref, workflow, workflow_version_id, settings_id, subject_id, about,
 state, version, data, head_hash, opened_at, entered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)"""
GRANT = """SELECT 1 FROM grant_held WHERE person_id = ? AND name = 'hr_officer' AND since <= ?
 AND (until IS NULL OR until > ?)"""
CASES = "SELECT id, ref, state, version, data, head_hash FROM workflow_case WHERE "
COUNT_UP = "UPDATE reference_counter SET next = next + ? WHERE prefix = 'LOAN' RETURNING next"
DEPUTISED = (
    """SELECT person_id FROM deputy WHERE deputy_id = ? AND since <= ? AND (until IS NULL OR until > ?)"""
)
GRANTS = """SELECT name, unit_id FROM grant_held WHERE person_id IN ({people}) AND since <= ?
 AND (until IS NULL OR until > ?)"""
ARM = """SELECT * FROM (SELECT task_id, due_at FROM task_pool WHERE pool = ? AND is_open
 ORDER BY due_at, task_id LIMIT 50) AS arm{number}"""
INBOX = """SELECT t.id, c.ref, t.title, t.due_at, t.opened_at, c.workflow, c.state, c.about, p.name,
 t.holder_id
 FROM (SELECT task_id, due_at FROM ({arms}) AS waiting ORDER BY due_at, task_id LIMIT 50) AS next
 JOIN case_task t ON t.id = next.task_id JOIN workflow_case c ON c.id = t.case_id
 LEFT JOIN person p ON p.id = c.subject_id ORDER BY next.due_at, t.id"""


class Bare:
    """One connection of the driver, and the work done by hand."""

    def __init__(self, url: str, officer: int, subject: int) -> None:
        self.officer, self.subject = officer, subject
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.connection: Any = sqlite3.connect(parsed.database or "", isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            self.connection = psycopg.connect(
                parsed.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
            )
        self.cursor = self.connection.cursor()

    def run(self, statement: str, values: Sequence[Any] = ()) -> Any:
        return self.cursor.execute(self._marked(statement), values)

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        self.cursor.executemany(self._marked(statement), rows)

    def _marked(self, statement: str) -> str:
        return statement if self.is_sqlite else statement.replace("%", "%%").replace("?", "%s")

    def moment(self, moment: datetime) -> Any:
        return f"{moment:%Y-%m-%d %H:%M:%S.%f}" if self.is_sqlite else moment

    def day(self) -> Any:
        return NOW.date().isoformat() if self.is_sqlite else NOW.date()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.run("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        yield
        self.run("COMMIT")

    def close(self) -> None:
        self.connection.close()

    def fire(self, ref: str, transition: str) -> None:
        """Fire one transition in one transaction."""
        with self.transaction():
            lock = "" if self.is_sqlite else " FOR UPDATE"
            row = self.run(f"{CASES} ref = ?{lock}", (ref,)).fetchone()
            self._check_right()
            move, event, payload, task, timer = self._changes(row, transition)
            if self.run(MOVE, move).rowcount != 1:
                raise RuntimeError("changed meanwhile")
            self.run(EVENT, event)
            self.run(PAYLOAD, payload)
            self.run(CLOSE_POOLS, (False, row[0]))
            self.run(CLOSE_TASKS, (self.moment(NOW), row[0]))
            self.run(CANCEL_TIMERS, (row[0],))
            number = self.run(TASK, task).fetchone()[0]
            self.run(IN_POOL, (POOL, number, task[4], True))
            self.run(TIMER, timer)

    def fire_many(self, refs: Sequence[str], transition: str) -> None:
        """Fire a chunk in one transaction, each kind of row by one executemany."""
        with self.transaction():
            marks = ", ".join("?" * len(refs))
            lock = "" if self.is_sqlite else " ORDER BY id FOR UPDATE"
            rows = self.run(f"{CASES} ref IN ({marks}){lock}", refs).fetchall()
            self._check_right()
            changes = [self._changes(row, transition) for row in rows]
            ids = [(row[0],) for row in rows]
            self.many(MOVE, [each[0] for each in changes])
            if self.cursor.rowcount != len(rows):
                raise RuntimeError("changed meanwhile")
            self.many(EVENT, [each[1] for each in changes])
            self.many(PAYLOAD, [each[2] for each in changes])
            self.many(CLOSE_POOLS, [(False, *each) for each in ids])
            self.many(CLOSE_TASKS, [(self.moment(NOW), *each) for each in ids])
            self.many(CANCEL_TIMERS, ids)
            self._open_tasks([each[3] for each in changes])
            self.many(TIMER, [each[4] for each in changes])

    def open_many(self, count: int) -> None:
        """Open cases in one transaction."""
        with self.transaction():
            self._check_right()
            version = self.run("SELECT id FROM workflow_version").fetchone()[0]
            settings = self.run("SELECT id FROM pinned_settings").fetchone()[0]
            first = self.run(COUNT_UP, (count,)).fetchone()[0] - count
            ids = self._next_ids("workflow_case", count)
            data = canonical({"amount": 50, "purpose": "a bicycle"})
            payload = canonical({"data": json.loads(data)})
            now = self.moment(NOW)
            cases, events, payloads = [], [], []
            for number, case in enumerate(ids):
                ref = f"LOAN-{first + number}"
                event, salt = self._event(case, ref, 1, ("opened", "open", None, "asked"), payload, GENESIS)
                head = event[-1]
                cases.append(
                    (
                        case,
                        ref,
                        "trial.loan",
                        version,
                        settings,
                        self.subject,
                        "A loan",
                        "asked",
                        data,
                        head,
                        now,
                        now,
                    )
                )
                events.append(event)
                payloads.append((case, 1, salt, payload))
            self.many(CASE, cases)
            self.many(EVENT, events)
            self.many(PAYLOAD, payloads)
            self._open_tasks([self._task(case, "asked") for case in ids])
            self.many(TIMER, [self._timer(case) for case in ids])

    def inbox(self, person: int) -> list[Any]:
        """Return the next fifty open tasks of one person."""
        self.run("BEGIN")
        day = self.day()
        deputised = self.run(DEPUTISED, (person, day, day)).fetchall()
        people = [person, *(row[0] for row in deputised)]
        statement = GRANTS.format(people=", ".join("?" * len(people)))
        pools = [f"person:{each}" for each in people]
        for name, unit in self.run(statement, (*people, day, day)).fetchall():
            pools.append(f"grant:{name}@{'*' if unit is None else unit}")
        arms = " UNION ALL ".join(ARM.format(number=number) for number in range(len(pools)))
        found: list[Any] = self.run(INBOX.format(arms=arms), pools).fetchall()
        self.run("COMMIT")
        return found

    def _check_right(self) -> None:
        if self.run(GRANT, (self.officer, self.day(), self.day())).fetchone() is None:
            raise RuntimeError("not permitted")

    def _changes(self, row: Any, transition: str) -> tuple[Any, Any, Any, Any, Any]:
        case, ref, state, version, data, head = row
        source, target = TARGETS[transition]
        if state != source or json.loads(data)["amount"] < 10:
            raise RuntimeError("refused")
        event, salt = self._event(case, ref, version + 1, ("fired", transition, source, target), "{}", head)
        move = (target, data, event[-1], self.moment(NOW), case, version, state)
        return move, event, (case, version + 1, salt, "{}"), self._task(case, target), self._timer(case)

    def _event(
        self,
        case: int,
        ref: str,
        version: int,
        step: tuple[str, str, str | None, str],
        payload: str,
        head: str,
    ) -> tuple[tuple[Any, ...], str]:
        salt = new_salt()
        sealed = salted_digest(salt, payload)
        said = (version, *step, self.officer, None)
        mark = digest(ref, *said, NOW.isoformat(timespec="microseconds"), None, sealed, head)
        return (case, *said, self.moment(NOW), None, sealed, head, mark), salt

    def _task(self, case: int, state: str) -> tuple[Any, ...]:
        due = self.moment(NOW + timedelta(days=7))
        return (case, state, TITLES[state], 'holds("hr_officer")', due, self.moment(NOW))

    def _timer(self, case: int) -> tuple[Any, ...]:
        return (case, "late", None, False, self.moment(NOW + timedelta(days=9)))

    def _open_tasks(self, tasks: Sequence[tuple[Any, ...]]) -> None:
        ids = self._next_ids("case_task", len(tasks))
        self.many(TASK_WITH_ID, [(*task, number) for task, number in zip(tasks, ids, strict=True)])
        self.many(IN_POOL, [(POOL, number, task[4], True) for task, number in zip(tasks, ids, strict=True)])

    def _next_ids(self, table: str, count: int) -> list[int]:
        if self.is_sqlite:
            # The write lock is held: nobody else can take these numbers.
            last = self.run(f"SELECT max(id) FROM {table}").fetchone()[0] or 0
            return list(range(last + 1, last + 1 + count))
        statement = "SELECT nextval(pg_get_serial_sequence(?, 'id')) FROM generate_series(1, ?)"
        return [row[0] for row in self.run(statement, (table, count)).fetchall()]
