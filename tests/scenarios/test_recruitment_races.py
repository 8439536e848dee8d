"""Races over a real selection: the last scorecards and the last position.

Each racer is a workspace of its own, as another terminal would be; a barrier
lets them go at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest

from talenthub.errors import Conflict, Refused, TalentError
from talenthub.people.persons import persons
from talenthub.workspace import Workspace

DAY = date(2026, 2, 10)
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
PANEL = ("jonas.weber", "kofi.mensah", "ana.ribeiro")
MARIA = "maria.costa"
CANDIDATES = ("Amara Okoye", "Bram Visser", "Chloe Martin")

Step = tuple[str, str, str]


def race(world: Any, steps: Sequence[Step]) -> list[TalentError | None]:
    """Fire all steps (who, ref, transition) at once; None stands for done."""
    barrier = Barrier(len(steps))
    came: list[TalentError | None] = [None] * len(steps)

    def run(number: int, who: str, ref: str, transition: str) -> None:
        opened = Workspace.open(world.folder)
        try:
            actor = opened.actor(as_handle=who)
            barrier.wait(120)
            opened.run(actor, lambda tx: opened.engine.fire(tx, ref, transition, {}))
        except TalentError as error:
            came[number] = error
        finally:
            opened.close()

    threads = [Thread(target=run, args=(number, *step)) for number, step in enumerate(steps)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return came


def read(world: Any, find: Callable[[Workspace, Any], Any]) -> Any:
    with world.open() as workspace:
        actor = workspace.actor(as_handle="noor.haddad")
        return workspace.run(actor, lambda tx: find(workspace, tx), read_only=True)


def state(world: Any, ref: str) -> str:
    return str(read(world, lambda workspace, tx: workspace.engine.case(tx, ref).state))


def times(world: Any, ref: str, step: str) -> int:
    """Return how often a case took a step."""
    events = world.figures("log", ref, who="noor.haddad")["items"]
    return sum(each["what"] == step for each in events)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_last_scorecards_and_the_last_position_go_to_one_each(
    make_world: Any, until_assessing: Any, kind: str
) -> None:
    world = make_world(kind)
    until_assessing(world, CANDIDATES, DAY)
    rated = [word for each in CODES for word in ("--competency", f"{each}=3", "--note", f"{each}=seen")]
    for number in range(1, len(CANDIDATES) + 1):
        for who in PANEL:
            world.talent("recruitment", "score", f"APP-{number}", *rated, who=who)

    # Three assessors lock at once: all do, and the last of them wakes the
    # application, whichever that was; it is woken once.
    for number in range(len(CANDIDATES)):
        cards = [f"SCO-{3 * number + each + 1}" for each in range(3)]
        owners = read(world, lambda workspace, tx, cards=cards: _owners(workspace, tx, cards))
        came = race(world, [(owners[card], card, "lock") for card in cards])
        assert came == [None, None, None]
        assert state(world, f"APP-{number + 1}") == "awaiting_consensus"
        assert times(world, f"APP-{number + 1}", "collect") == 1

    # Equal means share the first rank, so all three may be offered one position.
    world.talent("recruitment", "decide", "SEL-1", who="dario.conti")
    world.steps(("dario.conti", "SEL-1", "start_moderation"), (MARIA, "SEL-1", "decide"))
    refs = [f"APP-{number + 1}" for number in range(len(CANDIDATES))]
    for ref in refs:
        world.talent("recruitment", "offer", ref, who=MARIA)
        world.steps((MARIA, ref, "accept"))
    came = race(world, [(MARIA, ref, "hire") for ref in refs])
    assert came.count(None) == 1
    for error in came:
        assert error is None or isinstance(error, Refused | Conflict)
        if isinstance(error, Refused):
            assert "every position of the requisition is filled" in str(error.verdicts)
    assert sorted(state(world, ref) for ref in refs) == ["accepted", "accepted", "hired"]
    assert state(world, "REQ-1") == "filled"
    hired = CANDIDATES[came.index(None)].lower().replace(" ", ".")
    for name in CANDIDATES:
        handle = name.lower().replace(" ", ".")
        rows = world.figures("evidence", "show", handle, "--rows", who="noor.haddad")["items"]
        assert len(rows) == (len(CODES) if handle == hired else 0)
    world.talent("evidence", "verify", who="noor.haddad")


def _owners(workspace: Workspace, tx: Any, cards: Sequence[str]) -> dict[str, str]:
    raters = {card: workspace.engine.case(tx, card).participants["assessor"][0] for card in cards}
    found = persons(tx, list(raters.values()))
    return {card: found[rater].handle for card, rater in raters.items()}
