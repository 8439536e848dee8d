"""`talent workflow`: the workflows of the plugins, drawn and checked."""

from __future__ import annotations

import click

from talenthub.cli.base import Desk, reads
from talenthub.cli.lazy import Group
from talenthub.cli.parameters import Name
from talenthub.cli.workflow.versions import diff, migrate

WORKFLOW = Name("workflow")


@click.group("workflow", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def workflow() -> None:
    """The workflows that plugins declare.

    \b
    talent workflow list
    talent workflow graph recruitment.application > application.mmd
    talent workflow check
    talent workflow diff recruitment.application 1 2
    talent workflow migrate recruitment.application --to 2 --dry-run
    """


workflow.add_command(diff)
workflow.add_command(migrate)


@workflow.command("list")
@reads
def list_(desk: Desk) -> None:
    """List the workflows with their open cases, as far as you see them."""
    from talenthub.cli.workflow.rows import print_list

    print_list(desk)


@workflow.command()
@click.argument("name", type=WORKFLOW)
@reads
def graph(desk: Desk, name: str) -> None:
    """Print the workflow NAME as a Mermaid state diagram."""
    from talenthub.cli.workflow.rows import print_graph

    print_graph(desk, name)


@workflow.command()
@click.argument("name", type=WORKFLOW)
@click.option("--origin", is_flag=True, help="Each value with the place it comes from: plugin or file:line.")
@reads
def show(desk: Desk, name: str, origin: bool) -> None:
    """Show states, steps, who takes them and on what conditions.

    As it is here: with what the organisation adjusts in [workflow."NAME"].
    """
    from talenthub.cli.workflow.show_rows import print_origin, print_workflow

    if origin:
        print_origin(desk, name)
    else:
        print_workflow(desk, name)


@workflow.command()
@reads
def guards(desk: Desk) -> None:
    """List the guards that [workflow."NAME"] may add to a step."""
    from talenthub.cli.workflow.show_rows import print_guards

    print_guards(desk)


@workflow.command()
@click.argument("name", type=WORKFLOW, required=False)
@reads
def check(desk: Desk, name: str | None) -> None:
    """Check the declarations of all workflows, of one plugin or of one."""
    from talenthub.cli.workflow.rows import print_check

    print_check(desk, name)
