"""Running: each check in a process of its own, with a limit of time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from talenthub.conformance.finding import Finding, Level
from talenthub.errors import Problem

CHECKS: Mapping[str, str] = {
    "import": "its plugin module is light, and imports by itself",
    "names": "it uses the public names only, and commits nothing by itself",
    "hooks": "its hooks exist, take what they are given and return what they should",
    "workflows": "its workflows are sound",
    "settings": "its settings have defaults, and each is documented",
    "commands": "each of its commands answers --help, and its file imports little",
    "personal": "what it keeps about people is declared",
    "tables": "its tables carry its prefix, and its migrations go up and down",
    "life": "it is enabled, disabled and removed without harm to a workspace",
}
"""The checks by name, in the order they run, and what each asks."""

LIMIT = 60.0
"""Seconds a check may take unless somebody says otherwise."""


def check_plugin(
    name: str, *, limit: float = LIMIT, heard: Callable[[str], None] = lambda _: None
) -> list[Finding]:
    """Return what all checks find about an installed plugin.

    `heard` is told the name of each check before it runs. A check that takes
    longer than `limit` seconds is ended, and that is its finding.
    """
    found: list[Finding] = []
    for check in CHECKS:
        heard(check)
        found += _in_process(check, name, limit)
    return found


def _in_process(check: str, name: str, limit: float) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="talenthub-check-") as folder:
        answer = Path(folder) / "answer.json"
        words = [sys.executable, "-m", "talenthub.conformance", check, name, str(answer)]
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
        except subprocess.TimeoutExpired:
            return [_of(check, f"it hangs: the check did not end within {limit:g} seconds")]
        if not answer.is_file():
            last = ended.stderr.strip().splitlines()[-1:] or [""]
            said = f"the process ended with {ended.returncode} in the middle of the check: {last[0]}"
            return [_of(check, said.rstrip(": "))]
        return [Finding.of(each) for each in json.loads(answer.read_text(encoding="utf-8"))]


def _of(check: str, text: str) -> Finding:
    mend = "nothing may sleep, wait or leave where it is only imported or asked"
    return Finding(check, Level.ERROR, Problem(text=text, mend=mend, code="plugin.process"))
