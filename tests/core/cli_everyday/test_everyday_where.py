"""Which cases a condition or a file means, and that it tells no more."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter

from talenthub.cli.cases_rows import CaseRow
from talenthub.sheets.writing import Page, write_workbook
from talenthub.storage.transaction import SYSTEM
from talenthub.workspace.clock import move_demo_clock


def _wait_until(town: Any, day: int) -> None:
    moment = datetime(2026, 1, day, 9, tzinfo=UTC)
    town.workspace.run(SYSTEM, lambda tx: move_demo_clock(tx, moment))


@pytest.fixture
def busy_town(town):
    """Return a town with LOAN-1 reviewing, LOAN-2 asked, LOAN-3 refused, LOAN-4 asked later."""
    for _ in range(3):
        town.open()
    town.talent("do", "LOAN-1", "review")
    town.talent("do", "LOAN-3", "refuse", "--reason", "Too early")
    _wait_until(town, 12)
    town.open()
    return town


MEANT = [
    ("workflow=loan", ["LOAN-1", "LOAN-2", "LOAN-4"]),
    ("workflow=bank.loan is=any", ["LOAN-1", "LOAN-2", "LOAN-3", "LOAN-4"]),
    ("is=closed", ["LOAN-3"]),
    ("state=asked", ["LOAN-2", "LOAN-4"]),
    ("state=asked,reviewing older=7d", ["LOAN-1", "LOAN-2"]),
    ("state=asked older=1w", ["LOAN-2"]),
    ("state=asked older=8d", []),
    ("workflow=loan assigned=me", ["LOAN-2", "LOAN-4"]),
    ("workflow=loan due=overdue", ["LOAN-2"]),
    ("workflow=loan due=30d", ["LOAN-1", "LOAN-2", "LOAN-4"]),
    ("parent=loan-1 assigned=rolf", []),
    ("workflow=loan subject=sam older=7d", ["LOAN-1", "LOAN-2"]),
    ("subject=nora", []),
]


def test_a_condition_means_these_cases(busy_town):
    for condition, refs in MEANT:
        told = busy_town.talent("list", "--where", condition, "-o", "json")
        assert told.code == 0, told.err
        assert [each["ref"] for each in told.items] == refs, condition
    for actor in ("nora", "rita", "sam"):
        found = {each["ref"] for each in busy_town.talent("list", "-o", "json", as_=actor).items}
        for ref in ("LOAN-1", "LOAN-4", "REV-1", "REV-2"):
            assert (ref in found) == (busy_town.talent("show", ref, as_=actor).code == 0), (actor, ref)


def test_what_is_printed_is_what_the_row_promises(busy_town):
    items = busy_town.talent("list", "-o", "json").items
    assert items
    assert set(items[0]) == {each.name for each in fields(CaseRow)}
    for each in TypeAdapter(list[CaseRow]).validate_python(items):
        assert each.closed_at is None


WRONG = [
    ("sate=asked", ("unknown condition", "did you mean 'state'?")),
    ("state=aksed", ("--where state: unknown state", "did you mean 'asked'?")),
    ("workflow=laon", ("unknown workflow", "did you mean 'loan'?")),
    ("older=14", ("--where older: this is no age", "14d or 2w")),
    ("due=overdu", ("this is no due", "did you mean 'overdue'?")),
    ("unit=quai", ("--where unit: unknown unit", "did you mean 'quay'?")),
    ("subject=sum", ("--where subject: unknown person", "did you mean 'sam'?")),
    ("is=opne", ("unknown value", "did you mean 'open'?")),
    ("parent=LOAN-99", ("no such case, or it is not yours",)),
    ("state", ("a name and a value",)),
    ("is=open is=open", ("stands twice",)),
    ("", ("the condition is empty",)),
    ("state=aksed older=x", ("2 problems", "unknown state", "this is no age")),
]


def test_a_wrong_condition_is_told_whole_and_nothing_is_done(small_town):
    small_town.open()
    before = small_town.contents()
    for condition, parts in WRONG:
        for verb in (("list",), ("do", "review")):
            told = small_town.talent(*verb, "--where", condition)
            assert told.code == 2, told.err
            assert all(part in told.err for part in parts), told.err
    assert small_town.contents() == before


def test_a_condition_asks_before_it_fires_and_a_dry_run_lists(busy_town):
    words = ("do", "review", "--where", "state=asked")
    before = busy_town.contents()
    asked = busy_town.talent(*words)
    assert (asked.code, "add --yes" in asked.err, "2 cases fit" in asked.err) == (2, True, True)
    dry = busy_town.talent(*words, "--dry-run")
    assert "2 cases fit:\n  LOAN-2  asked  Sam → A boat\n  LOAN-4" in dry.err
    assert busy_town.contents() == before
    assert busy_town.talent(*words, "--yes").code == 0
    assert busy_town.talent("list", "--where", "state=asked", "-o", "json").items == []
    again = busy_town.talent(*words, "--yes")
    assert (again.code, "no case that you may see fits" in again.err) == (4, True)


def test_a_condition_is_the_only_way_of_saying_which(small_town):
    ref = small_town.open().ref
    told = small_town.talent("do", ref, "review", "--where", "state=asked", "--yes")
    assert (told.code, "say which cases in one way" in told.err) == (2, True)


def test_the_inbox_is_narrowed_by_a_condition(busy_town):
    rows = busy_town.talent("inbox", "--where", "older=7d", "-o", "json").items
    assert [each["ref"] for each in rows] == ["LOAN-2"]


def test_whom_a_task_waits_for_is_not_found_out_by_those_who_see_the_status_only(busy_town):
    # Sam, whom the loan is about, sees that it exists, but not who works on it.
    assert busy_town.talent("list", "--where", "workflow=loan", "-o", "json", as_="sam").items
    for whom in ("olga", "rita", "rolf", "hedda"):
        asked = ("list", "--where", f"assigned={whom}", "-o", "json")
        assert [each["ref"] for each in busy_town.talent(*asked, as_="sam").items] == []


def test_a_workbook_names_cases_and_their_fields_by_cell(small_town, tmp_path):
    refs = [small_town.open().ref for _ in range(2)]
    file = tmp_path / "terms.xlsx"
    words = ("do", "agree_terms", "--from", str(file))
    file.write_bytes(_terms((refs[0], "3", "long"), ("loan2", "6", "long"), (refs[0], "1", "")))
    told = small_town.talent(*words)
    assert told.code == 9
    assert "terms.xlsx Terms!A3 ref: this is no reference" in told.err
    assert f"terms.xlsx Terms!A4: {refs[0]} stands on line 2 already" in told.err
    file.write_bytes(_terms((refs[0], "3", "long"), (refs[1], "six", "long")))
    assert "terms.xlsx Terms!B3: months: must be" in small_town.talent(*words).err
    file.write_bytes(_terms((refs[0], "3", "long"), (refs[1], "6", "")))
    piped = small_town.talent(*words[:-1], "-", "-o", "json", given=file.read_bytes())
    assert [(each["ref"], each["ok"]) for each in piped.items] == [(ref, True) for ref in refs]


def _terms(*rows: tuple[str, str, str]) -> bytes:
    return write_workbook([Page("Terms", ("ref", "months", "kind"), rows)])
