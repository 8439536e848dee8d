"""Migrating: open cases go on, on another version of their workflow.

The case moves under its guard (id, state, version) and an event that names
both versions is chained to its history. Its tasks and timers are those of
the new state, counted from when the case entered it; no effect runs, and no
case ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam

from talenthub.errors import NotFound, TalentError, unknown
from talenthub.people.access import require_grant
from talenthub.storage.direct import Direct
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical, digest
from talenthub.workflow.above import Above
from talenthub.workflow.adjusting.adjustments import pin_adjustment
from talenthub.workflow.cases import cases_by_ref
from talenthub.workflow.catalogue import Loaded
from talenthub.workflow.choosing import not_found, refusal
from talenthub.workflow.context import CaseView
from talenthub.workflow.history import NewEvent, prepare_events
from talenthub.workflow.locking import lock
from talenthub.workflow.moving import GUARDED, move
from talenthub.workflow.pinning import pin_settings, version_id
from talenthub.workflow.requests import answered, keep
from talenthub.workflow.sight import Sight, sights
from talenthub.workflow.versions.migration import Becoming, Migration, becoming, check_migration
from talenthub.workflow.versions.remaking import Remade, remake
from talenthub.workflow.versions.stored import Declaration, declarations_of, every_state

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

MOVERS = ("hr_head", "admin")
"""Grants whose holders move cases to another version: those they may see."""

MIGRATED = "migrated"
"""The kind of the event that moves a case to another version."""

_migrate = Direct(
    GUARDED.values(
        workflow_version_id=bindparam("runs_on"),
        settings_id=bindparam("pinned"),
        adjustment=bindparam("adjusted"),
    )
)


@dataclass(frozen=True, slots=True)
class Migrated:
    """A case that was moved, and what became of its tasks and timers."""

    case: int
    ref: str
    former: int
    """The version it ran on."""
    now_on: int
    source: str
    target: str
    version: int
    at: datetime
    changed: tuple[str, ...] = ()
    """The fields of what it carries that are new, changed or gone."""
    remade: tuple[str, ...] = ()
    """Tasks and timers in words: "opens «Check it»"."""


def target_of(engine: Engine, wanted: Migration) -> Loaded:
    """Return the version that cases move to; NotFound if nothing brings it.

    The newest as it is adjusted today, as new cases open on it.
    """
    newest = engine.catalogue.newest(wanted.workflow)
    if wanted.to == newest.workflow.version:
        return newest
    own = [each for each in engine.catalogue.versions() if each.workflow.name == wanted.workflow]
    for each in own:
        if each.workflow.version == wanted.to:
            return each
    known = [str(each.workflow.version) for each in own]
    mend = f"install a {newest.plugin} that brings it"
    raise NotFound(unknown("version", str(wanted.to), known, place="--to", mend=mend))


def check_wish(engine: Engine, tx: Transaction, wanted: Migration) -> Loaded:
    """Return the version that is meant; raise what is wrong with the wish.

    NotPermitted unless the actor may move cases; anybody may see in a dry
    run what would become of those in sight.
    """
    target = target_of(engine, wanted)
    check_migration(wanted, target, every_state(tx, wanted.workflow))
    if not tx.dry_run:
        require_grant(tx, MOVERS, None, "moving cases to another version is not yours to do")
    return target


def migrate_cases(
    engine: Engine, tx: Transaction, refs: Sequence[str], wanted: Migration
) -> list[Migrated | TalentError]:
    """Move a chunk of cases; return what became of each, or why it stays.

    A refused case stops no other.
    """
    target = check_wish(engine, engine.enter(tx), wanted)
    lock(tx, refs, (), Above())
    cases = cases_by_ref(tx, refs)
    seen = sights(tx, engine.catalogue, list(cases.values()))
    declared = declarations_of(tx, wanted.workflow, cases.values())
    results: dict[str, Migrated | TalentError] = {}
    accepted: list[Becoming] = []
    for ref in dict.fromkeys(refs):
        case = cases.get(ref)
        if case is None or seen.of(case) is Sight.NOTHING:
            results[ref] = not_found(ref)
            continue
        try:
            accepted.append(_accept(tx, case, wanted, target, declared[case.id]))
        except TalentError as refused:
            results[ref] = refused
    moved = _move(engine, tx, accepted, target, declared)
    results |= {each.ref: each for each in moved}
    return [results[ref] for ref in refs]


def migrate_once(
    engine: Engine, tx: Transaction, request_id: str, refs: Sequence[str], wanted: Migration
) -> list[Migrated | TalentError]:
    """Move what was not moved under this request id; return every answer.

    UsageError if the id was used for something else.
    """
    # Whoever asks the same at the same moment waits here, and then finds the answer.
    lock(engine.enter(tx), refs, (), Above())
    body = digest(canonical(asdict(wanted)))
    keys = {ref: f"{request_id}/{ref}/migrate" for ref in refs}
    bodies = dict.fromkeys(keys.values(), body)
    before = answered(tx, request_id, bodies)
    left = [ref for ref, key in keys.items() if key not in before]
    fresh = dict(zip(left, migrate_cases(engine, tx, left, wanted), strict=True))
    done = {ref: each for ref, each in fresh.items() if isinstance(each, Migrated)}
    keep(tx, bodies, {keys[ref]: {**asdict(each), "at": each.at.isoformat()} for ref, each in done.items()})
    return [_again(before[keys[ref]]) if keys[ref] in before else fresh[ref] for ref in refs]


def _again(stored: Mapping[str, Any]) -> Migrated:
    lists = {name: tuple(stored[name]) for name in ("changed", "remade")}
    return Migrated(**{**stored, **lists, "at": datetime.fromisoformat(stored["at"])})


def _accept(
    tx: Transaction, case: CaseView, wanted: Migration, target: Loaded, declared: Declaration
) -> Becoming:
    if case.subject is not None and case.subject in tx.actor.identities:
        raise refusal(case, "it is about you: somebody else moves it", "self")
    return becoming(case, wanted, target, declared)


def _move(
    engine: Engine,
    tx: Transaction,
    accepted: Sequence[Becoming],
    target: Loaded,
    declared: Mapping[int, Declaration],
) -> list[Migrated]:
    if not accepted:
        return []
    prepared = prepare_events([_event(tx, each, target) for each in accepted])
    pins = {
        "runs_on": version_id(tx, target),
        "pinned": pin_settings(tx, target),
        "adjusted": pin_adjustment(tx, target),
    }
    rows = [{**_row(each, prepared.hash_of(place)), **pins} for place, each in enumerate(accepted)]
    move(tx, _migrate, rows, prepared)
    moved = [((each.case, declared[each.case.id]), _after(each, target)) for each in accepted]
    remade = remake(engine, tx, target, moved)
    return [_migrated(tx, each, target, remade[each.case.id]) for each in accepted]


def versions_words(former: int, now_on: int) -> str:
    """Return how an event names both versions."""
    return f"version {former} → {now_on}"


def _event(tx: Transaction, moved: Becoming, target: Loaded) -> NewEvent:
    case = moved.case
    payload: dict[str, Any] = {} if moved.carries is None else {"carries": moved.carries}
    return NewEvent(
        case=case.id,
        ref=case.ref,
        version=case.version + 1,
        kind=MIGRATED,
        # In the header: erasing what the case carries must not take it along.
        transition=versions_words(case.workflow_version, target.workflow.version),
        source=case.state,
        target=moved.state,
        actor=tx.actor,
        at=tx.now,
        payload=payload,
        previous_hash=case.head_hash,
    )


def _row(moved: Becoming, head: str) -> dict[str, Any]:
    return {
        "which": moved.case.id,
        "seen": moved.case.version,
        "source": moved.case.state,
        "target": moved.state,
        "carried": None if moved.carries is None else canonical(moved.carries),
        "head": head,
    }


def _after(moved: Becoming, target: Loaded) -> CaseView:
    return replace(
        moved.case,
        state=moved.state,
        version=moved.case.version + 1,
        workflow_version=target.workflow.version,
        adjustment=target.adjustment_hash,
        data=moved.data,
    )


def _migrated(tx: Transaction, moved: Becoming, target: Loaded, remade: Remade) -> Migrated:
    case = moved.case
    return Migrated(
        case=case.id,
        ref=case.ref,
        former=case.workflow_version,
        now_on=target.workflow.version,
        source=case.state,
        target=moved.state,
        version=case.version + 1,
        at=tx.now,
        changed=moved.changed,
        remade=remade.words,
    )
