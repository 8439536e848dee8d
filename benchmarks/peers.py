"""Peers: the same transition by a plain ORM and inside a DBOS workflow.

PostgreSQL, one process, a commit each. The bare driver stands beside them in
the same run, as the limit of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bare import POOL, TARGETS, TITLES, Bare
from measuring import Measured, alternate
from sqlalchemy import create_engine, make_url, select
from sqlalchemy.orm import DeclarativeBase, Session
from trial import NOW, House, build

from talenthub.people.tables import grant_held
from talenthub.storage.types import canonical, digest, new_salt, salted_digest
from talenthub.testing import Servers
from talenthub.workflow import tables

WAYS = ("check", "ask_again")

Fire = Callable[[str, str], object]


class Base(DeclarativeBase):
    metadata = tables.workflow_case.metadata


class Case(Base):
    __table__ = tables.workflow_case


class Event(Base):
    __table__ = tables.case_event


class Payload(Base):
    __table__ = tables.case_payload


class Task(Base):
    __table__ = tables.case_task


class Pool(Base):
    __table__ = tables.task_pool


class Timer(Base):
    __table__ = tables.case_timer


class GrantHeld(Base):
    __table__ = grant_held


@dataclass(frozen=True, slots=True)
class ByOrm:
    """The transition as it is written with objects and a session."""

    session: Session
    officer: int

    def fire(self, ref: str, transition: str) -> None:
        """Fire one transition in one transaction."""
        with self.session.begin():
            case = self.session.scalars(select(Case).where(Case.ref == ref).with_for_update()).one()
            self._check(case, transition)
            self._leave(case)
            self._append(case, transition)
            self._enter(case)
        self.session.expunge_all()

    def _check(self, case: Any, transition: str) -> None:
        held = select(GrantHeld).where(
            GrantHeld.person_id == self.officer,
            GrantHeld.name == "hr_officer",
            GrantHeld.since <= NOW.date(),
            GrantHeld.until.is_(None) | (GrantHeld.until > NOW.date()),
        )
        if self.session.scalars(held).first() is None:
            raise RuntimeError("not permitted")
        if case.state != TARGETS[transition][0]:
            raise RuntimeError("refused")

    def _leave(self, case: Any) -> None:
        for task in self.session.scalars(select(Task).where(Task.case_id == case.id, Task.status == "open")):
            task.status, task.closed_at = "done", NOW
            for pool in self.session.scalars(select(Pool).where(Pool.task_id == task.id)):
                pool.is_open = False
        for timer in self.session.scalars(
            select(Timer).where(Timer.case_id == case.id, Timer.status == "open")
        ):
            timer.status = "cancelled"

    def _append(self, case: Any, transition: str) -> None:
        source, target = TARGETS[transition]
        case.state, case.entered_at, case.version = target, NOW, case.version + 1
        salt, payload = new_salt(), canonical({})
        said = ("fired", transition, source, target, self.officer, None)
        sealed, head = salted_digest(salt, payload), case.head_hash
        moment = NOW.isoformat(timespec="microseconds")
        case.head_hash = digest(case.ref, case.version, *said, moment, None, sealed, head)
        names = ("kind", "transition", "source", "target", "actor_id", "login_id")
        own = {"case_id": case.id, "version": case.version}
        chained = {"payload_hash": sealed, "previous_hash": head, "hash": case.head_hash}
        event = Event(**own, **dict(zip(names, said, strict=True)), **chained, at=NOW, cause=None)
        self.session.add_all([event, Payload(**own, salt=salt, payload=payload)])

    def _enter(self, case: Any) -> None:
        due = NOW + timedelta(days=7)
        task = Task(
            case_id=case.id,
            name=case.state,
            title=TITLES[case.state],
            relation='holds("hr_officer")',
            due_at=due,
            opened_at=NOW,
            status="open",
        )
        self.session.add(task)
        self.session.flush()
        self.session.add(Pool(pool=POOL, task_id=task.id, due_at=due, is_open=True))
        late = NOW + timedelta(days=9)
        self.session.add(Timer(case_id=case.id, name="late", escalates=False, due_at=late, status="open"))


def measure(servers: Servers, fires: int) -> list[Measured]:
    """Return firing beside the bare driver, the ORM and DBOS, one after another."""
    peers = (
        ("the bare driver", "≥ 40 %", _bare),
        ("a plain ORM", "≥ 100 %", _orm),
        ("DBOS, a workflow of one step", "≥ 100 %", _dbos),
    )
    return [_beside(servers, fires, *each) for each in peers]


def _beside(
    servers: Servers, fires: int, name: str, aim: str, peer: Callable[[str, House, Servers], Any]
) -> Measured:
    our_url, other_url = servers.fresh("postgresql"), servers.fresh("postgresql")
    house, other = build(our_url), build(other_url)
    ours, theirs = _open(house, fires), _open(other, fires)

    def fire_ours(number: int) -> None:
        for ref in ours:
            with house.transaction() as tx:
                house.engine.fire(tx, ref, WAYS[number % 2])

    with peer(other_url, other, servers) as fire:

        def fire_theirs(number: int) -> None:
            for ref in theirs:
                fire(ref, WAYS[number % 2])

        measured = alternate(f"fire, beside {name}", "transition", aim, fires, fire_ours, fire_theirs)
    for each in (house, other):
        with each.transaction(system=True, read_only=True) as tx:
            each.engine.verify(tx)
        each.database.close()
    return measured


def _open(house: House, fires: int) -> list[str]:
    with house.transaction() as tx:
        return [each.ref for each in house.engine.open_many(tx, [house.opening() for _ in range(fires)])]


@contextmanager
def _bare(url: str, house: House, _servers: Servers) -> Iterator[Fire]:
    bare = Bare(url, house.officer, house.subject)
    yield bare.fire
    bare.close()


@contextmanager
def _orm(url: str, house: House, _servers: Servers) -> Iterator[Fire]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with Session(engine) as session:
        yield ByOrm(session, house.officer).fire
    engine.dispose()


@contextmanager
def _dbos(url: str, house: House, servers: Servers) -> Iterator[Fire]:
    """Yield a workflow whose one step writes the rows with the bare driver."""
    from dbos import DBOS

    bare = Bare(url, house.officer, house.subject)
    kept = make_url(servers.fresh("postgresql")).set(drivername="postgresql")
    DBOS(
        config={
            "name": "peer",
            "system_database_url": kept.render_as_string(hide_password=False),
            "log_level": "ERROR",
        }
    )

    @DBOS.step()
    def write(ref: str, transition: str) -> None:
        bare.fire(ref, transition)

    @DBOS.workflow()
    def fire(ref: str, transition: str) -> None:
        write(ref, transition)

    DBOS.launch()
    try:
        yield fire
    finally:
        DBOS.destroy()
        bare.close()
