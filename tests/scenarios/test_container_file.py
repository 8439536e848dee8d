"""The container file, line by line: what it copies, installs, sets and runs is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from talenthub.cli import talent
from talenthub.cli.worker_rows import SIGNALS
from talenthub.config.place import VARIABLE

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "operations" / "Containerfile"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
HOME, SOURCE, PLACE = "/srv/talenthub", "/usr/src/talenthub", "/opt/talenthub"


def instructions() -> dict[str, list[str]]:
    """Return what stands behind each word, by the word."""
    found = defaultdict(list)
    text = re.sub(r"^#.*\n", "", FILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(None, text.splitlines()):
        word, _, rest = line.partition(" ")
        found[word].append(" ".join(rest.split()))
    return found


def test_it_builds_from_what_is_there_and_on_a_python_that_will_do() -> None:
    found = instructions()
    least = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert found["FROM"] == [f"python:{least}-slim AS build", f"python:{least}-slim"]
    *copied, installed = [each.split() for each in found["COPY"]]
    assert installed == ["--from=build", PLACE, PLACE]
    there = [name for each in copied for name in each[:-1]]
    assert all((ROOT / name).exists() for name in there)
    assert all(each[-1] in (f"{SOURCE}/", f"{SOURCE}/{each[0]}") for each in copied)
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {PROJECT["project"]["readme"], *wheel["force-include"], *wheel["packages"]}
    assert {each.partition("/")[0] for each in needed} <= set(there)


def test_whom_it_makes_keeps_the_workspace_and_stops_as_asked() -> None:
    found = instructions()
    _, made = found["RUN"]
    [name] = found["USER"]
    user, folder = made.split(" && ")
    assert user == f"useradd --no-create-home --home-dir {HOME} --uid 10001 {name}"
    assert folder == f"install --directory --mode 0700 --owner {name} --group {name} {HOME}"
    assert [*found["WORKDIR"], *found["VOLUME"]] == [HOME, HOME]
    set_ = dict(each.split("=") for each in found["ENV"][0].split())
    assert set_ == {"PATH": f"{PLACE}/bin:$PATH", VARIABLE: HOME, "PYTHONUNBUFFERED": "1"}
    assert [signal.Signals[each] in SIGNALS for each in found["STOPSIGNAL"]] == [True]
    assert set(found) == {
        *("FROM", "COPY", "RUN", "USER", "WORKDIR", "ENV", "VOLUME"),
        *("STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"),
    }, "a line that no test reads"


def test_the_commands_it_runs_and_names_are_there() -> None:
    found = instructions()
    assert [json.loads(each) for each in found["ENTRYPOINT"]] == [["talent"]]
    assert "talent" in PROJECT["project"]["scripts"]
    run = [json.loads(each) for each in found["CMD"]]
    [(_, health)] = [each.split(" CMD ") for each in found["HEALTHCHECK"]]
    run.append(json.loads(health)[1:])
    head = FILE.read_text().replace("\\\n#", "")
    run += [each.split() for each in re.findall(r"^# docker run .* talenthub (.+)$", head, re.M)]
    assert "--stop-timeout 120" in head, "a worker that is asked to stop finishes its piece"
    assert run == [["worker"], ["doctor"], ["init"], ["worker"]]
    for words in run:
        assert CliRunner().invoke(talent, [*words, "--help"]).exit_code == 0, words


@pytest.mark.storm
@pytest.mark.timeout(1200)
@pytest.mark.skipif(os.name != "posix", reason="its lines are those of a shell")
def test_what_it_installs_works_off_what_is_due(tmp_path: Path) -> None:
    """All but the machine around it: its own lines install, init, work and look."""
    source, place, home = (tmp_path / name for name in ("source", "place", "home"))
    for each in instructions()["COPY"][:-1]:
        *names, _ = each.split()
        for name in names:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            source.mkdir(exist_ok=True)
            copy(ROOT / name, source / name)
    home.mkdir(0o700)
    install = instructions()["RUN"][0].replace(SOURCE, str(source)).replace(PLACE, str(place))
    subprocess.run(["sh", "-ec", install], check=True, cwd=tmp_path)
    shutil.rmtree(source)
    given = {"PATH": f"{place}/bin:{os.environ['PATH']}", VARIABLE: str(home)}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for words in (["init"], ["worker", "--once"], ["doctor"]):
        subprocess.run([f"{place}/bin/talent", *words], check=True, cwd=home, env=kept | given)
