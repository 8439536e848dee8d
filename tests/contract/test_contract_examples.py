"""What the pages for authors show is done: files written, changed, commands typed.

A page goes on from the project that `talent plugin new coffee` writes. A block
of `python` that begins with the name of a file is that file, or what is added
below it where the name ends with `…`; its tests are run. A `diff` changes the
file it names, and a `console` is typed in a workspace and prints what it shows.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

from talenthub.cli import talent
from talenthub.scaffold import named, write_project
from talenthub.storage.types import metadata
from talenthub.testing import World

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [*DOCS.glob("hooks/*.md"), *DOCS.glob("howto/*.md"), DOCS / "configuration.md"]
TYPED = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)
REWRITE = "TALENTHUB_REWRITE_DOCS"
"""Set, the test writes what the commands answer now into the pages."""

PACKAGE = "talenthub_coffee"


@dataclass
class Desk:
    """Where a page is followed: a project of a plugin, and a workspace."""

    bench: Any
    world: World
    answers: list[tuple[Example, str]] = field(default_factory=list)

    def write(self, example: Example) -> None:
        """Write a file, and run the tests in it."""
        file, text = self.bench.write(example)
        forget()
        if file.parent.name == "tests":
            self._test(text, file)

    def change(self, example: Example) -> None:
        """Change a file."""
        self.bench.change(example)
        forget()

    def type(self, example: Example) -> None:
        """Type the commands of a block, and compare what they print."""
        answer = "\n".join(
            "\n".join([f"$ {words}", *typed(words, shown.splitlines())])
            for words, shown in TYPED.findall(example.parsed)
        )
        self.answers.append((example, answer + "\n"))
        if not os.environ.get(REWRITE):
            assert example.parsed.splitlines() == answer.splitlines(), f"{REWRITE}=1 rewrites {example.path}"

    def _test(self, text: str, file: Path) -> None:
        names: dict[str, object] = {}
        exec(compile(text, str(file), "exec"), names)
        tests = [
            each for name, each in names.items() if name.startswith("test_") and inspect.isfunction(each)
        ]
        assert tests, file
        for each in tests:
            each(**dict.fromkeys(inspect.signature(each).parameters, self.world))


def typed(words: str, shown: list[str]) -> list[str]:
    """Return what a command prints; `…` in `shown` stands for lines left out."""
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        contextlib.suppress(SystemExit),
    ):
        talent.main(shlex.split(words)[1:])
    lines = [line.rstrip() for line in printed.getvalue().splitlines() if line.strip()]
    assert not any(line.startswith(("Traceback", "error: unexpected")) for line in lines), lines
    if "…" not in shown:
        return lines
    cut = shown.index("…")
    head, tail = shown[:cut], shown[cut + 1 :]
    fits = lines[:cut] == head and lines[len(lines) - len(tail) :] == tail
    return shown if fits else lines


def forget() -> None:
    """Forget the plugin's modules and tables: its files are others now."""
    for name in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    for name in [each for each in metadata.tables if each.startswith("coffee_")]:
        metadata.remove(metadata.tables[name])


@pytest.fixture
def desk(
    page: Path, bench: Any, world_templates: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """Return a desk with the project of `talent plugin new coffee`, enabled."""
    project, about = tmp_path / "talenthub-coffee", tmp_path / "site" / "talenthub_coffee-0.1.0.dist-info"
    write_project(project, named("coffee"), tables=page.stem == "table")
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: talenthub-coffee\nVersion: 0.1.0\n")
    (about / "entry_points.txt").write_text(f"[talenthub.plugins]\ncoffee = {PACKAGE}.plugin\n")
    monkeypatch.syspath_prepend(str(about.parent))
    monkeypatch.syspath_prepend(str(project))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    world = world_templates.copy("sqlite", tmp_path / "trial")
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    world.talent("plugin", "enable", "coffee", who="sami.okafor")
    yield Desk(bench(project, world.folder), world)
    forget()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_for_authors_is_true(page: Path, desk: Desk) -> None:
    parsers = [
        CodeBlockParser(kind, evaluator)
        for kind, evaluator in (("python", desk.write), ("diff", desk.change), ("console", desk.type))
    ]
    for example in Sybil(parsers).parse(page).examples():
        example.evaluate()
    if os.environ.get(REWRITE):
        text = page.read_text("utf-8")
        for example, answer in reversed(desk.answers):
            text = text[: example.start] + text[example.start :].replace(example.parsed, answer, 1)
        page.write_text(text, "utf-8")
