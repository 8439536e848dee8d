"""`talent plugin check`: a conformance kit for any plugin's own tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from talenthub.cli import output
from talenthub.cli.output import Column, Style, clean
from talenthub.cli.parameters import OneOf
from talenthub.cli.screen import fitted

if TYPE_CHECKING:
    from talenthub.conformance import Finding

COLUMNS = (
    Column("plugin"),
    Column("check"),
    Column("level"),
    Column("place"),
    Column("problem"),
    Column("mend"),
    *(Column(name, extra=True) for name in ("found", "allowed", "nearest", "code")),
)


@click.command("check")
@click.argument("word", metavar="[NAME|FOLDER]", default=".")
@click.option("--limit", type=click.FloatRange(1, 3600), default=60.0, show_default=True, help="Seconds.")
@click.option("-o", "--output", "form", type=OneOf("format", output.FORMATS), help="How to print.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
def check(word: str, limit: float, form: str | None, strict: bool) -> None:
    """Check that an installed plugin keeps its contract.

    Named by its name, or by the folder of its project. Checks run in processes
    of their own; one that takes longer than --limit seconds is ended.

    \b
    talent plugin check .
    talent plugin check mentoring -o json
    """
    from talenthub.conformance import CHECKS, Level, check_plugin, plugins_of
    from talenthub.errors import PluginError, Problem

    found = [
        (each.name, finding)
        for each in plugins_of(word)
        for finding in check_plugin(each.name, limit=limit, heard=_hear)
    ]
    if form is None:
        for _, each in found:
            click.echo(fitted(clean(_line(each), keep_lines=True), sys.stdout))
    else:
        output.emit([_row(name, each) for name, each in found], COLUMNS, Style(form, (), False))
    bad = [each for _, each in found if strict or each.level is Level.ERROR]
    if bad:
        raise PluginError(
            Problem(text=f"{len(bad)} of what was found must be mended", place=word, code="plugin.check")
        )
    output.say(f"{len(CHECKS)} checks: it keeps its contract" + (", with warnings" if found else "") + ".")


def _hear(check: str) -> None:
    from talenthub.conformance import CHECKS

    output.say(f"{check}: {CHECKS[check]}")


def _line(finding: Finding) -> str:
    """Return a finding as faults are told everywhere, with paths from here on."""
    said = str(finding.problem).replace(f"{Path.cwd()}{os.sep}", "")
    return f"{finding.level} {finding.check}: {said}"


def _row(plugin: str, finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    return {
        "plugin": plugin,
        "check": finding.check,
        "level": str(finding.level),
        "place": " ".join(part for part in (problem.place, problem.path) if part) or None,
        "problem": problem.text,
        "mend": problem.mend,
        "found": problem.found,
        "allowed": problem.allowed,
        "nearest": problem.nearest,
        "code": problem.code,
    }
