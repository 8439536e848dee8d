"""Tab completes what the same person could list, and nothing else."""

from __future__ import annotations

import sqlite3

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner

from talenthub.cli import talent

VARIABLE = "_TALENT_COMPLETE"


@pytest.fixture
def complete(small_town, monkeypatch):
    """Return a function that completes as one of the town does."""
    for name in ("TALENTHUB_WORKSPACE", "TALENTHUB_AS"):
        monkeypatch.delenv(name, raising=False)

    def completed(*words: str, typed: str = "", as_: str = "olga") -> list[str]:
        given = ["--workspace", str(small_town.folder), "--as", as_, *words]
        return [
            each.value for each in BashComplete(talent, {}, "talent", VARIABLE).get_completions(given, typed)
        ]

    return completed


def test_words_of_every_kind_are_completed(small_town, complete):
    ref = small_town.open().ref
    assert (complete("show", typed="lo"), complete("show", typed="ri")) == ([ref], ["rita"])
    assert complete("why", typed="lo") == [ref]
    assert complete("why", ref, typed="re") == ["review", "refuse"]
    assert complete("do", typed="LOAN") == [ref]
    assert complete("do", ref, typed="agree") == ["agree_terms"]
    assert complete("log", "--by", typed="ri") == ["rita"]
    assert complete("people", "list", "--unit", typed="q") == ["quay"]
    assert complete("workflow", "graph", typed="bank.") == ["bank.loan", "bank.review"]
    assert complete("do", ref, "--where", typed="x") == []


def test_only_what_the_same_person_could_list_is_completed(small_town, complete):
    ref = small_town.open().ref
    small_town.talent("do", ref, "review")
    small_town.open()
    for actor in ("olga", "hedda", "rita", "rolf", "sam", "nora", "ada"):
        shown = {each["ref"] for each in small_town.talent("list", "-o", "json", as_=actor).items}
        assert set(complete("why", as_=actor)) == shown, actor
        listed = small_town.talent("people", "list", "-o", "json", as_=actor).items
        known = {each["handle"] for each in listed}
        assert set(complete("log", "--by", as_=actor)) == known, actor
    assert "carl.hidden" in complete("log", "--by", as_="hedda")
    assert "carl.hidden" not in complete("log", "--by", as_="nora")


def test_a_rater_learns_nothing_of_other_ratings(small_town, complete):
    small_town.talent("do", small_town.open().ref, "review")
    assert complete("why", typed="REV", as_="rita") == ["REV-1"]


def test_whatever_goes_wrong_nothing_is_offered_and_nothing_said(small_town, complete, capfd):
    small_town.open()
    assert complete("why", as_="nobody.here") == []
    assert complete("people", "show", typed="\udcff") == []
    (small_town.folder / "talenthub.toml").write_text("[plugins\n")
    assert complete("why") == []
    assert capfd.readouterr() == ("", "")


def test_a_damaged_database_offers_nothing(small_town, complete, capfd):
    small_town.workspace.close()
    file = sqlite3.connect(small_town.workspace.database.url.database)
    file.execute("DROP TABLE workflow_case")
    file.close()
    assert complete("why") == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_lines(shell):
    told = CliRunner().invoke(talent, ["completion", shell])
    assert (told.exit_code, VARIABLE in told.stdout) == (0, True)


def test_an_unknown_shell_is_told():
    told = CliRunner().invoke(talent, ["completion", "bsh"])
    assert (told.exit_code, "did you mean 'bash'?" in told.stderr) == (2, True)
