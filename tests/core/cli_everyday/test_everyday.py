"""The everyday commands on a loan: inbox, show, do, why, log, search, tick."""

from __future__ import annotations

import json

from sqlalchemy import event


def test_a_case_is_taken_from_the_inbox_to_its_end(town):
    ref = town.open().ref
    first = town.talent("inbox", "-o", "json").items
    assert [(each["ref"], each["group"], each["due"]) for each in first] == [(ref, "mine", "2026-01-10")]
    done = town.talent("do", ref, "review", "-o", "json").items
    assert done[0]["target"] == "reviewing"
    assert len(done[0]["opened"]) == 2
    reviews = {
        name: town.talent("inbox", "-o", "json", as_=name).items[0]["ref"] for name in ("rita", "rolf")
    }
    for name, review in reviews.items():
        assert town.talent("do", review, "mark", "--set", "mark=4", as_=name).code == 0
    assert town.talent("show", ref, "-o", "json").record["state"] == "reviewed"
    assert town.talent("do", ref, "note", "--set", "note=All fine", as_="olga").code == 0
    assert town.talent("do", ref, "grant", as_="olga").code == 3
    told = town.talent("do", ref, "grant", as_="hedda")
    assert (told.code, told.out) == (0, f"{ref}: grant; reviewed → granted\n")
    shown = town.talent("show", ref, "-o", "json", as_="hedda").record
    assert (shown["outcome"], shown["data"]["note"], shown["possible"]) == ("success", "All fine", [])


def test_the_inbox_reads_well_at_eighty_columns(small_town):
    ref = small_town.open().ref
    small_town.talent("tick", "--to", "2026-01-12")
    told = small_town.talent("inbox", "-o", "table")
    lines = told.out.splitlines()
    assert lines[0] == "1 task for Olga · 1 overdue"
    assert lines[1:3] == ["", "bank loan · 1"]
    assert lines[3].split() == ["Ref", "Due", "What", "About"]
    assert "overdue 2d" in lines[4]
    assert "Sam → A boat" in lines[4]
    assert all(len(line) <= 80 for line in lines)
    assert f"Next: talent do {ref} · Details: talent show {ref}" in told.err
    assert small_town.talent("inbox", "-o", "table", as_="nora").out == "No tasks for Nora\n"


def test_the_limit_of_the_inbox_is_said(small_town):
    for _ in range(3):
        small_town.open()
    assert small_town.talent("inbox", "--limit", "2", "-o", "table").out.startswith(
        "The next 2 tasks for Olga"
    )
    assert len(small_town.talent("inbox", "--limit", "2", "-o", "json").items) == 2


def test_what_i_wait_for_is_there_with_all_only(town):
    ref = town.open().ref
    town.talent("do", ref, "review")
    assert town.talent("inbox", "-o", "json").items == []
    others = town.talent("inbox", "--all", "-o", "json").items
    waiting = {(each["ref"], each["with"]) for each in others if each["group"] == "others"}
    assert (ref, "hr head") in waiting
    # The subject learns that the case is under way, not who sits over it.
    told = town.talent("inbox", "--all", "-o", "json", as_="sam").items
    assert {(each["ref"], each["what"], each["with"]) for each in told} == {(ref, "reviewing", None)}


def test_statements_of_the_inbox_do_not_grow_with_tasks(small_town):
    def count() -> int:
        seen = []
        from sqlalchemy.engine import Engine

        def note(*_more: object) -> None:
            seen.append(1)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            small_town.talent("inbox", "--all", "-o", "json")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(seen)

    small_town.open()
    few = count()
    for _ in range(20):
        small_town.open()
    assert count() == few


def test_why_tells_every_condition_with_its_mend(small_town):
    ref = small_town.open(amount=5).ref
    told = small_town.talent("why", ref, "review")
    assert told.code == 0
    assert told.out.splitlines() == [
        f"{ref} Sam → A boat   now: asked",
        "review is not possible yet: 1 of 2 conditions is open",
        "  ✘ The amount is at least 10",
        "      it is 5",
        "    → ask for more",
        "  ✔ You may do this (hr officer)",
        "Possible now: agree_terms, refuse",
    ]
    rows = small_town.talent("why", ref, "review", "-o", "json").items
    assert [(each["kind"], each["ok"]) for each in rows] == [("rights", True), ("guard", False)]
    elsewhere = small_town.talent("why", ref, "grant")
    assert "does not start from «asked»; it starts from: reviewed" in elsewhere.out


