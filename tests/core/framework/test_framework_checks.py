"""FW1 and every rule of the checks, met and not met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from talenthub.framework.checks import Severity, check
from talenthub.framework.content import Content, Document, content_hash
from talenthub.framework.formats.yaml import read
from talenthub.framework.model import CheckProfile, Competency, Descriptor, Framework, Level, Scale, Value


def rules(content: Content) -> set[str]:
    return {each.rule for each in check(content).findings}


def test_the_demo_framework_passes(harbourline: Document) -> None:
    report = check(harbourline.content)
    assert report.findings == ()
    figures = report.figures
    assert (figures.competencies, figures.cells, figures.indicators) == (8, 40, 120)
    assert (figures.roles, figures.headcount, figures.coverage) == (12, 1200, 1)
    overlap = figures.overlap
    assert overlap is not None
    assert (overlap.competency, overlap.lower, overlap.upper) == ("CIT", 2, 3)
    assert round(float(overlap.share), 3) == 0.077


def test_a_text_copied_to_the_next_level_is_refused(harbourline: Document) -> None:
    content = harbourline.content
    source = content.descriptor("COM", 2)
    assert source is not None
    copied = replace(
        content,
        descriptors=tuple(
            replace(each, text=source.text)
            if (each.competency, each.level, each.role) == ("COM", 3, None)
            else each
            for each in content.descriptors
        ),
    )
    report = check(copied)
    assert [(each.rule, each.problem.path) for each in report.blocking] == [("distinctness", "COM 2–3")]
    assert report.figures.overlap is not None
    assert report.figures.overlap.share == 1
    assert check(copied, CheckProfile.LENIENT).blocking == ()


def without_text(content: Content) -> Content:
    return replace(content, descriptors=content.descriptors[1:])


def unserved(content: Content) -> Content:
    return replace(content, values=(*content.values, Value("new", "New")))


def serves_nothing(content: Content) -> Content:
    first, *rest = content.competencies
    return replace(content, competencies=(replace(first, values=()), *rest))


def few_indicators(content: Content) -> Content:
    first, *rest = content.descriptors
    return replace(content, descriptors=(replace(first, indicators=first.indicators[:2]), *rest))


def changed_role(content: Content, **changes: object) -> Content:
    role, *rest = content.roles
    asked = (replace(role.levels[0].requirements[0], **changes), *role.levels[0].requirements[1:])  # type: ignore[arg-type]
    level = replace(role.levels[0], requirements=asked)
    return replace(content, roles=(replace(role, levels=(level,)), *rest))


def silent(content: Content) -> Content:
    role, *rest = content.roles
    level = replace(role.levels[0], requirements=role.levels[0].requirements[:-1])
    return replace(content, roles=(replace(role, levels=(level,)), *rest))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (without_text, "coverage"),
        (unserved, "values"),
        (serves_nothing, "values"),
        (few_indicators, "indicators"),
        (silent, "requirements"),
        (lambda content: changed_role(content, focus_rank=None), "critical"),
        (lambda content: changed_role(content, level=3), "step"),
    ],
)
def test_each_warning_blocks_where_strict(
    harbourline: Document, change: Callable[[Content], Content], rule: str
) -> None:
    report = check(change(harbourline.content))
    assert {each.rule for each in report.findings} == {rule}
    assert all(each.severity is Severity.WARNING for each in report.findings)
    assert report.blocking == report.findings
    assert check(change(harbourline.content), CheckProfile.LENIENT).blocking == ()


def test_a_step_of_one_level_is_allowed(harbourline: Document) -> None:
    assert rules(changed_role(harbourline.content, level=2)) == set()


def one(levels: int, texts: list[str], language: str = "en") -> Content:
    steps = tuple(Level(each, f"L{each}", f"N{each}") for each in range(levels))
    return Content(
        framework=Framework(code="f", title="F", version="1", language=language, checks=CheckProfile.LENIENT),
        scales=(Scale("s", None, steps),),
        competencies=(Competency(code="C", title="C", scale="s"),),
        descriptors=tuple(
            Descriptor(competency="C", level=level, text=text) for level, text in enumerate(texts)
        ),
    )


@pytest.mark.parametrize("levels", [1, 4, 8])
def test_coverage_counts_the_levels_there_are(levels: int) -> None:
    report = check(one(levels, [f"word{chr(97 + each) * 3}" for each in range(levels)]))
    assert report.figures.cells == report.figures.worded == levels
    assert "coverage" not in {each.rule for each in report.findings}


def test_words_on_the_cut_are_a_blanket_statement() -> None:
    shared, first, second = (
        "alpha bravo carol delta echos foxes golfs",
        "hotel india julia kilos limas mikes",
        "novem",
    )
    cut = one(2, [f"{shared} {first}", f"{shared} {second} oscar papas quebe romeo sierr tango"])
    overlap = check(cut).figures.overlap
    assert overlap is not None
    assert overlap.share == Fraction(7, 20)
    assert "distinctness" in rules(cut)


def test_a_language_without_stop_words_is_not_compared_and_says_so() -> None:
    report = check(one(2, ["mesmo texto", "mesmo texto"], "pt"))
    assert report.figures.overlap is None
    assert "pt" in report.notes[0]


def test_what_contradicts_itself_blocks_in_every_profile() -> None:
    sound = one(2, ["alpha", "bravo"])
    broken = replace(
        sound,
        competencies=(replace(sound.competencies[0], values=("ghost",)),),
        scales=(Scale("s", None, tuple(reversed(sound.scales[0].levels))),),
    )
    report = check(broken)
    assert {each.problem.code for each in report.blocking} == {"framework.order", "framework.dangling"}
    empty = replace(sound, competencies=(), descriptors=())
    assert [each.problem.code for each in check(empty).blocking] == ["framework.empty"]
    twice = replace(sound, descriptors=sound.descriptors * 2)
    assert {each.problem.code for each in check(twice).blocking} == {"framework.clash"}


def test_the_content_hash_follows_every_word(small: Document, small_text: str) -> None:
    base = content_hash(small.content)
    assert base == content_hash(read(small_text.encode(), "again.yaml").content)
    for old, new in [
        ("Spells names", "Spells all names"),
        ("LIS: {level: 1, ", "LIS: {level: 2, "),
        ("focus: [WRI]", "focus: [WRI, LIS]"),
    ]:
        assert base != content_hash(read(small_text.replace(old, new).encode(), "other.yaml").content)
    other_catalogue = small_text.replace("WRI: 0.5", "WRI: 0.6")
    assert base == content_hash(read(other_catalogue.encode(), "other.yaml").content)
