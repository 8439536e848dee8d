"""Deliveries: what runs after the commit, from the outbox.

A handler's writes and `done_at` are one transaction: its effect happens
exactly once in the database, however often it is tried.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select, update

from talenthub.blame import line_of
from talenthub.errors import PluginError, Problem, TalentError
from talenthub.patience import is_overtime
from talenthub.storage.hub import hub_events
from talenthub.storage.late import settle
from talenthub.storage.races import TRIES, is_transient, is_unwell
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical
from talenthub.workflow import intents as asked
from talenthub.workflow.campaigns.campaigns import CAMPAIGN
from talenthub.workflow.campaigns.chunks import run_chunk
from talenthub.workflow.cases import cases_by_id
from talenthub.workflow.context import CaseView
from talenthub.workflow.history import StoredEvent, histories
from talenthub.workflow.outbox import MESSAGE, OUTSIDE, URGENT, WEBHOOK, post
from talenthub.workflow.parking import ParkedError, handler_named, lacks_nothing
from talenthub.workflow.resolution import Lines
from talenthub.workflow.steps import Step
from talenthub.workflow.tables import outbox

if TYPE_CHECKING:
    from talenthub.workflow.engine import Engine


class CutOffError(PluginError):
    """A handler that did not end took the connection along."""

    def __init__(self, why: str, attempts: int) -> None:
        super().__init__(Problem(text=why, code="plugin.overtime"))
        self.attempts = attempts
        """How often it had been tried before."""


HUB = "hub."
"""What the names of hub events begin with where a handler hears of them."""

ATTEMPTS = 5
"""How often a handler is tried before a person must look."""

_due = (
    select(outbox.c.id)
    .where(
        outbox.c.done_at.is_(None),
        outbox.c.dead_at.is_(None),
        outbox.c.due_at <= bindparam("moment"),
        *(outbox.c.handler.not_like(f"{each}:%") for each in OUTSIDE),
        # What is parked and not brought here either is left to one that brings it.
        lacks_nothing(outbox.c.error),
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(500)
)
_is_chunk = outbox.c.origin.like(f"{CAMPAIGN}-%")
_due_calls, _due_chunks = _due.where(~_is_chunk), _due.where(_is_chunk)
_claim = (
    select(outbox)
    .where(outbox.c.id == bindparam("which"), outbox.c.done_at.is_(None), outbox.c.dead_at.is_(None))
    .with_for_update(skip_locked=True)
)
_this = update(outbox).where(outbox.c.id == bindparam("which"))
_free = {"lease_until": None, "leased_by": None}
_done = _this.values(done_at=bindparam("moment"), error=None, **_free)
_park = _this.values(error=bindparam("why"), **_free)
_failed = _this.values(
    attempts=bindparam("tried"),
    error=bindparam("why"),
    due_at=bindparam("again"),
    dead_at=bindparam("dead"),
    **_free,
)


@dataclass(frozen=True, slots=True)
class Handler:
    """A plugin's function that runs after events of one name."""

    name: str
    """`plugin:handler`, unique."""
    on: str
    """`plugin.workflow.transition`, `*` for every event of every case, or
    `hub.post.vacated`: a hub event of that kind; `campaign`: chunks."""
    run: Callable[..., Any]
    """Called with (tx, case, event); of a hub event with (engine, tx, event),
    of a campaign with (engine, tx, chunk)."""

    @property
    def is_outside(self) -> bool:
        """Return whether it tells another system: a webhook."""
        return self.name.startswith(f"{WEBHOOK}:")

    def hears(self, names: Sequence[str]) -> bool:
        """Return whether it runs after an event with one of these names."""
        return self.on == "*" or self.on in names


def event_names(step: Step) -> tuple[str, ...]:
    """Return what an event is called: by its transition and by its state.

    `recruitment.application.hire`, and `recruitment.application.hired` when
    the case entered that state by it.
    """
    workflow = step.owner.workflow.name
    name = "open" if step.edge is None else step.edge.name
    entered = (f"{workflow}.{step.after.state}",) if step.changed_state else ()
    return (f"{workflow}.{name}", *entered)


