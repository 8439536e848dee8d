"""Persons in what a case carries: numbers inside, names for readers."""

from __future__ import annotations

from pydantic import BaseModel

from talenthub.workflow.persons_in import PersonNumber, named, numbered, persons_in


class Note(BaseModel):
    by: PersonNumber
    points: int = 4


class Carried(BaseModel):
    buddy: PersonNumber | None = None
    agreed_by: tuple[PersonNumber, ...] = ()
    agenda: dict[PersonNumber, str] = {}
    notes: tuple[Note, ...] = ()


class Plain(BaseModel):
    buddy: int | None = None
    agreed_by: tuple[int, ...] = ()
    agenda: dict[int, str] = {}


DATA = Carried(buddy=1, agreed_by=(2, 3), agenda={4: "files"}, notes=(Note(by=5),))


def test_every_person_is_found_and_named_and_nothing_else() -> None:
    assert persons_in(DATA) == {1, 2, 3, 4, 5}
    assert named(DATA, lambda number: f"p{number}") == {
        "buddy": "p1",
        "agreed_by": ["p2", "p3"],
        "agenda": {"p4": "files"},
        "notes": [{"by": "p5", "points": 4}],
    }


def test_what_is_stored_stays_as_it_was() -> None:
    stored = DATA.model_dump(mode="json")
    assert stored["agreed_by"] == [2, 3]
    assert Carried.model_validate(stored) == DATA
    fields = Plain.model_json_schema()["properties"]
    assert {name: Carried.model_json_schema()["properties"][name] for name in fields} == fields


def test_a_parked_case_without_a_model_is_shown_as_it_is() -> None:
    assert named({"buddy": 1}, str) == {"buddy": 1}
    assert persons_in({"buddy": 1}) == set()
    assert persons_in(None) == set()


class Asked(BaseModel):
    raters: dict[str, tuple[PersonNumber, ...]] = {}
    groups: list[list[PersonNumber]] = []
    carried: Carried | None = None
    title: str = ""
    count: int = 0


def test_a_handle_becomes_a_number_however_deep_it_stands() -> None:
    known = {"ada": 1, "ben": 2, "cleo": 3}
    filled = {
        "raters": {"peers": ["ada", "ben"], "reports": [7]},
        "groups": [["ada"], ["ben", "cleo"]],
        "carried": {"buddy": "cleo", "agenda": {"ben": "files"}, "notes": [{"by": "ada", "points": 4}]},
        "title": "ada",
        "count": "many",
        "more": ["ben"],
    }
    assert numbered(Asked, filled, known.__getitem__) == {
        "raters": {"peers": [1, 2], "reports": [7]},
        "groups": [[1], [2, 3]],
        "carried": {"buddy": 3, "agenda": {2: "files"}, "notes": [{"by": 1, "points": 4}]},
        "title": "ada",
        "count": "many",
        "more": ["ben"],
    }
