"""Two versions of talenthub, installed beside each other on one machine.

The newer one is a copy of this code with one migration more, or with a plugin
whose workflow has a second version and that brings another handler.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import talenthub
from talenthub.storage.migrate import core_owner, head_of

TRIAL = Path(__file__).parent.parent / "trial"
MIGRATION = '''"""What the next version needs."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("worker_machine", sa.Column("mood", sa.String(20)))
'''
CIRCLE = """    name="trial.circle",
    ref="CIR",
    version="""
HANDLER = 'EventHandler("count", "trial.circle.finish", "talenthub_trial.handlers:count")'
TALLY = HANDLER.replace("finish", "open").replace("count", "tally")
TALLIED = """

def tally(tx, case, event):
    tx.write(insert(workspace_setting), {"key": f"trial.tallied.{case.ref}", "value": str(event.version)})
"""


@dataclass(frozen=True)
class Install:
    """A version that is installed: where Python finds its two parts."""

    core: Path
    plugin: Path = TRIAL

    def start(self, folder: Path, *words: str, script: Path | None = None) -> subprocess.Popen[str]:
        """Start `talent` of this version in a workspace, or a script with it."""
        path = os.pathsep.join(str(each) for each in (self.plugin, self.core, Path(__file__).parent))
        what = ["-m", "talenthub.cli"] if script is None else [str(script)]
        return subprocess.Popen(
            [sys.executable, *what, *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, folder: Path, *words: str, script: Path | None = None) -> tuple[int, str]:
        """Return how a command or script of this version ends, and what it says."""
        running = self.start(folder, *words, script=script)
        out, err = running.communicate(timeout=300)
        return running.returncode, out + err


def this_one() -> Install:
    """Return what is installed here."""
    return Install(Path(talenthub.__file__).parents[1])


def with_newer_core(place: Path) -> Install:
    """Return an install whose core has one migration more."""
    here = Path(talenthub.__file__).parent
    shutil.copytree(here, place / "talenthub", ignore=shutil.ignore_patterns("__pycache__"))
    head = str(head_of(core_owner()))
    number = f"{int(head) + 1:04}"
    versions = place / "talenthub" / "storage" / "migrations" / "versions"
    (versions / f"{number}_next.py").write_text(MIGRATION.format(number=number, head=head))
    return Install(place)


def with_newer_plugin(place: Path) -> Install:
    """Return an install whose circle has a second version, and one handler more."""
    shutil.copytree(TRIAL, place, ignore=shutil.ignore_patterns("__pycache__"))
    package = place / "talenthub_trial"
    _change(package / "workflows.py", f"{CIRCLE}1", f"{CIRCLE}2")
    return _with_tally(place)


def with_newer_handler(place: Path) -> Install:
    """Return an install of version 1.1 of the plugin, with one handler more."""
    shutil.copytree(TRIAL, place, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "talenthub_trial-1.0.dist-info").rename(place / "talenthub_trial-1.1.dist-info")
    _change(place / "talenthub_trial-1.1.dist-info" / "METADATA", "Version: 1.0", "Version: 1.1")
    return _with_tally(place)


def _with_tally(place: Path) -> Install:
    package = place / "talenthub_trial"
    _change(package / "plugin.py", HANDLER, f"{HANDLER}, {TALLY}")
    with (package / "handlers.py").open("a") as file:
        file.write(TALLIED)
    return Install(this_one().core, place)


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert text.count(before) == 1, (file, before)
    file.write_text(text.replace(before, after))
