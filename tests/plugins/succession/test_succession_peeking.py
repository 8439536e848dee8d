"""Nobody learns of a nomination that is not theirs to see.

Two workspaces differ in one nomination, which is in force. Every command of
`talent` is asked in both, by the nominee with all of HR's grants, by the
nominee's manager and by others of HR: the answers are equal byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from talenthub.cli import talent
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

LEFT_ALONE = {
    ("init",),  # makes another workspace
    ("db", "backup"),  # copies the file, for whoever may read the file anyway
    ("db", "upgrade"),
    ("tick",),  # lets due things happen
    # What follows is about files, people and plugins: it looks at no case.
    *(("people", name) for name in ("import", "export", "template")),
    *(("framework", name) for name in ("handbook", "template", "export", "import", "check")),
    *(("plugin", name) for name in ("new", "check", "enable", "disable")),
    ("workflow", "check"),
    ("notify", "digest"),  # writes: tried once for itself, below
}


def commands(folder: Path) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    def below(group: click.Group, context: click.Context, path: tuple[str, ...]) -> Any:
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            if isinstance(found, click.Group):
                yield from below(found, click.Context(found, parent=context), (*path, name))
            elif found is not None:
                yield (*path, name), found

    context = click.Context(talent)
    context.meta["talent.folder"] = str(folder)
    yield from below(talent, context, ())


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
    kind = getattr(option.type, "name", "")
    return {"person": "kofi.mensah", "day": "2027-11-15"}.get(kind, "0.5")


def answers(world: Any, who: str, words: tuple[str, ...]) -> dict[tuple[str, ...], tuple[int, str, str]]:
    here, found = str(world.folder), {}
    for path, command in commands(world.folder):
        if path in LEFT_ALONE or (who != NOMINEE and path[0] in GROUND):
            continue
        if any(each.required and isinstance(each.type, click.Path) for each in command.params):
            continue
        told = words[1:2] if path[0] in GROUND else words if who == NOMINEE else words[:2]
        for asked in invocations(path, command, told):
            said = world.ask(*asked, who=who)
            found[asked] = (said.code, said.out.replace(here, "HERE"), said.err.replace(here, "HERE"))
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
    for who in ACTORS:
        before, after = (answers(each.world, who, words) for each in (without, nominated))
        told = [asked for asked, answer in before.items() if answer != after[asked]]
        assert not told, (who, len(told), told[0], before[told[0]], after[told[0]])
        assert sum(code == 0 for code, _, _ in before.values()) > 20
        broken = [(asked, err) for asked, (code, _, err) in before.items() if code == 1]
        assert not broken, broken[0]
    _compare_digests(without, nominated)
    # The same comparison does see a difference where one may be seen.
    assert without.items("bench") != nominated.items("bench")
    assert ref in nominated.world.talent("search", ref, who="grace.lindqvist").out


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
