"""From a value to ratings and decisions and back, as far as one may see."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import record
from talenthub.framework.library import content, published
from talenthub.framework.lookup import wording
from talenthub.people.grants import give
from talenthub.people.members import members_of
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.testing import World
from talenthub.testing.worlds import WorldTemplates
from talenthub.workspace import Workspace

HEAD, OTHER = "maria.costa", "yara.khoury"
PANEL = ("jonas.weber", "kofi.mensah", "oona.cabral")
OPEN = ("recruitment", "open", "case-officer", "--unit", "harbour", "--chair", "dario.conti")


@pytest.fixture(scope="module")
def traced(servers: Any, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a demo where five were rated on COM 2, two on COM 3, one by a case."""
    templates = WorldTemplates(servers, tmp_path_factory.mktemp("traced"), ["recruitment"], {})
    world = templates.copy("sqlite", tmp_path_factory.mktemp("trace") / "world")
    panel = [word for each in PANEL for word in ("--panel", each)]
    world.talent(*OPEN, *panel, "--reason", "leaver", who=HEAD)
    with world.open() as workspace:
        workspace.run(SYSTEM, lambda tx: rate(workspace, workspace.engine.enter(tx)))
        workspace.run(SYSTEM, lambda tx: give(tx, person(tx, HEAD).id, "framework_owner"))
    return world


def rate(workspace: Workspace, tx: Transaction) -> None:
    version = published(tx, "hpsa-core")
    held = content(tx, version.id)
    chosen = sorted(each.handle for each in members_of(tx) if each.role == "service-clerk")[:7]
    case = workspace.engine.case(tx, "REQ-1")
    rows = []
    for at, handle in enumerate(chosen):
        level, role = (2, None) if at < 5 else (3, None)
        rows.append(
            NewEvidence(
                person=person(tx, handle).id,
                framework_version=version.id,
                framework_code="hpsa-core",
                competency="COM",
                purpose="development",
                ladder=Fraction(level),
                rating=Fraction(3),
                source="manager",
                observed_on=tx.today,
                descriptor_hash=wording(held, "COM", level, role).hash,
                case=case.id if at == 0 else None,
                event=1 if at == 0 else None,
            )
        )
    record(tx, rows, workspace.evidence)


def steps(world: World, *words: str, who: str = HEAD) -> list[tuple[str, str, str, Any]]:
    found = world.figures("framework", "trace", *words, who=who)["items"]
    return [(each["step"], each["what"], each["of"], each["count"]) for each in found]


@pytest.fixture(scope="module")
def rated(traced: World) -> list[str]:
    """Return who was rated, the first by a case."""
    with traced.open() as workspace:
        found = workspace.run(SYSTEM, members_of)
    return sorted(each.handle for each in found if each.role == "service-clerk")[:7]


def test_a_value_leads_to_what_serves_it_and_rests_on_it(traced: World) -> None:
    found = steps(traced, "people-first")
    assert found[0][:3] == ("value", "people-first", "")
    assert [each[1] for each in found if each[0] == "competency"] == ["CIT", "COM", "DEL"]
    assert ("evidence", "ratings", "COM", 7) in found
    assert ("decision", "recruitment.requisition", "people-first", 1) in found


def test_few_are_not_counted_nor_to_be_worked_out(traced: World) -> None:
    """Two people at one level: with the seven of all, the five would tell of them."""
    found = steps(traced, "COM")
    assert {("descriptor", "COM.2", "COM", None), ("descriptor", "COM.3", "COM", None)} <= set(found)
    sums = {of: count for kind, _, of, count in found if kind == "evidence"}
    assert sums == {"COM.2": None, "COM.3": None}
    assert ("value", "people-first", "", None) in found


def test_a_reader_without_figures_counts_only_what_they_see(traced: World, rated: list[str]) -> None:
    assert [each for each in steps(traced, "COM", who=OTHER) if each[0] in ("evidence", "decision")] == []
    mine = [each for each in steps(traced, "COM", who=rated[0]) if each[0] == "evidence"]
    assert mine == [("evidence", "ratings", "COM.2", 1)]


def test_one_rating_leads_both_ways(traced: World, rated: list[str]) -> None:
    name = f"{rated[0]}/1"
    assert steps(traced, name) == [
        ("decision", "REQ-1", "", None),
        ("evidence", name, "REQ-1", None),
        ("descriptor", "COM.2", name, None),
        ("competency", "COM", "COM.2", None),
        ("value", "people-first", "COM", None),
        ("value", "straight-dealing", "COM", None),
    ]
    for who, code in ((rated[1], 4), (OTHER, 4), (rated[0], 0)):
        assert traced.ask("framework", "trace", name, who=who).code == code
    own = steps(traced, name, who=rated[0])
    assert own[0][:2] == ("evidence", name), "the requisition is not theirs to know of"


def test_a_case_leads_back_to_the_values(traced: World, rated: list[str]) -> None:
    found = steps(traced, "REQ-1")
    assert [each[:2] for each in found] == [
        ("decision", "REQ-1"),
        ("evidence", f"{rated[0]}/1"),
        ("descriptor", "COM.2"),
        ("competency", "COM"),
        ("value", "people-first"),
        ("value", "straight-dealing"),
    ]
    assert traced.ask("framework", "trace", "REQ-1", who=OTHER).code == 4


def test_rows_and_a_level_and_what_is_unknown(traced: World, rated: list[str]) -> None:
    ratings = [each[1] for each in steps(traced, "com", "--rows") if each[0] == "evidence"]
    assert sorted(ratings) == [f"{each}/1" for each in rated]
    assert next(each[1] for each in steps(traced, "COM.L3") if each[0] == "descriptor") == "COM.3"
    assert "did you mean 'COM'" in traced.talent("framework", "trace", "CMO", who=HEAD, code=4).err
    told = traced.ask("framework", "trace", "people-first", "-o", "table", who=HEAD).out
    assert "\n  competency: COM Communication\n" in told
    assert max(map(len, told.splitlines())) <= 80


def test_earlier_words_keep_their_version(traced: World, tmp_path: Path) -> None:
    file = tmp_path / "next.yaml"
    made = traced.talent
    made("framework", "export", "hpsa-core", "-O", str(file), who="noor.haddad")
    text = file.read_text("utf-8").replace("1.0.0", "1.1.0", 1)
    file.write_text(text.replace("Keeps a team informed, heard", "Keeps a team briefed, heard"), "utf-8")
    made("framework", "import", str(file), who="noor.haddad")
    made("framework", "publish", "hpsa-core", "1.1.0", who=HEAD)
    found = steps(traced, "COM", "1.1.0")
    assert ("descriptor", "COM.3 (1.0.0)", "COM", None) in found
    assert ("evidence", "ratings", "COM.3 (1.0.0)", None) in found
