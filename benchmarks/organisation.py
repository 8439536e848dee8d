"""The gaps of a whole organisation, put straight into the tables.

Everybody sits on a post of one of five roles, each of which asks for all
competencies; ten of eleven ratings are there.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from bare import Bare
from filling import numbers
from measuring import Measured, alternate
from trial import NOW

from talenthub.evidence.settings import EvidenceSettings
from talenthub.evidence.viewing import GroupView, view_organisation
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Transaction

COMPETENCIES, ROLES, UNITS = 30, 5, 50
ROUNDS = 3
SETTINGS = EvidenceSettings()
SINCE = date(2025, 6, 1)

FRAMEWORK = "INSERT INTO framework (id, code) VALUES (1, 'big')"
VERSION = """INSERT INTO framework_version (id, framework_id, number, status, locked, title, language,
 rating_mode, check_profile, content_hash, created_at, edited_at)
 VALUES (1, 1, '1', 'draft', ?, 'Big', 'en', 'relative', 'strict', '', ?, ?)"""
PUBLISH = "UPDATE framework_version SET status = 'published', published_at = ?, effective_from = ?"
LEVEL = """INSERT INTO role_level (version_id, position, role, code, title)
 SELECT 1, n, 'role' || n, 'only', 'Role' FROM ({numbers}) AS series"""
REQUIREMENT = """INSERT INTO requirement (version_id, position, role, role_level, competency, level,
 essential) SELECT 1, n, 'role' || (n / {competencies}), 'only', 'C' || (n % {competencies}), 2 + n % 3, {yes}
 FROM ({numbers}) AS series"""
UNIT = """INSERT INTO unit (id, code, name, parent_id) SELECT n + 1, 'U' || n, 'Unit ' || n,
 CASE WHEN n = 0 THEN NULL ELSE 1 END FROM ({numbers}) AS series"""
PERSON = """INSERT INTO person (id, handle, name, kind, language, created_at)
 SELECT n + 1, 'p' || n, 'P ' || n, 'employee', 'en', ? FROM ({numbers}) AS series"""
POST = """INSERT INTO post (id, code, title, framework_code, role_code, unit_id, critical, since)
 SELECT n + 1, 'P' || n, 'Post', 'big', 'role' || (n % {roles}), 1 + n % {units}, {no}, ?
 FROM ({numbers}) AS series"""
SEAT = """INSERT INTO assignment (id, person_id, post_id, since) SELECT n + 1, n + 1, n + 1, ?
 FROM ({numbers}) AS series"""
SUM = """INSERT INTO standing_sum (person_id, framework_code, competency, purpose, weight_sum, ladder_sum,
 row_count, newest_on, version)
 SELECT 1 + n / {competencies}, 'big', 'C' || (n % {competencies}), 'appraisal', 1.5,
 1.5 * ((n * 7919) % 5001) / 1000.0, 2, ?, '{version}' FROM ({numbers}) AS series WHERE n % 11 <> 0"""

BY_HAND = """SELECT competency, count(*), count(gap), sum(gap) / count(gap),
 count(CASE WHEN gap >= 0.25 THEN 1 END), count(CASE WHEN gap >= 0.5 THEN 1 END),
 count(CASE WHEN gap >= 1 THEN 1 END)
 FROM (SELECT requirement.competency, CASE WHEN requirement.level > ladder_sum / weight_sum
 THEN requirement.level - ladder_sum / weight_sum WHEN weight_sum > 0 THEN 0 END AS gap
 FROM assignment
 JOIN post ON post.id = assignment.post_id
 JOIN requirement ON requirement.version_id = 1 AND requirement.role = post.role_code
 LEFT JOIN standing_sum ON standing_sum.person_id = assignment.person_id
 AND standing_sum.framework_code = post.framework_code
 AND standing_sum.competency = requirement.competency AND standing_sum.purpose = 'appraisal') AS each_one
 GROUP BY competency ORDER BY competency"""


def measure(url: str, people: int) -> Measured:
    """Return the figures of everybody beside one join written by hand.

    `url` is a migrated database without people.
    """
    bare = Bare(url, 0, 0)
    _fill(bare, people)
    database = Database(url)
    bare.run(BY_HAND)
    _compare(_ours(database), bare.cursor.fetchall())

    def ours(_number: int) -> None:
        _ours(database)

    def by_hand(_number: int) -> None:
        bare.run(BY_HAND)
        assert len(bare.cursor.fetchall()) == COMPETENCIES

    title = f"`gap org`, {people:,} people × {COMPETENCIES} competencies"
    measured = alternate(title, "answer", "≤ 2 times", 1, ours, by_hand, rounds=ROUNDS)
    bare.close()
    database.close()
    return measured


def _ours(database: Database) -> GroupView:
    with database.begin(read_only=True) as connection:
        tx = Transaction(connection, SYSTEM, NOW)
        return view_organisation(tx, None, "development", SETTINGS, listed=False)


def _compare(found: GroupView, rows: list[Any]) -> None:
    """Refuse to measure where the two do not say the same."""
    for figure, (code, people, known, mean, *_bands) in zip(found.figures, rows, strict=True):
        assert (figure.competency, figure.people, figure.known) == (code, people, known)
        assert figure.mean_size is not None
        assert abs(figure.mean_size - float(mean)) < 1e-9


def _fill(bare: Bare, people: int) -> None:
    since = SINCE.isoformat() if bare.is_sqlite else SINCE
    yes, no = ("1", "0") if bare.is_sqlite else ("true", "false")
    now = bare.moment(NOW)
    # Only what gaps are made of: a whole framework has many more tables.
    bare.run("PRAGMA foreign_keys=OFF" if bare.is_sqlite else "SET session_replication_role = replica")
    words = {"competencies": COMPETENCIES, "roles": ROLES, "units": UNITS, "yes": yes, "no": no}
    with bare.transaction():
        bare.run(FRAMEWORK)
        bare.run(VERSION, (True, now, now))
        for statement, many, values in (
            (LEVEL, ROLES, ()),
            (REQUIREMENT, ROLES * COMPETENCIES, ()),
            (UNIT, UNITS, ()),
            (PERSON, people, (now,)),
            (POST, people, (since,)),
            (SEAT, people, (since,)),
            (SUM, people * COMPETENCIES, (since,)),
        ):
            spelled = statement.format(numbers=numbers(bare, many), version=SETTINGS.version, **words)
            bare.run(spelled, values)
        bare.run(PUBLISH, (now, since))
    bare.run("ANALYZE")
