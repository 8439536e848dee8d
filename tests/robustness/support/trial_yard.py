"""The yard: starts workers on one database, kills them, hears of their ends."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).parent
LONG = 100.0
"""Seconds after which something will not come any more, on a slow machine too."""


class Yard:
    """A process that forks workers; use as a context."""

    def __init__(self, script: str = "trial_worker.py") -> None:
        self._script = script
        self._orders = 0
        self._lines: queue.Queue = queue.Queue()
        self.pids: dict[int, int] = {}
        self.ends: dict[int, str] = {}
        self._came: dict[int, list[dict]] = {}

    def __enter__(self) -> Yard:
        given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        path = os.pathsep.join(str(each) for each in (HERE.parent / "trial", HERE, *given) if each)
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / self._script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        # All that it forked, also what nobody has heard of yet: it would keep the line open.
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(LONG)
        self._listener.join(LONG)
        self._process.stdin.close()
        self._process.stdout.close()

    def _listen(self) -> None:
        with suppress(ValueError):
            for line in self._process.stdout:
                self._lines.put(json.loads(line))

    def start(self, task: str, folder: Path, url: str, **more: object) -> int:
        """Start one worker; return its number."""
        self._orders += 1
        order = {"id": self._orders, "task": task, "folder": str(folder), "url": url, **more}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        assert self._wait_for(lambda: self._orders in self.pids), "nobody starts workers"
        return self._orders

    def hear(self) -> None:
        """Take in what workers have said."""
        with suppress(queue.Empty):
            while True:
                said = self._lines.get_nowait()
                if "pid" in said:
                    self.pids[said["id"]] = said["pid"]
                elif "race" in said:
                    self._came.setdefault(said["race"], []).append(said["came"])
                else:
                    self.ends[said["id"]] = said["end"]

    def answers(self, race: int, many: int) -> list[dict]:
        """Return what came of one race, once all have told."""
        self._wait_for(lambda: len(self._came.get(race, ())) >= many or bool(self.ends))
        came = self._came.pop(race, [])
        assert len(came) == many, f"{len(came)} of {many} told; {self.ends}"
        return came

    def _wait_for(self, is_so) -> bool:
        limit = time.monotonic() + LONG
        while not is_so():
            if time.monotonic() > limit:
                return False
            time.sleep(0.001)
            self.hear()
        return True

    def kill(self, number: int) -> bool:
        """Kill a worker -9; return whether it was still there."""
        with suppress(ProcessLookupError):
            os.kill(self.pids[number], signal.SIGKILL)
            return self.wait_gone(number)
        return False

    def is_alive(self, number: int) -> bool:
        """Return whether a worker is still there."""
        try:
            os.kill(self.pids[number], 0)
        except ProcessLookupError:
            return False
        return True

    def wait_gone(self, number: int) -> bool:
        """Wait until a worker is gone; return whether it went in time."""
        gone = self._wait_for(lambda: not self.is_alive(number))
        self.hear()
        return gone
