"""Pictures: plain, deterministic, legible; what is unknown is never drawn as 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from xml.etree import ElementTree

import pytest

from talenthub import pictures
from talenthub.pictures.measuring import SIZES, shortened, width_of, wrapped
from talenthub.pictures.scale import Scale, round_step, top_of

CODES = (
    "Citizen first",
    "Trust",
    "Communicates",
    "Initiative",
    "Collaborates",
    "Judgement",
    "Delivers",
    "Develops",
)
SHOWN = (2.028, 2, 1.463, None, 2, 2.385, 2.101, 1)
MOMENTS = ("03-29", "04-19", "05-10", "05-31", "06-21", "07-12", "08-02", "08-23")
TRACK = (2, 3, 3, 3, None, 4, 4, 5)
LONG = "Somebody with a name <of> more letters & words than any field of a picture would hold"


def gallery() -> dict[str, pictures.Picture]:
    """Return one of each, with unknown values, long words and empty rows."""
    return {**_of_one_person(), **_of_steps_and_days(), **_of_many(), "nothing": pictures.bars("Nothing", [])}


def _of_one_person() -> dict[str, pictures.Picture]:
    spokes = [pictures.Spoke(code, value, 2) for code, value in zip(CODES, SHOWN, strict=True)]
    many = [pictures.Spoke(f"Competency {n}", n % 5, 3) for n in range(14)]
    bars = [pictures.Bar(code, value, LONG, 2) for code, value in zip(CODES, SHOWN, strict=True)]
    parts = [
        pictures.Parts(code, (value, Fraction(1, 2)), "chosen")
        for code, value in zip(CODES, SHOWN, strict=True)
    ]
    return {
        "radar": pictures.radar("Amara", spokes, 5),
        "radar of many": pictures.radar(LONG, many, 5),
        "radar of two": pictures.radar("Two", spokes[:2]),
        "bars": pictures.bars("Bars", bars),
        "stacked": pictures.stacked("Seeing It", parts, ("context", "need")),
        "paired": pictures.paired("Pairs", parts, ("now", "then")),
    }


def _of_steps_and_days() -> dict[str, pictures.Picture]:
    steps = [pictures.Step("received", 20, "5 days"), pictures.Step("hired", 0)]
    month = [f"2027-01-{n:02}" for n in range(1, 31)]
    spans = [pictures.Span(LONG, 1, 2, "8 h"), pictures.Span("Course", 2, 2, LONG)]
    return {
        "funnel": pictures.funnel("Funnel", steps),
        "lines": pictures.lines("Lines", MOMENTS, [pictures.Series("confidence", TRACK)], 5),
        "lines of many": pictures.lines("Days", month, [pictures.Series("x", (1,) * 30)]),
        "sparkline": pictures.sparkline("COM", MOMENTS, TRACK, 5),
        "spans": pictures.spans("Map", spans, (0, 5), 1.463, 2, [(1, "in the flow")]),
    }


def _of_many() -> dict[str, pictures.Picture]:
    cells = tuple(
        None if at % 3 == 0 else pictures.Cell(f"{at / 10:.2f}", at % 4, f"{at} of 12") for at in range(8)
    )
    heat = [pictures.HeatRow(LONG, cells), pictures.HeatRow("East", cells)]
    ratings = [pictures.Parts(str(n), (n, None)) for n in range(1, 6)]
    spots = [pictures.Spot(f"manager.{n}", Fraction(28 + n % 7, 10)) for n in range(40)]
    flagged = [pictures.Spot(LONG, Fraction(45, 10), True), pictures.Spot("b.c", Fraction(46, 10), True)]
    fields = {
        (0, 0): pictures.Field("Act on the reasons", ("a.b",)),
        (1, 1): pictures.Field(LONG, tuple(f"person.{n}" for n in range(9)), tone=2),
        (2, 2): pictures.Field("Prepare", count=7, tone=3),
    }
    rungs = [pictures.Rung("now", ("ana",)), pictures.Rung("later", (LONG, "x")), pictures.Rung("never")]
    posts = [
        pictures.Bench("branch-manager/Northgate", ("tomas", "lin"), "lin", Fraction(7, 8)),
        pictures.Bench(LONG, tuple(f"nominee.{n}" for n in range(12)), None, 1),
        pictures.Bench("inspection-team-leader/East", (), None, 0),
    ]
    thirds = ("low", "medium", "high")
    return {
        "heat": pictures.heat_map("Gaps", CODES, heat, ("none", "minor", "large")),
        "columns": pictures.columns("Ratings", ratings, ("a", "b")),
        "strip": pictures.strip("Means", [*spots, *flagged], Fraction(31, 10), 1, 5),
        "nine box": pictures.nine_box("Harbour", thirds, thirds, fields),
        "ladder": pictures.ladder("Ready", rungs),
        "coverage": pictures.coverage("Posts", posts, naive=Fraction(5, 6), simultaneous=Fraction(2, 3)),
    }


NAMES = tuple(gallery())
SPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", NAMES)
def test_the_same_values_give_the_same_text(name: str) -> None:
    assert gallery()[name].svg() == gallery()[name].svg()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stands_alone_and_says_what_it_shows(name: str) -> None:
    picture = gallery()[name]
    text = picture.svg()
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    title, description = root.find(f"{SPACE}title"), root.find(f"{SPACE}desc")
    assert title is not None
    assert description is not None
    assert (title.text, description.text or "") == (picture.title, picture.says)
    assert root.get("aria-labelledby", "").split() == [title.get("id"), description.get("id")]
    assert not re.search(r"<script|href|@import|@font-face|url\((?!#)|\son\w+=", text)
    drawn = set(re.findall(r"url\(#([\w-]+)\)", text))
    assert drawn <= {each.get("id") for each in root.iter()}, "a pattern that is not there"


Box = tuple[float, float, float, float, str]


def texts(element: ElementTree.Element, x: float = 0.0, y: float = 0.0) -> Iterator[Box]:
    """Yield the box of each upright text: left, top, right, bottom, words."""
    moved = element.get("transform", "")
    if "rotate" in moved:
        return
    if found := re.match(r"translate\((-?\d+) (-?\d+)\)", moved):
        x, y = x + float(found[1]), y + float(found[2])
    if element.tag == f"{SPACE}text":
        words, look = element.text or "", element.get("class", "text")
        width, size = width_of(words, look), SIZES[look]
        at = x + float(element.get("x", 0))
        left = at - {"start": 0.0, "middle": width / 2, "end": width}[element.get("text-anchor", "start")]
        base = y + float(element.get("y", 0))
        yield left, base - 0.75 * size, left + width, base + 0.2 * size, words
    for each in element:
        yield from texts(each, x, y)


@pytest.mark.parametrize("name", NAMES)
def test_no_label_lies_over_another_or_beyond_the_sheet(name: str) -> None:
    picture = gallery()[name]
    found = list(texts(ElementTree.fromstring(picture.svg())))
    for left, top, right, bottom, words in found:
        assert min(left + 0.5, top) >= 0, words
        assert right <= picture.width + 0.5, (words, right)
        assert bottom <= picture.height, words
    for one, two in combinations(found, 2):
        apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        assert apart, (one[4], two[4])


def test_unknown_is_a_gap_and_never_a_zero() -> None:
    drawn = gallery()
    radar = ElementTree.fromstring(drawn["radar"].svg())
    dots = [each for each in radar.iter(f"{SPACE}circle") if each.get("class") == "solid"]
    assert len(dots) == len(CODES) - 1
    assert not [each for each in radar.iter() if each.get("class") == "area"], "an open shape has no surface"
    assert "Initiative: unknown" in drawn["radar"].says
    bars = ElementTree.fromstring(drawn["bars"].svg())
    assert len([each for each in bars.iter(f"{SPACE}rect") if each.get("class") == "edge"]) == len(CODES) - 1
    assert "06-21: missed" in drawn["sparkline"].says
    assert "Communicates: context 1.463, need 0.500" in drawn["stacked"].says
    assert "unknown · chosen" in drawn["stacked"].svg(), "a sum with an unknown part is not known"


def test_what_is_drawn_is_as_long_as_its_value() -> None:
    picture = pictures.bars("Two", [pictures.Bar("a", 1), pictures.Bar("b", Fraction(3))], 4)
    bars = [
        each
        for each in ElementTree.fromstring(picture.svg()).iter(f"{SPACE}rect")
        if each.get("class") == "edge"
    ]
    one, three = (float(each.get("width", 0)) for each in bars)
    assert three == pytest.approx(3 * one, abs=0.05)


def test_words_of_people_are_escaped() -> None:
    text = pictures.bars("a < b & c", [pictures.Bar("<script>alert(1)</script>", 1, '"x"')]).svg()
    assert "<script" not in text
    assert ElementTree.fromstring(text) is not None


def test_tones_differ_without_colour() -> None:
    patterns = ElementTree.fromstring(gallery()["heat"].svg()).iter(f"{SPACE}pattern")
    inks = ["".join(child.tag + child.get("class", "") for child in each) for each in patterns]
    assert len(set(inks)) == len(inks) == 4


def test_more_parts_than_tones_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 4 parts"):
        pictures.stacked("Five", [pictures.Parts("a", (1,) * 5)], tuple("abcde"))
    with pytest.raises(ValueError, match="1 to 3 lines"):
        pictures.lines("Four", ("now",), [pictures.Series("a", (1,))] * 4)


def test_scales_end_at_round_values() -> None:
    assert [round_step(Fraction(each), 6) for each in (5, 12, 0)] == [1, 5, 1]
    assert [top_of(each) for each in ((1, None, 4.2), (None,), (37,), (Fraction(4, 5),))] == [
        5,
        1,
        40,
        Fraction(4, 5),
    ]
    scale = Scale(0, 4, 100, 300)
    assert [scale.at(each) for each in (-1, 0, 1, 4, 9)] == [100, 100, 150, 300, 300]
    assert scale.ticks() == [0, 1, 2, 3, 4]


def test_text_is_cut_to_its_room() -> None:
    assert shortened("short", 100) == "short"
    for room in range(20, 200, 17):
        cut = shortened(LONG, room)
        assert width_of(cut) <= room
        assert cut.endswith("…")
        lines = wrapped(LONG, room)
        assert len(lines) <= 2
        assert all(width_of(each) <= room for each in lines)
