"""`talent workflow diff` and `migrate`, and what is said of versions elsewhere."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import Field

from talenthub.sdk import days

NEW = """
from talenthub.hooks import WorkflowRef, hookimpl

@hookimpl
def talenthub_workflows():
    return [WorkflowRef(f"bank_workflows:{name}") for name in (NAMES)]
"""


def with_purpose(carried):
    return {**carried, "purpose": "not said"}


def second():
    """Return version 2 of the loan: it is received, not asked for."""
    from bank_workflows import Loan, loan

    class SecondLoan(Loan, extra="forbid", frozen=True):
        purpose: str = Field(min_length=3)

    states = [
        replace(each, name="received", due=days(3)) if each.name == "asked" else each for each in loan.states
    ]
    edges = [
        replace(
            each,
            source=tuple("received" if one == "asked" else one for one in each.sources),
            target="received" if each.target == "asked" else each.target,
        )
        for each in loan.transitions
    ]
    return replace(
        loan,
        version=2,
        data=SecondLoan,
        upcasts={1: with_purpose},
        initial="received",
        states=states,
        transitions=edges,
    )


@pytest.fixture
def bring(tmp_path, monkeypatch, bank_plugin):
    """Return what installs a release of the bank that brings these versions."""
    import bank_workflows

    monkeypatch.setattr(bank_workflows, "second", second(), raising=False)

    def install(*names: str) -> None:
        (tmp_path / "site" / "bank_plugin.py").write_text(NEW.replace("NAMES", repr(names)))
        monkeypatch.delitem(sys.modules, "bank_plugin", raising=False)
        # Two releases within one second look alike to the cache of bytecode.
        for each in (tmp_path / "site").glob("__pycache__/bank_plugin*"):
            each.unlink()

    return install


@pytest.fixture
def moving_town(small_town, bring):
    """Return a town with three loans on version 1, and both versions installed."""
    for _ in range(3):
        small_town.open()
    small_town.talent("do", "LOAN-3", "review")
    bring("loan", "second", "review")
    return small_town


MOVE = ("workflow", "migrate", "loan", "--to", "2")


def test_diff_tells_what_changed_in_words_and_as_json(moving_town):
    told = moving_town.talent("workflow", "diff", "loan", "-o", "table")
    assert told.code == 0
    lines = " ".join(told.out.split())
    assert "bank.loan: version 1 → 2" in lines
    assert "data purpose new needed, string, minLength 3" in lines
    assert "state received new" in lines
    rows = moving_town.talent("workflow", "diff", "bank.loan", "1", "2", "-o", "json").items
    changed = {(each["part"], each["name"], each["what"]): each for each in rows}
    assert changed["transition", "review", "from"]["before"] == ["asked"]
    assert changed["workflow", "bank.loan", "initial state"]["after"] == "received"
    back = moving_town.talent("workflow", "diff", "loan", "2", "1", "-o", "json").items
    assert len(back) == len(rows)
    assert "there is none before it" in moving_town.talent("workflow", "diff", "review").out
    wrong = moving_town.talent("workflow", "diff", "loan", "1", "3")
    assert (wrong.code, "unknown version; found '3'; allowed: 1, 2" in wrong.err) == (4, True)


def test_a_dry_run_tells_of_each_case_and_writes_nothing(moving_town):
    before = moving_town.contents()
    told = moving_town.talent(*MOVE, "--map", "asked=received", "--dry-run", "-o", "json")
    assert told.code == 0
    by_ref = {each["ref"]: each for each in told.items}
    assert (by_ref["LOAN-1"]["before"], by_ref["LOAN-1"]["now"]) == ("asked", "received")
    assert by_ref["LOAN-1"]["changed"] == ["purpose"]
    assert "renews «Review»" in by_ref["LOAN-1"]["remade"]
    assert by_ref["LOAN-3"]["now"] == "reviewing"
    assert "nothing was written" in told.err
    assert moving_town.contents() == before


def test_moving_is_done_in_bulk_logged_and_explained(moving_town):
    told = moving_town.talent(*MOVE, "--map", "asked=received", "--yes", "-o", "json", as_="hedda")
    assert (told.code, [each["ok"] for each in told.items]) == (0, [True, True, True])
    log = moving_town.talent("log", "LOAN-1", "-o", "json", as_="hedda").items[-1]
    assert (log["what"], log["change"], log["actor"]) == (
        "migrated: version 1 → 2",
        "asked → received",
        "hedda",
    )
    why = moving_town.talent("why", "LOAN-1", "review", as_="hedda").out
    assert "moved on 2026-01-05 by Hedda, version 1 → 2: asked became received" in why
    assert "moved on 2026-01-05" in moving_town.talent("show", "LOAN-1").out
    again = moving_town.talent(*MOVE, "--map", "asked=received", "--yes", as_="hedda")
    assert (again.code, "no case that you may see fits" in again.err) == (4, True)
    assert moving_town.talent("do", "LOAN-1", "review").code == 0


def test_what_stays_is_told_in_words_and_ends_with_three(moving_town):
    told = moving_town.talent(*MOVE, "--yes", "-o", "table", as_="hedda")
    assert told.code == 3
    assert "no state to go on in" in " ".join(told.out.split())
    assert "2 of 3 were refused" in told.err
    rows = moving_town.talent("list", "--where", "version=2", "-o", "json").items
    assert [each["ref"] for each in rows] == ["LOAN-3"]


def test_the_mapping_may_stand_in_a_file(moving_town, tmp_path: Path):
    file = tmp_path / "map.csv"
    file.write_text("from,to\nasked,received\n")
    assert moving_town.talent(*MOVE, "LOAN-1", "--map", str(file), as_="hedda").code == 0
    file.write_text("old;new\nasked;received\n")
    wrong = moving_town.talent(*MOVE, "LOAN-2", "--map", str(file), as_="hedda")
    assert (wrong.code, "a mapping has the columns from and to" in wrong.err) == (9, True)


WRONG = (
    (("--map", "asked=recieved"), 2, "did you mean 'received'?"),
    (("--map", "asked="), 2, "a mapping is a former state and its new one"),
    (("--map", "asked=received", "--map", "asked=reviewing"), 2, "a state is mapped twice"),
    (("--map", "asked=refused"), 2, "a case is moved, not ended"),
    (("--to", "7"), 4, "unknown version"),
)


def test_what_is_wrong_with_the_words_is_told_before_anything_is_written(moving_town):
    before = moving_town.contents()
    for words, code, says in WRONG:
        told = moving_town.talent(*MOVE, *words, "--yes", as_="hedda")
        assert (told.code, says in told.err) == (code, True), told
    # Anybody may try it dry; moving is for who leads people work.
    told = moving_town.talent(*MOVE, "--map", "asked=received", "--yes")
    assert (told.code, "who holds hr_head, admin everywhere" in told.err) == (5, True)
    assert moving_town.contents() == before


def test_a_request_id_is_answered_once(moving_town):
    words = (*MOVE, "LOAN-1", "--map", "asked=received", "--request-id", "monday", "-o", "json")
    first = moving_town.talent(*words, as_="hedda")
    assert moving_town.talent(*words, as_="hedda").out == first.out
    assert len(moving_town.talent("log", "LOAN-1", "-o", "json").items) == 2


def test_parked_cases_are_told_of_everywhere_and_the_others_go_on(moving_town, bring):
    moving_town.talent(*MOVE, "LOAN-1", "--map", "asked=received", as_="hedda")
    bring("second", "review")
    listed = {
        (each["name"], each["version"]): each
        for each in moving_town.talent("workflow", "list", "-o", "json", as_="hedda").items
    }
    assert (listed["bank.loan", 2]["open_cases"], listed["bank.loan", 2]["parked"]) == (1, False)
    assert (listed["bank.loan", 1]["open_cases"], listed["bank.loan", 1]["parked"]) == (2, True)
    assert "Parked" in moving_town.talent("workflow", "list", "-o", "table", as_="hedda").out
    mend = "talent workflow migrate bank.loan --to 2"
    assert mend in " ".join(moving_town.talent("show", "LOAN-2", as_="hedda").out.split())
    assert "bank.loan version 1 is parked" in moving_town.talent("inbox", "-o", "json", as_="hedda").out
    assert "bank.loan version 1" not in moving_town.talent("inbox", "-o", "json", as_="olga").out
    assert mend in json.dumps(moving_town.talent("doctor", "-o", "json", as_="ada").items)
    compared = moving_town.talent("workflow", "diff", "loan", "-o", "json").items
    assert ("state", "received") in {(each["part"], each["name"]) for each in compared}
    assert moving_town.talent("do", "LOAN-1", "review").code == 0
    fitting = moving_town.talent("list", "--where", "state=asked", "-o", "json", as_="hedda").items
    assert [each["ref"] for each in fitting] == ["LOAN-2"]


def test_optional_fields_may_be_added_within_a_version_and_nothing_else(small_town, monkeypatch):
    import bank_workflows

    class MoreLoan(bank_workflows.Loan, extra="forbid", frozen=True):
        purpose: str = ""

    newer = second()
    small_town.open()
    monkeypatch.setattr(bank_workflows, "loan", replace(bank_workflows.loan, data=MoreLoan))
    assert small_town.talent("db", "upgrade", as_="ada").code == 0
    assert small_town.talent("show", "LOAN-1").code == 0
    monkeypatch.setattr(bank_workflows, "loan", replace(bank_workflows.loan, data=newer.data))
    told = small_town.talent("db", "upgrade", as_="ada")
    assert (told.code, "give the changed declaration a new version number" in told.err) == (8, True)
    assert "is not declared as it was stored" in small_town.talent("doctor", as_="ada").out
