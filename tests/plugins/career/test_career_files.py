"""Files of many: read whole, or refused with all their faults at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import TalentError
from talenthub_career.files import read_contexts, read_entries, read_persons, read_ratings

ITEMS = ("curiosity", "feedback")


def written(folder: Path, text: str) -> Path:
    file = folder / "given.csv"
    file.write_text(text, "utf-8")
    return file


def faults(error: pytest.ExceptionInfo[TalentError]) -> list[str]:
    return [str(each) for each in error.value.problems]


def test_contexts_are_gathered_by_plan(tmp_path: Path) -> None:
    text = "plan,competency,challenge,near,reason\namara.okoye,com,1.0,.9,letters\namara.okoye,DEV,.1,1,\n"
    found = read_contexts(written(tmp_path, text))
    assert found == {
        "amara.okoye": {
            "challenge": {"COM": "1.0", "DEV": ".1"},
            "near": {"COM": ".9", "DEV": "1"},
            "reasons": {"COM": "letters"},
        }
    }
    with pytest.raises(TalentError) as refused:
        read_contexts(written(tmp_path, text + "amara.okoye,COM,.2,.2,\namara.okoye,DEV,.2,.2,\n"))
    assert len(faults(refused)) == 2
    assert "given.csv:4" in faults(refused)[0]


def test_entries_come_in_the_order_of_their_days(tmp_path: Path) -> None:
    text = (
        "plan,on,action,reflection,confidence,done\n"
        "PLN-1,2027-04-19,clinic,questions,4,COM-F1 COM-P2\n"
        "PLN-1,2027-03-29,letters,the end first,,\n"
    )
    found = read_entries(written(tmp_path, text))
    assert [each.form["on"] for each in found] == ["2027-03-29", "2027-04-19"]
    assert found[1].form["done"] == ["COM-F1", "COM-P2"]
    assert "confidence" not in found[0].form
    with pytest.raises(TalentError) as refused:
        read_entries(written(tmp_path, text.replace(",4,", ",11,").replace("2027-03-29", "29.3.")))
    assert len(faults(refused)) == 2


def test_ratings_of_one_case_are_one_entry(tmp_path: Path) -> None:
    text = "case,competency,rating,note,rated_on\nRTG-1,com,4,,2027-09-10\nRTG-1,DEV,2,seldom,\n"
    [entry] = read_ratings(written(tmp_path, text), ITEMS)
    assert entry.form == {
        "ratings": {"COM": 4, "DEV": 2},
        "notes": {"DEV": "seldom"},
        "rated_on": "2027-09-10",
    }
    with pytest.raises(TalentError):
        read_ratings(written(tmp_path, text + "rtg-1,COM,5,,\n"), ITEMS)


def test_agility_and_results_come_in_the_same_file(tmp_path: Path) -> None:
    head = "case,competency,rating,agility,results\n"
    text = head + 'ASM-1,COM,4,"3,4",3:0.8 4:0.2\nASM-1,DEV,3,,\nASM-2,,,curiosity=2 ,\n'
    first, second = read_ratings(written(tmp_path, text), ITEMS)
    assert first.form == {
        "ratings": {"COM": 4, "DEV": 3},
        "notes": {},
        "agility": {"curiosity": 3, "feedback": 4},
        "results": [["3", "0.8"], ["4", "0.2"]],
    }
    assert second.form == {"ratings": {}, "notes": {}, "agility": {"curiosity": 2}}
    wrong = head + 'ASM-1,,,"3,x",3\nASM-2,,,,\nASM-3,COM,,,\nASM-4,,,"1,2",\nasm-4,,,"1,2",\n'
    with pytest.raises(TalentError) as refused:
        read_ratings(written(tmp_path, wrong), ITEMS)
    told = faults(refused)
    assert len(told) == 5
    assert "given.csv:2" in told[0]
    assert "curiosity" in told[0]


def test_persons_keep_only_what_is_said(tmp_path: Path) -> None:
    text = "person,review,raters,next_role\namara.okoye,REV-1,,\njonas.weber,,dario.conti tomas.lind,\n"
    assert read_persons(written(tmp_path, text)) == [
        {"person": "amara.okoye", "review": "REV-1"},
        {"person": "jonas.weber", "raters": "dario.conti tomas.lind"},
    ]


def test_the_same_people_again_get_no_second_plan_and_are_told_of_the_first(
    world_templates: Any, tmp_path: Path
) -> None:
    world = world_templates.copy("sqlite", tmp_path / "world")
    people = ("jonas.weber", "kofi.mensah")
    world.talent("career", "start", *people, who="grace.lindqvist")
    again = world.talent("career", "start", *people, "-o", "json", who="grace.lindqvist", code=3)
    rows = json.loads(again.out)["items"]
    assert [row["person"] for row in rows] == list(people)
    assert all("is open already" in row["why_not"][0] for row in rows)
