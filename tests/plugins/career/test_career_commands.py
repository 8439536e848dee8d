"""What every command that writes offers: a dry run, and many at once."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from talenthub_career.commands import career
from talenthub_succession.commands import succession

MANY = {"words", "people", "words_", "refs", "cases"}
"""Arguments that take several cases or people."""
FILES = {"--from", "--file", "--where", "--unit", "--post", "--purpose"}
"""Options that take a file, or a filter."""
OWN = {
    ("career", "aspire", "say"): "one's own aspiration, of which there is one",
    ("career", "aspire", "share"): "the same, with several people at once",
    ("career", "aspire", "revoke"): "the same",
    ("career", "aspire", "drop"): "the same",
    ("career", "interest"): "one's own interest in one role",
    ("career", "move", "apply"): "one's own application",
}
"""What is somebody's own: there are never many."""


def writing(group: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(group, click.Group):
        for name, each in group.commands.items():
            yield from writing(each, (*path, name))
    elif any("--dry-run" in each.opts or "--request-id" in each.opts for each in group.params):
        yield path, group


ALL = dict([*writing(career, ("career",)), *writing(succession, ("succession",))])


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_write_has_a_dry_run_and_takes_many(path: tuple[str, ...]) -> None:
    command = ALL[path]
    options = {name for each in command.params for name in each.opts}
    assert "--dry-run" in options
    several = any(isinstance(each, click.Argument) and each.nargs == -1 for each in command.params)
    assert several or options & FILES or path in OWN
