"""Every slip of the pen is answered in a line, and the database stays as it was."""

from __future__ import annotations

import pytest

# (words, exit code, parts of the answer); {ref} is a loan that was just asked for.
MISTAKES = [
    (("show", "LOAN-99"), 4, ("no such case", "'LOAN-99'")),
    (("show", "olgaa"), 4, ("no such record", "did you mean 'olga'?")),
    (("show", "LOAN1"), 4, ("did you mean 'LOAN-1'?",)),
    (("show", "quai", "--kind", "unit"), 4, ("no such unit", "did you mean 'quay'?")),
    (("show", "quay", "--kind", "unti"), 2, ("unknown kind 'unti'", "did you mean 'unit'?")),
    (("show", "sam", "--kind", "case"), 2, ("no reference to a case", "APP-12")),
    (("why", "LOAN-99"), 4, ("no such case",)),
    (("why", "{ref}", "reveiw"), 2, ("STEP: unknown step", "found 'reveiw'", "did you mean 'review'?")),
    (("why", "loan", "review"), 2, ("no reference to a case",)),
    (("do", "LOAN-99", "review"), 4, ("no such case",)),
    (("do", "LOAN 1", "review"), 2, ("no reference to a case", "did you mean 'LOAN-1'?")),
    (("do", "{ref}", "reveiw"), 2, ("STEP: unknown step", "allowed: ", "did you mean 'review'?")),
    (("do", "{ref}"), 2, ("STEP: name the step", "allowed: review, agree_terms, refuse")),
    (("do",), 2, ("REF: name at least one case",)),
    (("do", "review"), 2, ("no reference to a case", "found 'review'")),
    (("do", "{ref}", "grant"), 3, ("does not start from «asked»", "allowed: review, agree_terms, refuse")),
    (("do", "{ref}", "collect"), 3, ("«collect»",)),
    (("do", "{ref}", "refuse"), 2, ("note: is needed",)),
    (("do", "{ref}", "refuse", "--set", "note=x"), 2, ("note: must be written out: at least 3",)),
    (
        ("do", "{ref}", "refuse", "--set", "nota=xyz"),
        2,
        ("--set: there is no such field", "did you mean 'note'?"),
    ),
    (("do", "{ref}", "refuse", "--set", "note"), 2, ("--set: a field needs a value", "FIELD=VALUE")),
    (("do", "{ref}", "refuse", "--set", "note=abc", "--set", "note=abd"), 2, ("given twice",)),
    (("do", "{ref}", "review", "--set", "note=abc"), 2, ("takes no fields",)),
    (("do", "{ref}", "review", "--reason", "because"), 2, ("--reason", "takes no fields")),
    (("do", "{ref}", "agree_terms", "--reason", "because"), 2, ("--reason: there is no such field",)),
    (("do", "{ref}", "agree_terms", "--set", "months=six"), 2, ("months: must be a whole number", "'six'")),
    (("do", "{ref}", "agree_terms", "--set", "months=61"), 2, ("months: must be at most 60", "61")),
    (("do", "{ref}", "agree_terms", "--set", "kind=shrt"), 2, ("kind: found 'shrt'", "'short' or 'long'")),
    (("do", "{ref}", "agree_terms", "--set", "starts_on=2026-02-30"), 2, ("not in the calendar", "+3d")),
    (("do", "{ref}", "agree_terms", "--set", "starts_on=31/12"), 2, ("is not a day",)),
    (
        ("do", "{ref}", "agree_terms", "--set", "guarantor=noraa"),
        4,
        ("unknown person", "did you mean 'nora'?"),
    ),
    (("do", "{ref}", "agree_terms", "--set", "witnesses=rita,rolfe"), 4, ("unknown person", "'rolf'")),
    (("do", "{ref}", "agree_terms", "--set", "insured=maybe"), 2, ("insured: must be yes or no",)),
    (("do", "{ref}", "agree_terms", "--set", "CIT=four"), 2, ("shares.CIT: must be a whole number",)),
    (("do", "{ref}", "agree_terms", "--form", "no-such.json"), 9, ("no such file", "no-such.json")),
    (("do", "review", "--from", "no-such.csv"), 9, ("no such file", "no-such.csv")),
    (("do", "{ref}", "{ref}", "review"), 2, ("named twice",)),
    (("do", "{ref}", "LOAN-9x", "review"), 2, ("no reference to a case", "'LOAN-9x'")),
    (("log", "LOAN-99"), 4, ("no such case",)),
    (("log", "--by", "olgga"), 4, ("unknown person", "did you mean 'olga'?")),
    (("log", "--by", "olga,rita"), 4, ("unknown person", "name one person each")),
    (("log", "--since", "05.02.2026"), 2, ("is not a day", "did you mean '2026-02-05'?")),
    (
        ("list", "--where", "state=asked;is=open"),
        2,
        ("blanks between them, not ';'", "did you mean 'state=asked is=open'?"),
    ),
    (("log", "--since", "yesterdy"), 2, ("is not a day", "did you mean 'yesterday'?")),
    (("log", "--limit", "0"), 2, ("--limit",)),
    (("search", " "), 2, ("empty",)),
    (("log", "--sinse", "today"), 2, ("No such option", "For example: talent log")),
    (("inbox", "--fields", "reff"), 2, ("unknown field", "did you mean 'ref'?")),
    (("inbox", "-o", "jsn"), 2, ("unknown format", "did you mean 'json'?")),
    (("inbx",), 2, ("Did you mean 'inbox'?",)),
    (("tick", "--to", "someday"), 2, ("is not a day",)),
    (("tick", "--to", "2025-12-31"), 3, ("never goes back", "2026-01-05 or later")),
    (("workflow", "graph", "bank.lone"), 4, ("unknown workflow", "did you mean 'bank.loan'?")),
    (("workflow", "check", "bnak"), 4, ("unknown workflow or plugin", "did you mean 'bank'?")),
]


