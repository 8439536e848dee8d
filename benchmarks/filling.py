"""A million open tasks, poured in by the driver: too many to open one by one."""

from __future__ import annotations

from bare import Bare
from trial import NOW

EACH = 200
TASKS_PER_CASE = 4

CASES = """INSERT INTO workflow_case (id, ref, workflow, workflow_version_id, settings_id, subject_id, about,
 state, version, data, head_hash, opened_at, entered_at)
 SELECT {first} + n, 'FILL-' || ({first} + n), 'trial.loan', 1, 1, ?, 'A loan', 'asked', 1,
 '{{"amount":50,"purpose":""}}', ?, ?, ? FROM ({numbers}) AS series"""
TASKS = """INSERT INTO case_task (id, case_id, name, title, relation, due_at, opened_at, status)
 SELECT {first} + n, {case} + n / {per_case}, 'asked', 'Check', 'holds("hr_officer")', {due}, ?, 'open'
 FROM ({numbers}) AS series"""
POOLS = """INSERT INTO task_pool (pool, task_id, due_at, is_open)
 SELECT 'person:' || ({person} + (n * 7919) % {people}), {first} + n, {due}, {yes}
 FROM ({numbers}) AS series"""


def fill(bare: Bare, person: int, tasks: int) -> None:
    """Open `tasks` tasks in the pools of many people, `person` among them.

    The people need not exist: a pool is a word. Due moments are spread over
    a year, and nobody's tasks lie together.
    """
    cases = tasks // TASKS_PER_CASE
    now = bare.moment(NOW)
    case, task = (
        bare.run(f"SELECT max(id) + 1 FROM {name}").fetchone()[0] for name in ("workflow_case", "case_task")
    )
    with bare.transaction():
        bare.run(CASES.format(first=case, numbers=numbers(bare, cases)), (bare.subject, "0" * 64, now, now))
        series = numbers(bare, tasks)
        due = _due(bare)
        bare.run(
            TASKS.format(first=task, case=case, per_case=TASKS_PER_CASE, due=due, numbers=series), (now,)
        )
        yes = "1" if bare.is_sqlite else "true"
        people = tasks // EACH
        bare.run(POOLS.format(person=person, people=people, first=task, due=due, yes=yes, numbers=series))
    bare.run("ANALYZE")


def numbers(bare: Bare, count: int) -> str:
    """Return a SELECT of the numbers from 0 on, as `n`."""
    if not bare.is_sqlite:
        return f"SELECT generate_series(0::bigint, {count - 1}) AS n"
    up = f"SELECT 0 UNION ALL SELECT n + 1 FROM up WHERE n < {count - 1}"
    return f"WITH RECURSIVE up(n) AS ({up}) SELECT n FROM up"


def _due(bare: Bare) -> str:
    minutes = "(n * 31337) % 525600"
    if bare.is_sqlite:
        return f"strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-05', '+' || ({minutes}) || ' minutes')"
    return f"timestamptz '2026-01-05 00:00:00+00' + (({minutes}) || ' minutes')::interval"
