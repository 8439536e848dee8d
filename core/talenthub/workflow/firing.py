"""Firing: the only way a case changes. One case or a chunk, one path.

In one transaction: lock, judge, choose the edge, move the case under its
guard (id, state, version), append the event, carry out what follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from talenthub.errors import (
    Conflict,
    PluginError,
    Problem,
    Refused,
    TalentError,
)
from talenthub.storage.late import settle
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workflow import intents as asked
from talenthub.workflow.above import above
from talenthub.workflow.applying import apply
from talenthub.workflow.calling import carried, leave_unchanged
from talenthub.workflow.cases import cases_by_id, cases_by_ref, read_with_those_above
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.choosing import Accepted, changed_meanwhile, choose, ended, not_found, plan
from talenthub.workflow.context import CaseView
from talenthub.workflow.definition import Workflow
from talenthub.workflow.judging import Asked, Bench, convene, judge
from talenthub.workflow.locking import lock
from talenthub.workflow.moving import LateMoves, move_cases
from talenthub.workflow.sight import Sight
from talenthub.workflow.steps import Step

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine


@dataclass(frozen=True, slots=True)
class Request:
    """A transition somebody asks for, on one case."""

    ref: str | int
    """The reference people see, or the id that code holds."""
    transition: str
    form: Mapping[str, Any] = field(default_factory=dict)
    expected_version: int | None = None
    """The version that was shown; None: whatever it is now."""


@dataclass(frozen=True, slots=True)
class Fired:
    """What a firing did."""

    case: int
    ref: str
    transition: str
    source: str
    target: str
    version: int
    at: datetime
    opened: tuple[str, ...] = ()
    """References of the child cases it opened."""
    now: str = ""
    """The state it is in, as people read it."""


def fire_one(engine: Engine, tx: Transaction, request: Request) -> Fired:
    """Fire one request; raise why not.

    Without a savepoint: whoever catches what it raises must not go on
    writing in this transaction.
    """
    result = _fire_chunk(engine, tx, [request], depth=0)[0]
    if isinstance(result, TalentError):
        raise result
    return result


def fire_requests(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    held: Sequence[CaseView | None] | None = None,
) -> list[Fired | TalentError]:
    """Fire a chunk; return what each did, or why it was not done.

    `held`: its cases, where they are locked already. A refused request stops
    no other. Should carrying out the chunk fail, it is taken back and each
    request is tried alone, so that only the one at fault is refused.
    """
    if not requests:
        return []
    try:
        with _taken_back_alone(tx):
            return _fire_chunk(engine, tx, requests, depth=0, held=held)
    except TalentError as error:
        if len(requests) == 1:
            return [error]
    return [_fire_alone(engine, tx, request) for request in requests]


def _fire_alone(engine: Engine, tx: Transaction, request: Request) -> Fired | TalentError:
    try:
        with _taken_back_alone(tx):
            return _fire_chunk(engine, tx, [request], depth=0)[0]
    except TalentError as error:
        return error


@contextmanager
def _taken_back_alone(tx: Transaction) -> Iterator[None]:
    """Run what is taken back alone, also where a case proves to be changed."""
    with tx.savepoint():
        yield
        if not tx.bold:
            settle(tx, LateMoves)


def fire_as_system(
    engine: Engine, tx: Transaction, wanted: Sequence[tuple[str, asked.FireCase]], *, depth: int
) -> list[Fired]:
    """Fire what the system is asked for; Refused unless that is fine."""
    by_system = tx.by(SYSTEM)
    requests = [Request(each.case, each.transition, each.form or {}) for _, each in wanted]
    causes = [cause for cause, _ in wanted]
    results = _fire_chunk(engine, by_system, requests, depth=depth, causes=causes)
    for (_, each), result in zip(wanted, results, strict=True):
        if isinstance(result, TalentError) and not (each.if_possible and isinstance(result, Refused)):
            raise result
    return [each for each in results if isinstance(each, Fired)]


def _fire_chunk(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    *,
    depth: int,
    causes: Sequence[str | None] | None = None,
    held: Sequence[CaseView | None] | None = None,
) -> list[Fired | TalentError]:
    cases = hold(engine, tx, requests) if held is None else held
    results: list[Fired | TalentError | None] = [
        not_found(request.ref) if case is None else None
        for request, case in zip(requests, cases, strict=True)
    ]
    tx.point("fire.locked")
    bench = _bench(engine, tx, requests, cases)
    _expect(engine, bench, requests, cases, results)
    accepted = _accept(engine, tx, requests, cases, results, causes or [None] * len(requests), bench)
    steps = move_cases(tx, list(accepted.values()))
    apply(engine, tx, steps, depth=depth)
    for place, step in zip(accepted, steps, strict=True):
        results[place] = _fired(tx, step)
    return [result for result in results if result is not None]


def hold(engine: Engine, tx: Transaction, requests: Sequence[Request]) -> list[CaseView | None]:
    """Return the cases asked for, locked until the end of the transaction.

    Those their transitions declare are locked too, all in the order of ids;
    None where there is no such case.
    """
    refs = {each.ref for each in requests if isinstance(each.ref, str)}
    ids = {each.ref for each in requests if isinstance(each.ref, int)}
    declared = above(engine.catalogue, {each.transition for each in requests})
    lock(tx, refs, ids, declared)
    read_with_those_above(tx, refs, ids, declared)
    named = cases_by_ref(tx, refs, apart=True)
    numbered = cases_by_id(tx, ids, apart=True)
    return [named.get(each.ref) if isinstance(each.ref, str) else numbered.get(each.ref) for each in requests]


def _bench(
    engine: Engine, tx: Transaction, requests: Sequence[Request], cases: Sequence[CaseView | None]
) -> Bench:
    """Return what the actor may claim and see, for the whole chunk."""
    asked: dict[tuple[int, str], Workflow] = {}
    for request, case in zip(requests, cases, strict=True):
        loaded = engine.catalogue.find_for(case) if case is not None else None
        if loaded is not None:
            asked[id(loaded), request.transition] = loaded.workflow
    relations = [each.viewers for each in asked.values()]
    for (_, name), workflow in asked.items():
        relations += [edge.by for edge in workflow.transitions if edge.name == name]
    return convene(tx, engine.catalogue, [case for case in cases if case is not None], relations)


def _expect(
    engine: Engine,
    bench: Bench,
    requests: Sequence[Request],
    cases: Sequence[CaseView | None],
    results: list[Fired | TalentError | None],
) -> None:
    """Answer the requests on cases out of sight, changed or closed."""
    taken: set[int] = set()
    for place, (request, case) in enumerate(zip(requests, cases, strict=True)):
        if case is None:
            continue
        if bench.seen.of(case) is Sight.NOTHING:
            results[place] = not_found(request.ref)
        elif request.expected_version not in (None, case.version):
            results[place] = changed_meanwhile(case)
        elif case.id in taken:
            results[place] = Conflict(Problem(text=f"{case.ref} stands twice in one run", code="case.twice"))
        elif not case.is_open:
            loaded = engine.catalogue.find_for(case)
            results[place] = ended(case, loaded.workflow if loaded is not None else None)
        else:
            taken.add(case.id)


def _accept(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    cases: Sequence[CaseView | None],
    results: list[Fired | TalentError | None],
    causes: Sequence[str | None],
    bench: Bench,
) -> dict[int, Accepted]:
    """Return what may happen, by place; put refusals into `results`."""
    places = []
    questions = []
    owners = []
    for place, (request, case) in enumerate(zip(requests, cases, strict=True)):
        if case is None or results[place] is not None:
            continue
        try:
            owner = engine.catalogue.running_for(case)
        except PluginError as parked:
            results[place] = parked
            continue
        places.append(place)
        questions.append(Asked(case, request.transition, request.form))
        owners.append(owner)
    given = [
        carried(each.case) if _is_given(owner, each) else None
        for owner, each in zip(owners, questions, strict=True)
    ]
    accepted: dict[int, Accepted] = {}
    for place, question, owner, judged, before in zip(
        places, questions, owners, judge(tx, engine.catalogue, questions, bench), given, strict=True
    ):
        try:
            chosen = choose(owner, question, judged)
            planned = plan(owner, question.case, chosen, causes[place])
            if before is not None:
                leave_unchanged(owner, question.case, before)
            accepted[place] = planned
        except TalentError as refused:
            results[place] = refused
    return accepted


def _is_given(owner: Loaded, question: Asked) -> bool:
    """Return whether what a plugin wrote gets the case in hands."""
    leaving = owner.kernel.leaving(question.case.state, question.name)
    return any(edge.guards or edge.effects for edge in leaving)


def _fired(tx: Transaction, step: Step) -> Fired:
    assert step.before is not None
    assert step.edge is not None
    return Fired(
        case=step.after.id,
        ref=step.after.ref,
        transition=step.edge.name,
        source=step.before.state,
        target=step.after.state,
        version=step.after.version,
        at=tx.now,
        opened=tuple(step.opened),
        now=step.owner.workflow.state(step.after.state).words,
    )
