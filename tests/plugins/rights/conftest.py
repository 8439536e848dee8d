"""The ground of the tables of rights: one case a workflow, one person a column.

The cases are opened by the system and put into the state a step starts from;
nobody's rights come from having taken an earlier step.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import bindparam, update

from talenthub.errors import NotFound, NotPermitted, Refused
from talenthub.people.grants import give
from talenthub.sdk import (
    CaseView,
    Fired,
    Opening,
    Request,
    TalentError,
    Transaction,
    Transition,
    Workflow,
    add_person,
    person,
    published,
    unit,
    workflow_case,
)
from talenthub.storage.transaction import SYSTEM
from talenthub.testing import Servers, World
from talenthub.testing.worlds import WorldTemplates
from talenthub.workflow.applying import Step, apply
from talenthub.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parent / "support"))
from rights_cast import CASES, FORMS, GRANTS, PEOPLE, numbered

PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")
SYSTEM_COLUMN = "system"

_set_state = (
    update(workflow_case)
    .where(workflow_case.c.id == bindparam("which"))
    .values(state=bindparam("new_state"), closed_at=None, outcome=None)
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One step to be tried: of which kind of case, and on which case."""

    kind: str
    state: str
    step: str
    ref: str
    four_eyes: tuple[str, ...]

    @property
    def request(self) -> Request:
        """Return the step as it is asked for."""
        return Request(self.ref, self.step, FORMS.get(self.step, {}))


class Ground:
    """A world with one case for each step, and somebody for each column."""

    def __init__(self, world: World, workspace: Workspace) -> None:
        self.world, self.workspace, self.engine = world, workspace, workspace.engine
        self.trials: list[Trial] = workspace.run(SYSTEM, self._prepared)
        self.actors = {name: workspace.actor(as_handle=handle) for name, handle in PEOPLE.items()}
        self.actors[SYSTEM_COLUMN] = SYSTEM

    def _prepared(self, tx: Transaction) -> list[Trial]:
        self.engine.enter(tx)
        _cast(tx)
        who = {name: person(tx, handle).id for name, handle in PEOPLE.items()}
        version, harbour = published(tx, "hpsa-core").id, unit(tx, "harbour").id
        found: dict[str, CaseView] = {}
        trials = []
        for kind, each in CASES.items():
            workflow = self.engine.catalogue.newest(each.workflow).workflow
            steps = list(states_and_steps(workflow))
            opening = Opening(
                each.workflow,
                subject=who["subject"] if each.about_subject else None,
                data={
                    key: found[value].id if key == "application" else numbered(tx, value)
                    for key, value in each.data.items()
                },
                participants={role: (who[column],) for role, column in (each.roles or {}).items()},
                parent=None if each.parent is None else found[each.parent],
                framework_version=version,
                unit=harbour,
            )
            found[kind], *cases = self.engine.open_many(tx, [opening] * (len(steps) + 1))
            for case, (state, edge) in zip(cases, steps, strict=True):
                self._put(tx, case, state)
                trials.append(Trial(kind, state, edge.name, case.ref, edge.four_eyes))
        return trials

    def _put(self, tx: Transaction, case: CaseView, state: str) -> None:
        """Put a case into a state with its tasks, as if steps had led there."""
        if state == case.state:
            return
        tx.connection.execute(_set_state, {"which": case.id, "new_state": state})
        owner = self.engine.catalogue.running(case.workflow, case.workflow_version)
        apply(self.engine, tx, [Step(case, replace(case, state=state), None, owner, ())], depth=0)

    @property
    def people(self) -> tuple[str, ...]:
        """Return the columns that stand for somebody who runs commands."""
        return tuple(PEOPLE)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of cases, in the order of the pages."""
        return tuple(CASES)

    def workflow_of(self, kind: str) -> str:
        """Return the workflow a kind of case runs by."""
        return CASES[kind].workflow

    @property
    def cases(self) -> list[Trial]:
        """Return one trial for each state that steps leave."""
        return list({(each.kind, each.state): each for each in self.trials}.values())

    def steps_from(self, trial: Trial) -> set[str]:
        """Return all steps that leave the state of a trial."""
        workflow = self.engine.catalogue.newest(self.workflow_of(trial.kind)).workflow
        return {edge.name for edge in workflow.transitions if trial.state in edge.sources}

    def in_bulk(self, column: str, trials: Sequence[Trial]) -> list[bool]:
        """Return whether rights let somebody take each step, tried at once."""

        def tried(tx: Transaction) -> list[bool]:
            self.engine.enter(tx)
            answers = self.engine.fire_many(tx, [each.request for each in trials])
            return [_has_right(trial, each) for trial, each in zip(trials, answers, strict=True)]

        return self.workspace.run(self.actors[column], tried, dry_run=True)

    def by_command(self, column: str, ref: str) -> dict[str, set[bool]]:
        """Return the same as `talent why` tells it of each step from here.

        A step that only the system takes shows people its conditions and no
        right. Who does not see the case is told of no step at all.
        """
        answer = self.world.ask("why", ref, "-o", "json", who=PEOPLE[column])
        assert answer.code in (0, 4), (ref, column, answer)
        found: dict[str, set[bool]] = {}
        for each in json.loads(answer.out)["items"] if answer.code == 0 else ():
            if each["kind"] == "rights":
                found.setdefault(each["step"], set()).add(each["ok"])
        return found


def _cast(tx: Transaction) -> None:
    for handle in PEOPLE.values():
        if handle.startswith("rights."):
            made = add_person(tx, handle, handle=handle, kind="employee").id
            if handle in GRANTS:
                name, where = GRANTS[handle]
                give(tx, made, name, None if where is None else unit(tx, where).id)


def _has_right(trial: Trial, answer: Fired | TalentError) -> bool:
    if isinstance(answer, NotFound):
        return False
    if isinstance(answer, Refused | NotPermitted):
        rights = [each.ok for each in answer.verdicts if each.kind == "rights"]
        assert rights, (trial, answer)
        return all(rights)
    # A hollow case may be too little for an effect; by then the rights were there.
    assert isinstance(answer, Fired) or "effect" in str(answer), (trial, answer)
    return True


def states_and_steps(workflow: Workflow) -> Iterator[tuple[str, Transition]]:
    """Yield each transition with a state that it leaves."""
    for edge in workflow.transitions:
        yield (edge.source if isinstance(edge.source, str) else edge.source[0]), edge


@pytest.fixture(scope="session")
def rights_worlds(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> WorldTemplates:
    """Return the maker of worlds with the three plugins."""
    return WorldTemplates(servers, tmp_path_factory.mktemp("rights"), PLUGINS, {})


@pytest.fixture(scope="session")
def ground_on(
    rights_worlds: WorldTemplates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Ground]]:
    """Return a maker of grounds, one for each kind of database; nobody changes them."""
    made: dict[str, Ground] = {}

    def ground(kind: str) -> Ground:
        if kind not in made:
            world = rights_worlds.copy(kind, tmp_path_factory.mktemp("ground") / kind)
            made[kind] = Ground(world, Workspace.open(world.folder))
        return made[kind]

    yield ground
    for each in made.values():
        each.workspace.close()
