"""Running: checks in a process of their own, with a limit of time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from talenthub.conformance.finding import Finding, Level
from talenthub.conformance.places import files_of, plugin_file
from talenthub.errors import Problem
from talenthub.host import installed

CHECKS: Mapping[str, str] = {
    "import": "its plugin module is light, and imports by itself",
    "names": "it uses the public names only, and commits nothing by itself",
    "hooks": "its hooks exist, take what they are given and return what they should",
    "contract": "it uses nothing that came after the contract it names",
    "workflows": "its workflows are sound",
    "walks": "its guards and effects hold out as cases move at random",
    "settings": "its settings have defaults, and each is documented",
    "commands": "each of its commands answers --help, and says what it does",
    "personal": "what it keeps about people is declared",
    "tables": "its tables carry its prefix; its migrations go up and down, and lose no row",
    "life": "it is enabled, disabled and removed without harm to a workspace",
}
"""The checks by name, in the order they run, and what each asks."""

_PROCESS = "plugin.process"
_HOPELESS = (_PROCESS, "plugin.entry-point")

LIMIT = 60.0
"""Seconds a process may take unless somebody says otherwise."""


def check_plugin(
    name: str,
    *,
    limit: float = LIMIT,
    heard: Callable[[str], None] = lambda _: None,
    checks: Sequence[str] = tuple(CHECKS),
) -> list[Finding]:
    """Return what checks find about an installed plugin: all, or those named.

    `heard` is told the name of each check once it has run. A process that
    takes longer than `limit` seconds is ended, and that is a finding.
    """
    found: list[Finding] = []
    waiting = [each for each in CHECKS if each in checks]
    while waiting:
        answers = _in_process(name, waiting, limit)
        for check, findings in zip(waiting, answers, strict=False):
            heard(check)
            found += findings
        if waiting[0] == "import" and any(each.problem.code in _HOPELESS for each in answers[0]):
            return found[: len(answers[0])]  # what cannot be imported answers nothing else
        # After one that hung or left, the others are asked in a new process.
        waiting = waiting[len(answers) :]
    return list(_causes(found))


def _causes(found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings without what a workspace says again of a plugin that does not load."""
    unsound = any(each.check in ("hooks", "workflows") and each.level is Level.ERROR for each in found)
    yield from (each for each in found if not unsound or each.problem.code != "plugin.life")


def _in_process(name: str, checks: Sequence[str], limit: float) -> list[list[Finding]]:
    """Return the findings check by check, as far as a process came.

    The last ones say so where it hung or left.
    """
    with tempfile.TemporaryDirectory(prefix="talenthub-check-") as folder:
        file = Path(folder) / "answers"
        until = str(time.time() + 0.9 * limit)
        words = [sys.executable, "-m", "talenthub.conformance", name, str(file), until, *checks]
        said, place = f"it hangs: the check did not end within {limit:g} seconds", None
        try:
            ended = subprocess.run(
                words,
                timeout=limit,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                stdin=subprocess.DEVNULL,
            )
            last = ended.stderr.strip().splitlines()[-1:] or [""]
            said = f"the process ended with {ended.returncode} in the middle of the check: {last[0]}"
        except subprocess.TimeoutExpired as hung:
            place = stuck_at(name, (hung.stderr or b"").decode(errors="replace"))
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    answers = [[Finding.of(each) for each in json.loads(line)] for line in lines]
    if len(answers) < len(checks):
        answers.append([_of(checks[len(answers)], name, said.rstrip(": "), place)])
    return answers


def stuck_at(name: str, said: str) -> str | None:
    """Return the plugin's innermost line in the stack that a process told."""
    own = {str(each) for each in files_of(installed()[name][0])}
    for file, line in re.findall(r'File "(.+)", line (\d+)', said):
        if file in own:
            return f"{file}:{line}"
    return None


def _of(check: str, name: str, text: str, place: str | None) -> Finding:
    mend = "nothing may sleep, wait or leave where it is imported or asked; a slow machine needs more --limit"
    place = place or plugin_file(installed()[name][0])
    return Finding(check, Level.ERROR, Problem(text=text, place=place, mend=mend, code=_PROCESS))
