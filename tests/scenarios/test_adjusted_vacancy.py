"""A vacancy that an organisation made its own, from talenthub.toml to its log."""

from __future__ import annotations

import json

import pytest

from talenthub.testing import World

OPEN = (
    *("recruitment", "open", "case-officer", "--unit", "harbour", "--chair", "dario.conti"),
    *("--panel", "jonas.weber", "--panel", "kofi.mensah", "--panel", "ana.ribeiro"),
    *("--reason", "A colleague retires"),
)
OURS = """
[workflow."recruitment.requisition"]
title = "vacancy"

[workflow."recruitment.requisition".state.submitted]
title = "with the budget holder"
due = "10 working days"

[workflow."recruitment.requisition".transition.approve]
by = ["the manager of chair", "hr head", "hr partner"]

[[workflow."recruitment.requisition".transition.approve.guard]]
name = "step_noted"
step = "ask_works_council"
field = "minutes"

[[workflow."recruitment.requisition".transition.approve.guard]]
name = "days_in_state"
days = 2

[[workflow."recruitment.requisition".transition.approve.field]]
name = "cost_centre"
title = "Cost centre"
kind = "choice"
choices = ["4100", "4200"]
required = true
personal = false

[[workflow."recruitment.requisition".waiting]]
name = "works_council"
title = "with the works council"
before = "approve"
due = "5 working days"

[[workflow."recruitment.requisition".transition.ask_works_council.field]]
name = "minutes"
title = "Minutes of the meeting"
"""


@pytest.fixture
def harbour(make_world) -> World:
    world = make_world()
    adjust(world, OURS)
    return world


def adjust(world: World, text: str) -> None:
    file = world.folder / "talenthub.toml"
    plain = file.read_text().partition("\n# ours\n")[0]
    file.write_text(f"{plain}\n# ours\n{text}")


def line_of(world: World, text: str) -> str:
    lines = (world.folder / "talenthub.toml").read_text().splitlines()
    return f"talenthub.toml:{lines.index(text) + 1}"


def test_a_vacancy_goes_the_organisations_way(harbour: World) -> None:
    harbour.talent("config", "check", who="maria.costa")
    harbour.talent(*OPEN, who="maria.costa")
    assert "vacancy: with the budget holder since" in harbour.talent("show", "REQ-1", who="tomas.lind").out
    inbox = harbour.figures("inbox", who="tomas.lind")["items"]
    assert [(each["what"], each["due"]) for each in inbox] == [("Ask works council", "2026-01-19")]
    # The extra state comes first, and takes the extra field.
    early = harbour.talent("do", "REQ-1", "approve", "--set", "cost_centre=4200", who="tomas.lind", code=3)
    assert "does not start from «with the budget holder»" in early.err
    harbour.talent("do", "REQ-1", "ask_works_council", who="tomas.lind")
    missing = harbour.talent("do", "REQ-1", "approve", who="tomas.lind", code=2)
    assert "cost_centre: is needed" in missing.err
    wrong = harbour.talent("do", "REQ-1", "approve", "--set", "cost_centre=41", who="tomas.lind", code=2)
    assert "'4100' or '4200'" in wrong.err
    # The extra guards: both refuse, each with its reason.
    refused = harbour.talent("do", "REQ-1", "approve", "--set", "cost_centre=4200", who="tomas.lind", code=3)
    assert "✘ «minutes» was noted at «ask works council»" in refused.err
    assert "✘ 2 working days have passed in this state" in refused.err
    assert "that is on 2026-01-07" in refused.err
    harbour.talent("do", "REQ-1", "cancel", "--reason", "Begin anew", who="maria.costa")

    harbour.talent(*OPEN, who="maria.costa")
    harbour.talent("do", "REQ-2", "ask_works_council", "--set", "minutes=WC 2026/3", who="tomas.lind")
    harbour.talent("tick", "--to", "2026-01-07", who="maria.costa")
    harbour.talent("do", "REQ-2", "approve", "--set", "cost_centre=4200", who="tomas.lind")
    shown = harbour.talent("show", "REQ-2", who="maria.costa").out
    assert "Minutes of the meeting: WC 2026/3" in shown
    assert "Cost centre: 4200" in shown
    log = harbour.figures("log", "REQ-2", who="maria.costa")["items"]
    assert log[-1]["form"] == {"note": "", "cost_centre": "4200"}
    assert log[-1]["reason"] == "Cost centre: 4200"
    assert log[0]["target"] == "draft"
    assert [log[1][name] for name in ("target", "change")] == ["submitted", "draft → with the budget holder"]
    assert harbour.state("REQ-2") == "approved"


