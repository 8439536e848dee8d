"""Types commands in an environment: a line of JSON for each, answered by one.

Run by the environment's own Python. What all commands import is imported once;
each then runs in a process of its own, forked from this one, as if it had been
started by itself.
"""

from __future__ import annotations

import json
import os
import runpy
import site
import sys
import sysconfig
import tempfile
import traceback

# Not talenthub.testing: pytest imports that itself, to explain its assertions.
import alembic.command  # noqa: F401
import pytest

import talenthub.cli
import talenthub.workflow.engine
import talenthub.workspace.making


class OneDatabase:
    """Leaves out what runs on PostgreSQL, where nobody asked for it."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests on SQLite, and those without a database."""
        items[:] = [each for each in items if "postgresql" not in each.name]


def run(words: list[str]) -> int:
    """Run one command in this process and return its exit code."""
    program, *rest = sys.argv = words
    # An editable install may have come since.
    site.addsitedir(sysconfig.get_path("purelib"))
    try:
        if program == "pytest":
            is_asked = any("postgresql" in word for word in rest)
            return int(pytest.main(rest, plugins=[] if is_asked else [OneDatabase()]))
        if program == "pip":
            runpy.run_module("pip", run_name="__main__", alter_sys=True)
        else:
            talenthub.cli.main()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def typed(words: list[str], folder: str) -> tuple[int, str]:
    """Return the exit code of a command in a folder, and what it printed."""
    with tempfile.TemporaryFile() as printed:
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            for number in (1, 2):
                os.dup2(printed.fileno(), number)
            code = run(words)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        printed.seek(0)
        return os.waitstatus_to_exitcode(status), printed.read().decode(errors="replace")


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(typed(asked["words"], asked["folder"])), flush=True)