def names_of(workflow: str, event: StoredEvent) -> tuple[str, ...]:
    """Return what a stored event is called: as `event_names` do of its step."""
    entered = (f"{workflow}.{event.target}",) if event.source != event.target else ()
    return (f"{workflow}.{event.transition}", *entered)


def post_messages(engine: Engine, tx: Transaction, steps: Sequence[Step], known: Lines) -> None:
    """Put messages and calls of handlers into the outbox."""
    hearing: dict[tuple[object, ...], Mapping[str, str]] = {}
    rows: list[dict[str, Any]] = []
    for step in steps:
        kind = (id(step.owner), id(step.edge), step.changed_state, step.after.state)
        if kind not in hearing:
            hearing[kind] = _hearing(engine, step)
        told = {"case": step.after.id, "version": step.after.version}
        rows += (_row(tx, step, name, told | {"on": on}) for name, on in hearing[kind].items())
    rows += _messages(tx, steps, known)
    post(tx, rows)


def _hearing(engine: Engine, step: Step) -> Mapping[str, str]:
    """Return the handlers that hear of a step, each once, and what each hears."""
    names = event_names(step)
    found = [each for each in engine.heard if each.hears(names)]
    workflow = step.owner.workflow
    if workflow.confidential or any(edge.sealed for edge in workflow.transitions):
        # That such a case exists, or moves, is told outside only where it is named.
        found = [each for each in found if not (each.is_outside and each.on == "*")]
    heard: dict[str, str] = {}
    for each in found:
        heard.setdefault(each.name, each.on)
    return heard


def call_handlers(tx: Transaction, handlers: Sequence[Handler], ids: Collection[int]) -> None:
    """Put calls of the handlers that hear of these hub events into the outbox."""
    if not any(each.on.startswith(HUB) for each in handlers):
        return
    rows = [
        {
            "origin": f"{HUB}{number}",
            "handler": handler.name,
            "message": canonical({"hub_event": number}),
            "due_at": tx.now,
            "attempts": 0,
        }
        for number, event in hub_events(tx, ids).items()
        for handler in handlers
        if handler.on == f"{HUB}{event.kind}"
    ]
    post(tx, rows)


def _messages(tx: Transaction, steps: Sequence[Step], known: Lines) -> list[dict[str, Any]]:
    texts = [(step, [each for each in step.intents if isinstance(each, asked.Notify)]) for step in steps]
    wanted = [(step, number, each) for step, each_texts in texts for number, each in enumerate(each_texts)]
    return [
        _row(
            tx,
            step,
            f"{URGENT if each.urgent else MESSAGE}:{number}",
            {
                "to": list(known.pools(each.to, step.after)),
                "subject": each.subject,
                "text": each.text,
                "ref": step.after.ref,
            },
        )
        for step, number, each in wanted
    ]


def _row(tx: Transaction, step: Step, handler: str, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "origin": step.origin,
        "handler": handler,
        "message": canonical(message),
        "due_at": tx.now,
        "attempts": 0,
    }


def due_deliveries(engine: Engine, tx: Transaction) -> list[int]:
    """Return the ids of deliveries that are due here, oldest first.

    Calls that somebody may wait for come before the chunks of campaigns; as
    there is an end to both, neither is put off for ever.
    """
    wanted = {"moment": tx.now, "brought": engine.brought()}
    return [row.id for due in (_due_calls, _due_chunks) for row in tx.rows(due, wanted)]


def deliver(engine: Engine, tx: Transaction, number: int) -> bool | None:
    """Run one delivery's handler; return whether it went well.

    None where it was not run: somebody else has it, or it is parked. A failure
    is kept with the delivery and tried again later; after five attempts it is
    dead and waits for a person. What this process does not bring is left for
    one that does, and counts as no attempt; neither does a full disk, or a
    deadlock, unless that comes three times running.
    """
    row = free_call(tx, number)
    return None if row is None else make(engine, tx, row)


