"""Racers: do one thing each at the same moment, and tell what came of it."""

from __future__ import annotations

import json
import os
import threading
import time
import traceback
from pathlib import Path

from forking import tell
from trial_yard import LONG

from talenthub.errors import TalentError
from talenthub.storage.transaction import SYSTEM, Actor

HEAD_START = 0.004
"""Seconds between the order to race and the moment all begin."""


def do(workspace, job) -> dict:
    """Do one job; return what came of it, never raise."""
    engine = workspace.engine
    actor = SYSTEM if job["actor"] is None else Actor(job["actor"])
    try:
        if job["what"] == "tick":
            ticked = workspace.run(actor, engine.tick)
            return {"ok": ticked is not None, "kind": "tick"}
        if job["what"] == "open":
            opened = workspace.run(actor, lambda tx: engine.open(tx, job["workflow"], parent=job["parent"]))
            return {"ok": True, "kind": "open", "ref": opened.ref}
        if job["what"] == "deliver":
            done = workspace.run(actor, lambda tx: engine.deliver(tx, job["number"]))
            return {"ok": done, "kind": "deliver"}
        fired = workspace.run(
            actor,
            lambda tx: engine.fire(
                tx, job["ref"], job["transition"], job.get("form", {}), request_id=job.get("request")
            ),
        )
        return {"ok": True, "kind": "fire", "version": fired.version, "ref": fired.ref}
    except TalentError as error:
        return {"ok": False, "kind": type(error).__name__, "text": str(error), "verdicts": _reasons(error)}
    except Exception:
        return {"ok": False, "kind": "broken", "text": traceback.format_exc()}


def _reasons(error: TalentError) -> list[str]:
    return [each.text for each in getattr(error, "verdicts", ()) if not each.ok]


def race_for_ever(workspace, order) -> None:
    """Take jobs from a pipe of one's own, do each at its moment."""
    with Path(order["pipe"]).open() as jobs:
        for line in jobs:
            job = json.loads(line)
            time.sleep(max(0.0, job["at"] - time.monotonic()))
            tell({"id": order["id"], "race": job["race"], "came": do(workspace, job)})


class Processes:
    """Racers as processes; `run` takes one job each."""

    def __init__(self, yard, folder: Path, url: str, width: int) -> None:
        self._yard = yard
        self._races = 0
        self._pipes = []
        for number in range(width):
            pipe = folder / f"racer{number}"
            os.mkfifo(pipe)
            yard.start("race", folder, url, pipe=str(pipe))
            self._pipes.append(pipe.open("w"))

    def run(self, jobs: list[dict]) -> list[dict]:
        """Return what came of each job, all begun at one moment."""
        self._races += 1
        at = time.monotonic() + HEAD_START
        for pipe, job in zip(self._pipes, jobs, strict=False):
            pipe.write(json.dumps({**job, "race": self._races, "at": at}) + "\n")
            pipe.flush()
        return self._yard.answers(self._races, len(jobs))

    def close(self) -> None:
        for pipe in self._pipes:
            pipe.close()


class Threads:
    """Racers as threads of this process, on one workspace."""

    def __init__(self, workspace) -> None:
        self._workspace = workspace

    def run(self, jobs: list[dict]) -> list[dict]:
        """Return what came of each job, all begun at one moment."""
        barrier = threading.Barrier(len(jobs))
        came: list[dict] = []

        def one(job: dict) -> None:
            barrier.wait(LONG)
            came.append(do(self._workspace, job))

        threads = [threading.Thread(target=one, args=(job,)) for job in jobs]
        for each in threads:
            each.start()
        for each in threads:
            each.join(LONG)
        return came

    def close(self) -> None:
        """Have nothing to close."""
