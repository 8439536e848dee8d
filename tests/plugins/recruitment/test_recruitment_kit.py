"""The plan and the kit, compiled from the demo's framework."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from talenthub.errors import NotFound, UsageError
from talenthub.framework.content import Content
from talenthub.framework.formats.yaml import read_file
from talenthub_recruitment import kit
from talenthub_recruitment.cases import Anchor, Measure, Plan, PlanItem
from talenthub_recruitment.forms import PlanChange
from talenthub_recruitment.plan import changed_plan, compile_plan, in_language

FRAMEWORK = Path(__file__).parents[3] / "config" / "harbourline" / "framework.yaml"


@pytest.fixture(scope="module")
def content() -> Content:
    return read_file(FRAMEWORK).content


def test_every_role_gives_a_plan_of_its_focus(content: Content) -> None:
    for role in content.roles:
        plan = compile_plan(content, role.code)
        assert plan.codes == role.levels[0].focus
        for item in plan.items:
            requirement = role.levels[0].requirement(item.measure.competency)
            assert requirement is not None
            assert item.measure.required == requirement.level
            assert item.measure.critical is requirement.critical
            assert item.measure.weight == "1"
            assert item.past
            assert item.situational
            assert item.at.text
            assert (item.below is None) is (
                requirement.level == content.scale_of(item.measure.competency).lowest
            )
            assert (item.above is None) is (requirement.level == content.highest(item.measure.competency))


def test_the_roles_own_words_are_the_anchor_at_its_level(content: Content) -> None:
    plan = compile_plan(content, "case-officer")
    item = next(each for each in plan.items if each.measure.competency == "COM")
    own = content.descriptor("COM", 2, "case-officer")
    general = content.descriptor("COM", 2)
    assert own is not None
    assert general is not None
    assert item.at.text == own.text != general.text
    assert item.above is not None
    above = content.descriptor("COM", 3)
    assert above is not None
    assert item.above.text == above.text


def test_where_the_scale_ends_the_rating_scale_says_what_to_look_for(content: Content) -> None:
    clerk = kit.as_markdown(compile_plan(content, "service-clerk"))
    assert "One level below: there is none" in clerk
    assert "1 Below: Evidence matches only the descriptor of the level below" in clerk
    chief = kit.as_markdown(compile_plan(content, "chief-executive"))
    assert "One level above: there is none" in chief
    assert "5 Above: Consistently performs" in chief


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_and_says_what_the_markdown_says(content: Content) -> None:
    plan = compile_plan(content, "case-officer")
    page = _Tags()
    page.feed(kit.as_page(plan))
    assert not page.open
    for item in plan.items:
        assert in_language(item.past[0]) in page.text
        assert in_language(item.at.text) in page.text


def test_words_of_a_framework_cannot_become_markup() -> None:
    bad = '<script>alert("x")</script>'
    item = PlanItem(
        measure=Measure(competency="X", required=1, lowest=1, highest=2),
        title=bad,
        past=(bad,),
        at=Anchor(level="L1", label=bad, text=bad, signs=(bad,)),
    )
    assert "<script" not in kit.as_page(Plan(role_title=bad, framework=bad, items=(item,)))


def test_a_text_comes_in_the_language_asked_for() -> None:
    assert in_language({"pt": "sim", "en": "yes"}, "en") == "yes"
    assert in_language({"pt": "sim", "en": "yes"}) == "sim"
    assert in_language(None) == ""


def test_a_plan_is_changed_by_competency_weight_and_critical(content: Content) -> None:
    plan = compile_plan(content, "case-officer")
    change = PlanChange(
        competencies=("COL", "TRU"), critical=("COL",), weights={"COL": "3/2"}, reason="a shared office"
    )
    changed = changed_plan(plan, change, content, "case-officer", None)
    assert changed.codes == ("COL", "TRU")
    assert [each.weight for each in changed.measures] == ["3/2", "1"]
    assert [each.critical for each in changed.measures] == [True, False]
    assert changed.reason == "a shared office"


def test_mistyped_roles_and_competencies_are_named(content: Content) -> None:
    with pytest.raises(NotFound, match="case-officer"):
        compile_plan(content, "case-oficer")
    plan = compile_plan(content, "case-officer")
    with pytest.raises(UsageError, match="'COM'"):
        changed_plan(plan, PlanChange(competencies=("CMO",)), content, "case-officer", None)


@pytest.mark.parametrize("weight", ["0", "-1", "much", "1/0", "nan"])
def test_a_weight_is_a_number_above_zero(weight: str) -> None:
    with pytest.raises(ValueError, match="weight"):
        PlanChange(weights={"CIT": weight})
