"""Checks of one plugin, run by `check_plugin` in a process of their own."""

from __future__ import annotations

import faulthandler
import importlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from talenthub.blame import line_of
from talenthub.conformance.finding import Finding, Level, doubt, fault
from talenthub.errors import Problem, TalentError
from talenthub.host import Installed, installed
from talenthub.host.status import sentence


def main(name: str, answer: str, until: str, *checks: str) -> None:
    """Write the findings to the file `answer`, a line of JSON a check.

    At the moment `until` it tells on standard error where it stands: whoever
    ends it soon after knows the line that hangs.
    """
    faulthandler.dump_traceback_later(max(float(until) - time.time(), 0.01))
    found = installed()[name][0]
    with Path(answer).open("w", encoding="utf-8") as file:
        for check in checks:
            findings = [Finding(check, level, problem) for level, problem in _findings(check, found)]
            file.write(json.dumps([each.as_dict() for each in findings]) + "\n")
            # What comes next may hang or leave: this answer then stands.
            file.flush()


def _findings(check: str, plugin: Installed) -> Iterator[tuple[Level, Problem]]:
    try:
        module = importlib.import_module(f"talenthub.conformance.check_{check}")
    except ModuleNotFoundError as error:
        # An organisation that only looks at a plugin need not have what its author has.
        said = f"this check was left out: it needs {error.name}, which is not installed"
        yield doubt(said, mend=f"pip install {error.name}", code="plugin.left-out")
        return
    try:
        yield from module.problems(plugin)
    except TalentError as error:
        yield from ((Level.ERROR, each) for each in error.problems)
    except BaseException as error:  # the plugin's, whatever it is
        if isinstance(error, SystemExit | KeyboardInterrupt):
            yield fault(f"it leaves: {sentence(error)}", place=line_of(error), code="plugin.leaves")
        else:
            yield fault(f"it raises {sentence(error)}", place=line_of(error), code="plugin.raises")


if __name__ == "__main__":
    main(*sys.argv[1:])
    # A thread that the plugin left running would be awaited for ever.
    sys.stdout.flush()
    os._exit(0)