def free_call(tx: Transaction, number: int) -> Row[Any] | None:
    """Return an open delivery, locked; None where somebody else is at it."""
    return tx.row(_claim, {"which": number})


def make(engine: Engine, tx: Transaction, row: Row[Any]) -> bool | None:
    """Run the handler of a delivery that is locked, as `deliver` says.

    CutOffError where it did not end, and nothing can be kept on this line.
    """
    try:
        _run_again(engine, tx, row.handler, json.loads(row.message))
    except KeyboardInterrupt:
        raise
    except ParkedError as error:
        if row.error != error.why or row.leased_by is not None:
            tx.write(_park, {"which": row.id, "why": error.why})
        return None  # it stays due: who brings it takes it up at once
    except BaseException as error:  # sys.exit() in a handler must not end talent
        if tx.connection.invalidated:
            if is_overtime(error):
                raise CutOffError(_told(row.handler, error), row.attempts) from error
            raise  # nothing can be kept any more
        tried = row.attempts if is_unwell(error) else row.attempts + 1
        keep_failure(tx, row.id, tried, _told(row.handler, error))
        return False
    tx.write(_done, {"which": row.id, "moment": tx.now})
    return True


def _run_again(engine: Engine, tx: Transaction, handler: str, message: dict[str, Any]) -> None:
    """Run a handler; once more where it lost a race, as everywhere else."""
    for tried in range(1, TRIES + 1):
        try:
            with tx.savepoint():
                _run(engine, tx, handler, message)
                settle(tx)
        except Exception as error:
            if tried == TRIES or not is_transient(error):
                raise
        else:
            return


def _run(engine: Engine, tx: Transaction, handler: str, message: dict[str, Any]) -> None:
    found = [each for each in engine.handlers if each.name == handler]
    if not found:
        raise _nobody(handler_named(handler))
    if CAMPAIGN in message:
        run_chunk(engine, tx, found[0].run, message)
        return
    if "hub_event" in message:
        number = message["hub_event"]
        fact = hub_events(tx, [number])[number]
        _heard(found, (f"{HUB}{fact.kind}",), message).run(engine, tx, fact)
        return
    case = cases_by_id(tx, [message["case"]])[message["case"]]
    _refuse_newer(engine, case)
    event = histories(tx, [case.id])[case.id][message["version"] - 1]
    _heard(found, names_of(case.workflow, event), message).run(tx, case, event)


def _heard(found: Sequence[Handler], names: Sequence[str], message: dict[str, Any]) -> Handler:
    """Return what hears of an event; parked where only another version's does."""
    heard = next((each for each in found if each.hears(names)), None)
    if heard is None:
        raise _nobody(handler_named(found[0].name, message.get("on", names[0])))
    return heard


def _nobody(lacking: str) -> ParkedError:
    return ParkedError(Problem(text="its plugin is off", found=lacking, code="plugin.parked"))


def _refuse_newer(engine: Engine, case: CaseView) -> None:
    known = {each.workflow.name: each.workflow.version for each in engine.catalogue}
    if known.get(case.workflow, case.workflow_version) < case.workflow_version:
        raise ParkedError(engine.catalogue.why_parked(case.workflow, case.workflow_version))


def _told(handler: str, error: BaseException) -> str:
    if isinstance(error, TalentError):
        return str(error)[:500]
    plugin, _, name = handler.partition(":")
    # Not what it said: that may speak of people, and this row is kept.
    return f"{line_of(error)}: the plugin {plugin} failed in the handler {name}: {type(error).__name__}"


def keep_failure(tx: Transaction, number: int, tried: int, why: str, *, at_once: bool = False) -> None:
    """Keep why a try failed; it is made again later, or waits for a person."""
    tx.write(
        _failed,
        {
            "which": number,
            "tried": tried,
            "why": why,
            "again": tx.now + (timedelta() if at_once else timedelta(minutes=2**tried)),
            "dead": tx.now if tried >= ATTEMPTS else None,
        },
    )
