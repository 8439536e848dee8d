"""`talent completion`: the lines that teach a shell to complete words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from talenthub.cli.parameters import OneOf
from talenthub.errors import Problem, UsageError

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_TALENT_COMPLETE"


@click.command()
@click.argument("shell", type=OneOf("shell", SHELLS))
def completion(shell: str) -> None:
    """Print what a SHELL reads at its start, so that Tab completes words.

    \b
    talent completion bash >> ~/.bashrc
    talent completion zsh >> ~/.zshrc
    talent completion fish > ~/.config/fish/completions/talent.fish
    """
    chosen = get_completion_class(shell)
    if chosen is None:
        raise UsageError(Problem(text="this shell is not known here", found=shell, code="cli.shell"))
    root = click.get_current_context().find_root().command
    click.echo(chosen(root, {}, "talent", VARIABLE).source())
