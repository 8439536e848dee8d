"""One check of one plugin, run by `check_plugin` in a process of its own."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from talenthub.conformance.finding import Finding, Level, fault
from talenthub.errors import Problem, TalentError
from talenthub.host import Found, installed
from talenthub.host.status import sentence


def main(check: str, name: str, answer: str) -> None:
    """Write the findings of one check to the file `answer`, as JSON."""
    found = installed()[name][0]
    findings = [Finding(check, level, problem) for level, problem in _findings(check, found)]
    Path(answer).write_text(json.dumps([each.as_dict() for each in findings]), encoding="utf-8")


def _findings(check: str, found: Found) -> Iterator[tuple[Level, Problem]]:
    module = importlib.import_module(f"talenthub.conformance.check_{check}")
    try:
        yield from module.problems(found)
    except TalentError as error:
        yield from ((Level.ERROR, each) for each in error.problems)
    except BaseException as error:  # the plugin's, whatever it is
        if isinstance(error, SystemExit | KeyboardInterrupt):
            yield fault(f"it leaves: {sentence(error)}", code="plugin.leaves")
        else:
            yield fault(f"it raises {sentence(error)}", code="plugin.raises")


if __name__ == "__main__":
    main(*sys.argv[1:])
