"""What is read every day beside hundreds of vacancies, and bare SQL for it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from bare import Bare
from measuring import Measured, alternate
from organisation import BY_HAND
from volume import CHAIR, RECRUITER, Volume, open_vacancies, rate_and_decide

from talenthub.evidence.viewing import view_organisation
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow.conditions import cases_matching
from talenthub.workspace import Workspace
from talenthub_recruitment.comparing import compared
from talenthub_recruitment.reports import funnel_of

ROUNDS = 3
FUNNEL = """SELECT selection.ref, application.state, event.target, count(*)
 FROM workflow_case selection JOIN workflow_case application ON application.parent_id = selection.id
 JOIN case_event event ON event.case_id = application.id
 WHERE selection.workflow = 'recruitment.selection'
 GROUP BY selection.ref, application.state, event.target"""
LIST = """SELECT ref, workflow, state, about, opened_at, entered_at FROM workflow_case
 WHERE closed_at IS NULL ORDER BY id"""
COMPARE = """SELECT application.ref, person.name, card.data
 FROM workflow_case selection JOIN workflow_case application ON application.parent_id = selection.id
 JOIN workflow_case card ON card.parent_id = application.id JOIN person ON person.id = application.subject_id
 WHERE selection.ref = ? AND card.workflow = 'recruitment.scorecard'"""


def measure(folder: Path, url: str, vacancies: int, candidates: int) -> tuple[list[Measured], Volume]:
    """Return inbox, funnel and compare beside bare SQL, and what was built."""
    volume = open_vacancies(folder, url, vacancies, candidates)
    cards = vacancies * candidates * len(volume.panel(0))
    found = [_measure(volume, f"inbox among {cards:,} open scorecards", volume.assessors[0], _inbox)]
    rate_and_decide(volume)
    return [*found, *look_around(volume)], volume


def look_around(volume: Volume) -> list[Measured]:
    """Return what is read of vacancies where all is rated and decided."""
    held, each = volume.vacancies, volume.candidates
    return [
        _measure(volume, f"`funnel` of {held} vacancies", RECRUITER, _funnel),
        _measure(volume, f"`list` of {2 * held + held * each:,} open cases", RECRUITER, _list),
        _measure(volume, f"`compare` of {each} candidates", CHAIR, _compare),
        _measure(volume, "`gap org` of 1,200 people", RECRUITER, _gaps),
    ]


Pair = tuple[Callable[[Transaction], Any], Callable[[], Any]]


def _measure(volume: Volume, title: str, who: str, pair: Callable[[Workspace, Bare, int], Pair]) -> Measured:
    with volume.world.open() as workspace:
        number = workspace.run(SYSTEM, lambda tx: person(tx, who).id, read_only=True)
        actor = workspace.actor(as_handle=who)
        bare = Bare(workspace.database.url.render_as_string(hide_password=False), number, 0)
        read, by_hand = pair(workspace, bare, number)
        measured = alternate(
            title,
            "answer",
            "at once",
            1,
            lambda _number: workspace.run(actor, read, read_only=True) and None,
            lambda _number: by_hand() and None,
            rounds=ROUNDS,
        )
        bare.close()
    return measured


def _inbox(workspace: Workspace, bare: Bare, number: int) -> Pair:
    return workspace.engine.inbox, lambda: bare.inbox(number)


def _funnel(workspace: Workspace, bare: Bare, _number: int) -> Pair:
    return lambda tx: funnel_of(workspace.engine, tx), lambda: bare.run(FUNNEL).fetchall()


def _list(workspace: Workspace, bare: Bare, _number: int) -> Pair:
    engine = workspace.engine
    return (
        lambda tx: cases_matching(engine.enter(tx), engine.catalogue, "is=open"),
        lambda: bare.run(LIST).fetchall(),
    )


def _gaps(workspace: Workspace, bare: Bare, _number: int) -> Pair:
    settings = workspace.evidence
    return (
        lambda tx: view_organisation(tx, None, "development", settings, listed=False),
        lambda: bare.run(BY_HAND).fetchall(),
    )


def _compare(workspace: Workspace, bare: Bare, _number: int) -> Pair:
    def by_hand() -> dict[tuple[str, str], Fraction]:
        given: dict[tuple[str, str], list[int]] = defaultdict(list)
        for ref, _name, data in bare.run(COMPARE, ("SEL-1",)).fetchall():
            for code, rating in json.loads(data)["ratings"].items():
                given[ref, code].append(rating)
        return {key: Fraction(sum(each), len(each)) for key, each in given.items()}

    return lambda tx: compared(workspace.engine, tx, "SEL-1"), by_hand
