"""`talent evidence` and `talent gap`, by the words a person types."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import select, text

from talenthub.access.rules import Decision
from talenthub.cli import talent
from talenthub.evidence.entries import NewEvidence
from talenthub.evidence.ledger import record
from talenthub.evidence.tables import evidence
from talenthub.framework.library import versions
from talenthub.framework.publishing import import_framework, publish
from talenthub.people.changes import set_reporting_line
from talenthub.people.grants import give
from talenthub.people.persons import add_person, person
from talenthub.people.posts import add_post, assign
from talenthub.people.units import add_unit
from talenthub.storage.transaction import SYSTEM
from talenthub.workspace import Workspace
from talenthub.workspace.identity import login_name

START = datetime(2026, 1, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 9, tzinfo=UTC)
STORY = {"CIT": "7/3", "TRU": "2", "COM": "5/3", "JDG": "7/3", "DEL": "2"}
CONFIGURATION = """
[database]
url = "{url}"
[evidence]
half_life_days = 180
[evidence.purposes]
development = ["selection", "development", "appraisal"]
"""


def fill(tx, framework):
    tx = tx.at(START)
    drafted = import_framework(tx, framework).version
    version = publish(tx, drafted.id, right=Decision(True, "a test"))
    unit = add_unit(tx, "harbour", "Harbour").id
    posts, people = {}, {}
    for handle, role, above in (
        ("nadia", "branch-manager", None),
        ("rui", "service-team-leader", "nadia"),
        ("amara", "case-officer", "rui"),
        ("bela", "case-officer", "rui"),
        ("carl", "case-officer", "rui"),
    ):
        login = login_name() if handle == "nadia" else None
        people[handle] = add_person(tx, handle, handle=handle, kind="employee", login=login).id
        post = add_post(
            tx, f"p-{handle}", role, framework_code="hpsa-core", role_code=role, unit_id=unit,
            since=START.date(),
        )  # fmt: skip
        posts[handle] = post.id
        if above:
            set_reporting_line(tx, post.id, posts[above], START.date())
        assign(tx, people[handle], post.id, START.date())
    for grant in ("act_for", "hr_head", "admin"):
        give(tx, people["nadia"], grant)
    candidate = add_person(tx, "zoe", handle="zoe", kind="candidate")
    assert candidate.kind == "candidate"
    return version.id, people


def rows(version, person, values):
    return [
        NewEvidence(
            person=person, framework_version=version, framework_code="hpsa-core", competency=code,
            purpose="selection", ladder=Fraction(value), rating="3", source="interview",
            observed_on=date(2026, 2, 10), descriptor_hash="d" * 64, case=None, event=None,
            narrative=f"said about {code}",
        )
        for code, value in values.items()
    ]  # fmt: skip


@pytest.fixture
def folder(database_url, tmp_path, harbourline):
    (tmp_path / "talenthub.toml").write_text(CONFIGURATION.format(url=database_url))
    workspace = Workspace.open(tmp_path)

    def work(tx):
        version, people = fill(tx, harbourline)
        new = rows(version, people["amara"], STORY)
        for handle in ("bela", "carl"):
            new += rows(version, people[handle], {"COM": "1", "CIT": "3"})
        record(tx.at(LATER), new, workspace.evidence)

    workspace.run(SYSTEM, work)
    workspace.close()
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    def ran(*words, code=0):
        with pytest.raises(SystemExit) as ended:
            talent.main([*words, "--workspace", str(folder)])
        told = capsys.readouterr()
        assert ended.value.code == code, told.err
        assert "Traceback" not in told.err
        return told.out if code == 0 else told.err

    return ran


def items(out):
    return json.loads(out)["items"]


def test_the_story_is_shown_and_explained(run):
    shown = {row["competency"]: row for row in items(run("evidence", "show", "amara", "-o", "json"))}
    assert {code: row["standing"] for code, row in shown.items()} == {
        "CIT": 2.333333333,
        "TRU": 2.0,
        "COM": 1.666666667,
        "JDG": 2.333333333,
        "DEL": 2.0,
    }
    assert {row["state"] for row in shown.values()} == {"provisional"}
    told = json.loads(run("evidence", "explain", "amara", "com", "-o", "json"))
    assert told["standing"] == shown["COM"]["standing"]
    assert [row["ladder_exact"] for row in told["evidence"]] == ["5/3"]
    assert told["evidence"][0]["narrative"] == "said about COM"
    assert told["formula"].count("180") == 2
    listed = items(run("evidence", "show", "amara", "--rows", "-o", "json"))
    assert [row["number"] for row in listed] == [1, 2, 3, 4, 5]
    assert "1.666666667" in run("evidence", "explain", "amara", "COM", "-o", "table")


def test_the_story_leaves_one_gap(run):
    found = items(run("gap", "person", "amara", "-o", "json"))
    gaps = [row for row in found if row["band"] not in ("none", "unknown")]
    assert [(row["competency"], row["gap"], row["band"]) for row in gaps] == [("COM", 0.333333333, "minor")]
    assert {row["competency"] for row in found if row["band"] == "unknown"} == {"INI", "COL", "DEV"}
    other = items(run("gap", "person", "amara", "--role", "service-team-leader", "--open", "-o", "json"))
    assert {row["competency"] for row in other} > {"COM", "CIT"}


def test_own_standings_need_no_name_and_others_need_a_right(run):
    own = items(run("gap", "person", "--as", "amara", "-o", "json"))
    assert [row for row in own if row["band"] == "minor"]
    for words in (
        ("gap", "person", "bela"),
        ("evidence", "show", "bela"),
        ("evidence", "explain", "bela", "COM"),
        ("gap", "org"),
        ("evidence", "verify"),
        ("evidence", "rebuild"),
        ("evidence", "correct", "bela", "1", "--ladder", "2", "--reason", "why"),
    ):
        said = run(*words, "--as", "amara", code=4 if "correct" in words else 5)
        assert "\n" not in said.strip()


def test_a_candidate_stays_unknown_to_those_who_may_not_know(run):
    hidden = run("evidence", "show", "zoe", "--as", "amara", code=4)
    nobody = run("evidence", "show", "zzz", "--as", "amara", code=4)
    assert hidden.replace("zoe", "zzz") == nobody


def test_a_team_is_shown_as_figures_and_to_its_manager_by_person(run):
    figure = {row["competency"]: row for row in items(run("gap", "team", "rui", "-o", "json"))}
    assert (figure["COM"]["people"], figure["COM"]["known"], figure["COM"]["large"]) == (3, 3, 2)
    assert (figure["TRU"]["people"], figure["TRU"]["known"], figure["TRU"]["mean_gap"]) == (3, None, None)
    people = items(run("gap", "team", "--people", "--as", "rui", "-o", "json"))
    assert {row["person"] for row in people} == {"amara", "bela", "carl"}
    # Amara sees herself; the two others would be a group of two.
    peer = items(run("gap", "team", "rui", "--as", "amara", "-o", "json"))
    assert {row["known"] for row in peer} == {None}
    alone = items(run("gap", "team", "rui", "--people", "--as", "amara", "-o", "json"))
    assert {row["person"] for row in alone} == {"amara"}


def test_a_unit_of_fewer_than_five_has_no_figures(run):
    everyone = items(run("gap", "org", "-o", "json"))
    assert {row["known"] for row in everyone} == {None}
    assert items(run("gap", "org", "--unit", "harbour", "-o", "json")) == everyone
    people = items(run("gap", "org", "--people", "-o", "json"))
    assert {row["person"] for row in people} == {"nadia", "rui", "amara", "bela", "carl"}


def test_a_correction_is_seen_and_the_first_row_kept(run):
    run("evidence", "correct", "amara", "3", "--ladder", "2", "--rating", "3", "--reason", "typing error")
    assert items(run("gap", "person", "amara", "--open", "-o", "json"))[0]["band"] == "unknown"
    told = json.loads(run("evidence", "explain", "amara", "COM", "-o", "json"))["evidence"]
    assert [row["left_out"] for row in told] == ["superseded by 6", ""]
    assert told[1]["reason"] == "typing error"
    run("evidence", "correct", "amara", "6", "--withdraw", "--reason", "somebody else was meant")
    assert "COM" not in run("evidence", "show", "amara", "-o", "tsv")
    told = json.loads(run("evidence", "explain", "amara", "COM", "-o", "json"))
    assert (told["standing"], told["state"]) == (None, "unknown")
    assert [row["left_out"] for row in told["evidence"]] == [
        "superseded by 6",
        "superseded by 7",
        "withdrawn",
    ]
    run("evidence", "verify")


def test_a_dry_run_corrects_nothing(run):
    run("evidence", "correct", "amara", "3", "--ladder", "2", "--reason", "typing error", "--dry-run")
    told = json.loads(run("evidence", "explain", "amara", "COM", "-o", "json"))
    assert told["standing"] == 1.666666667


def test_what_is_mistyped_is_answered_in_one_line(run, folder):
    for words, code, expected in (
        (("evidence", "show", "amra"), 4, "'amara'"),
        (("evidence", "explain", "amara", "CMO"), 4, "'COM'"),
        (("evidence", "show", "amara", "--for", "selektion"), 2, "'selection'"),
        (("evidence", "show", "amara", "--framework", "hpsa-cor"), 4, "'hpsa-core'"),
        (("evidence", "show", "amara", "--on", "2026-02-30"), 2, "calendar"),
        (("evidence", "correct", "amara", "99", "--ladder", "2", "--reason", "x"), 4, "99"),
        (("evidence", "correct", "amara", "1", "--ladder", "7", "--reason", "x"), 2, "0 to 5"),
        (("evidence", "correct", "amara", "1", "--ladder", "5/0", "--reason", "x"), 2, "0 to 5"),
        (("evidence", "correct", "amara", "1", "--ladder", "2", "--reason", " "), 2, "reason"),
        (("evidence", "correct", "amara", "1", "--reason", "x"), 2, "--withdraw"),
        (("gap", "person", "amara", "--role", "branch-manger"), 4, "'branch-manager'"),
        (("gap", "org", "--unit", "harbor"), 4, "'harbour'"),
        (("gap", "team", "ruy"), 4, "'rui'"),
    ):
        assert expected in run(*words, code=code), words
    workspace = Workspace.open(folder)
    assert workspace.run(SYSTEM, lambda tx: len(tx.rows(select(evidence)))) == 9
    workspace.close()


def test_another_half_life_is_refused_until_the_rebuild(run, folder):
    file = folder / "talenthub.toml"
    before = run("evidence", "show", "amara", "-o", "json")
    file.write_text(file.read_text().replace("= 180", "= 90"))
    assert "talent evidence rebuild" in run("evidence", "show", "amara", code=10)
    assert "talent evidence rebuild" in run("gap", "org", code=10)
    run("evidence", "verify", code=10)
    run("evidence", "rebuild")
    after = items(run("evidence", "show", "amara", "-o", "json"))
    assert [row["standing"] for row in after] == [row["standing"] for row in items(before)]
    assert all(new["weight"] < old["weight"] for new, old in zip(after, items(before), strict=True))


def test_a_damaged_row_is_named_by_handle_and_number(run, folder, capsys):
    workspace = Workspace.open(folder)
    with workspace.database.begin() as connection:
        if workspace.database.is_sqlite:
            connection.execute(text("DROP TRIGGER evidence_no_update"))
        else:
            connection.execute(text("ALTER TABLE evidence DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE evidence SET rating = '5' WHERE sequence = 3 AND competency = 'COM'"))
    workspace.close()
    with pytest.raises(SystemExit) as ended:
        talent.main(["evidence", "verify", "-o", "json", "--workspace", str(folder)])
    told = capsys.readouterr()
    assert ended.value.code == 10
    assert [(row["person"], row["number"]) for row in items(told.out)] == [("amara", 3)]


def test_a_gap_says_what_it_waits_for_before_it_closes(run, folder):
    on = ("--on", "2026-03-02")
    more = {"source": "manager", "purpose": "appraisal", "observed_on": date(2026, 2, 25)}
    add_evidence(folder, "amara", {"COM": "3"}, more)
    (row,) = [
        each for each in items(run("gap", "person", "amara", *on, "-o", "json")) if each["phase"] == "closing"
    ]
    assert (row["competency"], row["band"], row["opened_on"]) == ("COM", "none", "2026-02-10")
    assert row["sources_needed"] == 1
    assert row["closing"] == "closing: needs a second source within 60 days"
    assert [(each["source"], each["agrees"], each["numbers"]) for each in row["sources"]] == [
        ("interview", False, [3]),
        ("manager", True, [6]),
    ]
    add_evidence(folder, "amara", {"COM": "2"}, {**more, "source": "coach"})
    mine = [each for each in items(run("gap", "team", "rui", "--people", "-o", "json")) if each["closed_on"]]
    assert [(each["person"], each["closing"]) for each in mine] == [
        ("amara", "closed on 2026-02-25 by coach, manager")
    ]


def add_evidence(folder, handle, values, more):
    workspace = Workspace.open(folder)

    def work(tx):
        given = rows(versions(tx, "hpsa-core")[0].id, person(tx, handle).id, values)
        record(tx.at(LATER), [replace(each, **more) for each in given], workspace.evidence)

    workspace.run(SYSTEM, work)
    workspace.close()
