"""Succession in November 2027, through the commands, on both databases.

Every figure is worked out here from the ratings alone, with the story's
settings and with others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

HEAD = "noor.haddad"
POST = "harbour-service-team-leader-02"
TODAY = date(2027, 11, 15)
OWN = {"CIT": 2, "TRU": 2, "COM": 2, "INI": 2, "COL": 2, "JDG": 2, "DEL": 2, "DEV": 1}
"""What Amara's own role asks for."""
HIGHEST = 5


@dataclass(frozen=True)
class Case:
    """One set of ratings and settings, and what it takes to work them out."""

    rows: tuple[tuple[str, date, Mapping[str, Fraction | int | str]], ...]
    weights: Mapping[str, str]
    half_life: int = 180
    default: str = "1/2"
    critical: str = "1/4"
    performance: str = "3.663"
    potential: str = "3.891"
    cuts: tuple[str, str] = ("2.5", "3.5")
    at_once: int = 2
    months: tuple[int, int] = (24, 60)
    settings: Mapping[tuple[str, ...], Any] = field(default_factory=dict)


WEIGHTS = {"interview": "0.5", "onboarding": "0.8", "manager": "1", "peers": "0.8", "coach": "0.8"}
STORY = Case(
    rows=(
        ("interview", date(2026, 2, 10), {"CIT": "11/3", "TRU": 3, "COM": "7/3", "JDG": "11/3", "DEL": 3}),
        (
            "onboarding",
            date(2026, 5, 31),
            {"CIT": 3, "TRU": 3, "COM": 2, "INI": 3, "COL": 3, "JDG": 3, "DEL": 4, "DEV": 3},
        ),
        (
            "manager",
            date(2027, 2, 26),
            {"CIT": 3, "TRU": 3, "COM": 2, "INI": 3, "COL": 3, "JDG": 4, "DEL": 3, "DEV": 3},
        ),
        ("peers", date(2027, 2, 26), {"COM": "7/4"}),
        ("manager", date(2027, 9, 10), {"COM": 4}),
        ("peers", date(2027, 9, 10), {"COM": "13/4"}),
        ("coach", date(2027, 9, 10), {"COM": 3}),
        (
            "manager",
            date(2027, 10, 15),
            {"CIT": 4, "TRU": 3, "INI": 3, "COL": 4, "JDG": 4, "DEL": 4, "DEV": 3},
        ),
    ),
    weights=WEIGHTS,
)
OTHER = Case(
    rows=(
        ("onboarding", date(2026, 5, 31), dict.fromkeys(OWN, 4)),
        ("manager", date(2027, 2, 26), {**dict.fromkeys(OWN, 5), "COM": 1, "DEV": 5}),
        ("peers", date(2027, 9, 10), {"COM": "17/4", "DEV": 5, "TRU": "9/2"}),
    ),
    weights={**WEIGHTS, "manager": "0.9", "peers": "0.6"},
    half_life=90,
    default="3/10",
    critical="9/10",
    performance="2.9",
    potential="3.4",
    cuts=("2.8", "3.3"),
    at_once=3,
    months=(12, 48),
    settings={
        ("evidence", "half_life_days"): 90,
        ("evidence", "weights", "manager"): 0.9,
        ("evidence", "weights", "peers"): 0.6,
        ("plugin", "succession", "tolerance", "default"): 0.3,
        ("plugin", "succession", "tolerance", "critical"): 0.9,
        ("plugin", "succession", "cuts"): [2.8, 3.3],
        ("plugin", "succession", "quorum"): 2,
        ("plugin", "succession", "bench_full"): 3,
    },
)
TARGET = ("COM", date(2027, 2, 26), date(2027, 9, 10))


def rung(code: str, rating: Fraction | int | str) -> Fraction:
    return max(Fraction(0), min(Fraction(HIGHEST), OWN[code] + (Fraction(rating) - 3) / 2))


