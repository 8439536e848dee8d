"""Examples: a command whose help gives none shows how it is typed.

First what the help of its group says of it, else one made of its arguments.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

import click

from talenthub.cli.parameters import OneOf

SAMPLES = {
    "application": "APP-12",
    "selection": "SEL-1",
    "requisition": "REQ-1",
    "reserve": "RES-1",
    "person": "amara.okoye",
    "post": "harbour-stl",
    "role": "case-officer",
    "competency": "COM",
    "unit": "harbour",
    "framework": "hpsa-core",
    "workflow": "recruitment.application",
    "report": "funnel",
    "letter": "invitation",
    "day": "+14d",
    "=value": "COM=2",
    "file": "FILE",
    "path": "FILE",
    "code": "hpsa-core",
    "integer": "2",
    "integer range": "2",
    "text": '"…"',
    "reference": "REF-1",
}
"""What stands for a kind of word; the first that its name or metavar holds."""

_CONTINUED = re.compile(r"\s*\\\n\s*")
"""An example goes on in the next line."""

_WIDEST = 74
"""Characters of an example before it goes on in the next line."""


def help_option(command: click.decorators.FC) -> click.decorators.FC:
    """Add `--help`, which shows an example whatever the command says itself."""
    return click.help_option("--help", "-h", callback=_show)(command)


def _show(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if not asked or ctx.resilient_parsing:
        return
    if ctx.command_path not in (ctx.command.help or ""):
        ctx.command.help = "\n\n\b\n".join(
            [ctx.command.help or "", "\n".join(line for each in examples(ctx) for line in _folded(each))]
        )
    click.echo(ctx.get_help(), color=ctx.color)
    ctx.exit()


def examples(ctx: click.Context) -> list[str]:
    """Return how a command may be typed: as it says, as its group does, or so."""
    above: click.Context | None = ctx
    while above is not None:
        told = _CONTINUED.sub(" ", above.command.help or "").splitlines()
        found = [line.strip() for line in told if f"{line.strip()} ".startswith(f"{ctx.command_path} ")]
        if found:
            return found
        above = above.parent
    return [" ".join([ctx.command_path, *_words(ctx.command)])]


def _folded(line: str) -> list[str]:
    """Return an example on lines of a screen, as it may be typed."""
    folded = textwrap.wrap(line, _WIDEST, subsequent_indent="  ", break_on_hyphens=False)
    return [*(f"{each} \\" for each in folded[:-1]), folded[-1]]


def _words(command: click.Command) -> Iterator[str]:
    for param in command.params:
        if isinstance(param, click.Argument):
            if param.required or param.nargs == -1:
                yield sample(param)
        elif param.required:
            yield max(param.opts, key=len)
            if not getattr(param, "is_flag", False):
                yield sample(param)


def sample(param: click.Parameter) -> str:
    """Return a word that a parameter takes."""
    if isinstance(param.type, OneOf):
        return param.type.words[0]
    if isinstance(param.type, click.IntRange) and param.type.min is not None:
        return str(param.type.min)
    named = f"{param.metavar or ''} {param.type.name}".lower()
    return next((sample for word, sample in SAMPLES.items() if word in named), param.human_readable_name)
