"""Forks processes, on orders, from one that has imported everything already.

Reads one JSON order a line: {"id", "task", …}; answers with lines {"id",
"pid"} and, when one ends by itself, {"id", "end"}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback


def fork_on_orders(work) -> None:
    """Do the `work` of each order in a process of its own, until no more come."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _end(work, order)
        tell({"id": order["id"], "pid": pid})


def _end(work, order) -> None:
    end = "finished"
    try:
        work(order)
    except BaseException:
        end = traceback.format_exc()
    tell({"id": order["id"], "end": end})
    os._exit(0)


def tell(said) -> None:
    """Say something to who gave the order."""
    # One write of a short line: lines of several processes do not mix.
    os.write(1, (json.dumps(said) + "\n").encode())
