"""Opens circles a month ago in the workspace at hand: run by an install."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chaos_ground import open_chaos
from trial_ground import OFFICER, SUBJECTS, people

from talenthub.storage.transaction import SYSTEM, Actor
from talenthub.workflow.opening import Opening

THEN = datetime.now(UTC) - timedelta(days=31)


def main() -> None:
    with closing(open_chaos(Path.cwd(), lambda: THEN)) as ground:
        known = ground.run(SYSTEM, people, read_only=True)
        circle = Opening("trial.circle", subject=known[SUBJECTS[0]], framework_version=1)
        for _ in range(int(sys.argv[1])):
            ground.run(Actor(known[OFFICER]), lambda tx: ground.engine.open_many(tx, [circle]))


if __name__ == "__main__":
    main()