@pytest.mark.parametrize(("words", "code", "parts"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_answered_in_one_line(small_town, words, code, parts):
    ref = small_town.open().ref
    before = small_town.contents()
    told = small_town.talent(*(word.format(ref=ref) for word in words))
    assert told.code == code, told.err
    assert told.out == ""
    for part in parts:
        assert part in told.err
    assert "Traceback" not in told.err
    if code != 3 and not told.err.startswith("Usage:"):
        assert told.err.count("\n") == 1
    assert small_town.contents() == before


def test_who_has_no_part_is_told_that_there_is_nothing(small_town):
    ref = small_town.open().ref
    there = [small_town.talent(*words, as_="nora") for words in _on(ref)]
    absent = [small_town.talent(*words, as_="nora") for words in _on("LOAN-77")]
    assert [(each.code, each.out, each.err.replace(ref, "LOAN-77")) for each in there] == [
        (each.code, each.out, each.err) for each in absent
    ]
    assert {each.code for each in there} == {4}


def _on(ref: str) -> list[tuple[str, ...]]:
    return [("show", ref), ("why", ref), ("log", ref), ("do", ref, "review"), ("do", ref)]


def test_rights_alone_are_another_exit_code(small_town):
    ref = small_town.open().ref
    told = small_town.talent("do", ref, "review", as_="hedda")
    assert (told.code, "Only hr officer may do this" in told.err) == (5, True)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ("no JSON",)),
        ('{"months": 3,}', ("no JSON", ":1:")),
        ("[1]", ("a form is a JSON object",)),
        ('{"months": 1, "months": 2}', ("'months' stands there twice",)),
        ('{"months": NaN}', ("NaN is no number",)),
        ("[" * 100_000, ("nested too deeply",)),
    ],
)
def test_a_bad_form_file_is_told_with_its_place(small_town, text, parts):
    ref = small_town.open().ref
    before = small_town.contents()
    told = small_town.talent("do", ref, "agree_terms", "--form", "-", given=text)
    assert told.code == 9
    for part in parts:
        assert part in told.err
    assert small_town.contents() == before


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (b"", ("names no case",)),
        (b"ref\n", ("a header and nothing below",)),
        (b"reff,months\nLOAN-1,3\n", ("no column ref", "did you mean 'ref'?")),
        (b"ref,months\nLOAN-1\nLOAN-1,3,4\n", (":2: the line has 1 fields", ":3: the line has 3")),
        (b"ref\nLOAN1\nnobody\n", (":2: this is no reference", "'LOAN-1'", ":3: this is no reference")),
        (b"ref\nLOAN-1\nloan-1\n", (":3: LOAN-1 stands on line 2 already",)),
        (b"ref,monhts\nLOAN-1,3\n", (":2: there is no such field", "did you mean 'months'?")),
        (b"ref,guarantor\nLOAN-1,norra\n", (":2 guarantor: unknown person", "did you mean 'nora'?")),
        (b"ref,months\nLOAN-1,99\n", (":2: months: must be at most 60",)),
        (b"ref,ref\nLOAN-1,LOAN-1\n", ("a column stands there twice",)),
        (b"ref\nLOAN-1\xff\n", (":2: the file is not UTF-8",)),
        (b"ref\nLOAN-1\0\n", (":2: the file holds a zero byte",)),
        (b'ref,comment\nLOAN-1,"never closed\n', (":2: a quote is open",)),
    ],
)
def test_a_bad_list_is_told_with_its_lines_and_nothing_is_done(small_town, text, parts):
    small_town.open()
    before = small_town.contents()
    told = small_town.talent("do", "agree_terms", "--from", "-", given=text)
    assert told.code == 9, told.err
    for part in parts:
        assert part in told.err
    assert small_town.contents() == before


def test_a_broken_workflow_turns_its_plugin_off_by_name(small_town, monkeypatch):
    import dataclasses

    import bank_workflows

    ref = small_town.open().ref
    broken = dataclasses.replace(bank_workflows.loan, initial="askd")
    monkeypatch.setattr(bank_workflows, "loan", broken)
    told = small_town.talent("workflow", "check")
    assert told.code == 8
    assert "unknown initial state; found 'askd'" in told.out
    assert "did you mean 'asked'?" in told.out
    shown = small_town.talent("show", ref, as_="hedda")
    assert shown.code == 0
    assert "plugin bank (talent-bank 1.0) is broken" in shown.err
    assert "No step can be taken now: the case is parked" in shown.out
    assert small_town.talent("show", ref).code == 4
    assert small_town.talent("do", ref, "review", as_="hedda").code == 8
