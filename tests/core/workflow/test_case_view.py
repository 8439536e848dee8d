"""Who sees a case: three answers that must be one, on random worlds.

The engine says it in Python (`sights`) and in SQL (`visible_cases`); the
oracle here says it a third time, on plain dicts, without the engine.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from talenthub.people.changes import set_reporting_line
from talenthub.people.deputies import set_deputy
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.people.posts import add_post, assign
from talenthub.people.units import add_unit
from talenthub.sdk import (
    Blind,
    Outcome,
    State,
    Task,
    Transition,
    Workflow,
    holds,
    manager_of,
    participant,
    subject,
    system,
)
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.workflow.access import CASE_VIEW, visible_cases
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.opening import Opening
from talenthub.workflow.sight import Sight, sights

SINCE = date(2025, 1, 1)
GRANTS = ("hr_officer", "hr_head", "auditor", "hr_partner", "recruiter")


def plain(name: str, ref: str, version: int, viewers, task, sees: str) -> Workflow:
    return Workflow(
        name=name,
        ref=ref,
        version=version,
        initial="open",
        viewers=viewers,
        subject_sees=sees,
        participants=("helper",),
        states=[
            State("open", tasks=(Task("See to it", task),) if task else ()),
            State("idle", tasks=()),
            State("over", outcome=Outcome.NEUTRAL),
        ],
        transitions=[
            Transition("rest", "open", "idle", by=system),
            Transition("end", ["open", "idle"], "over", by=system),
        ],
    )


def blind(name: str, ref: str, parent: str, viewers) -> Workflow:
    return Workflow(
        name=name,
        ref=ref,
        version=1,
        initial="rating",
        parent=parent,
        viewers=viewers,
        participants=("rater", "helper"),
        blind=Blind("rater", states=("rating",), until_revealed=("locked",)),
        states=[
            State("rating", tasks=(Task("Rate", participant("rater")),)),
            State("locked", tasks=()),
            State("shown", tasks=()),
            State("over", outcome=Outcome.NEUTRAL),
        ],
        transitions=[
            Transition("lock", "rating", "locked", by=system),
            Transition("show", "locked", "shown", by=system),
            Transition("end", ["locked", "shown"], "over", by=system),
        ],
    )


OFFICER = holds("hr_officer")
ABOVE = manager_of(subject)
HELD = [
    plain("view.a", "VA", 1, OFFICER | ABOVE, OFFICER, "status"),
    plain("view.a", "VA", 2, manager_of(ABOVE) | participant("helper"), ABOVE, "status"),
    plain("view.b", "VB", 1, manager_of(participant("helper")), holds("recruiter"), "all"),
    plain("view.c", "VC", 1, subject | holds("auditor"), participant("helper"), "nothing"),
    blind("view.d", "VD", "view.a", OFFICER | manager_of(participant("rater"))),
    blind("view.e", "VE", "view.b", holds("hr_head") | subject),
]
PARKED = [
    plain("view.a", "VA", 3, OFFICER, OFFICER, "all"),
    plain("gone.f", "GF", 1, OFFICER, OFFICER, "all"),
]
NAMES = ["view.a", "view.b", "view.c", "gone.f"]
CHILDREN = {"view.a": "view.d", "view.b": "view.e"}


@dataclass
class World:
    """A random organisation, once in the database and once in dicts."""

    chance: random.Random
    people: list[int] = field(default_factory=list)
    above_unit: dict[int, int | None] = field(default_factory=dict)
    seat: dict[int, int] = field(default_factory=dict)
    above_post: dict[int, int] = field(default_factory=dict)
    grants: dict[int, set] = field(default_factory=lambda: defaultdict(set))
    stands_for: dict[int, set] = field(default_factory=lambda: defaultdict(set))

    def fill(self, tx: Transaction) -> None:
        for number in range(6):
            above = self.chance.choice([None, *self.above_unit]) if number else None
            self.above_unit[add_unit(tx, f"u{number}", f"Unit {number}", parent_id=above).id] = above
        posts: list[int] = []
        for number in range(9):
            unit = self.chance.choice(list(self.above_unit))
            made = add_post(
                tx,
                f"p{number}",
                "A post",
                framework_code="core",
                role_code="any",
                unit_id=unit,
                since=SINCE,
            ).id
            if posts and self.chance.random() < 0.85:
                self.above_post[made] = self.chance.choice(posts)
                set_reporting_line(tx, made, self.above_post[made], SINCE)
            posts.append(made)
        for number in range(9):
            person = add_person(tx, f"Person {number}", kind="employee", handle=f"person{number}").id
            self.people.append(person)
            if self.chance.random() < 0.7:  # other posts stay vacant
                self.seat[posts[number]] = person
                assign(tx, person, posts[number], SINCE)
        for person in self.people:
            for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
                grant = (self.chance.choice(GRANTS), self.chance.choice([None, *self.above_unit]))
                if grant not in self.grants[person]:
                    give(tx, person, grant[0], grant[1], since=SINCE)
                    self.grants[person].add(grant)
        for _ in range(4):
            person, deputy = self.chance.sample(self.people, 2)
            if person not in self.stands_for[deputy]:
                set_deputy(tx, person, deputy, tx.today - timedelta(days=2), tx.today + timedelta(days=2))
                self.stands_for[deputy].add(person)

    def open(self, tx: Transaction, engine: Engine) -> None:
        parents = engine.open_many(tx, [self._opening(self.chance.choice(NAMES)) for _ in range(24)])
        below = [
            self._opening(CHILDREN[parent.workflow], parent)
            for parent in parents
            if parent.workflow in CHILDREN
            for _ in range(self.chance.choice((0, 2, 3)))
        ]
        for case in [*engine.open_many(tx, below), *parents]:
            for step in ("lock", "show") if case.workflow in CHILDREN.values() else ("rest", "end"):
                if self.chance.random() < 0.45:
                    break
                engine.fire(tx, case.id, step)

    def _opening(self, workflow: str, parent=None) -> Opening:
        roles = ("rater", "helper") if parent is not None else ("helper",)
        return Opening(
            workflow=workflow,
            subject=self.chance.choice([None, *self.people]),
            unit=self.chance.choice([None, *self.above_unit]),
            parent=parent,
            participants={
                role: tuple(self.chance.sample(self.people, self.chance.choice((0, 1, 1, 2))))
                for role in roles
            },
        )

    def manager(self, person: int) -> int | None:
        """Return who sits on the nearest filled post above."""
        own = [post for post, held in self.seat.items() if held == person]
        here = self.above_post.get(own[0]) if own else None
        while here is not None and here not in self.seat:
            here = self.above_post.get(here)
        return self.seat.get(here) if here is not None else None

    def units_above(self, unit: int | None) -> list[int]:
        found = []
        while unit is not None:
            found.append(unit)
            unit = self.above_unit[unit]
        return found

    def named(self, who, case) -> set[int]:
        """Return the persons that an alternative of a relation names."""
        found = set()
        if who.kind == "subject" and case.subject is not None:
            found = {case.subject}
        elif who.kind == "participant":
            found = set(case.people(who.name))
        for _ in range(who.up):
            found = {self.manager(each) for each in found} - {None}
        return found

    def holds(self, person: int, name: str, unit: int | None, *, strictly: bool = False) -> bool:
        reach = self.units_above(unit)
        return any(
            held == name and (at is None or at in reach or (unit is None and not strictly))
            for held, at in self.grants[person]
        )


@dataclass
class Oracle:
    """What each actor sees of each case, by the words of the design."""

    world: World
    loaded: dict[tuple[str, int], Workflow]
    cases: dict
    tasks: set[int]
    """Cases whose state's task is open."""

    def sees(self, actor: Actor, case) -> Sight:
        workflow = self.loaded.get((case.workflow, case.workflow_version))
        # Nobody learns of a case as the deputy of whom it is about.
        acting = {actor.person} | self.world.stands_for[actor.person] - {case.subject}
        if workflow is None:
            held = {name for each in acting for name, _ in self.world.grants[each]}
            mine = case.subject in actor.identities
            return Sight.CONTENT if not mine and held & {"hr_head", "auditor"} else Sight.NOTHING
        involved = self.has_task(acting, workflow, case) or any(
            acting & set(people) for people in case.participants.values()
        )
        viewer = self.is_one(workflow.viewers, actor, acting, case)
        if workflow.blind is not None:
            return self.sees_blind(actor, workflow, case, involved or viewer)
        if viewer:
            return Sight.CONTENT
        if case.subject is not None and case.subject == actor.person:
            return {"all": Sight.CONTENT, "status": Sight.STATUS, "nothing": Sight.NOTHING}[
                workflow.subject_sees
            ]
        return Sight.CONTENT if involved else Sight.NOTHING

    def sees_blind(self, actor: Actor, workflow: Workflow, case, entitled: bool) -> Sight:
        if actor.person in case.people(workflow.blind.role):
            return Sight.CONTENT
        if case.subject is not None and case.subject == actor.person:
            return Sight.NOTHING
        for other in self.cases.values():
            if (
                other.parent == case.parent
                and other.workflow == case.workflow
                and other.is_open
                and other.state in workflow.blind.states
                and set(other.people(workflow.blind.role)) & actor.identities
            ):
                return Sight.NOTHING
        if not entitled:
            return Sight.NOTHING
        hidden = case.state in (*workflow.blind.states, *workflow.blind.until_revealed)
        return Sight.STATUS if hidden else Sight.CONTENT

    def is_one(self, relation, actor: Actor, acting: set[int], case) -> bool:
        if case.subject is not None and case.subject in actor.identities:
            # About oneself one is the subject and nothing else.
            return relation.names_subject and case.subject == actor.person
        for who in relation.alternatives:
            if who.kind == "holds":
                if any(self.world.holds(each, who.name, case.unit) for each in acting):
                    return True
            elif who.kind == "subject" and who.up == 0:
                continue
            elif acting & self.world.named(who, case):
                return True
        return False

    def has_task(self, acting: set[int], workflow: Workflow, case) -> bool:
        if case.id not in self.tasks:
            return False
        [who] = workflow.state(case.state).tasks[0].to.alternatives
        grant = who.name if who.kind == "holds" else None
        if grant is None:
            named = self.world.named(who, case)
            if named:
                return bool(acting & named)
            grant = "hr_partner"
        return any(self.world.holds(each, grant, case.unit, strictly=True) for each in acting)


SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.storm) for seed in range(2, 40))]


@pytest.mark.parametrize("seed", SEEDS)
def test_python_sql_and_an_oracle_agree_on_who_sees_a_case(database, house, seed):
    world = World(random.Random(seed))
    everything = Engine(Catalogue(Loaded(each, "view") for each in (*HELD[:1], *HELD[2:], *PARKED[1:])))
    newer = Engine(Catalogue(Loaded(each, "view") for each in HELD))
    newest = Engine(Catalogue(Loaded(each, "view") for each in (*HELD, *PARKED)))
    engine = Engine(Catalogue(Loaded(each, "view") for each in HELD))
    with database.begin() as connection:
        tx = Transaction(connection, SYSTEM, house.now)
        world.fill(tx)
        world.open(tx, everything)
        for each in (newer, newest):
            each.open_many(each.enter(tx), [world._opening("view.a") for _ in range(6)])
        cases = {each.id: each for each in all_cases(tx, engine)}
        oracle = Oracle(
            world,
            {(each.name, each.version): each for each in HELD},
            cases,
            {each.id for each in cases.values() if has_open_task(each)},
        )
        told = 0
        for person in world.people:
            for login in (None, *world.chance.sample(world.people, 2)):
                actor = Actor(person, login)
                mine = engine.enter(Transaction(connection, actor, house.now))
                seen = sights(mine, engine.catalogue, list(cases.values()))
                shown = set(connection.execute(visible_cases(mine)).scalars())
                for case in cases.values():
                    expected = oracle.sees(actor, case)
                    note = (seed, actor, case)
                    assert seen.of(case) is expected, note
                    assert (case.id in shown) == (expected > Sight.NOTHING), note
                    told += expected > Sight.NOTHING
                if login is None:
                    name = world.chance.choice(["view.a", "view.d", "gone.f"])
                    outlined = [each.id for each in engine.outlines(mine, name)]
                    assert outlined == sorted(
                        shown & {each.id for each in cases.values() if each.workflow == name}
                    )
                one = world.chance.choice(list(cases.values()))
                assert CASE_VIEW.can(mine, one.id).ok == (one.id in shown)
        assert told > len(cases), "the world is too dark to tell anything"


