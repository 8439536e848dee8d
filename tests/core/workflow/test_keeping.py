"""What no database can keep is refused before any guard sees it."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest
from pydantic import BaseModel, Field, ValidationError

from talenthub.errors import PluginError, Refused, UsageError
from talenthub.sdk import (
    AddParticipant,
    Carried,
    Exact,
    Figure,
    Form,
    Outcome,
    PersonNumber,
    State,
    Transition,
    UpdateData,
    Workflow,
    allow,
    effect,
    guard,
    holds,
)
from talenthub.workflow.keeping import unkept
from talenthub.workflow.tables import case_participant


class Parcel(Carried):
    label: str = ""
    sent_on: date | None = None
    packer: PersonNumber | None = None
    weight: Figure = "1"


class Told(Form):
    label: str = ""
    many: int = 0
    by_name: dict[str, int] = Field(default_factory=dict)
    sent_on: date | None = None
    helpers: tuple[PersonNumber, ...] = ()


@guard()
def sees_only_what_can_be_kept(context):
    assert not list(unkept(context.form.model_dump())), "the form came through"
    return allow("All is well")


@guard()
def divides(context):
    return allow(str(1 // context.form.many))


@effect()
def keep(context):
    yield UpdateData({"label": context.form.label})
    for person in context.form.helpers:
        yield AddParticipant("helper", person)


PARCEL = Workflow(
    name="trial.parcel",
    ref="PAR",
    version=1,
    data=Parcel,
    initial="open",
    open_by=holds("hr_officer"),
    viewers=holds("hr_officer"),
    participants=("helper",),
    states=[State("open"), State("done", outcome=Outcome.SUCCESS)],
    transitions=[
        Transition(
            "tell",
            "open",
            "open",
            by=holds("hr_officer"),
            form=Told,
            guards=[sees_only_what_can_be_kept],
            effects=[keep],
        ),
        Transition("divide", "open", "open", by=holds("hr_officer"), form=Told, guards=[divides]),
        Transition("finish", "open", "done", by=holds("hr_officer")),
    ],
)


@pytest.fixture
def house(build):
    made = build(workflows=(PARCEL,))
    with made.acting("olga") as tx:
        made.engine.open(tx, "trial.parcel")
    return made


def details_of(error: Refused) -> str:
    return " ".join(str(detail) for each in error.verdicts if not each.ok for detail in each.details)


WRONG = {
    "label: holds a character that no text can keep": [
        {"label": "half \ud83d of a face"},
        {"label": "nothing \x00 here"},
    ],
    "by_name: holds a character": [{"by_name": {"\udc00": 1}}],
    "many: must be a number of at most 18 digits": [{"many": 2**63}, {"many": -(2**63)}],
    "by_name.a: must be a number": [{"by_name": {"a": 10**30}}],
    "sent_on: must be a day from 1900-01-01 to 2199-12-31": [
        {"sent_on": "9999-12-31"},
        {"sent_on": "0001-01-01"},
    ],
    "there is no person of the number 999999": [{"helpers": [999999]}],
}


def test_a_form_that_cannot_be_kept_is_refused_in_words(house):
    for says, form in ((says, form) for says, forms in WRONG.items() for form in forms):
        with pytest.raises(Refused) as caught:
            house.fire("olga", "PAR-1", "tell", **form)
        assert says in details_of(caught.value), form


def test_what_can_be_kept_comes_through(house):
    sam = house.people["sam"]
    form = {"label": "Zoë 🙂", "many": 2**63 - 1, "sent_on": "2199-12-31", "helpers": [sam, sam]}
    house.fire("olga", "PAR-1", "tell", **form)
    with house.acting() as tx:
        joined = tx.rows(case_participant.select().where(case_participant.c.role == "helper"))
    assert [each.person_id for each in joined] == [sam]


UNFIT = [
    ({"label": "\ud800"}, "label: holds a character"),
    ({"sent_on": "9999-12-31"}, "sent_on: must be a day"),
    ({"packer": 999999}, "a case names a person that there is not"),
    ({"weight": "heavy"}, "weight: this is no figure such as 3, 2.7 or 7/3"),
]


def test_a_case_carries_nothing_that_cannot_be_kept(house):
    for data, says in UNFIT:
        with house.acting("olga") as tx, pytest.raises(UsageError) as caught:
            house.engine.open(tx, "trial.parcel", data=data)
        assert says in str(caught.value), data


def test_a_guard_that_raises_is_named_with_its_plugin_workflow_and_step(house):
    with pytest.raises(PluginError) as caught:
        house.fire("olga", "PAR-1", "divide")
    assert "the plugin trial failed in trial.parcel, guard divides of the step divide" in str(caught.value)
    assert caught.value.exit_code == 8
    with house.acting() as tx:
        assert house.engine.case(tx, "PAR-1").version == 1


def test_a_moment_is_too_far_by_its_day():
    assert not list(unkept({"at": datetime(2199, 12, 31, 23, 59)}))
    assert list(unkept({"at": [datetime(2200, 1, 1)]})) == [
        "at.0: must be a day from 1900-01-01 to 2199-12-31; found 2200-01-01 00:00:00"
    ]


class Numbers(BaseModel):
    typed: Exact = "0"
    kept: Figure = "0"


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("0.8", "4/5"),
        (" 20 ", "20"),
        (3, "3"),
        (0.25, "1/4"),
        ("-1.50", "-3/2"),
        ("4/10", "2/5"),
        (".5", "1/2"),
    ],
)
def test_a_typed_number_becomes_its_exact_text(typed, exact):
    found = Numbers(typed=typed).typed
    assert found == exact
    assert Numbers(kept=found).kept == str(Fraction(found))


@pytest.mark.parametrize(
    "text",
    ["", "a word", "nan", "inf", "1/0", "0/00", "1e400", "1e999999999", "1_000", "１", "9" * 31],
)
def test_what_is_no_number_is_refused_at_once(text):
    with pytest.raises(ValidationError, match="no number such as 20"):
        Numbers(typed=text)


@pytest.mark.parametrize(
    ("text", "likely"),
    [("0,8", "0.8"), (" -2,75", "-2.75"), ("0,125", "0.125"), ("1,000", None), ("1,2,3", None)],
)
def test_a_number_with_a_comma_is_answered_with_the_likely_one(text, likely):
    with pytest.raises(ValidationError) as caught:
        Numbers(typed=text)
    told = f"did you mean {likely}?" if likely else f"found {text.strip()!r}"
    assert caught.value.errors()[0]["msg"].endswith(told)
