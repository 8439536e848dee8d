"""Random workflows, actors and steps: what must hold, holds after each step."""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from trial_random import random_workflows

from talenthub.errors import TalentError
from talenthub.people.changes import leave, set_reporting_line
from talenthub.people.grants import give
from talenthub.people.persons import add_person
from talenthub.people.posts import add_post, assign
from talenthub.people.units import add_unit
from talenthub.storage.database import Database
from talenthub.storage.transaction import SYSTEM, Actor, Transaction
from talenthub.testing import stored_tables
from talenthub.workflow.access import CASE_VIEW, visible_cases
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.engine import Engine
from talenthub.workflow.firing import Fired, Request
from talenthub.workflow.history import replay
from talenthub.workflow.versions.moves import resolve_open_tasks

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SINCE = date(2025, 1, 1)
NAMES = ("anna", "ben", "cleo", "dora", "emil", "finn")
TRANSITIONS = ("t0", "t1", "t2", "t3", "t4", "t5", "wake", "lapse", "tx")
FORMS = ({}, {"number": 2}, {"number": 3}, {"number": 99}, {"nmuber": 2})

people = st.integers(0, len(NAMES) - 1)
steps = st.sampled_from(TRANSITIONS)
forms = st.sampled_from(FORMS)
places = st.integers(0, 40)


