"""One step on many cases, and the questions at a terminal."""

from __future__ import annotations

import re

import pytest

from talenthub.cli import base, output
from talenthub.workflow.opening import Opening


def test_a_closed_case_says_how_it_ended_and_what_is_left(town):
    ref = town.open(50).ref
    assert town.talent("do", ref, "refuse", "--reason", "No money left").code == 0
    for words in (("do", ref, "review"), ("do", ref), ("do", ref, ref.lower() + "0", "review")):
        told = town.talent(*words)
        assert (told.code, f"talent show {ref}" in told.err) == (3, True), words
        assert re.search(rf"{ref}: it ended on \d{{4}}-\d\d-\d\d as «refused» and takes no", told.err)
    assert "as «refused»" in town.talent("why", ref).out


def test_refused_ones_are_told_and_the_others_are_done(town):
    good, poor, other = town.open(50).ref, town.open(5).ref, town.open(60).ref
    told = town.talent("do", good, poor, other, "LOAN-99", "review", "-o", "json")
    assert told.code == 3
    assert [(each["ref"], each["ok"]) for each in told.items] == [
        (good, True),
        (poor, False),
        (other, True),
        ("LOAN-99", False),
    ]
    assert f"refused: {poor}: «review» is not possible yet" in told.err
    assert "✘ The amount is at least 10" in told.err
    assert "2 done, 2 refused" in told.err
    assert town.talent("show", good, "-o", "json").record["state"] == "reviewing"


def test_a_screen_says_what_became_of_each_in_words_and_counts_many(town):
    refs = [town.open(50).ref for _ in range(43)]
    table = town.talent("do", *refs[:2], "review", "-o", "table")
    assert table.out.splitlines()[0].split()[:3] == ["Ref", "Step", "Now"]
    assert [line.split()[:3] for line in table.out.splitlines()[1:]] == [
        [ref, "review", "reviewing"] for ref in refs[:2]
    ]
    many = town.talent("do", *refs[2:], "refuse", "--reason", "No money left", "-o", "table")
    assert re.search(r"refuse +refused +41", many.out)
    assert "LOAN-" not in many.out


def test_all_or_nothing_writes_nothing_when_one_is_refused(town):
    good, poor = town.open(50).ref, town.open(5).ref
    before = town.contents()
    told = town.talent("do", good, poor, "review", "--all-or-nothing", "-o", "json")
    assert told.code == 3
    assert "0 done, 1 refused; nothing was written" in told.err
    assert town.contents() == before
    assert town.talent("do", good, "review", "--all-or-nothing").code == 0


def test_workers_take_a_step_on_many_and_say_what_became_of_each(small_town):
    good, poor, other = (small_town.open(amount).ref for amount in (50, 5, 60))
    told = small_town.talent("do", good, poor, other, "review", "--background", "--dry-run")
    assert "2 would be done, 1 refused" in told.err
    told = small_town.talent("do", good, poor, other, "review", "--background", "--request-id", "may")
    assert "campaign-1: 3 wait for a worker" in told.err
    again = small_town.talent("do", good, poor, other, "review", "--background", "--request-id", "may")
    assert "campaign-1" in again.err
    assert small_town.talent("show", good, "-o", "json").record["state"] == "asked"
    assert small_town.talent("jobs", "run", "campaign-1", "-o", "json").items[0]["progress"] == (
        "3 of 3, 1 refused"
    )
    assert small_town.talent("show", other, "-o", "json").record["state"] == "reviewing"
    seen = small_town.talent("jobs", "show", "campaign-1")
    assert f"{poor}: The amount is at least 10" in seen.out
    assert small_town.talent("jobs", "show", "campaign-1", as_="nora").code == 0, "a demo is everybody's"


def test_a_file_carries_the_fields_of_each_case(small_town, tmp_path):
    refs = [small_town.open().ref for _ in range(3)]
    file = tmp_path / "terms.csv"
    file.write_text(
        "﻿ref;months;shares.CIT;guarantor\n" + f"{refs[0]};3;4;nora\n\n{refs[1].lower()};6;;\n{refs[2]};;2;\n",
        encoding="utf-8",
    )
    told = small_town.talent("do", "agree_terms", "--from", str(file), "--set", "kind=long", "-o", "json")
    assert told.code == 0, told.err
    forms = [small_town.talent("log", ref, "-o", "json").items[-1]["form"] for ref in refs]
    assert [(each["months"], each["shares"], each["kind"]) for each in forms] == [
        (3, {"CIT": 4}, "long"),
        (6, {}, "long"),
        (12, {"CIT": 2}, "long"),
    ]
    assert forms[0]["guarantor"] == small_town.people["nora"]


