"""`talent plugin new`: a plugin's project that works from the first minute."""

from __future__ import annotations

from pathlib import Path

import click

from talenthub.cli.output import say


@click.command("new")
@click.argument("name")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Where; default: a folder of its name.")
@click.option("--with-tables", "tables", is_flag=True, help="With a table of its own and its migration.")
@click.option("--dry-run", is_flag=True, help="List the files; write nothing.")
def new(name: str, folder: Path | None, tables: bool, dry_run: bool) -> None:
    """Write a small, complete plugin called NAME, with its tests.

    \b
    talent plugin new mentoring
    talent plugin new peer-review --with-tables --to reviews
    """
    from talenthub.cli.table import COMMANDS
    from talenthub.host import Host, installed
    from talenthub.scaffold import file_names, named, write_project

    others = installed()
    refs = {each.value.ref for each in Host(list(others)).workflows()}
    naming = named(name, {*COMMANDS, *others}, refs)
    target = folder or Path(naming.distribution)
    if dry_run:
        for each in file_names(naming, tables=tables):
            click.echo(target / each)
        say("Dry run: nothing was written.")
        return
    for file in write_project(target, naming, tables=tables):
        click.echo(file)
    say(f'Next: cd {target}; pip install -e ".[dev]"; pytest; talent plugin check .')
