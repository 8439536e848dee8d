"""Forks workers from one process that has imported everything already.

Reads one JSON order a line: {"id", "folder", "url", "task", …}; answers with
lines {"id", "pid"} and, when a worker ends by itself, {"id", "end", …}.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path

import psycopg  # noqa: F401  (forked workers need not import it again)
from trial_ground import open_ground
from trial_race import race_for_ever
from trial_work import Bomb, work


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _work(order)
        _answer({"id": order["id"], "pid": pid})


def _work(order) -> None:
    end = {"id": order["id"], "end": "finished"}
    try:
        bomb = Bomb(order.get("point"), order.get("passes", 1))
        workspace = open_ground(Path(order["folder"]), order["url"], fault=bomb)
        if order["task"] == "race":
            race_for_ever(workspace, order)
        else:
            work(
                workspace,
                order["seed"],
                finishing=order["task"] == "finish",
                broken=order.get("broken", False),
                bomb=bomb,
            )
    except BaseException:
        end["end"] = traceback.format_exc()
    _answer(end)
    os._exit(0)


def _answer(value) -> None:
    # One write of a short line: lines of several processes do not mix.
    os.write(1, (json.dumps(value) + "\n").encode())


if __name__ == "__main__":
    main()
