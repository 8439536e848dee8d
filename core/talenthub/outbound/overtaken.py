"""Overtaken: a worker stops once the tables are newer than it is.

Somebody has installed a newer version and run `talent db upgrade`. What this
one would do to tables that it does not know could spoil them, and what failed
there would count as a failed try; so it begins nothing more, and what it has
claimed is taken over when its lease ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from sqlalchemy import Connection

from talenthub.storage.migrate import NewerTablesError
from talenthub.storage.transaction import Transaction
from talenthub.workflow.calls import Run

T = TypeVar("T")


@dataclass(slots=True)
class WhileCurrent:
    """Runs functions in transactions, as long as it knows the tables."""

    run: Run
    look: Callable[[Connection], None]
    """Raises NewerTablesError once they are newer."""
    stop: Event
    overtaken: NewerTablesError | None = None

    def __call__(self, function: Callable[[Transaction], T]) -> T:
        """Return what `function` returns; sets `stop` if it may not be run."""

        def looked(tx: Transaction) -> T:
            self.look(tx.connection)
            return function(tx)

        try:
            return self.run(looked)
        except NewerTablesError as error:
            self.overtaken = error
            self.stop.set()
            raise

    def tell(self) -> None:
        """Raise what has ended the worker, if that was it."""
        if self.overtaken is not None:
            raise self.overtaken
