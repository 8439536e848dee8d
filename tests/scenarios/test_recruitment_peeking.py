"""Peeking fails: before the own lock, nothing tells what others have rated.

Every command of `talent` that can be asked with a case or a person is asked
by each assessor who has not locked, in worlds that differ in nothing but
what the others have entered. The answers must be equal byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from talenthub.cli import talent
from talenthub.cli.base import Desk
from talenthub.people.grants import give, grants_of
from talenthub.people.persons import person
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workspace import Workspace

DAY = date(2026, 2, 10)
CODES = ("CIT", "TRU", "COM", "JDG", "DEL")
ACTORS = ("jonas.weber", "maria.costa", "dario.conti")
"""A plain assessor; one with HR's grants; the chair, who rates as well."""

OTHERS = ("kofi.mensah", "ana.ribeiro")
ENTERED = ((5, True), (1, False))
"""What each of the others has rated in the other world, and whether locked."""

ASKED = {"sqlite": ACTORS, "postgresql": ACTORS[:1]}
"""Who asks everything: on PostgreSQL the plain assessor alone."""

GRANTS = ("recruiter", "hr_partner", "hr_officer", "hr_head", "sponsor", "auditor", "admin")
REFERENCES = ("APP-1", "SEL-1", *(f"SCO-{number}" for number in range(1, 6)))
HANDLES = ("amara.okoye", "kofi.mensah")
ABOUT_CASES = ("inbox", "show", "do", "why", "log", "search", "evidence", "gap", "recruitment")
"""Commands that are asked with every reference; the others with one."""

LEFT_ALONE = {
    ("init",),  # makes another workspace
    ("db", "backup"),  # copies the file, for whoever may read the file anyway
    ("db", "upgrade"),
    ("framework", "handbook"),
    ("framework", "template"),
    ("framework", "export"),
    ("framework", "import"),
    ("framework", "check"),
    ("people", "import"),
    ("config", "set"),
    ("config", "schema"),
    ("plugin", "enable"),
    ("plugin", "disable"),
    ("tick",),
}
"""Commands about files and the house: they answer without looking at a case."""


def _below(
    group: click.Group, context: click.Context, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from _below(found, click.Context(found, parent=context), (*path, name))
        elif found is not None:
            yield (*path, name), found


def invocations(path: tuple[str, ...], command: click.Command) -> Iterator[tuple[str, ...]]:
    """Yield ways to ask a command: each reference, each form of output."""
    options = {name for each in command.params if isinstance(each, click.Option) for name in each.opts}
    has_argument = any(isinstance(each, click.Argument) for each in command.params)
    extras = [("-o", "json")] if "-o" in options else [()]
    if path[0] in ("inbox", "show", "why", "log"):
        extras.append(())
    if "--rows" in options:
        extras.append(("--rows", "-o", "json"))
    dry = ("--dry-run",) if "--dry-run" in options else ()
    words = (*REFERENCES, *HANDLES) if path[0] in ABOUT_CASES else (REFERENCES[0], HANDLES[0])
    asked = [(first, *rest) for first in words for rest in _rest(path)] if has_argument else [()]
    for each in asked:
        yield from ((*path, *each, *_needed(command), *dry, *extra) for extra in extras)


def _rest(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if path == ("why",):
        return [(), ("record_consensus",), ("collect",), ("lock",), ("reject",)]
    if path == ("do",):
        return [("record_consensus",), ("lock",), ("excuse", "--set", "reason=because"), ("reveal",)]
    return [()]


def _is_about_files(command: click.Command) -> bool:
    return any(each.required and isinstance(each.type, click.Path) for each in command.params)


def _needed(command: click.Command) -> tuple[str, ...]:
    found: list[str] = []
    for each in command.params:
        if isinstance(each, click.Option) and each.required:
            found += [each.opts[0], "because"]
    return tuple(found)


def answers(world: Any, who: str) -> dict[tuple[str, ...], Any]:
    """Return what each command answers to `who`; nothing is written."""
    found = {}
    for path, command in commands_of(world):
        if path in LEFT_ALONE or _is_about_files(command):
            continue
        for words in invocations(path, command):
            found[words] = _plain(world.ask(*words, who=who), world)
    scored = ("recruitment", "score", "APP-1", "--competency", "CIT=3", "--dry-run")
    for words in (scored, (*scored, "--lock"), *((*scored, "--for", each) for each in OTHERS)):
        found[words] = _plain(world.ask(*words, who=who), world)
    return found


def commands_of(world: Any) -> list[tuple[tuple[str, ...], click.Command]]:
    """Return the commands that exist in this world, plugins' among them."""
    context = click.Context(talent)
    context.meta["talent.folder"] = str(world.folder)
    return list(_below(talent, context, ()))


def rate(world: Any, who: str, value: int, *, lock: bool) -> None:
    words = [word for code in CODES for word in ("--competency", f"{code}={value}")]
    words += [word for code in CODES for word in ("--note", f"{code}=seen {value}")]
    world.talent("recruitment", "score", "APP-1", *words, *(["--lock"] if lock else []), who=who)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Path, Workspace]]:
    """Keep workspaces open between commands: there are thousands."""
    kept: dict[Path, Workspace] = {}

    def opened(desk: Desk, *, check_tables: bool) -> Workspace:
        folder = desk.common.folder
        assert folder is not None
        if folder not in kept:
            kept[folder] = Workspace.open(folder, check_tables=check_tables)
        return kept[folder]

    monkeypatch.setattr(Desk, "_opened", opened)
    yield kept
    _close(kept)


def _close(kept: dict[Path, Workspace]) -> None:
    while kept:
        kept.popitem()[1].close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_command_tells_an_assessor_what_others_have_rated(
    kind: str,
    make_world: Any,
    twin: Any,
    until_assessing: Any,
    shared: dict[Path, Workspace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    untouched = make_world(kind)
    _give_everything(untouched, "maria.costa")
    until_assessing(untouched, ["Amara Okoye"], DAY, panel=(*ACTORS, *OTHERS))
    # Each has typed something into the own scorecard, and locked nothing.
    for who in ACTORS:
        rate(untouched, who, 3, lock=False)
    _close(shared)
    changed = twin(untouched)
    for who, (value, lock) in zip(OTHERS, ENTERED, strict=True):
        rate(changed, who, value, lock=lock)
    for who in ASKED[kind]:
        before, after = answers(untouched, who), answers(changed, who)
        told = [words for words, answer in before.items() if answer != after[words]]
        assert not told, (who, len(told), told[0], before[told[0]], after[told[0]])
        assert sum(code == 0 for code, _, _ in before.values()) > 50
        failed = [(words, err) for words, (code, _, err) in before.items() if code == 1]
        assert not failed, failed[0]
    # The same comparison does see a difference where one may be seen.
    cards = [words for words in REFERENCES if words.startswith("SCO")]
    outsider = "grace.lindqvist"
    assert any(
        untouched.ask("show", each, who=outsider) != changed.ask("show", each, who=outsider) for each in cards
    )


def _give_everything(world: Any, handle: str) -> None:
    with world.open() as workspace:

        def run(tx: Transaction) -> None:
            found = person(tx, handle).id
            held = {grant.name for grant in grants_of(tx, [found])[found]}
            for each in GRANTS:
                if each not in held:
                    give(tx, found, each)

        workspace.run(SYSTEM, run)


def _plain(answer: Any, world: Any) -> tuple[int, str, str]:
    # The folder of a workspace is part of what some commands print.
    here = str(world.folder)
    return answer.code, answer.out.replace(here, "HERE"), answer.err.replace(here, "HERE")
