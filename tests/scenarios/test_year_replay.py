"""Day 90 and the appraisal with other inputs, against a calculation here."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import record
from talenthub.framework.library import published, role_profile
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM

WHO, DARIO, TOMAS, NOOR, SAMI, GRACE = (
    *("nuno.soares", "dario.conti", "tomas.lind", "noor.haddad", "sami.okafor"),
    "grace.lindqvist",
)
PEERS = ("jonas.weber", "kofi.mensah", "oona.cabral", "yusuf.park", "sabine.zeman")
REQUIRED = {"CIT": 2, "TRU": 2, "COM": 2, "INI": 2, "COL": 2, "JDG": 2, "DEL": 2, "DEV": 1}
CRITICAL = ("TRU", "JDG")
INTERVIEWED, FIRST, DAY_90, APPRAISED = (
    *(date(2026, 2, 10), date(2026, 3, 2), date(2026, 5, 31)),
    date(2027, 2, 26),
)


@dataclass(frozen=True)
class Year:
    """What everybody thinks in one year, and what the organisation has set."""

    half_life: int
    weights: Mapping[str, Fraction]
    share: Fraction
    interview: Mapping[str, Fraction]
    check: Mapping[str, int]
    manager: Mapping[str, int | None]
    peers: Sequence[int]
    objectives: Sequence[tuple[Fraction, int]]
    talks: Sequence[Fraction]

    @property
    def settings(self) -> dict[tuple[str, ...], Any]:
        found: dict[tuple[str, ...], Any] = {
            ("plugins", "enabled"): ["recruitment", "onboarding", "performance"],
            ("evidence", "half_life_days"): self.half_life,
            ("plugin", "performance", "objectives_share"): str(float(self.share)),
        }
        return found | {("evidence", "weights", name): float(each) for name, each in self.weights.items()}

    @property
    def proposed(self) -> bool:
        mean = Fraction(sum(self.check.values()), len(self.check))
        return mean >= Fraction(11, 4) and all(self.check[code] >= 3 for code in CRITICAL)

    @property
    def what(self) -> Fraction:
        return sum((weight * rating for weight, rating in self.objectives), Fraction(0))

    @property
    def how(self) -> Fraction:
        given = [each for each in self.manager.values() if each is not None]
        return Fraction(sum(given), len(given))

    @property
    def performance(self) -> Fraction:
        return self.share * self.what + (1 - self.share) * self.how

    @property
    def surprise(self) -> Fraction:
        return abs(self.performance - sum(self.talks[-2:], Fraction(0)) / 2)

    def standing(self, code: str, today: date) -> tuple[float, float]:
        """Return the standing and its weight, from the ratings alone."""
        rows = [
            ("interview", INTERVIEWED, self.interview.get(code)),
            ("onboarding", DAY_90, self.check[code]),
        ]
        if today >= APPRAISED:
            rows.append(("manager", APPRAISED, self.manager[code]))
            peers = Fraction(sum(self.peers), len(self.peers)) if code == "COM" else None
            rows.append(("peers", APPRAISED, peers))
        aged = [
            (float(self.weights[source]) * 2.0 ** (-(today - day).days / self.half_life), rung(code, rating))
            for source, day, rating in rows
            if rating is not None
        ]
        weight = sum(each for each, _ in aged)
        return sum(each * float(value) for each, value in aged) / weight, weight


def rung(code: str, rating: Fraction | int) -> Fraction:
    return max(Fraction(0), min(Fraction(5), REQUIRED[code] + (Fraction(rating) - 3) / 2))


def drawn(seed: int) -> Year:
    chance = random.Random(seed)
    codes = list(REQUIRED)
    tenths = chance.randint(2, 8)
    ratings: dict[str, int | None] = {code: chance.randint(1, 5) for code in codes}
    ratings[chance.choice([code for code in codes if code != "COM"])] = None
    return Year(
        half_life=chance.choice((90, 240, 365)),
        weights={
            name: Fraction(chance.randint(3, 10), 10)
            for name in ("interview", "onboarding", "manager", "peers")
        },
        share=Fraction(chance.choice((3, 5, 7)), 10),
        interview={code: Fraction(chance.randint(3, 15), 3) for code in chance.sample(codes, 5)},
        check={code: chance.randint(2, 5) for code in codes},
        manager=ratings,
        peers=[chance.randint(1, 5) for _ in range(chance.randint(3, 5))],
        objectives=[
            (Fraction(tenths, 10), chance.randint(1, 5)),
            (Fraction(10 - tenths, 10), chance.randint(1, 5)),
        ],
        talks=[Fraction(chance.randint(10, 50), 10) for _ in range(3)],
    )


def words(option: str, given: Mapping[str, Any]) -> list[str]:
    return [word for key, each in given.items() for word in (option, f"{key}={each}")]


def noted(given: Mapping[str, Any]) -> list[str]:
    said = {code: "not-assessed" if each is None else each for code, each in given.items()}
    return [*words("--competency", said), *words("--note", dict.fromkeys(given, "seen at work"))]


def interview(world: Any, year: Year) -> None:
    """Put what an interview found into the ledger; its own test plays one."""

    def write(workspace: Any, tx: Any) -> None:
        version = published(tx, "hpsa-core")
        anchors = role_profile(tx, version.id, "case-officer").anchors
        rows = [
            NewEvidence(
                person=person(tx, WHO).id,
                framework_version=version.id,
                framework_code="hpsa-core",
                competency=code,
                purpose="selection",
                ladder=rung(code, rating),
                rating=rating,
                source="interview",
                observed_on=INTERVIEWED,
                descriptor_hash=anchors[code].at.hash,
                case=None,
                event=None,
            )
            for code, rating in year.interview.items()
        ]
        record(tx, rows, workspace.evidence)

    with world.open() as workspace:
        workspace.run(SYSTEM, lambda tx: write(workspace, tx))


def begin(world: Any, year: Year) -> None:
    """Play the first ninety days, and compare their figures."""
    world.tick(FIRST)
    interview(world, year)
    world.talent("onboarding", "start", WHO, "--move", who=DARIO)
    world.talent("onboarding", "release", WHO, "--buddy", PEERS[0], who=DARIO)
    required = [
        each["task"]
        for each in world.figures("onboarding", "plan", WHO, who=GRACE)["items"]
        if each["required"]
    ]
    if required:
        world.talent("onboarding", "task", "done", *required, "--note", "ready", who=GRACE)
    world.talent("tick", "--to", DAY_90.isoformat(), who=SAMI)
    world.talent("onboarding", "check", WHO, *noted(year.check), who=DARIO)
    shown = world.figures("onboarding", "show", WHO, who=GRACE)
    assert Fraction(shown["mean_exact"]) == Fraction(sum(year.check.values()), len(year.check))
    assert (shown["confirmation"] == "proposed") is year.proposed
    compare(world, year, DAY_90)
    world.talent("onboarding", "confirm", WHO, who=GRACE, code=0 if year.proposed else 3)


def appraise(world: Any, year: Year) -> None:
    """Play a year of performance, and compare its figures."""

    def talent(*said: str, who: str, code: int = 0) -> Any:
        return world.talent("performance", *said, who=who, code=code)

    period = ("--from", FIRST.isoformat(), "--to", APPRAISED.isoformat(), "--unit", "harbour")
    talent("cycle", "open", "Year", *period, who=GRACE)
    talent("cycle", "launch", "CYC-1", who=GRACE)
    goals = [
        f"{key}:{float(weight)}:some goal" for key, (weight, _) in zip("ab", year.objectives, strict=True)
    ]
    talent("review", "objectives", WHO, *(word for each in goals for word in ("--objective", each)), who=WHO)
    rows = [f"{WHO},2026-0{6 + place}-15,{float(each)}" for place, each in enumerate(year.talks)]
    file = world.folder / "talks.csv"
    file.write_text("review,on,rating\n" + "\n".join(rows) + f"\n{WHO},2026-12-15,\n", encoding="utf-8")
    world.tick(APPRAISED)
    talent("conversation", "record", "--file", str(file), who=DARIO)
    talent("conversation", "agree", WHO, who=WHO)
    talent("review", "begin", WHO, who=DARIO)
    raters = [word for each in PEERS[: len(year.peers)] for word in ("--rater", f"peers={each}")]
    talent("round", "nominate", WHO, *raters, "--competency", "COM", who=WHO)
    talent("round", "approve", "RND-1", who=DARIO)
    for who, rating in zip(PEERS, year.peers, strict=False):
        talent("round", "answer", WHO, "--competency", f"COM={rating}", who=who)
    reached = words("--objective", {key: each for key, (_, each) in zip("ab", year.objectives, strict=True)})
    talent("review", "rate", WHO, *noted(year.manager), *reached, "--submit", who=DARIO)
    talent("review", "self", WHO, "--text", "my year", "--submit", who=WHO)
    talent("round", "close", "RND-1", who=DARIO)
    talent("review", "sign", WHO, who=TOMAS)
    far = year.surprise > Fraction(3, 4)
    talent("review", "release", WHO, who=DARIO, code=3 if far else 0)
    if far:
        talent("review", "release", WHO, "--explain", "the autumn was another year", who=DARIO)
    shown = {
        each["item"]: each for each in world.figures("performance", "review", "show", WHO, who=WHO)["items"]
    }
    exact = {name: Fraction(shown[name]["exact"]) for name in ("what", "how", "performance", "surprise")}
    assert exact == {
        "what": year.what,
        "how": year.how,
        "performance": year.performance,
        "surprise": year.surprise,
    }
    assert Fraction(shown["peers COM"]["exact"]) == Fraction(sum(year.peers), len(year.peers))
    compare(world, year, APPRAISED)


def compare(world: Any, year: Year, today: date) -> None:
    """Compare standings, gaps and the rows that explain them."""
    found = {each["competency"]: each for each in world.figures("evidence", "show", WHO, who=NOOR)["items"]}
    gaps = {each["competency"]: each for each in world.figures("gap", "person", WHO, who=NOOR)["items"]}
    for code, required in REQUIRED.items():
        standing, weight = year.standing(code, today)
        assert found[code]["standing"] == pytest.approx(standing, abs=1e-9)
        assert found[code]["weight"] == pytest.approx(weight, abs=1e-9)
        size = max(0.0, required - standing)
        assert gaps[code]["gap"] == pytest.approx(size, abs=1e-9)
        assert gaps[code]["band"] == band(size)
    told = world.figures("evidence", "explain", WHO, "COM", who=NOOR)
    shares = [row["contribution"] for row in told["evidence"]]
    standing, weight = year.standing("COM", today)
    assert sum(shares) / weight == pytest.approx(standing, abs=1e-9)


def band(size: float) -> str:
    size = round(size, 9)
    return "none" if size < 0.25 else "minor" if size < 0.5 else "material" if size < 1 else "large"


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("kind", "seed"), [("sqlite", 6), ("postgresql", 12)])
def test_a_year_with_other_inputs(kind: str, seed: int, make_world: Any) -> None:
    year = drawn(seed)
    world = make_world(kind, year.settings)
    begin(world, year)
    appraise(world, year)
    world.talent("evidence", "verify", who=NOOR)
