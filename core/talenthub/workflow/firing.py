"""Firing: the only way a case changes. One case or a chunk, one path.

In one transaction: lock, judge, choose the edge, move the case under its
guard (id, state, version), append the event, carry out what follows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import bindparam, select, update

from talenthub.errors import (
    Conflict,
    NotFound,
    NotPermitted,
    PluginError,
    Problem,
    Refused,
    TalentError,
    nearest,
)
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.storage.types import canonical
from talenthub.verdict import Verdict
from talenthub.workflow import intents as asked
from talenthub.workflow.applying import Step, apply
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.forms import form_faults
from talenthub.workflow.history import NewEvent, Prepared, prepare_events, write_events
from talenthub.workflow.judging import Asked, Bench, Judged, broken, convene, judge
from talenthub.workflow.sealing import seal
from talenthub.workflow.sight import Sight
from talenthub.workflow.tables import workflow_case

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

_parent = workflow_case.alias("parent")
_lineage = select(
    workflow_case.c.id,
    workflow_case.c.ref,
    workflow_case.c.workflow,
    workflow_case.c.parent_id,
    _parent.c.parent_id.label("grandparent_id"),
).outerjoin(_parent, _parent.c.id == workflow_case.c.parent_id)
_lineage_by_ref = _lineage.where(workflow_case.c.ref.in_(bindparam("refs", expanding=True)))
_lineage_by_id = _lineage.where(workflow_case.c.id.in_(bindparam("ids", expanding=True)))
_move = (
    update(workflow_case)
    .where(
        workflow_case.c.id == bindparam("which"),
        workflow_case.c.version == bindparam("seen"),
        workflow_case.c.state == bindparam("source"),
    )
    .values(
        state=bindparam("target"),
        version=workflow_case.c.version + 1,
        data=bindparam("carried"),
        head_hash=bindparam("head"),
        entered_at=bindparam("entered"),
        closed_at=bindparam("closed"),
        outcome=bindparam("ended"),
    )
)


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


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A request whose edge was chosen."""

    case: CaseView
    judged: Judged
    owner: Loaded
    intents: tuple[asked.Intent, ...]
    data: Any
    changes: Mapping[str, Any]
    cause: str | None


def fire_one(engine: Engine, tx: Transaction, request: Request) -> Fired:
    """Fire one request; raise why not.

    Without a savepoint: whoever catches what it raises must not go on
    writing in this transaction.
    """
    result = _fire_chunk(engine, tx, [request], depth=0)[0]
    if isinstance(result, TalentError):
        raise result
    return result


def fire_requests(engine: Engine, tx: Transaction, requests: Sequence[Request]) -> list[Fired | TalentError]:
    """Fire a chunk; return what each did, or why it was not done.

    A refused request stops no other. Should carrying out the chunk fail, it
    is taken back and each request is tried alone, so that only the one at
    fault is refused.
    """
    try:
        with tx.savepoint():
            return _fire_chunk(engine, tx, requests, depth=0)
    except TalentError as error:
        if len(requests) == 1:
            return [error]
    return [_fire_alone(engine, tx, request) for request in requests]


def _fire_alone(engine: Engine, tx: Transaction, request: Request) -> Fired | TalentError:
    try:
        with tx.savepoint():
            return _fire_chunk(engine, tx, [request], depth=0)[0]
    except TalentError as error:
        return error


def fire_as_system(
    engine: Engine, tx: Transaction, wanted: Sequence[tuple[str, asked.FireCase]], *, depth: int
) -> None:
    """Fire what effects ask the system for; Refused unless that is fine."""
    by_system = tx.by(SYSTEM)
    requests = [Request(each.case, each.transition, each.form or {}) for _, each in wanted]
    causes = [cause for cause, _ in wanted]
    results = _fire_chunk(engine, by_system, requests, depth=depth, causes=causes)
    for (_, each), result in zip(wanted, results, strict=True):
        if isinstance(result, TalentError) and not (each.if_possible and isinstance(result, Refused)):
            raise result


