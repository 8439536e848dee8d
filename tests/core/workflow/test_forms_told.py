"""What is wrong with a form, and why not of many: in words, each said once."""

from __future__ import annotations

from pydantic import Field

from talenthub.cli.firing import why_not
from talenthub.errors import NotPermitted, Problem
from talenthub.verdict import refuse
from talenthub.workflow.forms import Form, check_form


class Part(Form):
    why: str = Field(min_length=3)


class Several(Form):
    parts: tuple[Part, ...] = Field(min_length=1)


def told(given: dict[str, object]) -> list[str]:
    return [each.text for each in check_form(Several, given)[1].details]


def test_a_wrong_entry_does_not_make_its_list_too_short() -> None:
    assert told({"parts": [{"why": "x"}]}) == [
        "parts.0.why: must be written out: at least 3 characters; found 'x'"
    ]
    assert told({"parts": []}) == ["parts: must have 1 or more"]


def test_who_may_not_is_told_who_may() -> None:
    only = refuse("Only the manager may do this")
    assert why_not(NotPermitted(Problem(text="not yet", place="PLN-1"), [only])) == [
        "Only the manager may do this"
    ]
