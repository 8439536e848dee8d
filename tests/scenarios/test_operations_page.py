"""The page about operations: its proof of a copy is typed as it stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operations.md"
MARK = "<!-- run by tests/scenarios/test_operations_page.py -->"
BLOCK = re.compile(rf"^{re.escape(MARK)}\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(shutil.which("dd") is None, reason="the page damages a file by dd")
def test_a_damaged_database_is_found_and_the_copy_verifies(make_world: Any) -> None:
    world = make_world()
    [transcript] = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    typed = [line.removeprefix("$ ") for line in transcript.splitlines()]
    assert [line.split()[:2] for line in typed].count(["talent", "doctor"]) == 2
    for line in typed:
        words, _, remark = line.partition("#")
        if words.startswith("talent "):
            given = [
                str(world.folder / each) if each.endswith(".db") else each for each in shlex.split(words)[1:]
            ]
            fails = remark.strip().startswith("fails")
            told = world.talent(*given, who="noor.haddad", code=10 if fails else 0)
            if fails:
                assert re.search(r"damaged|malformed|not a database|disk image", told.out + told.err), told
        else:
            subprocess.run(shlex.split(words), cwd=world.folder, check=True)


def test_the_examples_say_what_there_is() -> None:
    folder = ROOT / "examples" / "operations"
    named = re.findall(r"`([\w.-]+)`", (folder / "README.md").read_text())
    files = {each.name for each in folder.iterdir()} - {"README.md"}
    assert files <= set(named)
    container = (folder / "Containerfile").read_text()
    images = re.findall(r"^FROM (\S+)", container, re.M)
    assert images
    assert not any("/" in image for image in images), "a plain name: no registry"
    unit = (folder / "talenthub-worker.service").read_text()
    assert "talent worker" in unit
    assert "KillSignal=SIGTERM" in unit


def test_the_nightly_unit_finds_room_for_its_copy(tmp_path: Path) -> None:
    """What systemd would run, with a `talent` that writes the file it is asked for."""
    talent = tmp_path / "talent"
    talent.write_text('#!/bin/sh\necho "$*" >> said\n[ "$2" != backup ] || : > "$3"\n')
    talent.chmod(0o755)
    unit = (ROOT / "examples" / "operations" / "talenthub-nightly.service").read_text()
    command = re.findall(r"^ExecStart=(.*)$", unit.replace("\\\n", ""), re.M)[0]
    command = command.replace("$$", "$").replace("%%", "%").replace("/opt/talenthub/bin/talent", str(talent))
    subprocess.run(shlex.split(command), cwd=tmp_path, check=True)
    [copy] = (tmp_path / "backup").iterdir()
    said = (tmp_path / "said").read_text().splitlines()
    assert said == [f"db backup backup/{copy.name}", f"db check backup/{copy.name}", "doctor"]