class Lives(RuleBasedStateMachine):
    """One organisation and one random workflow; rules are what people do."""

    servers = None
    """Makes empty databases of a `kind`: both set for each kind."""

    @initialize(seed=st.integers(0, 10**6))
    def begin(self, seed: int) -> None:
        self.url = self.servers.fresh(self.kind)
        self.workflows = random_workflows(seed)
        self.now = START
        self.database = Database(self.url)
        self.gone: set[int] = set()
        self._restart()
        with self._acting(None) as tx:
            self._settle(tx)
            self.tables = stored_tables(tx.connection)
        self.kept = self._dump()

    def _restart(self) -> None:
        self.database.close()
        self.engine = Engine(Catalogue(Loaded(each, "random") for each in self.workflows))
        self.agreed = None

    def _settle(self, tx) -> None:
        unit = add_unit(tx, "all", "All").id
        below = add_unit(tx, "part", "Part", parent_id=unit).id
        self.people, above = [], None
        for name in NAMES:
            person = add_person(tx, name.title(), kind="employee", handle=name).id
            made = add_post(
                tx, name, name, framework_code="core", role_code="any", unit_id=below, since=SINCE
            ).id
            assign(tx, person, made, SINCE)
            if above is not None:
                set_reporting_line(tx, made, above, SINCE)
            self.people.append(person)
            above = made
        give(tx, self.people[0], "hr_officer", since=SINCE)
        give(tx, self.people[1], "hr_officer", below, since=SINCE)
        give(tx, self.people[1], "hr_head", since=SINCE)
        give(tx, self.people[2], "hr_partner", unit, since=SINCE)
        self.units = (None, unit, below)

    @contextmanager
    def _acting(self, actor: Actor | None):
        with self.database.begin() as connection:
            yield self.engine.enter(Transaction(connection, actor or SYSTEM, self.now))

    def _someone(self, number: int, login: int | None = None) -> Actor:
        at_keyboard = None if login is None or login == number else self.people[login]
        return Actor(self.people[number], at_keyboard)

    def _refs(self) -> list[str]:
        with self._acting(None) as tx:
            return tx.connection.execute(text("SELECT ref FROM workflow_case ORDER BY id")).scalars().all()

    def _dump(self) -> dict[str, list[str]]:
        with self._acting(None) as tx:
            return {table.name: sorted(map(repr, tx.rows(table.select()))) for table in self.tables}

    def _try(self, actor: Actor | None, act) -> object:
        """Do something; if it is refused, nothing may have changed."""
        try:
            with self._acting(actor) as tx:
                came = act(tx)
        except TalentError as refused:
            came = refused
        after = self._dump()
        several = came if isinstance(came, list) else [came]
        if several and all(isinstance(each, TalentError) for each in several):
            assert after == self.kept, "a refused call changed something"
        self.kept = after
        return came

    @rule(who=people, about=people, helpers=st.sets(people, max_size=2), unit=st.integers(0, 2))
    def open(self, who, about, helpers, unit) -> None:
        self._try(
            self._someone(who),
            lambda tx: self.engine.open(
                tx,
                "random.parent",
                subject=self.people[about],
                participants={"helper": tuple(self.people[each] for each in sorted(helpers))},
                unit=self.units[unit],
            ),
        )

    @rule(
        who=people, login=people, place=places, step=steps, form=forms, ahead=st.sampled_from((None, 0, 0, 1))
    )
    def fire(self, who, login, place, step, form, ahead) -> None:
        refs = self._refs()
        if refs:
            ref = refs[place % len(refs)]
            expected = None
            if ahead is not None:
                with self._acting(None) as tx:
                    expected = self.engine.case(tx, ref).version + ahead
            came = self._try(
                self._someone(who, login if place % 7 == 0 else None),
                lambda tx: self.engine.fire(tx, ref, step, form, expected_version=expected),
            )
            assert not ahead or isinstance(came, TalentError)

    @rule(who=people, step=steps, form=forms, key=st.sampled_from((None, "k1", "k2")))
    def fire_all(self, who, step, form, key) -> None:
        requests = [Request(ref, step, form) for ref in self._refs()]
        if requests:
            actor = self._someone(who)
            came = self._try(actor, lambda tx: self._bulk(tx, requests, key))
            done = [each for each in came if isinstance(each, Fired)] if isinstance(came, list) else []
            if key is not None and len(done) == len(requests):
                again = self._try(actor, lambda tx: self._bulk(tx, requests, key))
                assert again == came, "the same request is answered the same"

    def _bulk(self, tx, requests, key):
        return self.engine.fire_many(tx, requests, request_id=key)

    @rule(days=st.integers(0, 3))
    def tick(self, days) -> None:
        self.now += timedelta(days=days)
        for _ in range(20):
            if self._try(None, self.engine.tick) is None:
                return

    @rule(who=people)
    def someone_leaves(self, who) -> None:
        if len(self.gone) < 3 and who not in self.gone and who > 1:
            self.gone.add(who)
            self._try(None, lambda tx: leave(tx, self.people[who]))
            self._try(None, self.engine.follow_people)

    @rule()
    def restart(self) -> None:
        self._restart()

    @invariant()
    def all_agrees(self) -> None:
        if getattr(self, "kept", None) is None or self.agreed == (self.now, self.kept):
            return  # All that follows is read from these.
        with self._acting(None) as tx:
            self.engine.verify(tx)
            self._histories_make_the_cases(tx)
            self._work_is_on_open_cases(tx)
            assert self.gone or resolve_open_tasks(tx) == 0, "a pool is not the one its relation means"
        self._can_is_visible()
        self.agreed = (self.now, self.kept)

    def _histories_make_the_cases(self, tx) -> None:
        events: dict[int, list] = {}
        rows = tx.connection.execute(
            text(
                "SELECT e.*, p.payload FROM case_event e JOIN case_payload p"
                " ON p.case_id = e.case_id AND p.version = e.version ORDER BY e.case_id, e.version"
            )
        )
        for row in rows:
            events.setdefault(row.case_id, []).append(row)
        for case in tx.connection.execute(text("SELECT * FROM workflow_case")):
            own = events[case.id]
            assert [each.version for each in own] == list(range(1, case.version + 1))
            assert own[-1].target == case.state
            assert all(now.source == before.target for before, now in itertools.pairwise(own))
            assert replay([json.loads(each.payload) for each in own]) == json.loads(case.data)

    def _work_is_on_open_cases(self, tx) -> None:
        for table in ("case_task", "case_timer"):
            sql = f"SELECT count(*) FROM {table} t JOIN workflow_case c ON c.id = t.case_id"
            assert (
                tx.connection.execute(
                    text(f"{sql} WHERE t.status = 'open' AND c.closed_at IS NOT NULL")
                ).scalar()
                == 0
            ), table
        children = "SELECT count(*) FROM workflow_case c JOIN workflow_case up ON up.id = c.parent_id"
        orphans = text(f"{children} WHERE c.closed_at IS NULL AND up.closed_at IS NOT NULL")
        assert tx.connection.execute(orphans).scalar() == 0, "an open child under a closed case"
        torn = text(
            "SELECT count(*) FROM case_task t JOIN task_pool p ON p.task_id = t.id"
            " WHERE p.is_open <> (t.status = 'open')"
        )
        assert tx.connection.execute(torn).scalar() == 0, "a task and its pools disagree"

    def _can_is_visible(self) -> None:
        with self._acting(None) as tx:
            ids = tx.connection.execute(text("SELECT id FROM workflow_case ORDER BY id DESC LIMIT 3"))
            newest = ids.scalars().all()
        for person in self.people:
            with self._acting(Actor(person)) as tx:
                shown = set(tx.connection.execute(visible_cases(tx)).scalars())
                for case in newest:
                    assert CASE_VIEW.can(tx, case).ok == (case in shown)

    def teardown(self) -> None:
        if getattr(self, "database", None) is not None:
            self.database.close()
            self.servers.take_back(self.url)


def live(made, database: str, examples: int, length: int) -> None:
    """Let `examples` random organisations live for `length` steps each."""

    class Here(Lives):
        servers, kind = made, database

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 5), ("postgresql", 3)])
def test_what_must_hold_holds_after_each_step(servers, kind, examples):
    live(servers, kind, examples, 16)


@pytest.mark.storm
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_must_hold_holds_for_long(servers, kind):
    live(servers, kind, 400, 40)
