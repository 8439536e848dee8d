"""What changed between two declarations, and what is no new version."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import BaseModel, Field

from talenthub.sdk import Outcome, State, Task, Timer, Transition, days, holds, working_days
from talenthub.workflow.declaration import declaration_of, read_declaration
from talenthub.workflow.versions.declared_changes import changes, only_adds_optional_fields


class Before(BaseModel, extra="forbid", frozen=True):
    note: str = Field(min_length=3)


class Part(BaseModel, extra="forbid", frozen=True):
    name: str


class OptionalMore(Before):
    ticket: int | None = None
    parts: tuple[Part, ...] = ()


class NeededMore(Before):
    ticket: int


class Stricter(BaseModel, extra="forbid", frozen=True):
    note: str = Field(min_length=9)


def declared(workflow):
    """Return a declaration as it is stored."""
    return read_declaration(declaration_of(workflow))


@pytest.fixture
def plain(loan):
    """Return the loan with a form of its own on every step that has one."""
    edges = [replace(each, form=Before) if each.form is not None else each for each in loan.transitions]
    return replace(loan, transitions=edges)


def with_form(workflow, form):
    """Return the workflow with another form on its refusal."""
    edges = [replace(each, form=form) if each.name == "refuse" else each for each in workflow.transitions]
    return replace(workflow, transitions=edges)


def said(before, after):
    """Return the differences as (part, name, what, change)."""
    found = changes(declared(before), declared(after))
    return [(each.part, each.name, each.what, each.change) for each in found]


def test_what_is_the_same_has_no_differences(plain):
    assert said(plain, replace(plain, version=2)) == []


def test_each_part_is_told_with_what_was_and_what_is(plain):
    states = [
        State(
            "asked",
            due=working_days(3),
            timers=(Timer("late", days(9)),),
            tasks=(Task("Look", holds("hr_head")),),
        ),
        *plain.states[1:-1],
        State("lapsed", outcome=Outcome.NEUTRAL),
    ]
    edges = [
        replace(each, by=holds("hr_head"), four_eyes=()) if each.name == "grant" else each
        for each in plain.transitions
        if each.name not in ("expire", "note")
    ]
    edges.append(Transition("lapse", "asked", "lapsed", by=holds("hr_officer")))
    found = said(plain, replace(with_form(plain, Stricter), states=states, transitions=edges, title="Credit"))
    assert set(found) == {
        ("workflow", "trial.loan", "title", "changed"),
        ("state", "asked", "due", "changed"),
        ("timer", "asked.late", "after", "changed"),
        ("timer", "asked.lapse", "", "gone"),
        ("task", "asked.asked", "", "new"),
        ("task", "asked.derived", "", "gone"),
        ("state", "lapsed", "", "new"),
        ("state", "expired", "", "gone"),
        ("transition", "grant", "who", "changed"),
        ("transition", "grant", "four eyes", "changed"),
        ("transition", "lapse", "", "new"),
        ("transition", "expire", "", "gone"),
        ("transition", "note", "", "gone"),
    }
    (form,) = changes(declared(plain), declared(with_form(plain, Stricter)))
    assert (form.part, form.name, form.before["minLength"], form.after["minLength"]) == (
        "form",
        "refuse.note",
        3,
        9,
    )


@pytest.mark.parametrize(
    ("form", "is_same_version"),
    [(Before, True), (OptionalMore, True), (NeededMore, False), (Stricter, False), (None, False)],
)
def test_only_optional_fields_are_no_new_version(plain, form, is_same_version):
    assert only_adds_optional_fields(declared(plain), declared(with_form(plain, form))) is is_same_version


def test_an_optional_field_that_goes_is_a_new_version(plain):
    assert not only_adds_optional_fields(declared(with_form(plain, OptionalMore)), declared(plain))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Credit"},
        {"viewers": holds("hr_head")},
        {"personal": ("note",)},
        {"subject_sees_all_in": ("asked",)},
        {"initial": "reviewing"},
    ],
)
def test_whatever_else_changes_is_a_new_version(plain, change):
    assert not only_adds_optional_fields(declared(plain), declared(replace(plain, **change)))
