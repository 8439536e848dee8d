"""What the docs say is so: links, commands, exit codes, transcripts, make's targets."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from talenthub import errors

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(DOCS.glob("*.md")),
]
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def _anchors(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if target.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = page if not path else (page.parent / path).resolve()
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_page_is_in_the_index() -> None:
    linked = set(LINK.findall((DOCS / "index.md").read_text(encoding="utf-8")))
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} - linked == set()


def test_the_list_of_commands_is_what_the_commands_say() -> None:
    made = runpy.run_path(str(DOCS / "generate.py"))["page"]()
    assert (DOCS / "commands.md").read_text(encoding="utf-8") == made, "run: make docs"


def test_every_error_stands_with_its_exit_code() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\d+) \| `(\w+)` \|", text, re.M))
    assert rows == {(str(kind.exit_code), kind.__name__) for kind in _tree(errors.TalentError)}


def _tree(kind: type[errors.TalentError]) -> Iterator[type[errors.TalentError]]:
    yield kind
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from _tree(each)


def test_what_the_readme_shows_is_what_the_tested_tutorial_shows() -> None:
    # A test of the scenarios runs the tutorial and compares it.
    tutorial = "\n".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("tutorial*.md")))
    shown = [
        body
        for kind, body in FENCE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
        if kind == "console"
    ]
    assert shown
    assert [body for body in shown if body.strip() not in tutorial] == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_that_is_named_exists(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.M))
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"^make (\w+)", text, re.M)) | set(re.findall(r"`make (\w+)`", text))
    assert named
    assert named <= targets


def test_ci_runs_what_the_readme_tells_people_to_run() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^make (\w+)$", script, re.M) == ["check", "demo", "test"]