def test_why_tells_of_a_step_of_the_system_that_it_happens_by_itself(small_town):
    ref = small_town.open().ref
    small_town.talent("do", ref, "review")
    told = small_town.talent("why", ref, "collect", as_="hedda").out
    assert "collect happens by itself: its conditions are not all met" in told
    assert "✘ Every reviewer has marked" in told
    assert "Only the system" not in told


def test_show_tells_the_reader_as_much_as_is_theirs(small_town):
    ref = small_town.open().ref
    small_town.talent("do", ref, "review")
    officer = small_town.talent("show", ref).out
    for part in (
        "loan: reviewing since 2026-01-05",
        "reviewer: Rita (rita), Rolf (rolf)",
        "amount: 50",
        "REV-1  open  Rita",
    ):
        assert part in officer
    subject = small_town.talent("show", ref, as_="sam").out
    assert "What it carries is not yours to see now." in subject
    assert "Rita" not in subject
    assert "amount" not in subject
    rolf = small_town.talent("show", ref, as_="rolf").out
    assert "REV-2" in rolf
    assert "REV-1" not in rolf


def test_log_tells_who_what_when_and_why(small_town):
    ref = small_town.open().ref
    small_town.talent("do", ref, "refuse", "--reason", "Too early")
    rows = small_town.talent("log", ref, "-o", "json").items
    assert [(each["actor"], each["what"], each["reason"]) for each in rows] == [
        ("olga", "opened: open", None),
        ("olga", "refuse", "Too early"),
    ]
    # The subject sees that it was refused, neither by whom nor the words.
    seen = small_town.talent("log", ref, "-o", "json", as_="sam").items
    assert [(each["actor"], each["target"], each["reason"], each["form"]) for each in seen] == [
        (None, "asked", None, None),
        (None, "refused", None, None),
    ]
    assert small_town.talent("log", "-o", "json", as_="nora").items == []
    assert len(small_town.talent("log", "--by", "olga", "-o", "json").items) == 2
    assert small_town.talent("log", "--since", "tomorrow", "-o", "json").items == []
    assert len(small_town.talent("log", "--limit", "1", "-o", "json").items) == 1


def test_search_finds_only_what_the_reader_may_see(town):
    ref = town.open().ref
    assert {each["ref"] for each in town.talent("search", "boat", "-o", "json").items} == {ref}
    assert {each["kind"] for each in town.talent("search", "sam", "-o", "json").items} == {"case", "person"}
    assert {each["ref"] for each in town.talent("search", "CLERK", "-o", "json").items} == {"quay-clerk"}
    assert town.talent("search", "boat", "-o", "json", as_="nora").items == []
    hidden = town.talent("search", "carl", "-o", "json", as_="nora")
    absent = town.talent("search", "nobody", "-o", "json", as_="nora")
    assert (hidden.code, hidden.out, hidden.err) == (absent.code, absent.out, absent.err)
    assert town.talent("search", "carl", "-o", "json").items[0]["ref"] == "carl.hidden"
    assert town.talent("search", "100%", "-o", "json").items == []


def test_show_guesses_the_kind_of_record(small_town):
    assert small_town.talent("show", "sam", "-o", "json").record["record"] == "person"
    assert small_town.talent("show", "quay", "-o", "json").record["name"] == "The quay"
    assert small_town.talent("show", "quay-clerk", "-o", "json").record["holder"] is None
    hidden = small_town.talent("show", "carl.hidden", as_="nora")
    absent = small_town.talent("show", "carl.absent", as_="nora")
    assert hidden.code == absent.code == 4
    assert hidden.err.replace("hidden", "absent") == absent.err


def test_a_code_of_several_records_is_asked_about(small_town):
    from sqlalchemy import insert

    from talenthub.people.tables import unit
    from talenthub.storage.transaction import SYSTEM

    small_town.workspace.run(
        SYSTEM, lambda tx: tx.write(insert(unit).values(code="quay-clerk", name="Clerks"))
    )
    told = small_town.talent("show", "quay-clerk")
    assert told.code == 2
    assert "several records" in told.err
    assert "unit, post" in told.err
    assert small_town.talent("show", "quay-clerk", "--kind", "unit", "-o", "json").record["name"] == "Clerks"