def all_cases(tx, engine):
    from sqlalchemy import select

    from talenthub.workflow.cases import cases_where
    from talenthub.workflow.tables import workflow_case

    return cases_where(engine.enter(tx), select(workflow_case.c.id))


def has_open_task(case) -> bool:
    states = {(each.name, each.version): each for each in (*HELD, *PARKED)}
    workflow = states.get((case.workflow, case.workflow_version))
    return case.is_open and workflow is not None and bool(workflow.state(case.state).tasks)


def test_another_day_asks_anew_whom_one_manages(database, house):
    engine = Engine(Catalogue([Loaded(plain("view.m", "VM", 1, manager_of(subject), None, "all"), "view")]))
    later = house.now + timedelta(days=10)
    with database.begin() as connection:
        tx = engine.enter(Transaction(connection, SYSTEM, house.now))
        unit = add_unit(tx, "dock", "Dock").id
        people = [
            add_person(tx, f"Seated {each}", kind="employee", handle=f"seated{each}").id for each in "abc"
        ]
        posts = [
            add_post(
                tx, f"v{each}", "A post", framework_code="core", role_code="any", unit_id=unit, since=SINCE
            ).id
            for each in people
        ]
        for person, post in zip(people, posts, strict=True):
            assign(tx, person, post, SINCE)
        (first, second, below), (own, other, _) = posts, people
        set_reporting_line(tx, below, first, SINCE)
        set_reporting_line(tx, below, second, (house.now + timedelta(days=5)).date())
        engine.open_many(tx, [Opening("view.m", people[2])])

        def looks(person: int, moment) -> bool:
            mine = engine.enter(Transaction(connection, Actor(person), moment))
            return bool(connection.execute(visible_cases(mine)).scalars().all())

        assert [looks(own, house.now), looks(other, house.now)] == [True, False]
        assert [looks(own, later), looks(other, later)] == [False, True]
