"""Who may read a draft: those who write it, auditors, and who is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talenthub.framework.library import Status, versions
from talenthub.people.grants import give, holds
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.framework_sight import FRAMEWORK_VIEW, version_in_sight, versions_in_sight

OFFICER, OWNER, SPONSOR, EDITOR = "maria.costa", "noor.haddad", "eva.sand", "grace.lindqvist"
ASKED, SECRET = "hpsa-next", "hpsa-secret"
HIDDEN = (
    ("list",),
    ("show", SECRET),
    ("show", SECRET, "--role", "case-officer"),
    ("show", SECRET, "--deviations"),
    ("tree", SECRET),
    ("handbook", SECRET),
    ("check", SECRET),
    ("export", SECRET),
    ("usage", SECRET),
    ("diff", SECRET),
    ("map", SECRET),
    ("impact", SECRET),
    ("trace", "COM", SECRET),
    ("derive", SECRET, "--to", "2.0.0"),
    ("publish", SECRET),
    ("withdraw", SECRET, "--yes"),
    ("reviewed", SECRET),
    ("sign", SECRET, "--key", "nobody"),
    ("verify", SECRET, "--signers", "nobody"),
)


@pytest.fixture(scope="module")
def hall(halls: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a hall with a draft that people are asked about, and a secret one."""
    made = halls.hall("sqlite", tmp_path_factory.mktemp("sight") / "hall", {})
    text = (made.world.folder / "next.yaml").read_text("utf-8")
    secret = made.world.folder / "secret.yaml"
    secret.write_text(re.sub(f"(?m)^  id: {ASKED}$", f"  id: {SECRET}", text), "utf-8")
    made.world.talent("framework", "import", str(secret), who=EDITOR)
    with made.world.open() as workspace:
        workspace.run(SYSTEM, lambda tx: give(tx, person(tx, "thandi.park").id, "auditor"))
    return made


@pytest.fixture(scope="module")
def asked(hall: Any) -> list[str]:
    """Return voters of a consultation about the one draft, and their facilitator."""
    ref = hall.open()
    voters = [each for each, level in sorted(hall.levels.items()) if level == 1][:5]
    barred = set().union(*(hall.above[each] for each in voters)) | {*voters, OFFICER, OWNER, SPONSOR}
    leading = next(each for each in sorted(hall.levels) if each not in barred)
    rows = [{"group": "a", "person": each, "facilitator": leading} for each in voters]
    hall.talent("groups", ref, "--file", hall.file("groups.csv", rows))
    return [*voters, leading]


@pytest.mark.parametrize("words", HIDDEN, ids=lambda words: words[0])
def test_no_command_tells_an_outsider_of_a_draft(hall: Any, words: tuple[str, ...]) -> None:
    answer = hall.world.ask("framework", *words, who="yara.khoury")
    assert answer.code == (0 if words == ("list",) else 4), answer
    told = (answer.out + answer.err).replace(f"found '{SECRET}'", "")
    assert SECRET not in told
    assert ASKED not in told


def test_a_record_search_and_opening_do_not_either(hall: Any) -> None:
    for words, code in (
        (("show", SECRET), 4),
        (("search", SECRET), 0),
        (("consultation", "open", SECRET, "9"), 5),
    ):
        answer = hall.world.ask(*words, who="yara.khoury")
        assert answer.code == code, answer
        assert "1.0.0" not in (answer.out + answer.err).replace(SECRET, "")


def test_one_and_all_agree_with_the_rule_in_words(hall: Any, asked: list[str]) -> None:
    """can(), visible() and a reading of the rule by hand say the same of everybody."""
    known = {*asked, OFFICER, OWNER, SPONSOR, EDITOR, "thandi.park", "yara.khoury"}

    def look(tx: Transaction, who: str) -> None:
        mine = Transaction(tx.connection, Actor(person(tx, who).id, None), tx.now, tx.zone, memory=tx.memory)
        shown = {row[0] for row in mine.rows(FRAMEWORK_VIEW.visible(mine))}
        everything = holds(tx, person(tx, who).id, ("framework_owner", "framework_editor", "auditor"))
        is_asked = who in asked or who in (OFFICER, SPONSOR)
        for each in versions(tx):
            expected = each.status is not Status.DRAFT or everything or (is_asked and each.code == ASKED)
            assert (each.id in shown) == expected, (who, each.name)
            assert FRAMEWORK_VIEW.can(mine, each.id).ok == expected, (who, each.name)
        assert [each.id for each in versions_in_sight(mine)] == sorted(shown)

    with hall.world.open() as workspace:
        for who in sorted(known):
            workspace.run(SYSTEM, lambda tx, who=who: look(workspace.engine.enter(tx), who))


def test_a_voter_reads_the_draft_and_no_other(hall: Any, asked: list[str]) -> None:
    with hall.world.open() as workspace:
        actor = workspace.actor(as_handle=asked[0])

        def look(tx: Transaction) -> set[str]:
            assert version_in_sight(workspace.engine.enter(tx), ASKED).status is Status.DRAFT
            return {each.code for each in versions_in_sight(tx)}

        assert workspace.run(actor, look) == {"hpsa-core", ASKED}
    told = hall.world.talent("framework", "show", ASKED, "--competency", "COM", who=asked[0]).out
    assert "COM" in told or "1" in told


def test_what_was_withdrawn_unpublished_stays_hidden(hall: Any, tmp_path: Path) -> None:
    made: Callable[..., Any] = hall.world.talent
    made("framework", "derive", "hpsa-core", "--to", "7.0.0", who=EDITOR)
    made("framework", "withdraw", "hpsa-core", "7.0.0", "--yes", who=OWNER)
    assert "7.0.0" in made("framework", "list", who=EDITOR).out
    assert "7.0.0" not in made("framework", "list", who="yara.khoury").out
    assert hall.world.ask("framework", "show", "hpsa-core", "7.0.0", who="yara.khoury").code == 4
