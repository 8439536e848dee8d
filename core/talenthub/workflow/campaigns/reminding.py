"""Reminding: whoever must still act on a case, or beneath it, is told.

The items of the campaign are cases, whether or not somebody must act there:
neither they nor how far they have come tell who has done their part. Who must
act is looked up by the chunk, and told once a day for each case that was asked
about; what is done by the time of the digest is told to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.errors import NotPermitted, Problem, Refused, TalentError
from talenthub.people.days import in_force
from talenthub.people.tables import grant_held, person
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical
from talenthub.workflow.access import visible_cases
from talenthub.workflow.campaigns.campaigns import Campaign, Chunk, live_campaign_of, start_campaign
from talenthub.workflow.choosing import refusal
from talenthub.workflow.context import CaseView
from talenthub.workflow.outbox import MESSAGE
from talenthub.workflow.relations import Relation
from talenthub.workflow.resolution import authority, grant_pool, person_pool
from talenthub.workflow.tables import OPEN, case_task, outbox, task_pool, workflow_case
from talenthub.workflow.told import WHILE_OPEN

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine

REMIND = "core:remind"
"""The work that reminds: the campaign's form names the case asked about."""

REMINDER = "reminder/"
"""What the origin of a reminder begins with; the case and the day follow."""

_beneath = (
    select(workflow_case.c.id, workflow_case.c.ref.label("item"))
    .where(workflow_case.c.ref.in_(bindparam("refs", expanding=True)), workflow_case.c.closed_at.is_(None))
    .cte("beneath", recursive=True)
)
_tree = _beneath.union_all(
    select(workflow_case.c.id, _beneath.c.item).where(
        workflow_case.c.parent_id == _beneath.c.id,
        workflow_case.c.closed_at.is_(None),
        # What hangs right under the case asked about is an item of its own.
        _beneath.c.item != bindparam("top"),
    )
)
_waiting = (
    select(
        _tree.c.item, case_task.c.id.label("task"), case_task.c.title, workflow_case.c.ref, task_pool.c.pool
    )
    .select_from(_tree)
    .join(workflow_case, workflow_case.c.id == _tree.c.id)
    .join(case_task, and_(case_task.c.case_id == _tree.c.id, case_task.c.status == OPEN))
    .join(task_pool, and_(task_pool.c.task_id == case_task.c.id, task_pool.c.is_open), isouter=True)
    .order_by(case_task.c.due_at.is_(None), case_task.c.due_at, case_task.c.id)
)
_here = select(person.c.id).where(
    person.c.id.in_(bindparam("ids", expanding=True)), person.c.kind != "leaver"
)
_held = (
    select(grant_held.c.name, grant_held.c.unit_id)
    .where(grant_held.c.name.in_(bindparam("names", expanding=True)), in_force(grant_held))
    .distinct()
)


def begin_reminders(tx: Transaction, case: CaseView, *, by: Relation, request_id: str | None = None) -> int:
    """Begin to remind whoever must act on a case; return the number.

    NotPermitted for whom `by` does not name; Refused once the case is closed.
    Asked again while the campaign is not through, it is that one.
    """
    if authority(tx, [case], [by]).allows(by, case) is None:
        raise NotPermitted(Problem(text=f"only {by.words} may remind", place=case.ref, code="case.right"))
    if not case.is_open:
        raise refusal(case, f"{case.ref} is closed: nobody has to act on it any more", "state")
    live = live_campaign_of(tx, case.id, REMIND)
    if live is not None:
        return live.id
    wanted = Campaign(REMIND, "reminds whoever must still act", case.id, form={"about": case.ref})
    return start_campaign(tx, wanted, _items(tx, case), request_id=request_id)


def _items(tx: Transaction, case: CaseView) -> Iterator[dict[str, str]]:
    yield {"case": case.ref}
    beneath = (
        select(workflow_case.c.ref)
        .where(
            workflow_case.c.parent_id == case.id,
            workflow_case.c.closed_at.is_(None),
            workflow_case.c.id.in_(visible_cases(tx)),
        )
        .order_by(workflow_case.c.id)
    )
    for ref in tx.connection.execute(beneath).scalars():
        yield {"case": ref}


def remind_chunk(engine: Engine, tx: Transaction, chunk: Chunk) -> Sequence[TalentError | None]:  # noqa: ARG001
    """Remind whoever must still act on each of the cases, once today."""
    about, refs = chunk.form["about"], [each["case"] for each in chunk.items]
    rows = tx.rows(_waiting, {"refs": refs, "top": about})
    reached = _reached(tx, {row.pool for row in rows if row.pool is not None})
    tasks: dict[int, list[Row[Any]]] = defaultdict(list)
    first: dict[str, Row[Any]] = {}
    for row in rows:
        tasks[row.task].append(row)
        if row.pool in reached:
            first.setdefault(row.pool, row)
    origin = f"{REMINDER}{about}/{tx.today.isoformat()}"
    _put(tx, [_message(tx, origin, pool, first[pool]) for pool in sorted(first)])
    stuck = {each[0].item for each in tasks.values() if not any(row.pool in reached for row in each)}
    return [_nobody(ref) if ref in stuck else None for ref in refs]


def _reached(tx: Transaction, pools: Collection[str]) -> set[str]:
    """Return those of the pools in which there is somebody."""
    named: dict[str, list[str]] = {"person": [], "grant": []}
    for pool in pools:
        kind, _, rest = pool.partition(":")
        named[kind].append(rest)
    here = tx.rows(_here, {"ids": [int(each) for each in named["person"]]})
    held = tx.rows(
        _held, {"names": sorted({each.partition("@")[0] for each in named["grant"]}), "day": tx.today}
    )
    persons = {person_pool(row.id) for row in here}
    return set(pools) & (persons | {grant_pool(row.name, row.unit_id) for row in held})


def _message(tx: Transaction, origin: str, pool: str, row: Row[Any]) -> Mapping[str, Any]:
    told = {"to": [pool], "ref": row.ref, "subject": f"Reminder: {row.title}", "text": "", WHILE_OPEN: True}
    return {
        "origin": origin,
        "handler": f"{MESSAGE}:{pool}",
        "message": canonical(told),
        "due_at": tx.now,
        "attempts": 0,
    }


def _put(tx: Transaction, messages: Sequence[Mapping[str, Any]]) -> None:
    # Another chunk may have told the same person, also at this moment.
    dialect = sqlite if tx.is_sqlite else postgresql
    if messages:
        tx.write(dialect.insert(outbox).on_conflict_do_nothing(), messages)


def _nobody(ref: str) -> Refused:
    return Refused(
        Problem(
            text="a task waits for nobody who is still here",
            place=ref,
            mend=f"talent show {ref}",
            code="case.nobody",
        )
    )