def _fire_chunk(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    *,
    depth: int,
    causes: Sequence[str | None] | None = None,
) -> list[Fired | TalentError]:
    results: list[Fired | TalentError | None] = [None] * len(requests)
    cases = _lock(engine, tx, requests, results)
    tx.point("fire.locked")
    bench = _bench(engine, tx, requests, cases)
    _expect(bench, requests, cases, results)
    accepted = _accept(engine, tx, requests, cases, results, causes or [None] * len(requests), bench)
    steps = _write(tx, list(accepted.values()))
    apply(engine, tx, steps, depth=depth)
    for place, step in zip(accepted, steps, strict=True):
        results[place] = _fired(tx, step)
    return [result for result in results if result is not None]


def _lock(
    engine: Engine, tx: Transaction, requests: Sequence[Request], results: list[Fired | TalentError | None]
) -> list[CaseView | None]:
    """Lock the cases asked for and those their transitions declare."""
    refs = [each.ref for each in requests if isinstance(each.ref, str)]
    ids = [each.ref for each in requests if isinstance(each.ref, int)]
    rows = [
        *(tx.rows(_lineage_by_ref, {"refs": refs}) if refs else ()),
        *(tx.rows(_lineage_by_id, {"ids": ids}) if ids else ()),
    ]
    by_key: dict[str | int, Any] = {row.ref: row for row in rows} | {row.id: row for row in rows}
    wanted: set[int] = set()
    for each in requests:
        row = by_key.get(each.ref)
        if row is not None:
            wanted.add(row.id)
            wanted |= _declared_locks(engine, row, each.transition)
    views = cases_by_id(tx, wanted, lock=True)
    found = [views.get(by_key[each.ref].id) if each.ref in by_key else None for each in requests]
    for place, case in enumerate(found):
        if case is None:
            results[place] = not_found(requests[place].ref)
    return found


def _declared_locks(engine: Engine, row: Any, transition: str) -> set[int]:
    above = {"parent": row.parent_id, "grandparent": row.grandparent_id}
    names = {
        name
        for loaded in engine.catalogue.versions()
        if loaded.workflow.name == row.workflow
        for edge in loaded.workflow.transitions
        if edge.name == transition
        for name in edge.locks
    }
    return {above[name] for name in names if above[name] is not None}


def not_found(ref: str | int) -> NotFound:
    """Return the one answer for what is not there and what may not be seen."""
    return NotFound(
        Problem(
            text="there is no such case, or it is not yours to see", found=str(ref), code="case.not-found"
        )
    )


def _bench(
    engine: Engine, tx: Transaction, requests: Sequence[Request], cases: Sequence[CaseView | None]
) -> Bench:
    """Return what the actor may claim and see, for the whole chunk."""
    relations = []
    for request, case in zip(requests, cases, strict=True):
        loaded = engine.catalogue.find(case.workflow, case.workflow_version) if case is not None else None
        if loaded is not None:
            relations += [edge.by for edge in loaded.workflow.transitions if edge.name == request.transition]
            relations.append(loaded.workflow.viewers)
    return convene(tx, engine.catalogue, [case for case in cases if case is not None], relations)


