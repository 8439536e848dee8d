"""Nobody learns of a nomination that is not theirs to see.

Two workspaces differ in one nomination, which is in force. Every command of
`talent` is asked in both, by the nominee with all of HR's grants, by the
nominee's manager and by others of HR: answers, errors, files and what the shell
completes are equal byte for byte. So are the digests of the day.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import BashComplete

from talenthub.cli import talent
from talenthub.cli.parameters import Name
from talenthub.people.grants import give, grants_of
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM

POST = "people-head-of-people"
NOMINEE = "noor.haddad"
ACTORS = (NOMINEE, "johan.ramos", "maria.costa")
"""The nominee, who leads HR and holds every grant; her manager; an officer of HR."""
GRANTS = ("hr_head", "hr_partner", "hr_officer", "recruiter", "sponsor", "auditor", "admin", "monitor")
AFTER: dict[tuple[str, ...], list[tuple[str, ...]]] = {
    ("do",): [("withdraw",), ("revalidate",)],
    ("why",): [(), ("withdraw",)],
}
"""What is asked of a case beside its reference."""

GROUND = ("people", "framework", "gap", "plugin", "config")
"""Groups that know of no case: only who sees the most is asked about them."""

NOT_ASKED = {
    ("init",): "it makes another workspace, and reads none",
    ("plugin", "check"): "it tries a plugin in a workspace of its own",
    ("db", "backup"): "it copies the file, for whoever may read the file anyway",
    ("worker",): "it goes on until it is stopped; what it sends is compared as digests below",
    ("notify", "digest"): "it writes: asked once for itself, below",
}
"""What is not asked here, and why."""

TYPED = ("", "nom-", "no")
"""What somebody has typed when they ask the shell to complete it."""


def commands(folder: Path) -> list[tuple[tuple[str, ...], click.Command]]:
    def below(group: click.Group, context: click.Context, path: tuple[str, ...]) -> Any:
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            if isinstance(found, click.Group):
                yield from below(found, click.Context(found, parent=context), (*path, name))
            elif found is not None:
                yield (*path, name), found

    context = click.Context(talent)
    context.meta["talent.folder"] = str(folder)
    return list(below(talent, context, ()))


def invocations(
    path: tuple[str, ...], command: click.Command, words: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    """Yield ways to ask a command: with each word, and with what it needs."""
    options = {name for each in command.params if isinstance(each, click.Option) for name in each.opts}
    needed = [
        word
        for each in command.params
        if isinstance(each, click.Option) and each.required
        for word in (each.opts[0], _value(each))
    ]
    more = [*needed, *(["--dry-run"] if "--dry-run" in options else [])]
    shown = ["-o", "json"] if "-o" in options else []
    has_argument = any(isinstance(each, click.Argument) for each in command.params)
    for word in words if has_argument else ():
        for rest in AFTER.get(path, [()]):
            yield (*path, word, *rest, *more, *shown)
    yield (*path, *more, *shown)


def _value(option: click.Option) -> str:
    words = getattr(option.type, "words", None)
    if words:
        return str(words[0])
    if isinstance(option.type, click.Path):
        return "made.csv"
    kind = getattr(option.type, "name", "")
    return {"person": "kofi.mensah", "day": "2027-11-15"}.get(kind, "0.5")


def words_for(path: tuple[str, ...], command: click.Command, who: str, words: tuple[str, ...]) -> Any:
    """Return what a command is asked about: reports and workflows by name."""
    if path == ("report", "run"):
        return REPORTS
    if path[0] == "workflow":
        return ("succession.nomination",)
    files = [each for each in command.params if isinstance(each.type, click.Path) and each.required]
    if files and isinstance(files[0], click.Argument):
        return ("given.csv",)
    return words[1:2] if path[0] in GROUND else words if who == NOMINEE else words[:2]


REPORTS = ("bench", "coverage", "placements", "targets", "inbox", "adverse-impact")


class Asker:
    """Asks one workspace as one person, from inside its folder."""

    def __init__(self, world: Any, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.who = world, who
        monkeypatch.chdir(world.folder)
        (world.folder / "given.csv").write_text("person,name\n", encoding="utf-8")

    def told(self, known: Any, words: tuple[str, ...]) -> dict[tuple[str, ...], Any]:
        """Return what every command answers, and what it wrote."""
        found: dict[tuple[str, ...], Any] = {}
        for path, command in known:
            if path in NOT_ASKED or (self.who != NOMINEE and path[0] in GROUND):
                continue
            for asked in invocations(path, command, words_for(path, command, self.who, words)):
                found[asked] = self._asked(asked)
        return found

    def _asked(self, asked: tuple[str, ...]) -> tuple[int, str, str, bytes]:
        here = str(self.world.folder)
        said = self.world.ask(*asked, who=self.who)
        made = self.world.folder / "made.csv"
        content = made.read_bytes() if made.is_file() else b""
        made.unlink(missing_ok=True)
        return said.code, said.out.replace(here, "HERE"), said.err.replace(here, "HERE"), content

    def completed(self, known: Any) -> dict[tuple[str, ...], list[str]]:
        """Return what the shell offers for each kind of word, once."""
        given = ["--workspace", str(self.world.folder), "--as", self.who]
        found: dict[tuple[str, ...], list[str]] = {}
        for kind, before in kinds_of(known).items():
            for typed in TYPED:
                shell = BashComplete(talent, {}, "talent", "_TALENT_COMPLETE")
                offered = shell.get_completions([*given, *before], typed)
                found[kind, typed] = [f"{each.value} {each.help}" for each in offered]
        return found


def kinds_of(known: Any) -> dict[str, tuple[str, ...]]:
    """Return each kind of word that is completed, with a command that takes it."""
    found: dict[str, tuple[str, ...]] = {}
    for path, command in known:
        for each in command.params:
            if isinstance(each.type, Name):
                option = (each.opts[0],) if isinstance(each, click.Option) else ()
                found.setdefault(each.type.name, (*path, *option))
    return found


@pytest.mark.timeout(600)
def test_no_command_tells_of_a_nomination(
    make_autumn: Any, kept_open: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    without = make_autumn()
    _prepare(without)
    _close(kept_open)
    nominated = type(without)(type(without.world)(tmp_path / "nominated"))
    shutil.copytree(without.world.folder, nominated.world.folder)
    ref = nominated.draft(NOMINEE, POST)
    nominated.put_in_force(
        ref,
        said=(
            "--performance",
            "H",
            "--performance-source",
            "a",
            "--potential",
            "H",
            "--potential-source",
            "b",
        ),
        board=("kofi.mensah", "ruth.adeyemi", "jonas.weber"),
    )
    words = (ref, NOMINEE, POST)
    known = commands(without.world.folder)
    assert set(NOT_ASKED) <= {path for path, _ in known}, "each left out is a command"
    for who in ACTORS:
        asked = [Asker(each.world, who, monkeypatch) for each in (without, nominated)]
        _equal(who, *(each.completed(known) for each in asked))
        before, after = (
            Asker(each.world, who, monkeypatch).told(known, words) for each in (without, nominated)
        )
        _equal(who, before, after)
        assert sum(code == 0 for code, *_ in before.values()) > 20
        broken = [(asked, err) for asked, (code, _, err, _) in before.items() if code == 1]
        assert not broken, broken[0]
    _compare_digests(without, nominated)
    # The same comparison does see a difference where one may be seen.
    assert without.items("bench") != nominated.items("bench")
    assert ref in nominated.world.talent("search", ref, who="grace.lindqvist").out


def _equal(who: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> None:
    told = [asked for asked, answer in before.items() if answer != after[asked]]
    assert not told, (who, len(told), told[0], before[told[0]], after[told[0]])


def _compare_digests(without: Any, nominated: Any) -> None:
    """Have the mail of the day made where HR has one task more."""
    nominated.draft(NOMINEE, "harbour-branch-manager")
    assert _subject(without) != _subject(nominated), "it is in the digest of who may see it"
    for asked in (("notify", "digest", "--dry-run"), ("notify", "digest"), ("doctor",)):
        said = [each.world.ask(*asked, "-o", "json", who=NOMINEE) for each in (without, nominated)]
        here = [
            each.out.replace(str(told.world.folder), "HERE")
            for each, told in zip(said, (without, nominated), strict=True)
        ]
        assert (here[0], said[0].err) == (here[1], said[1].err), asked


def _subject(autumn: Any) -> str:
    return str(autumn.world.talent("notify", "preview", who="grace.lindqvist").out.splitlines()[0])


def _prepare(autumn: Any) -> None:
    """Make the post critical, let the ledger know Noor, give her every grant."""
    autumn.make_ready(NOMINEE, "head-of-people")
    said = ("--criticality", "0.9", "--leaving", "0.35", "--because", "needed")
    autumn.talent("post", "add", POST, "harbour-branch-manager", *said)
    with autumn.world.open() as workspace:

        def run(tx: Any) -> None:
            found = person(tx, NOMINEE).id
            held = {grant.name for grant in grants_of(tx, [found])[found]}
            for each in GRANTS:
                if each not in held:
                    give(tx, found, each)

        workspace.run(SYSTEM, run)


def _close(kept: dict[Path, Any]) -> None:
    while kept:
        kept.popitem()[1].close()
