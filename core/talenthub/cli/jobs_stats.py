"""The counters of `talent jobs stats`, for people and for what gathers them."""

from __future__ import annotations

from talenthub.cli.base import Desk
from talenthub.cli.casework import read
from talenthub.cli.jobs_rows import require_keeper
from talenthub.cli.output import Column
from talenthub.clock import system_clock
from talenthub.outbound.counters import counters, open_metrics

_COLUMNS = (Column("counter"), Column("kind"), Column("state"), Column("value", right=True))


def print_stats(desk: Desk) -> None:
    """Print the counters, or their text in OpenMetrics."""
    require_keeper(desk)
    found = read(desk, lambda engine, tx: counters(tx, engine.catalogue, system_clock()))
    if desk.common.style.form == "openmetrics":
        desk.write_text(open_metrics(found).rstrip("\n"))
        return
    rows = [
        {
            "counter": each.name,
            "kind": each.labels.get("kind"),
            "state": each.labels.get("state"),
            "value": each.value,
        }
        for each in found
    ]
    desk.emit(rows, _COLUMNS)
