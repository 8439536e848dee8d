"""What the README tells people to type works, in that order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from talenthub.testing import World

README = Path(__file__).parents[1] / "README.md"
TYPED = re.compile(r"^\$ talent (.*) --as (\S+)$", re.MULTILINE)


def test_the_commands_of_the_readme_work(world: World) -> None:
    lines = TYPED.findall(README.read_text(encoding="utf-8"))
    answers = [world.talent(*shlex.split(words), who=who) for words, who in lines]
    assert "Nobody here is known" in answers[7].err
    assert "running" in answers[-1].out
    assert world.ask("show", "MEN-1", who="noor.haddad").code == 4
