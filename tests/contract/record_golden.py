"""Records golden histories of the built-in workflows.

    .venv/bin/python tests/contract/record_golden.py [WORKFLOW…]

Writes a history of every version that has none yet. A released version keeps
its own for ever: name a workflow to have its newest version recorded anew,
which is right only before that version is released, or where nothing but
optional fields were added.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from talenthub.testing.golden import GoldenHouse
from talenthub.testing.golden_recording import recorded

HERE = Path(__file__).parent / "golden"
PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")

DAY, ROLE = "2026-03-02", {"role": "case-officer"}
PERIOD = {"first": DAY, "last": "2026-12-31"}
CHECK: dict[str, Any] = {"day": 90, "held_on": DAY, "ratings": {}, "by": 0}
TASK = {"template": "t", "title": "Read the handbook", "part": "clarification", "day": 1, "due": DAY}

GIVEN: dict[str, dict[str, Any]] = {
    "recruitment.requisition": ROLE,
    "recruitment.selection": ROLE,
    "recruitment.application": ROLE,
    "onboarding.plan": {**ROLE, "first_day": DAY, "checks": [CHECK]},
    "onboarding.task": {**TASK, "owner": "newcomer"},
    "performance.cycle": {"title": "2026", **PERIOD},
    "performance.review": {**ROLE, **PERIOD},
    "performance.statement": {"kind": "manager"},
    "performance.conversation": {"on": DAY},
    "performance.round": {"raters": {}},
    "performance.answer": {"group": "peers"},
    "performance.pulse": {"people": []},
    "performance.feedback": {"competency": "COM"},
    "performance.calibration": {"title": "House"},
    "performance.appeal": {"reason": "The rating forgets half of the year"},
    "career.placement": {**ROLE, "occasion": "Talent review 2026"},
    "career.move": ROLE,
    "succession.post": {**ROLE, "post": "leader", "seat": 2},
    "succession.nomination": {**ROLE, "purpose": "successor"},
}
"""What cases are opened with, where chance alone would find nothing that fits."""


def main(named: Collection[str]) -> None:
    """Record what is missing, and what was named."""
    with tempfile.TemporaryDirectory() as folder:
        house = GoldenHouse(Path(folder) / "house", PLUGINS)
        try:
            for each in house.loaded():
                file = HERE / f"{each.workflow.name}-v{each.workflow.version}.json"
                if not file.exists() or each.workflow.name in named:
                    history = recorded(house, each, GIVEN)
                    file.write_text(
                        json.dumps(history, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8"
                    )
                    print(file.name, ", ".join(step["step"] for step in history["steps"]))
        finally:
            house.close()


if __name__ == "__main__":
    main(sys.argv[1:])