def test_what_list_printed_is_taken_again_and_added_columns_are_fields(small_town, tmp_path):
    refs = [small_town.open(50).ref for _ in range(2)]
    listed = small_town.talent("list", "--where", "workflow=loan", "-o", "csv").out.splitlines()
    file = tmp_path / "list.csv"
    file.write_text("\n".join(listed), encoding="utf-8")
    told = small_town.talent("do", "refuse", "--from", str(file), "--reason", "No money left", "--dry-run")
    assert told.code == 0, told.err
    file.write_text(
        f"{listed[0]},colour\n" + "".join(f"{line},red\n" for line in listed[1:]), encoding="utf-8"
    )
    wrong = small_town.talent("do", "refuse", "--from", str(file), "--reason", "No money left")
    assert (wrong.code, wrong.err.count("'colour'")) == (9, 1)
    file.write_text(
        f"{listed[0]},note\n" + "".join(f"{line},Late\n" for line in listed[1:]), encoding="utf-8"
    )
    assert small_town.talent("do", "refuse", "--from", str(file)).code == 0
    assert small_town.talent("show", refs[0], "-o", "json").record["state"] == "refused"


def test_a_list_without_header_is_references(small_town):
    refs = [small_town.open().ref for _ in range(2)]
    told = small_town.talent("do", "review", "--from", "-", "-o", "json", given="\n".join(refs))
    assert [each["ref"] for each in told.items] == refs


def test_a_repeated_run_continues_where_it_broke_off(town):
    refs = [town.open().ref for _ in range(4)]
    town.talent("do", *refs[:2], "review", "--request-id", "run-7")
    told = town.talent("do", *refs, "review", "--request-id", "run-7", "-o", "json")
    assert told.code == 0
    assert [(each["ref"], each["ok"], each["version"]) for each in told.items] == [
        (ref, True, 2) for ref in refs
    ]


def test_a_thousand_cases_go_in_chunks_of_five_hundred(small_town, monkeypatch):
    sizes = []
    engine = small_town.workspace.engine
    fire_many = type(engine).fire_many

    def counted(self, tx, requests, **more):
        sizes.append(len(requests))
        return fire_many(self, tx, requests, **more)

    opening = Opening("bank.loan", subject=small_town.people["sam"], data={"amount": 20}, about="A boat")
    refs = []
    for _ in range(2):
        cases = small_town.workspace.run(
            small_town.acting("olga"), lambda tx: engine.open_many(tx, [opening] * 300)
        )
        refs += [each.ref for each in cases]
    monkeypatch.setattr(type(engine), "fire_many", counted)
    told = small_town.talent("do", "agree_terms", "--from", "-", given="\n".join(refs))
    assert told.code == 0
    assert "600 done, 0 refused" in told.err
    assert sizes == [500, 100]


@pytest.fixture
def terminal(monkeypatch):
    """Let commands believe that a person sits there."""
    monkeypatch.setattr(base.Desk, "interactive", property(lambda _desk: True))
    monkeypatch.setattr(output, "on_terminal", lambda: True)


def test_at_a_terminal_the_step_is_picked_from_a_list(small_town, terminal):
    ref = small_town.open().ref
    told = small_town.talent("do", ref, given="1\n")
    assert told.code == 0, told.err
    assert "  1  review\n  2  agree_terms\n  3  refuse" in told.err
    assert f"{ref}: review; asked → reviewing" in told.out


def test_at_a_terminal_missing_fields_are_asked_for(small_town, terminal):
    ref = small_town.open().ref
    told = small_town.talent("do", ref, "refuse", given="No boats\n")
    assert told.code == 0, told.err
    assert small_town.talent("log", ref, "-o", "json").items[-1]["reason"] == "No boats"


def test_at_a_terminal_a_slip_is_asked_again_before_anything_is_written(small_town, terminal):
    ref = small_town.open().ref
    before = small_town.contents()
    # months, starts_on (twice), kind, shares, witnesses, guarantor, insured, comment
    answers = "6\nsometime\n+1d\nlong\nCIT=4, TRU=3\nrita, rolf\n\nyes\n\n"
    dry = small_town.talent("do", ref, "agree_terms", "--dry-run", given=answers)
    assert dry.code == 0, dry.err
    assert "is not a day" in dry.err
    assert small_town.contents() == before
    small_town.talent("do", ref, "agree_terms", given=answers)
    form = small_town.talent("log", ref, "-o", "json").items[-1]["form"]
    assert (form["starts_on"], form["shares"], form["insured"]) == ("2026-01-06", {"CIT": 4, "TRU": 3}, True)
    assert form["witnesses"] == [small_town.people["rita"], small_town.people["rolf"]]


def test_going_away_from_the_terminal_writes_nothing(small_town, terminal):
    ref = small_town.open().ref
    before = small_town.contents()
    told = small_town.talent("do", ref, "refuse", given="")
    assert told.code == 130
    assert small_town.contents() == before


def test_what_was_shown_is_what_is_expected(small_town, terminal, monkeypatch):
    ref = small_town.open().ref
    engine, actor = small_town.workspace.engine, small_town.acting("rita")
    from talenthub.cli.do import steps as do_steps

    def answered(*_more: object, **_options: object) -> str:
        # Somebody else is faster while the question stands on the screen.
        small_town.workspace.run(actor, lambda tx: engine.fire(tx, ref, "agree_terms", {"months": 2}))
        return "No boats"

    monkeypatch.setattr(do_steps.click, "prompt", answered)
    told = small_town.talent("do", ref, "refuse")
    assert (told.code, "was changed meanwhile" in told.err) == (6, True)
