"""One machine: the embedded executor works on one machine at a time.

SQLite cannot have a second; on PostgreSQL a row says whose turn it is, by the
clock of the database. Rows are claimed safely by any number of machines; but
what spreads work over several is another executor.
"""

from __future__ import annotations

import hashlib
import platform
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import and_, bindparam, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from talenthub.errors import Problem, Refused
from talenthub.storage.transaction import Transaction
from talenthub.workflow.tables import worker_machine

TURN = timedelta(seconds=60)
"""How long a machine that says nothing more keeps its turn."""

_clock = select(func.clock_timestamp())
_held = select(worker_machine).where(worker_machine.c.id == 1)
_put = insert(worker_machine).values(
    id=1, machine=bindparam("machine"), host=bindparam("host"), until=bindparam("until")
)
_take = _put.on_conflict_do_update(
    index_elements=["id"],
    set_={name: _put.excluded[name] for name in ("machine", "host", "until")},
    where=or_(
        worker_machine.c.machine == _put.excluded.machine, worker_machine.c.until <= bindparam("clock")
    ),
).returning(worker_machine.c.id)
_leave = delete(worker_machine).where(
    and_(worker_machine.c.machine == bindparam("which"), worker_machine.c.until <= bindparam("own"))
)


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine that this runs on."""

    key: str
    host: str


def this_machine() -> Machine:
    """Return the machine: by its id where it has one, and by its name."""
    host = platform.node()[:120] or "unknown"
    own = f"{uuid.getnode():x}"
    with suppress(OSError):
        own = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    return Machine(hashlib.sha256(f"{own}/{host}".encode()).hexdigest()[:32], host)


def take_turn(tx: Transaction, machine: Machine) -> datetime | None:
    """Return until when this machine works; Refused while another one does.

    None on SQLite, where there is no other.
    """
    if tx.is_sqlite:
        return None
    clock: datetime = tx.value(_clock)
    wanted = {"machine": machine.key, "host": machine.host, "until": clock + TURN, "clock": clock}
    if tx.row(_take, wanted) is not None:
        return clock + TURN
    held = tx.row(_held)
    raise Refused(
        Problem(
            text="a worker on another machine does this already",
            found=held.host if held is not None else None,
            allowed="one machine, as long as the embedded executor runs the work",
            mend=f"stop it there (its turn ends {TURN.seconds} s later), or have many machines work:"
            ' [jobs] executor = "procrastinate"',
            code="worker.machine",
        )
    )


def end_turn(tx: Transaction, machine: Machine, until: datetime) -> None:
    """Give the turn back, unless a worker beside this one has renewed it."""
    if not tx.is_sqlite:
        tx.write(_leave, {"which": machine.key, "own": until})
