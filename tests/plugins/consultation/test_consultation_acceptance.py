"""FW1 to FW6: what the commands answer, against arithmetic done here from the definitions.

Nothing of the product is asked for a figure. FW5, the buy-in of 24 groups,
stands at the end of the story in test_consultation_story.
"""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import pairwise, product
from math import comb
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from talenthub.framework.library import published
from talenthub.framework.usage import record_usages
from talenthub.storage.transaction import SYSTEM
from talenthub.testing.asking import keeping_open

OWNER, EDITOR = "noor.haddad", "grace.lindqvist"
FILE = Path(__file__).parents[3] / "config/harbourline/framework.yaml"
STOPPED = (
    "the a an and or of to in on for with that it is are so as by from be not at own what who when "
    "where which this they their them people person one each other others into than"
)
STOP = frozenset(STOPPED.split())


@pytest.fixture(scope="module")
def hall(halls: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return one demo for all: each test works on a framework of its own."""
    with keeping_open():
        yield halls.hall("sqlite", tmp_path_factory.mktemp("acceptance") / "hall", {})


def words(text: str) -> set[str]:
    return {each for each in re.findall(r"[a-z]+", text.lower()) if len(each) > 2 and each not in STOP}


def test_fw1_the_framework_is_counted(hall: Any) -> None:
    file = YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))
    competencies, roles = file["competencies"], file["roles"]
    cells = [cell for each in competencies for cell in each["levels"].values()]
    assert (len(competencies), len(roles), sum(each["headcount"] for each in roles)) == (8, 12, 1200)
    assert (len(cells), sum(len(each["indicators"]) for each in cells)) == (40, 120)
    alike = {
        (each["id"], lower, upper): Fraction(len(one & other), len(one | other))
        for each in competencies
        for (lower, one), (upper, other) in pairwise(
            (level, words(cell["descriptor"])) for level, cell in each["levels"].items()
        )
    }
    most = max(alike, key=lambda pair: alike[pair])
    assert (most, f"{float(alike[most]):.3f}") == (("CIT", 2, 3), "0.077")

    told = hall.world.talent("framework", "check", str(FILE), who=EDITOR)
    covered = Fraction(len(cells), len(competencies) * len(file["levels"]))
    assert (
        f"{len(competencies)} competencies, {len(cells)} cells, 120 indicators, {len(roles)} roles, "
        f"headcount 1,200; coverage {float(covered):.3f}"
    ) in told.err
    assert f"most alike neighbouring levels: CIT 2–3, {float(alike[most]):.3f}" in told.err
    assert "0 errors, 0 warnings" in told.err


def test_fw1_words_copied_to_the_next_level_are_refused(hall: Any, tmp_path: Path) -> None:
    text = FILE.read_text("utf-8")
    found = YAML(typ="safe", pure=True).load(text)["competencies"]
    levels = next(each for each in found if each["id"] == "COM")["levels"]
    copied = text.replace(levels[3]["descriptor"], levels[2]["descriptor"])
    assert copied != text
    file = tmp_path / "copied.yaml"
    file.write_text(copied, "utf-8")
    refused = hall.world.talent("framework", "check", str(file), "-o", "csv", who=EDITOR, code=3)
    [finding] = refused.out.splitlines()[1:]
    assert "distinctness" in finding
    assert "COM 2–3" in finding
    assert "1.000 of the words shared" in finding


CHOICES = ("accept", "edit", "reject")
EDITS = {"accept": "", "edit": "Other words", "reject": ""}
VOTES = {"accepted": (7, 1, 1), "adjust": (6, 2, 1), "contested": (5, 1, 3), "no quorum": (4, 1, 0)}


def outcome(accept: int, edit: int, reject: int, invited: int) -> str:
    """Return what the definition says of votes without a level of three."""
    many = accept + edit + reject
    if Fraction(many, invited) < Fraction("0.60"):
        return "no quorum"
    if Fraction(accept, many) >= Fraction("0.75"):
        return "accepted"
    return "adjust" if Fraction(accept + edit, many) >= Fraction("0.75") else "contested"


def test_fw2_nine_are_invited(hall: Any, draw: Any) -> None:
    # Two of a level at most: no level has a say of its own.
    voters = draw(hall, {1: (2, 2), 2: (2, 2), 3: (2, 2), 4: (2, 2), 5: (1, 1)}, 9, 9)
    ref = begun(hall, "hpsa-next", voters)
    items = dict(zip(VOTES, [row["item"] for row in hall.rows("items", ref)], strict=False))
    rows = []
    for name, figures in VOTES.items():
        said = [
            word
            for word, many in zip(("accept", "edit", "reject"), figures, strict=True)
            for _ in range(many)
        ]
        rows += [
            {
                "person": each.handle,
                "item": items[name],
                "vote": word,
                "edit": "Other words" * (word == "edit"),
            }
            for each, word in zip(voters, said, strict=False)
        ]
    hall.vote(ref, rows)
    hall.talent("close", ref)
    told = {row["item"]: row for row in hall.rows("items", ref)}
    for name, figures in VOTES.items():
        row = told[items[name]]
        assert row["state"] == outcome(*figures, invited=9) == name
        assert row["share"] == figures[0] / sum(figures)
        assert (row["votes"], row["invited"]) == (sum(figures), 9)
    shares = [f"{told[items[name]]['share']:.3f}" for name in ("accepted", "adjust")]
    assert shares == ["0.778", "0.667"]


def begun(hall: Any, code: str, voters: Any) -> str:
    """Return a consultation of a framework with its first round begun."""
    [made] = hall.rows("open", code)
    ref: str = made["ref"]
    hall.invite(ref, voters)
    hall.talent("begin", ref)
    return ref


def critical(judges: int) -> Fraction:
    """Return the CVR of the least nₑ with P(X ≥ nₑ | N, ½) ≤ .05, exactly."""
    for essential in range(judges + 1):
        tail = sum(Fraction(comb(judges, count), 2**judges) for count in range(essential, judges + 1))
        if tail <= Fraction("0.05"):
            return cvr(essential, judges)
    raise AssertionError(f"{judges} judges cannot be beyond chance")


def cvr(essential: int, judges: int) -> Fraction:
    half = Fraction(judges, 2)
    return (essential - half) / half


PRINTED = {
    **dict.fromkeys((5, 6, 7), "1.0"),
    **{8: ".750", 9: ".778", 10: ".800", 11: ".636", 12: ".667", 13: ".538"},
    **{14: ".571", 15: ".600", 20: ".500", 30: ".333", 40: ".300"},
}
"""Judges → critical value, as the definitions print it."""
TOLD = {(8, 9): "keep", (7, 9): "drop", (10, 12): "keep", (9, 12): "drop"}
"""Essential of judges → what becomes of the indicator."""


@pytest.fixture(scope="module")
def judged(hall: Any, draw: Any) -> Mapping[str, Mapping[str, Any]]:
    """Return what the command tells of indicators that were judged, by code."""
    hall.world.talent("framework", "import", str(FILE), "--code", "hpsa-judged", who=EDITOR)
    voters = draw(hall, {1: (20, 20), 2: (20, 20)}, 8, 4)
    ref = begun(hall, "hpsa-judged", voters)
    rows = [
        {"person": each.handle, "item": code, "need": "essential" if at < essential else "useful"}
        for code, (essential, judges) in SAID.items()
        for at, each in enumerate(voters[:judges])
    ]
    rows += [
        {"person": each.handle, "item": code, "need": "", "sorted_competency": to, "sorted_level": level}
        for code, places in SORTED.items()
        for each, (to, level) in zip(voters, places, strict=False)
    ]
    hall.vote(ref, [{"sorted_competency": "", "sorted_level": ""} | row for row in rows])
    hall.talent("close", ref)
    return {row["indicator"]: row for row in hall.rows("relevance", ref)}


INDICATORS = [f"{code}.L{level}.{at}" for code, level, at in product(("CIT", "TRU"), range(1, 6), (1, 2, 3))]
SAID = dict(zip(INDICATORS, [*((many, many) for many in PRINTED), *TOLD], strict=False))
"""Indicator → how many call it essential, of how many judges."""
FOUND = [("COM", level) for level in (3, 3, 3, 2, 3, 4, 3, 3)]
SORTED = {
    "COM.L3.1": [*FOUND, ("TRU", 3), ("CIT", 1)],
    "COM.L3.2": [*FOUND[:7], ("TRU", 3), ("CIT", 1), ("CIT", 2)],
    "COM.L3.3": [*(("COM", level) for level in (1, 3, 3, 5, 3, 4, 2, 3)), ("TRU", 3), ("CIT", 1)],
}


@pytest.mark.parametrize(("code", "said"), SAID.items())
def test_fw3_an_indicator_is_kept_beyond_chance(
    code: str, said: tuple[int, int], judged: Mapping[str, Mapping[str, Any]]
) -> None:
    essential, judges = said
    row = judged[code]
    assert (row["essential"], row["of"]) == said
    assert row["critical"] == float(critical(judges))
    assert abs(critical(judges) - Fraction(PRINTED[judges])) < Fraction(1, 1000)
    assert row["cvr"] == float(cvr(essential, judges))
    assert row["needed"] == ("keep" if cvr(essential, judges) >= critical(judges) else "drop")
    assert row["needed"] == TOLD.get(said, "keep")


@pytest.mark.parametrize(
    ("code", "printed"), [("COM.L3.1", (".80", ".535")), ("COM.L3.2", None), ("COM.L3.3", None)]
)
def test_fw4_judges_sort_an_indicator_back(
    code: str, printed: tuple[str, str] | None, judged: Mapping[str, Mapping[str, Any]]
) -> None:
    levels = [level for to, level in SORTED[code] if to == "COM"]
    share, spread = Fraction(len(levels), len(SORTED[code])), statistics.stdev(levels)
    row = judged[code]
    assert row["sorted"] == float(share)
    assert row["deviation"] == pytest.approx(spread, abs=1e-12)
    is_kept = share >= Fraction("0.75") and spread <= 0.75
    assert row["place"] == ("keep" if is_kept else "move")
    assert is_kept is (printed is not None)
    if printed is not None:
        assert (f"{row['sorted']:.2f}"[1:], f"{row['deviation']:.3f}"[1:]) == printed


STAGES = ("selection", "onboarding", "learning", "performance", "career", "succession")


def test_fw6_used_cells_make_the_trophy_index(hall: Any) -> None:
    codes = [each["id"] for each in YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))["competencies"]]
    used = random.Random(33).sample(list(product(codes, STAGES)), 33)
    with hall.world.open() as workspace:
        workspace.run(
            SYSTEM,
            lambda tx: record_usages(
                tx,
                [(published(tx, "hpsa-core").id, stage, code) for code, stage in used],
                date(2026, 1, 2),
            ),
        )
    told = hall.world.figures("framework", "usage", "hpsa-core", who=OWNER)["items"]
    assert {(row["competency"], row["stage"]) for row in told if row["last_used"]} == set(used)
    index = 1 - Fraction(len(used), len(STAGES) * len(codes))
    assert (len(told), index) == (48, Fraction("0.3125"))
    said = hall.world.talent("framework", "usage", "hpsa-core", who=OWNER).err
    assert f"Trophy index {float(index):.4f}: partly used (33 of 48 cells used" in said
    unused = hall.world.figures("framework", "usage", "hpsa-core", "--unused", who=OWNER)["items"]
    assert len(unused) == 48 - 33
