"""What is refused, what falls due, and what follows when people move."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from talenthub.people.deputies import set_deputy
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM

HR, HEAD = "grace.lindqvist", "noor.haddad"
POST = "harbour-service-team-leader-02"
OTHERS = ("maria.costa", "ruth.adeyemi", "jonas.weber")
SAID = ("--criticality", "90%", "--leaving", "0.35", "--because", "needed")
GIVEN = (
    *("--performance", "3.2", "--performance-source", "review of October"),
    *("--potential", "H", "--potential-source", "review of October"),
)


def refused(autumn: Any, *words: str, who: str = HR, code: int = 3) -> str:
    """Return what a refused command says; whatever it did must be nothing."""
    answer = autumn.talent(*words, who=who, code=code)
    return str(answer.out + answer.err)


def deputise(autumn: Any, of: str, by: str) -> None:
    with autumn.world.open() as workspace:
        workspace.run(
            SYSTEM,
            lambda tx: set_deputy(tx, person(tx, of).id, person(tx, by).id, tx.today, date(2027, 12, 1)),
        )


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_negative_paths(kind: str, make_autumn: Any) -> None:
    autumn = make_autumn(kind)
    autumn.talent("post", "add", POST, *SAID)
    assert "among the critical ones" in refused(autumn, "post", "add", POST, *SAID)
    _files(autumn)
    _without_evidence(autumn)
    autumn.make_ready("ana.ribeiro", "service-team-leader", {"DEV": "1"})
    ref = autumn.draft("ana.ribeiro", POST)
    autumn.talent("check", ref)
    twin = autumn.draft("ana.ribeiro", POST)
    assert f"{ref}: evidenced" in refused(autumn, "check", twin)
    autumn.talent("withdraw", twin, "--because", "said twice")
    _deviation(autumn, ref)
    _board(autumn, ref)
    autumn.talent("activate", ref)
    assert "holds the post" in refused(autumn, "appoint", ref)
    _post_vacated(autumn, ref)


def _files(autumn: Any) -> None:
    """Every line of a file that a rule refuses is told by its place."""
    file = autumn.world.folder / "given.csv"
    file.write_text(
        'post,criticality,leaving,reason\nquay-branch-manager,"0,9",0.2,needed\n'
        "northgate-branch-manager,0.9,0.2,needed\noperations-director,0.9,1.2,needed\n"
    )
    said = refused(autumn, "post", "add", "--file", str(file), code=9)
    assert "given.csv:2" in said
    assert "did you mean 0.9?" in said
    assert "given.csv:3" not in said
    assert "given.csv:4" in said
    assert "leaving: a share is from 0 to 1" in said
    assert "CRP-" not in said, "it is taken back: nobody could look it up"
    assert len(autumn.items("post", "list")) == 1
    file.write_text(
        "person,post,rationale,competencies\n"
        f"ana.ribero,{POST},known for it,CIT\njonas.weber,quay-branch-manager,known for it,CIT\n"
    )
    said = refused(autumn, "nominate", "--file", str(file), code=9)
    assert "given.csv:2" in said
    assert "ana.ribeiro" in said
    assert "given.csv:3: this is no critical post" in said
    assert not autumn.items("nominations")
    file.write_text(f"person,post\nana.ribeiro,{POST}\n")
    [made] = autumn.items("nominate", "--file", str(file), who=HR)
    said = refused(autumn, "nominate", "--file", str(file), code=9)
    assert f"given.csv:2: this is nominated already, as {made['ref']}" in said
    file.write_text(f"person,post\njonas.weber,{POST}\njonas.weber,{POST}\n")
    assert "nominated already, in line 2" in refused(autumn, "nominate", "--file", str(file), code=9)
    autumn.talent("withdraw", made["ref"], "--because", "tried")


def _without_evidence(autumn: Any) -> None:
    """A nomination without coverage is refused, and says what is unknown."""
    blank = autumn.draft("kofi.mensah", POST)
    said = refused(autumn, "check", blank)
    assert "insufficient evidence" in said
    assert "critical and unknown: COM, DEV" in said
    autumn.talent("withdraw", blank, "--because", "nothing is known")


def _deviation(autumn: Any, ref: str) -> None:
    """People may differ from what is computed, with a reason; both are kept."""
    refused(autumn, "assess", ref, code=3)
    said = refused(autumn, "assess", ref, *GIVEN, "--readiness", "ready now")
    assert "computed: ready in 1-2 years" in said
    assert "months, at most 0" in said
    autumn.talent("assess", ref, *GIVEN, "--readiness", "ready now", "--because", "led the team for months")
    told = [row["says"] for row in autumn.items("show", ref) if row["part"] == "readiness"]
    assert told == ["computed ready in 1-2 years, agreed ready now (review): led the team for months"]


def _board(autumn: Any, ref: str) -> None:
    """No quorum, no approval; who submitted or assessed does not approve."""
    members = [word for each in OTHERS for word in ("--member", each)]
    assert "at least 3" in refused(autumn, "board", "call", ref, *members[:4])
    assert "the nominee" in refused(autumn, "board", "call", ref, *members, "--member", "ana.ribeiro")
    assert "who nominated" in refused(autumn, "board", "call", ref, *members, "--member", HR)
    autumn.talent("board", "call", ref, *members)
    for each in OTHERS[:2]:
        autumn.talent("board", "vote", ref, "--decision", "yes", who=each)
    assert "2 of 3" in refused(autumn, "board", "approve", ref, who=HEAD)
    autumn.talent("board", "vote", ref, "--decision", "no", "--because", "too early", who=OTHERS[2])
    # Self-approval by a deputy: to stand in for the head makes no second pair of eyes.
    deputise(autumn, HEAD, HR)
    assert "that was you" in refused(autumn, "board", "approve", ref, who=HR)
    # The nominee learns nothing by standing in for who decides.
    deputise(autumn, HEAD, "ana.ribeiro")
    refused(autumn, "board", "approve", ref, who="ana.ribeiro", code=4)
    autumn.talent("board", "approve", ref, who=HEAD)


def _post_vacated(autumn: Any, ref: str) -> None:
    """A post falls vacant: its nominees are scored anew that day."""
    world = autumn.world
    world.talent("tick", "--to", "2027-12-20", who=HR)
    world.talent("people", "leave", "dario.conti", "--on", "2027-12-20", "--yes", who=HEAD)
    world.talent("tick", who="sami.okafor")
    told = [(row["item"], row["says"]) for row in autumn.items("show", ref) if row["part"] == "readiness"]
    assert told[-1] == ("2027-12-20", "computed ready in 1-2 years, agreed ready now (post vacated)")
    [seat] = autumn.items("bench")
    assert (seat["incumbent"], seat["bench"]) == (None, 0.5), "what people agreed on stays until they say so"
    assert seat["changed"] == ["ana.ribeiro: computed ready in 1-2 years"]
    inbox = world.figures("inbox", who=HR)["items"]
    assert any("Revalidate" in str(each) for each in inbox if each["ref"] == ref), inbox
    # Revalidation brings both together again; at its end the nomination expires.
    autumn.talent("assess", ref)
    [seat] = autumn.items("bench")
    assert (seat["bench"], seat["changed"]) == (0.25, [])
    world.talent("tick", "--to", "2028-12-20", who=HR)
    assert world.state(ref) == "expired"
    assert world.state(autumn.items("post", "list")[0]["ref"]) == "review_due"


def test_advancement_needs_a_reference_and_purposes_stand_together(make_autumn: Any) -> None:
    autumn = make_autumn()
    autumn.make_ready("ana.ribeiro", "branch-manager")
    target = ("--role", "branch-manager", "--because", "she leads already", "--competency", "CIT")
    assert "--reference" in refused(autumn, "nominate", "ana.ribeiro", *target, "--purpose", "advancement")
    assert autumn.items("nominations", who=HR) == [], "all or none"
    both = ("--purpose", "advancement", "--purpose", "development", "--reference", "tomas.lind")
    dry = autumn.items("nominate", "ana.ribeiro", *target, *both, "--dry-run", who=HR)
    assert [row["purpose"] for row in dry] == ["advancement", "development"]
    assert autumn.items("nominations", who=HR) == [], "it ran dry"
    again = ("--request-id", "autumn")
    made = autumn.items("nominate", "ana.ribeiro", *target, *both, *again, who=HR)
    assert autumn.items("nominate", "ana.ribeiro", *target, *both, *again, who=HR) == made
    autumn.put_in_force(made[0]["ref"], said=GIVEN, board=OTHERS)
    [together] = autumn.items("nominations", "--people", who=HR)
    assert (together["together"], together["purposes"]) == ("in progress", ["advancement", "development"])
    assert "follows on a post" in refused(autumn, "nominate", "ana.ribeiro", *target, code=2)


def test_many_at_once_from_files(make_autumn: Any, tmp_path: Any) -> None:
    autumn = make_autumn()
    posts = tmp_path / "posts.csv"
    posts.write_text(
        f"post,criticality,leaving,reason\n{POST},0.9,0.35,busy\nharbour-branch-manager,0.8,0.2,wide\n"
    )
    autumn.talent("post", "add", "--file", str(posts))
    people = tmp_path / "people.csv"
    people.write_text(
        "person,purpose,post,rationale,competencies\n"
        f"ana.ribeiro,successor,{POST},steady,CIT COM\n"
        f"lars.halvorsen,sucessor,{POST},steady,CIT\n"
    )
    assert "people.csv:3" in refused(autumn, "nominate", "--file", str(people), code=9)
    people.write_text(people.read_text().replace("sucessor", "successor"))
    autumn.talent("nominate", "--file", str(people))
    for each in ("ana.ribeiro", "lars.halvorsen"):
        autumn.make_ready(each, "service-team-leader")
    autumn.talent("check", "--post", POST)
    said = tmp_path / "said.csv"
    said.write_text(
        "nomination,performance,performance_source,potential,potential_source\n"
        "ana.ribeiro,H,review,M,review\nlars.halvorsen,L,review,M,review\n"
    )
    autumn.talent("assess", "--file", str(said))
    found = {row["person"]: row["readiness"] for row in autumn.items("nominations", who=HR)}
    assert found == {"ana.ribeiro": "ready now", "lars.halvorsen": "ready in 1-2 years"}


def test_the_best_fitting_people_of_all_in_sight(make_autumn: Any) -> None:
    autumn = make_autumn()
    autumn.make_ready("ana.ribeiro", "branch-manager")
    autumn.make_ready("kofi.mensah", "branch-manager", {"COM": "1"})
    found = autumn.items("best", "branch-manager", "--top", "2", who=HR)
    assert [row["person"] for row in found] == ["ana.ribeiro", "kofi.mensah"]
    assert found[0]["fit"] == 100
    [own] = autumn.items("best", "branch-manager", who="kofi.mensah") or [None]
    assert own is None, "nobody reads what the house thinks of them as a successor"
