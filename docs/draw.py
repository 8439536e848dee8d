"""Draw the pictures of the pages, from the figures of the story: make docs.

With --check nothing is written, and a picture that is out of date is an error;
a test does the same. The plugins' own functions draw: what stands in the pages
is what `--to FILE.svg` writes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from talenthub.cli.gap.rows import draw_map, draw_radar
from talenthub.evidence.settings import EvidenceSettings
from talenthub.sdk import pictures
from talenthub_career import drawing as career
from talenthub_career.strategies import KINDS, STRATEGIES
from talenthub_onboarding import drawing as onboarding
from talenthub_performance import drawing as performance
from talenthub_recruitment import drawing as recruitment
from talenthub_succession import drawing as succession

HERE = Path(__file__).parent / "pictures"

SEEING = (
    ("COM", 0.93, 0.768),
    ("DEV", 0.53, 1.0),
    ("CIT", 0.57, 0.486),
    ("INI", 0.55, 0.5),
    ("DEL", 0.54, 0.45),
    ("TRU", 0.42, 0.5),
    ("JDG", 0.42, 0.307),
    ("COL", 0.35, 0.0),
)
"""Competency, context and need, as Amara and Dario saw them."""
HOURS = {"COM": (70, 20, 10), "DEV": (30, 12, 8)}
"""At work, with people, formal; for DEV the catalogue is 40 hours short."""
ENTRIES = (
    *(("2027-03-29", 3), ("2027-04-19", 4), ("2027-05-10", 5), ("2027-05-31", 5), ("2027-06-21", None)),
    *(("2027-07-12", 6), ("2027-08-02", 7), ("2027-08-23", 8)),
)
"""Day and confidence; None: the entry was missed."""
PLACED = {"accelerate": 3, "extend": 6, "ignite": 4, "broaden": 11, "master": 5, "sharpen": 3, "rebuild": 1}
POSTS = (
    ("east-inspection-team-leader-01", (), None, 0.0, 0),
    ("harbour-service-team-leader-02", ("ana.ribeiro",), "ana.ribeiro", 0.875, 3),
    ("northgate-branch-manager", ("tomas.lind", "lin.zhao"), "lin.zhao", 1.0, 2),
    ("operations-director", ("tomas.lind",), "tomas.lind", 0.5, 1),
    ("people-head-of-people", ("noor.haddad",), "noor.haddad", 0.5, 1),
    ("quay-branch-manager", ("tomas.lind",), None, 0.5, 1),
)
"""Post, who is ready now, who is counted for it, bench, nominees."""
STEPS = (
    ("ana.ribeiro", "harbour-service-team-leader-02", "ready now"),
    ("lin.zhao", "northgate-branch-manager", "ready now"),
    ("noor.haddad", "people-head-of-people", "ready now"),
    ("tomas.lind", "operations-director", "ready now"),
    ("amara.okoye", "harbour-service-team-leader-02", "ready in 1-2 years"),
    ("jonas.weber", "harbour-service-team-leader-02", "ready in 3-5 years"),
)
REACHED = {
    "received": 36,
    "shortlisted": 24,
    "in assessment": 24,
    "assessed": 22,
    "ranked": 15,
    "offered": 6,
    "hired": 5,
}
STANDINGS = (
    *(("CIT", 2.028, 2), ("TRU", 2.0, 2), ("COM", 1.463, 2), ("INI", 2.0, 2)),
    *(("COL", None, 2), ("JDG", 2.385, 2), ("DEL", 2.101, 2), ("DEV", 1.0, 1)),
)
"""Competency, where Amara stands after her appraisal, what her role asks; COL as if unknown."""
UNITS = {
    "Harbour branch": ((118, 0.31), (118, 0.12), (96, 0.58), (104, 0.22)),
    "Quay branch": ((121, 0.18), (120, 0.27), (88, 0.74), (101, 0.16)),
    "Northgate branch": ((97, 0.09), (97, 0.33), (71, 1.06), (80, 0.28)),
    "Legal": ((9, 0.14), (None, None), (None, None), (8, 0.35)),
}
"""By competency how many are known and their mean gap; None: too few to be shown."""
CODES = ("CIT", "TRU", "COM", "JDG")
CALIBRATED = ((1, 2, 2), (2, 18, 21), (3, 61, 66), (4, 35, 29), (5, 9, 7))
"""Rating, how many before calibration, how many after."""
HIRES = (
    *(("CIT", 24, 0.41, 0.01, 0.70), ("TRU", 24, 0.22, -0.20, 0.57), ("COM", 23, 0.53, 0.15, 0.77)),
    *(("JDG", 21, 0.35, -0.10, 0.68), ("DEL", 8, None, None, None)),
)
"""Competency, people, correlation with its interval; fewer than ten have none."""
BANDS = ("ready now", "ready in 1-2 years", "ready in 3-5 years")


def drawn() -> Mapping[str, pictures.Picture]:
    """Return the pictures by the name of their file."""
    return {
        "seeing": career.seeing("PLN-1: what matters, and what is lacking", _seeing(), Decimal("0.6")),
        "map": career.learning("Learning maps for COM and DEV, in hours", _hours()),
        "entries": career.entries("PLN-1: every 21 days", _entries()),
        "nine-box": career.nine_box("Placements of a unit of 40", _boxes()),
        "bench": succession.bench(_posts()),
        "coverage": succession.coverage(_posts()),
        "funnel": recruitment.funnel(_reached()),
        "quality-of-hire": onboarding.quality_of_hire(_hires()),
        "calibration": performance.ratings(_calibrated()),
        "radar": draw_radar("amara.okoye · case-officer", _standings()),
        "gap-map": draw_map("Mean gap by unit, for development", _gaps(), EvidenceSettings()),
        "ladder": succession.ladder(_steps(), BANDS),
    }


def _seeing() -> list[dict[str, object]]:
    return [
        {
            "competency": code,
            "context": context,
            "need": need,
            "priority": 0.6 * context + 0.4 * need if need else None,
            "chosen": at == 0,
            "says": "" if need else "no need",
        }
        for at, (code, context, need) in enumerate(SEEING)
    ]


def _hours() -> dict[str, dict[str, Fraction]]:
    return {code: dict(zip(KINDS, map(Fraction, hours), strict=True)) for code, hours in HOURS.items()}


def _entries() -> list[dict[str, object]]:
    return [{"on": day, "confidence": confidence} for day, confidence in ENTRIES]


def _boxes() -> list[dict[str, object]]:
    return [
        {
            "performance": each.performance,
            "potential": each.potential,
            "strategy": each.title,
            "people": PLACED.get(each.name, 0),
        }
        for each in STRATEGIES
    ]


def _posts() -> list[dict[str, object]]:
    return [
        {"post": post, "ready": ready, "filled_by": counted, "bench": bench, "nominees": range(many)}
        for post, ready, counted, bench, many in POSTS
    ]


def _steps() -> list[dict[str, object]]:
    return [{"person": person, "target": post, "readiness": band} for person, post, band in STEPS]


def _reached() -> list[dict[str, object]]:
    return [{"selection": "SEL-1", "state": state, "reached": many} for state, many in REACHED.items()]


def _hires() -> list[dict[str, object]]:
    names = ("competency", "people", "r", "low", "high")
    return [dict(zip(names, each, strict=True)) for each in HIRES]


def _calibrated() -> list[dict[str, object]]:
    names = ("rating", "before", "after")
    return [{"cycle": "CYC-1", **dict(zip(names, each, strict=True))} for each in CALIBRATED]


def _standings() -> list[dict[str, object]]:
    return [dict(zip(("competency", "current", "required"), each, strict=True)) for each in STANDINGS]


def _gaps() -> list[dict[str, object]]:
    settings = EvidenceSettings()
    return [
        {
            "name": name,
            "competency": code,
            "people": 124 if name != "Legal" else 11,
            "known": known,
            "mean_gap": gap,
            "band": None if gap is None else settings.band_of(gap),
        }
        for name, cells in UNITS.items()
        for code, (known, gap) in zip(CODES, cells, strict=True)
    ]


def main(words: list[str]) -> int:
    """Write the pictures, or with --check say which are out of date."""
    stale = [
        name
        for name, picture in drawn().items()
        if not (HERE / f"{name}.svg").is_file() or (HERE / f"{name}.svg").read_text("utf-8") != picture.svg()
    ]
    if "--check" in words:
        print("\n".join(f"out of date: docs/pictures/{each}.svg" for each in stale))
        return 1 if stale else 0
    HERE.mkdir(exist_ok=True)
    for name, picture in drawn().items():
        (HERE / f"{name}.svg").write_text(picture.svg(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