def _expect(
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
            results[place] = _changed(case)
        elif case.id in taken:
            results[place] = Conflict(Problem(text=f"{case.ref} stands twice in one run", code="case.twice"))
        elif not case.is_open:
            results[place] = _refusal(case, f"{case.ref} is closed", "state")
        else:
            taken.add(case.id)


def _changed(case: CaseView) -> Conflict:
    return Conflict(
        Problem(
            text=f"{case.ref} was changed meanwhile and is now «{case.state.replace('_', ' ')}»",
            mend=f"look again: talent show {case.ref}",
            code="case.changed",
        )
    )


def _refusal(
    case: CaseView, sentence: str, kind: str, *, found: str | None = None, allowed: Collection[str] = ()
) -> Refused:
    verdict = Verdict(False, sentence, name=kind, kind=kind)
    problem = Problem(
        text=sentence,
        place=case.ref,
        found=found,
        allowed=", ".join(allowed) or None,
        nearest=nearest(found, allowed) if found else None,
        mend=f"talent why {case.ref}",
        code=f"case.{kind}",
    )
    return Refused(problem, [verdict])


def _accept(
    engine: Engine,
    tx: Transaction,
    requests: Sequence[Request],
    cases: Sequence[CaseView | None],
    results: list[Fired | TalentError | None],
    causes: Sequence[str | None],
    bench: Bench,
) -> dict[int, _Accepted]:
    """Return what may happen, by place; put refusals into `results`."""
    places = []
    questions = []
    for place, (request, case) in enumerate(zip(requests, cases, strict=True)):
        if case is None or results[place] is not None:
            continue
        try:
            engine.catalogue.running(case.workflow, case.workflow_version)
        except PluginError as parked:
            results[place] = parked
            continue
        places.append(place)
        questions.append(Asked(case, request.transition, request.form))
    accepted: dict[int, _Accepted] = {}
    for place, question, judged in zip(
        places, questions, judge(tx, engine.catalogue, questions, bench), strict=True
    ):
        owner = engine.catalogue.running(question.case.workflow, question.case.workflow_version)
        try:
            chosen = _choose(owner, question, judged)
            accepted[place] = _plan(owner, question.case, chosen, causes[place])
        except TalentError as refused:
            results[place] = refused
    return accepted


def _choose(owner: Loaded, question: Asked, judged: Sequence[Judged]) -> Judged:
    case, name = question.case, question.name
    if not judged:
        raise _no_such_edge(owner, case, name)
    edge = owner.kernel.choose(case.state, name, {each.index: each.ok for each in judged})
    if edge is not None:
        return next(each for each in judged if each.edge is edge)
    nearest_to_yes = min(judged, key=lambda each: sum(not verdict.ok for verdict in each.verdicts))
    kind = NotPermitted if nearest_to_yes.only_rights_fail else Refused
    problem = Problem(
        text=f"«{nearest_to_yes.edge.words}» is not possible yet", place=case.ref, code="case.refused"
    )
    raise kind(problem, nearest_to_yes.verdicts)


def _no_such_edge(owner: Loaded, case: CaseView, name: str) -> Refused:
    workflow = owner.workflow
    possible = [each.name for each in workflow.edges(case.state) if each.by.includes_people]
    here = workflow.state(case.state).words
    if name in workflow.transition_names():
        return _refusal(case, f"«{name}» does not start from «{here}»", "state", allowed=possible)
    refusal = _refusal(case, "unknown transition", "state", found=name, allowed=possible)
    if refusal.problems[0].nearest is None:
        likely = nearest(name, workflow.transition_names())
        return Refused(replace(refusal.problems[0], nearest=likely), refusal.verdicts)
    return refusal


def _plan(owner: Loaded, case: CaseView, judged: Judged, cause: str | None) -> _Accepted:
    intents: list[asked.Intent] = []
    for part in judged.edge.effects:
        try:
            intents += part.produce(judged.context)
        except TalentError:
            raise
        except Exception as error:
            raise broken(owner, f"effect {part.name}", error) from error
    data, changes = _changed_data(owner, case, intents)
    return _Accepted(case, judged, owner, tuple(intents), data, changes, cause)


def _changed_data(
    owner: Loaded, case: CaseView, intents: Sequence[asked.Intent]
) -> tuple[Any, dict[str, Any]]:
    asked_for = [each.changes for each in intents if isinstance(each, asked.UpdateData)]
    if not asked_for:
        return case.data, {}
    before = case.data.model_dump(mode="json")
    merged: dict[str, Any] = dict(before)
    for changes in asked_for:
        merged.update(changes)
    try:
        after = owner.workflow.data.model_validate(merged)
    except ValidationError as error:
        faults = "; ".join(form_faults(owner.workflow.data, error))
        raise broken(owner, "the data its effects ask for", ValueError(faults)) from error
    dumped = after.model_dump(mode="json")
    return after, {key: value for key, value in dumped.items() if before.get(key, _ABSENT) != value}


_ABSENT = object()


def _write(tx: Transaction, accepted: Sequence[_Accepted]) -> list[Step]:
    """Move the cases and append their events; return the steps."""
    if not accepted:
        return []
    prepared = prepare_events([_event(tx, each) for each in accepted])
    moved = tx.write(
        _move, [_moved(tx, each, prepared.hash_of(place)) for place, each in enumerate(accepted)]
    )
    if moved != len(accepted):
        raise Conflict(Problem(text="a case was changed meanwhile", mend="look again", code="case.changed"))
    tx.point("fire.moved")
    write_events(tx, prepared)
    tx.point("fire.recorded")
    for each in accepted:
        if each.judged.edge.sealed:
            seal(tx, each.case, each.judged.context.form)
    return [_step(tx, each, prepared, place) for place, each in enumerate(accepted)]


def _event(tx: Transaction, accepted: _Accepted) -> NewEvent:
    edge, form = accepted.judged.edge, accepted.judged.context.form
    payload: dict[str, Any] = {}
    if form is not None and not edge.sealed:
        payload["form"] = form.model_dump(mode="json")
    if accepted.changes:
        payload["data"] = accepted.changes
    return NewEvent(
        case=accepted.case.id,
        ref=accepted.case.ref,
        version=accepted.case.version + 1,
        kind="fired",
        transition=edge.name,
        source=accepted.case.state,
        target=edge.target,
        actor=tx.actor,
        at=tx.now,
        payload=payload,
        previous_hash=accepted.case.head_hash,
        cause=accepted.cause,
    )


def _moved(tx: Transaction, accepted: _Accepted, head: str) -> dict[str, Any]:
    case, target = accepted.case, accepted.judged.edge.target
    outcome = accepted.owner.workflow.state(target).outcome
    return {
        "which": case.id,
        "seen": case.version,
        "source": case.state,
        "target": target,
        "carried": canonical(json.loads(accepted.data.model_dump_json())),
        "head": head,
        "entered": tx.now if target != case.state else case.entered_at,
        "closed": tx.now if outcome is not None else None,
        "ended": outcome.value if outcome is not None else None,
    }


def _step(tx: Transaction, accepted: _Accepted, prepared: Prepared, place: int) -> Step:
    case, edge = accepted.case, accepted.judged.edge
    outcome = accepted.owner.workflow.state(edge.target).outcome
    after = replace(
        case,
        state=edge.target,
        version=case.version + 1,
        data=accepted.data,
        participants=_participants(case, accepted.intents),
        head_hash=prepared.hash_of(place),
        entered_at=tx.now if edge.target != case.state else case.entered_at,
        closed_at=tx.now if outcome is not None else None,
        outcome=outcome.value if outcome is not None else None,
    )
    return Step(case, after, edge, accepted.owner, accepted.intents, accepted.cause)


def _participants(case: CaseView, intents: Sequence[asked.Intent]) -> Mapping[str, tuple[int, ...]]:
    people = {role: list(each) for role, each in case.participants.items()}
    for intent in intents:
        if isinstance(intent, asked.RemoveParticipant) and intent.person in people.get(intent.role, ()):
            people[intent.role].remove(intent.person)
        elif isinstance(intent, asked.AddParticipant) and intent.person not in people.get(intent.role, ()):
            people.setdefault(intent.role, []).append(intent.person)
    return {role: tuple(each) for role, each in people.items()}


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
    )