def test_open_cases_stay_as_they_began_when_the_file_changes(harbour: World) -> None:
    harbour.talent(*OPEN, who="maria.costa")
    adjust(harbour, "")
    harbour.talent(*OPEN, who="maria.costa")
    harbour.talent("do", "REQ-1", "approve", who="tomas.lind", code=3)
    harbour.talent("do", "REQ-2", "approve", who="tomas.lind")
    harbour.talent("do", "REQ-1", "ask_works_council", "--set", "minutes=WC 2026/3", who="tomas.lind")
    waiting = harbour.figures("list", "--where", "state=works_council", who="maria.costa")["items"]
    assert [each["ref"] for each in waiting] == ["REQ-1"]


def test_each_value_is_shown_with_its_place(harbour: World) -> None:
    rows = harbour.figures("workflow", "show", "requisition", "--origin", who="maria.costa")["items"]
    shown = {(each["setting"], each["value"]): each["origin"] for each in rows}
    assert shown["title", "vacancy"] == line_of(harbour, 'title = "vacancy"')
    assert shown["state.submitted.due", "10 working days"] == line_of(harbour, 'due = "10 working days"')
    assert shown["state.works_council.due", "5 working days"] == line_of(harbour, 'due = "5 working days"')
    assert shown["state.approved.due", "5 days"] == "plugin recruitment"
    assert shown["transition.reject.to", "rejected"] == "plugin recruitment"
    header = '[[workflow."recruitment.requisition".waiting]]'
    assert shown["transition.approve.from", "works_council"] == line_of(harbour, header)
    by = "the manager of chair or hr head or hr partner"
    assert shown["transition.approve.by", by] == line_of(harbour, f"by = {json.dumps(by.split(' or '))}")
    for setting, origin in (("guard", "2 working days have passed in this state"), ("field.note", "text")):
        place = shown[f"transition.approve.{setting}", origin]
        assert (
            place == "plugin recruitment" if setting == "field.note" else place.startswith("talenthub.toml")
        )
    people = harbour.talent("workflow", "show", "requisition", "-o", "table", who="maria.costa").out
    assert "adjusted here" in people
    assert "works_council" in people


def test_a_fault_is_told_wherever_one_looks_and_nothing_opens(harbour: World) -> None:
    adjust(harbour, OURS.replace('field = "minutes"', 'field = "minuts"'))
    place = line_of(harbour, 'field = "minuts"')
    for words, code in (
        (("config", "check"), 7),
        (("workflow", "check"), 8),
        (("doctor",), 7),
        (OPEN, 7),
    ):
        answer = harbour.ask(*words, who="maria.costa")
        assert answer.code == code, (words, answer)
        assert (answer.out + answer.err).count(place) == 1, (words, answer)
        assert "did you mean 'minutes'?" in " ".join((answer.out + answer.err).split())
    adjust(harbour, OURS)
    assert "1 workflow is adjusted" in " ".join(harbour.talent("doctor", who="maria.costa").out.split())


def test_a_setting_of_a_workflow_is_checked_before_it_is_written(harbour: World) -> None:
    file = harbour.folder / "talenthub.toml"
    before = file.read_text()
    setting = 'workflow."recruitment.requisition".state.{}.due'
    wrong = harbour.talent("config", "set", setting.format("aproved"), "3 days", who="maria.costa", code=7)
    assert "did you mean 'approved'?" in wrong.err
    assert file.read_text() == before
    harbour.talent("config", "set", setting.format("approved"), "3 days", who="maria.costa")
    shown = harbour.figures("workflow", "show", "requisition", "--origin", who="maria.costa")["items"]
    (due,) = (each for each in shown if each["setting"] == "state.approved.due")
    assert (due["value"], due["origin"]) == ("3 days", line_of(harbour, 'due = "3 days"'))


def test_the_guards_are_listed_with_what_they_take(harbour: World) -> None:
    rows = harbour.figures("workflow", "guards", who="maria.costa")["items"]
    takes = {each["guard"]: each["takes"] for each in rows}
    assert takes["days_in_state"] == ["days", "working (or true)"]
    assert set(takes) == {"days_in_state", "field_filled", "other_case", "step_by_holder", "step_noted"}