class Expected:
    """Everything about Amara, worked out from the ratings."""

    def __init__(self, case: Case, asked: Mapping[str, tuple[int, bool]]) -> None:
        self.case, self.asked = case, asked
        met = sum((2 if hot else 1) * min(1, self.standing(c, TODAY) / lv) for c, (lv, hot) in asked.items())
        self.fit = 100 * met / sum(2 if hot else 1 for _, hot in asked.values())
        self.missing = {
            code: max(
                0.0,
                level - self.standing(code, TODAY) - float(Fraction(case.critical if hot else case.default)),
            )
            for code, (level, hot) in asked.items()
        }
        self.residual = sum(self.missing.values())
        code, since, until = TARGET
        gained = self.standing(code, until) - self.standing(code, since)
        self.velocity = (gained * 365 / (until - since).days + 2) / 3
        self.months = 12 * self.residual / (self.velocity * case.at_once)

    def standing(self, code: str, day: date) -> float:
        found = [
            (
                float(Fraction(self.case.weights[source])) * 2 ** (-(day - on).days / self.case.half_life),
                rung(code, given[code]),
            )
            for source, on, given in self.case.rows
            if code in given and on <= day
        ]
        return sum(w * float(v) for w, v in found) / sum(w for w, _ in found)

    @property
    def band(self) -> str:
        low, high = (float(each) for each in self.case.cuts)
        performance, potential = float(self.case.performance), float(self.case.potential)
        assert performance >= low, "the cases are made so"
        assert potential >= low
        assert high > low
        if self.residual == 0:
            return "ready now"
        if self.months <= 24 and self.fit >= 60:
            return "ready in 1-2 years"
        return "ready in 3-5 years" if self.months <= 60 else "not ready"


def given(case: Case) -> tuple[str, ...]:
    """Return what the talent review of October says, as options."""
    code, since, until = TARGET
    return (
        *("--performance", case.performance, "--performance-source", "talent review"),
        *("--potential", case.potential, "--potential-source", "talent review"),
        *("--closed", f"{code}:{since}:{until}", "--at-once", str(case.at_once)),
    )


