"""`talent workflow`: the workflows of the plugins, drawn and checked."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.parameters import Name

WORKFLOW = Name("workflow")


@click.group("workflow", context_settings={"help_option_names": ["-h", "--help"]})
def workflow() -> None:
    """The workflows that plugins declare.

    \b
    talent workflow list
    talent workflow graph recruitment.application > application.mmd
    talent workflow check
    """


@workflow.command("list")
@reads
def list_(desk: Desk) -> None:
    """List the workflows with their open cases, as far as you see them."""
    from talenthub.cli.workflow_rows import print_list

    print_list(desk)


@workflow.command()
@click.argument("name", type=WORKFLOW)
@reads
def graph(desk: Desk, name: str) -> None:
    """Print the workflow NAME as a Mermaid state diagram."""
    from talenthub.cli.workflow_rows import print_graph

    print_graph(desk, name)


@workflow.command()
@click.argument("name", type=WORKFLOW)
@reads
def show(desk: Desk, name: str) -> None:
    """Show states, transitions and who may fire them."""
    from talenthub.cli.workflow_rows import print_workflow

    print_workflow(desk, name)


@workflow.command()
@click.argument("name", type=WORKFLOW, required=False)
@reads
def check(desk: Desk, name: str | None) -> None:
    """Check the declarations of all workflows, of one plugin or of one."""
    from talenthub.cli.workflow_rows import print_check

    print_check(desk, name)
