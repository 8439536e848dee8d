"""Mutated files of people: always an answer with a place, never a traceback."""

# ruff: noqa: E501 - tables of bytes
from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talenthub.errors import FileError, TalentError
from talenthub.people.import_plan import KnownRole
from talenthub.people.importing import import_files
from talenthub.sheets.writing import Page, write_workbook
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing import Servers

ROLES = (KnownRole("core", "case-officer", "Case Officer", "L2"), KnownRole("core", "lead", "Lead", "L3"))
HEADER = ("handle", "name", "email", "kind", "unit", "post", "role", "manager", "since", "login", "grants")
ROWS = (
    ("ada", "Ada A", "a@example.org", "", "harbour", "", "case-officer", "dario", "2026-01-02", "ada", "recruiter"),
    ("jonas", "Jónas", "", "employee", "", "", "", "tomas", "", "", "hr_officer@harbour"),
    ("bo.li", "Bo, Li", "", "external", "", "", "", "", "", "-", ""),
)  # fmt: skip
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
TOKENS = (
    b",",
    b";",
    b'"',
    b"\n",
    b"\r",
    b"\0",
    b"=",
    b"-",
    b"'",
    b"\xff",
    b"jonas",
    b"2026-02-30",
    b"\xe2\x80\xae",
    b"99999999999",
)


def _csv() -> bytes:
    return "\n".join(
        ",".join(f'"{each}"' if "," in each else each for each in row) for row in (HEADER, *ROWS)
    ).encode()


def mutant(chance: random.Random, data: bytes) -> bytes:
    """Return `data` after one to four bytes or tokens changed their place."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(5):
            case 0 if at < len(made):
                made[at] ^= 1 << chance.randrange(8)
            case 1:
                made[at:at] = chance.choice(TOKENS)
            case 2:
                del made[at : at + chance.randint(1, 40)]
            case 3:
                made[at:at] = made[max(0, at - chance.randint(1, 60)) : at]
            case _:
                made[at : at + chance.randint(1, 8)] = chance.choice(TOKENS)
    return bytes(made)


def workbook_mutant(chance: random.Random, data: bytes) -> bytes:
    """Return a workbook with faults in its archive, or inside of one part."""
    if chance.random() < 0.3:
        return mutant(chance, data)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, "w") as after:
        broken = chance.choice([each.filename for each in before.infolist()])
        for each in before.infolist():
            part = before.read(each)
            after.writestr(each.filename, mutant(chance, part) if each.filename == broken else part)
    return made.getvalue()


@pytest.fixture(scope="module")
def ground(servers: Servers, request_world) -> Iterator[Transaction]:
    opened = Database(servers.fresh("sqlite"))
    with opened.engine.connect() as connection, connection.begin() as begun:
        tx = Transaction(connection, SYSTEM, NOON)
        request_world(tx)
        yield tx
        begun.rollback()
    opened.close()


def _hold(
    tx: Transaction, path: Path, mutants: Callable[[random.Random], bytes], seeds: range
) -> dict[str, int]:
    told = {"read": 0, "refused": 0}
    placeless: list[int] = []
    for seed in seeds:
        path.write_bytes(mutants(random.Random(seed)))
        begun = tx.connection.begin_nested()
        try:
            import_files(tx, people=path, roles=ROLES)
            told["read"] += 1
        except FileError as refusal:
            told["refused"] += 1
            placeless += [seed for each in refusal.problems if not (each.place and each.code)]
        except TalentError as other:
            raise AssertionError(f"seed {seed}: {other!r}") from other
        finally:
            begun.rollback()
    assert placeless == []
    return told


DOSES = [pytest.param(200, id="200"), pytest.param(10_000, id="storm", marks=pytest.mark.storm)]


@pytest.mark.parametrize("dose", DOSES)
def test_mutated_csv_is_answered(ground: Transaction, tmp_path: Path, dose: int) -> None:
    sample = _csv()
    told = _hold(ground, tmp_path / "p.csv", lambda chance: mutant(chance, sample), range(dose))
    assert min(told.values()) > dose // 100


@pytest.mark.parametrize("dose", DOSES)
def test_mutated_workbooks_are_answered(ground: Transaction, tmp_path: Path, dose: int) -> None:
    sample = write_workbook([Page("People", HEADER, ROWS)])
    told = _hold(ground, tmp_path / "p.xlsx", lambda chance: workbook_mutant(chance, sample), range(dose))
    assert min(told.values()) > dose // 100