PLAIN = (
    *("--performance", "H", "--performance-source", "review"),
    *("--potential", "M", "--potential-source", "review"),
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("case", [STORY, OTHER], ids=["story", "other"])
def test_readiness_bench_and_coverage(kind: str, case: Case, make_autumn: Any) -> None:
    autumn = make_autumn(kind, case.settings)
    rows = [
        (source, on, code, Fraction(rating), rung(code, rating))
        for source, on, given in case.rows
        for code, rating in given.items()
    ]
    autumn.rate("amara.okoye", "case-officer", rows)
    said = ("--criticality", "0.9", "--leaving", "0.35", "--because", "needed")
    autumn.talent("post", "add", *SIX, *said)
    made = Expected(case, autumn.asked("service-team-leader"))
    if case is STORY:
        _others_on_the_bench(autumn)
    amara = autumn.draft("amara.okoye", POST)
    autumn.put_in_force(amara, said=given(case))
    figures = {
        row["item"]: row["figure"]
        for row in autumn.items("show", amara)
        if row["part"] in ("competency", "figure")
    }
    for code, missing in made.missing.items():
        assert figures[code] == f"{missing:.3f}", code
    assert figures["residual"] == f"{made.residual:.3f}"
    assert figures["velocity"] == f"{made.velocity:.3f}"
    assert figures["months"] == f"{made.months:.1f}"
    assert figures["fit"] == f"{made.fit:.1f}"
    [listed] = [row for row in autumn.items("nominations") if row["ref"] == amara]
    assert listed["readiness"] == made.band
    if case is STORY:
        assert made.band == "ready in 1-2 years"
        assert (figures["fit"], figures["residual"], figures["months"]) == ("67.2", "3.847", "22.9")
        assert figures["velocity"] == "1.008"
        assert [figures[each] for each in ("CIT", "TRU", "COM", "INI", "JDG", "DEL", "DEV")] == (
            ["0.172", "0.500", "0.737", "0.500", "0.042", "0.146", "1.750"]
        )
        _bench_of_three(autumn)
        _six_posts(autumn)
    else:
        strength = {"ready now": 1, "ready in 1-2 years": 0.5, "ready in 3-5 years": 0.25}[made.band]
        [seat] = autumn.items("bench", POST)
        assert seat["bench"] == pytest.approx(strength / 3), "a full bench is three here"
        assert seat["risk"] == pytest.approx(0.35 * 0.9 * (1 - strength / 3))


SIX = {
    "northgate-branch-manager": ("tomas.lind", "lars.halvorsen"),
    "quay-branch-manager": ("tomas.lind",),
    "people-head-of-people": ("noor.haddad",),
    "operations-director": ("tomas.lind",),
    POST: ("ana.ribeiro",),
    "east-inspection-team-leader-01": (),
}
"""Who is ready now for which post; Lars stands for Lin."""


def _others_on_the_bench(autumn: Any) -> None:
    """Nominate everybody but Amara; the bench of Harbour is .625 then."""
    for handle, role in (
        ("tomas.lind", "director"),
        ("lars.halvorsen", "branch-manager"),
        ("noor.haddad", "head-of-people"),
        ("ana.ribeiro", "service-team-leader"),
    ):
        autumn.make_ready(handle, role)
    autumn.make_ready("jonas.weber", "service-team-leader", {"DEV": "2", "COM": "2", "CIT": "3/2"})
    refs = [autumn.draft(handle, post) for post, people in SIX.items() for handle in people]
    refs.append(autumn.draft("jonas.weber", POST))
    autumn.put_in_force(*refs, said=PLAIN)
    [seat] = autumn.items("bench", POST)
    ref = next(each["ref"] for each in autumn.items("post", "list") if each["post"] == POST)
    assert autumn.items("bench", ref.lower()) == [seat], "by its reference as by its code"
    assert (seat["bench"], round(seat["risk"], 4)) == (0.625, 0.1181), "LC6 before Amara"


def _bench_of_three(autumn: Any) -> None:
    [seat] = autumn.items("bench", POST)
    assert (seat["bench"], round(seat["risk"], 4)) == (0.875, 0.0394), "LC6"
    assert sorted(each.split(": ")[1] for each in seat["nominees"]) == [
        "ready in 1-2 years",
        "ready in 3-5 years",
        "ready now",
    ]


def best_filling(ready: Mapping[str, tuple[str, ...]]) -> int:
    """Return the most posts that can be filled at once, by trying everything."""
    people = sorted({each for some in ready.values() for each in some})
    seats: list[str | None] = [*ready, *([None] * len(people))]
    return max(
        sum(seat is not None and who in ready[seat] for who, seat in zip(people, order, strict=False))
        for order in permutations(seats, len(people))
    )


def _six_posts(autumn: Any) -> None:
    rows = {row["post"]: row for row in autumn.items("cover")}
    assert {post: set(rows[post]["ready"]) for post in SIX} == {p: set(some) for p, some in SIX.items()}
    filled = [row["filled_by"] for row in rows.values() if row["filled_by"]]
    assert len(filled) == len(set(filled)) == best_filling(SIX) == 4
    told = autumn.talent("cover").err
    assert "0.833 one by one, 0.667 all at once" in told, "LC7"
    # Noor, who is nominated herself, counts herself nowhere.
    own = {row["post"]: row for row in autumn.items("cover", who=HEAD)}
    assert own["people-head-of-people"]["ready"] == []
    # If Tomas left, only his own posts and benches change.
    changed = {row["post"]: row for row in autumn.items("what-if", "--leave", "tomas.lind")}
    assert set(changed) == {"northgate-branch-manager", "quay-branch-manager", "operations-director"}
    assert changed["quay-branch-manager"]["bench_after"] == 0
    assert changed["quay-branch-manager"]["risk_after"] == pytest.approx(0.35 * 0.9)
    svg = autumn.talent("cover", "-o", "svg").out
    assert svg.startswith("<svg")
    assert "0.667" in svg
