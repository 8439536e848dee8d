"""Records golden histories of the built-in workflows.

    .venv/bin/python tests/contract/record_golden.py [WORKFLOW…]

Writes a history of every version that has none yet, and in `steps/` one for each
transition that this history does not take: it begins in the state that the
transition leaves. A released version keeps its own for ever: name a workflow to
have its newest version recorded anew, which is right only before that version is
released, or where nothing but optional fields were added.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from talenthub.testing.golden import GoldenHouse
from talenthub.testing.golden_reaching import reached, steps_taken
from talenthub.testing.golden_recording import recorded
from talenthub.workflow.catalogue import Loaded

HERE = Path(__file__).parent / "golden"
PLUGINS = ("recruitment", "onboarding", "performance", "career", "succession", "consultation")

DAY, ROLE = "2026-03-02", {"role": "case-officer", "level": None}
NEXT = {"next_role": None, "next_level": None}
PERIOD = {"first": DAY, "last": "2026-12-31"}
CHECK: dict[str, Any] = {"day": 90, "held_on": DAY, "ratings": {}, "by": 1}
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
    "career.placement": {**ROLE, **NEXT, "occasion": "Talent review 2026"},
    "career.move": ROLE,
    "career.plan": {**ROLE, "near_role": None, "near_level": None},
    "succession.post": {**ROLE, "post": "leader", "seat": 2},
    "succession.nomination": {**ROLE, "purpose": "successor"},
}
"""What cases are opened with, where chance alone would find nothing that fits."""


RATED = dict.fromkeys(("COM", "TRU", "COL", "LRN", "SRV", "ANA", "PLN"), 3)
WORDS, PAST = "some words that say enough", "2026-02-27"


def likely(people: Mapping[str, int]) -> dict[str, Sequence[Any]]:
    """Return what fields of a name most likely take, where chance knows only kinds."""
    who = list(people.values())
    alike = {
        "ratings results": [RATED, {"COM": 3}, {"COM": 4, "TRU": 2}],
        "person buddy coach chair reference": who,
        "persons people add remove members peers": [list(each) for each in pairwise(who)],
        "reason note text rationale why plan": [WORDS],
        "held_on rated_on on talked_on interviewed_on seen_on": [PAST, DAY],
    }
    return {name: values for names, values in alike.items() for name in names.split()} | {
        "competencies": [["COM"], ["COM", "TRU"]],
        "competency": ["COM"],
        "role": ["case-officer"],
        "post": ["leader"],
        "weights": [{}, {"COM": "2"}],
        "weight": ["1"],
        "days": [14, 30],
        "effective": ["2026-04-01"],
        "raters": [{"peers": who[-6:-2]}],
        "group": ["peers"],
        "key": ["letters"],
        "case": [1, 2, 3],
    }


def main(named: Collection[str]) -> None:
    """Record what is missing, and what was named."""
    with tempfile.TemporaryDirectory() as folder:
        house = GoldenHouse(Path(folder) / "house", PLUGINS)
        try:
            for each in house.loaded():
                name = f"{each.workflow.name}-v{each.workflow.version}.json"
                if not (HERE / name).exists() or each.workflow.name in named:
                    history = recorded(house, each, GIVEN)
                    _write(HERE / name, json.dumps(history, indent=1, sort_keys=True, ensure_ascii=False))
                if not (HERE / "steps" / name).exists() or each.workflow.name in named:
                    _record_steps(house, each, name)
        finally:
            house.close()


def _record_steps(house: GoldenHouse, loaded: Loaded, name: str) -> None:
    """Record a history for each transition that the first one does not take."""
    golden = json.loads((HERE / name).read_text(encoding="utf-8"))
    head = {key: golden[key] for key in ("workflow", "version", "hash", "runs_on")}
    missing = {each.name for each in loaded.workflow.transitions} - steps_taken([golden])
    found = {step: reached(house, loaded, GIVEN, likely, step) for step in sorted(missing)}
    histories = {step: history for step, history in found.items() if history is not None}
    _write(HERE / "steps" / name, _text(head, histories))
    print("out of reach:", name, ", ".join(sorted(missing - set(histories))) or "none", flush=True)


def _text(head: Mapping[str, Any], histories: Mapping[str, Any]) -> str:
    """Return JSON with one history a line: what changes is then seen line by line."""
    lines = [
        f" {json.dumps(step)}: {json.dumps(history, sort_keys=True, ensure_ascii=False)}"
        for step, history in histories.items()
    ]
    inner = ",\n".join(lines)
    return json.dumps(head, sort_keys=True)[:-1] + ', "histories": {\n' + inner + "\n}}"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text + "\n", encoding="utf-8")
    print(file.name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
