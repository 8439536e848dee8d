"""A name with a slip in it, given to every command that takes one."""

from __future__ import annotations

import contextlib
import io
import runpy
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from talenthub.cli import COMMANDS, talent
from talenthub.cli.base import Desk
from talenthub.cli.examples import sample
from talenthub.cli.lazy import load
from talenthub.workspace import Workspace

DOCS = Path(__file__).parents[2] / "docs"
WHO = "noor.haddad"
PEOPLE = ("person", "plan or person", "case or person", "review or person", "nomination or person")
SLIPS = dict.fromkeys(PEOPLE, ("dario.cont", "dario.conti")) | {
    "unit": ("harbor", "harbour"),
    "role": ("case-oficer", "case-officer"),
    "competency": ("CMO", "COM"),
    "framework": ("hpsa-cor", "hpsa-core"),
    "workflow": ("recruitment.aplication", "recruitment.application"),
    "report": ("funel", "funnel"),
    "grant": ("hr_partnr", "hr_partner"),
    "letter": ("invitaton", "invitation"),
}
"""By kind of word: what is typed, and what was meant."""

NEW = {("framework import", "code"), ("people grant give", "words"), ("people grant take", "words")}
"""A new name is no slip; a single word beside a grant is taken for the grant."""

FEW = 12
"""Every so many are asked by default; all of them in a storm."""


def commands() -> Iterator[click.Context]:
    built_in = runpy.run_path(str(DOCS / "generate.py"))["built_in"]()
    # As `talent` runs: click keeps the first help option that is asked for.
    root = click.Context(talent, info_name="talent", help_option_names=["-h", "--help"])
    for name, entry in {**COMMANDS, **built_in}.items():
        yield from below(click.Context(load(name, entry), info_name=name, parent=root))


def below(context: click.Context) -> Iterator[click.Context]:
    if not isinstance(context.command, click.Group):
        yield context
        return
    for name in context.command.list_commands(context):
        found = context.command.get_command(context, name)
        assert found is not None
        yield from below(click.Context(found, info_name=name, parent=context))


def words_with(context: click.Context, slip: click.Parameter, typed: str) -> list[str]:
    """Return a command as it may be typed, with one word in it that is none."""
    words = context.command_path.split()[1:]
    for each in context.command.params:
        if each is slip or each.required:
            word = typed if each is slip else sample(each)
            is_flag = getattr(each, "is_flag", False)
            words += [] if isinstance(each, click.Argument) else [max(each.opts, key=len)]
            words += [] if is_flag else [word]
    known = {name for each in context.command.params for name in each.opts}
    return words + ["--dry-run", "--yes"] * ("--dry-run" in known) + ["--as", WHO]


def slips() -> list[tuple[list[str], str, str]]:
    return [
        (words_with(context, each, SLIPS[each.type.name][0]), *SLIPS[each.type.name])
        for context in commands()
        for each in context.command.params
        if each.type.name in SLIPS and (context.command_path.removeprefix("talent "), each.name) not in NEW
    ]


@pytest.mark.parametrize("each", [FEW, pytest.param(1, marks=pytest.mark.storm)])
def test_no_slip_passes_and_each_complaint_names_what_was_meant(
    each: int, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo)
    silent, unhelpful = [], []
    with contextlib.closing(Workspace.open(demo, reserved=COMMANDS)) as kept:
        monkeypatch.setattr(Desk, "_opened", lambda *_self, **_more: kept)
        asked = slips()
        assert len(asked) > 150
        for words, typed, meant in asked[::each]:
            code, told = ask(words)
            silent += [words] if code == 0 else []
            unhelpful += [(words, told)] if typed in told and f"did you mean '{meant}'?" not in told else []
    assert silent == []
    assert unhelpful == []


def ask(words: list[str]) -> tuple[int, str]:
    told = io.StringIO()
    with (
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(told),
        pytest.raises(SystemExit) as left,
    ):
        talent.main(words)
    return int(left.value.code or 0), told.getvalue()
