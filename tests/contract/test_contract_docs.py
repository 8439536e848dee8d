"""What the docs say is so: links, commands, exit codes, transcripts, make's targets."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from talenthub import errors

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(DOCS.rglob("*.md")),
    ROOT / "examples" / "plugins" / "mentoring" / "README.md",
]
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
DESCRIBED = runpy.run_path(str(DOCS / "reference.py"))["described"]
"""Returns what is added to a page of the reference when the site is made."""
TREE = re.compile(r"^```\{toctree\}\n(?::[^\n]*\n)*(.*?)^```$", re.M | re.S)


def _anchors(page: Path) -> set[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    if page.parent.name == "reference" and page.stem != "index":
        text += DESCRIBED(f"talenthub.{page.stem}")
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
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


def test_every_page_has_its_place_in_the_site() -> None:
    placed = {DOCS / "index.md"}
    for page in DOCS.rglob("*.md"):
        for tree in TREE.findall(page.read_text(encoding="utf-8")):
            for line in tree.split():
                placed |= {each.resolve() for each in page.parent.glob(f"{line}.md")}
    assert set(DOCS.rglob("*.md")) - placed == set()


def test_the_generated_pages_are_what_the_code_says() -> None:
    assert runpy.run_path(str(DOCS / "generate.py"))["write"](check=True) == 0, "run: make docs"


@pytest.mark.parametrize("module", ["hooks", "sdk", "testing"])
def test_the_reference_describes_every_public_name(module: str) -> None:
    reference = runpy.run_path(str(DOCS / "reference.py"))
    described = reference["described"](f"talenthub.{module}")
    for name in reference["public_names"](f"talenthub.{module}"):
        _, _, entry = described.partition(f"### {name}\n")
        words = FENCE.sub("", entry.partition("\n### ")[0]).strip()
        assert len(words) > 10, name


@pytest.mark.storm
@pytest.mark.timeout(600)
def test_the_site_is_made_without_a_warning_and_fetches_nothing(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*words, str(DOCS), str(tmp_path)], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    fetched = re.compile(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=.(?:https?:)?//")
    assert [page.name for page in tmp_path.rglob("*.html") if fetched.search(page.read_text("utf-8"))] == []


def test_every_error_stands_with_its_exit_code() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\d+) \| `(\w+)` \|", text, re.M))
    assert rows == {(str(kind.exit_code), kind.__name__) for kind in _tree(errors.TalentError)}


def _tree(kind: type[errors.TalentError]) -> Iterator[type[errors.TalentError]]:
    yield kind
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from _tree(each)


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "index.md"], ids=_name)
def test_what_a_first_page_shows_is_what_the_tested_tutorial_shows(page: Path) -> None:
    # A test of the scenarios runs the tutorial and compares it.
    tutorial = "\n".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("tutorial*.md")))
    shown = [body for kind, body in FENCE.findall(page.read_text(encoding="utf-8")) if kind == "console"]
    assert shown
    assert [body for body in shown if body.strip() not in tutorial] == []


def test_no_transcript_and_no_python_stands_in_the_docs_unrun() -> None:
    # Which tests run which pages; sh, toml, yaml … are not run.
    run = {"index.md", "configuration.md", "first-plugin.md", "hr-day.md", "plugins.md"}
    unrun = [
        _name(page)
        for page in DOCS.rglob("*.md")
        if page.parent.name not in ("hooks", "howto")
        and not (page.name in run or page.name.startswith("tutorial"))
        and {"console", "python"} & {kind for kind, _ in FENCE.findall(page.read_text(encoding="utf-8"))}
    ]
    assert unrun == []


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
