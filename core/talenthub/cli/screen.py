"""The screen: prose that fits its width, and pages of more than one."""

from __future__ import annotations

import shutil
import textwrap
from typing import TextIO

import click


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a person looks at what is written there."""
    return stream is not None and stream.isatty()


def fitted(text: str, stream: TextIO | None) -> str:
    """Return prose whose lines fit the screen; as it is where there is none.

    What runs over is continued on the next line, a little further in.
    """
    if not is_terminal(stream):
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(folded for line in text.split("\n") for folded in _folded(line, width))


def _folded(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
        replace_whitespace=False,
    )


def print_page(text: str, *, may_page: bool) -> None:
    """Print text; by a pager where the screen would roll it away."""
    if may_page and text.count("\n") >= shutil.get_terminal_size().lines:
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False)
