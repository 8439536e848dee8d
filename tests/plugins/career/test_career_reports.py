"""What is shown of many: nothing of too few, the boxes and targets of enough."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from talenthub.sdk import workflow_case
from talenthub_career.drawing import nine_box, seeing, targets
from talenthub_career.reports import placements
from talenthub_career.reports import targets as target_rows
from talenthub_career.starting import start
from talenthub_career.telling import seeing_rows

EVEN = dict.fromkeys(("CIT", "TRU", "COM", "INI", "COL", "JDG", "DEL", "DEV"), "1/2")


def _copied(house: Any, first: int, people: list[str]) -> None:
    """Let colleagues have Amara's plan as theirs: its row, copied."""
    row = house.run(
        lambda tx: tx.rows(select(workflow_case).where(workflow_case.c.ref == "PLN-1"), {})[0]._mapping
    )
    kept = {name: value for name, value in row.items() if name != "id"}
    numbers = [house.number(each) for each in people]
    copies = [kept | {"ref": f"PLN-{first + at}", "subject_id": who} for at, who in enumerate(numbers)]
    house.run(lambda tx: tx.write(insert(workflow_case), copies))


def test_targets_are_counted_from_five_plans_on(quick_house: Any) -> None:
    house = quick_house
    house.running()
    engine = house.workspace.engine
    _copied(house, 90, house.colleagues[:3])
    assert house.run(lambda tx: target_rows(engine, tx), "noor.haddad") == []
    _copied(house, 99, house.colleagues[3:4])
    [row] = house.run(lambda tx: target_rows(engine, tx), "noor.haddad")
    assert (row["competency"], row["targets"], row["so_far"], len(row["rows"])) == ("COM", 5, 1.0, 5)
    assert "COM: 5" in targets([row]).svg()


def test_boxes_of_nobody_are_blank_and_still_say_their_strategy(quick_house: Any) -> None:
    house = quick_house
    rows = house.run(lambda tx: placements(house.workspace.engine, tx), "noor.haddad")
    assert [each["people"] for each in rows] == [None] * 9
    drawn = nine_box("Placements", rows).svg()
    assert "Accelerate" in drawn
    assert "Stabilise" in drawn


def test_what_seeing_it_shows_is_drawn_with_what_is_chosen(quick_house: Any) -> None:
    house = quick_house
    ref = house.start()
    house.see(ref, EVEN, EVEN)
    house.agree(ref, "COM")
    drawn = seeing("Amara", seeing_rows(house.case(ref).data), Decimal("0.6")).svg()
    assert "COM" in drawn
    assert "chosen" in drawn
    assert "<script" not in drawn


def test_a_plan_against_an_unknown_person_is_unknown_and_not_zero(quick_house: Any) -> None:
    house = quick_house
    who = house.colleagues[0]
    ref = house.run(lambda tx: start(house.workspace.engine, tx, who).ref, "manager")
    form = {"challenge": EVEN, "near": EVEN, "challenge_why": "letters", "near_why": "a team"}
    house.fire("manager", ref, "see", form)
    rows = seeing_rows(house.case(ref).data)
    assert {(each["need"], each["priority"], each["says"]) for each in rows} == {
        (None, None, "nothing is known")
    }
    house.refused("among the first", "manager", ref, "choose", {
        "targets": [{"competency": "COM", "why": "now", "sign": "less asked"}],
    })  # fmt: skip