def test_tick_lets_time_pass_in_a_demo(town):
    refs = [town.open().ref for _ in range(2)]
    told = town.talent("tick", "--to", "2026-02-20", "-o", "json", as_=None)
    assert told.code == 0
    assert [(each["ref"], each["what"]) for each in told.items] == [
        *((ref, "reminded") for ref in refs),
        *((ref, "fired expire") for ref in refs),
    ]
    shown = town.talent("log", refs[0], "-o", "json").items
    assert [each["at"][:10] for each in shown] == ["2026-01-05", "2026-01-12", "2026-02-04"]
    back = town.talent("tick", "--to", "2026-01-06")
    assert (back.code, "never goes back" in back.err) == (3, True)


def test_tick_shows_an_actor_only_what_is_in_sight(small_town):
    small_town.open()
    assert small_town.talent("tick", "--to", "+10d", "-o", "json", as_="nora").items == []


def test_a_dry_run_of_tick_tells_the_same_and_writes_nothing(small_town):
    small_town.open()
    before = small_town.contents()
    dry = small_town.talent("tick", "--to", "2026-02-20", "--dry-run", "-o", "json")
    assert small_town.contents() == before
    assert dry.items == small_town.talent("tick", "--to", "2026-02-20", "-o", "json").items


def test_a_dry_run_of_do_tells_the_same_and_writes_nothing(town):
    ref = town.open().ref
    before = town.contents()
    dry = town.talent("do", ref, "review", "--dry-run", "-o", "json").items
    assert town.contents() == before
    assert dry == town.talent("do", ref, "review", "-o", "json").items


def test_a_repeated_request_gets_the_first_answer(town):
    ref = town.open().ref
    words = ("do", ref, "agree_terms", "--set", "months=6", "--request-id", "once", "-o", "json")
    first = town.talent(*words)
    assert town.talent(*words).out == first.out
    assert len(town.talent("log", ref, "-o", "json").items) == 2
    other = town.talent(*words[:4], "months=7", *words[5:])
    assert (other.code, "used for something else" in other.err) == (2, True)


def test_values_are_read_by_the_type_of_their_field(small_town):
    ref = small_town.open().ref
    given = ("months=24", "starts_on=+3d", "kind=long", "CIT=4", "shares.TRU=3", "witnesses=rita,rolf")
    given += ("guarantor=nora", "insured=yes", "comment=1,2 and a=b")
    told = small_town.talent("do", ref, "agree_terms", *(word for each in given for word in ("--set", each)))
    assert told.code == 0, told.err
    form = small_town.talent("log", ref, "-o", "json").items[-1]["form"]
    people = small_town.people
    assert form == {
        "months": 24,
        "starts_on": "2026-01-08",
        "kind": "long",
        "shares": {"CIT": 4, "TRU": 3},
        "witnesses": [people["rita"], people["rolf"]],
        "guarantor": people["nora"],
        "insured": True,
        "comment": "1,2 and a=b",
    }


def test_a_form_comes_from_a_file_or_standard_input(small_town, tmp_path):
    ref = small_town.open().ref
    file = tmp_path / "form.json"
    file.write_text(json.dumps({"months": 3}))
    assert small_town.talent("do", ref, "agree_terms", "--form", str(file), "--set", "A=1").code == 0
    assert small_town.talent("do", ref, "agree_terms", "--form", "-", given='{"months": 4}').code == 0
    assert [each["form"]["months"] for each in small_town.talent("log", ref, "-o", "json").items[1:]] == [
        3,
        4,
    ]


def test_workflows_are_listed_drawn_and_checked(small_town):
    small_town.open()
    rows = small_town.talent("workflow", "list", "-o", "json").items
    assert [(each["name"], each["ref"], each["open_cases"]) for each in rows] == [
        ("bank.loan", "LOAN", 1),
        ("bank.review", "REV", 0),
    ]
    assert small_town.talent("workflow", "list", "-o", "json", as_="nora").items[0]["open_cases"] == 0
    graph = small_town.talent("workflow", "graph", "loan").out
    assert "asked --> reviewing : review (hr officer)<br/>if worth it" in graph
    assert "after 30 days: fires expire" in graph
    checked = small_town.talent("workflow", "check")
    assert (checked.code, "problems: 0" in checked.err) == (0, True)
    assert "declared_at" in small_town.talent("workflow", "show", "bank.loan", "-o", "json").out
