"""`talent db`: state, upgrade, check and backup of the database."""

from __future__ import annotations

from pathlib import Path

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column


@click.group(cls=Group)
def db() -> None:
    """Look after the database.

    \b
    talent db status
    talent db upgrade
    talent db backup talenthub-copy.db
    talent db check talenthub-copy.db
    """


_STATUS = [Column("owner"), Column("current"), Column("newest"), Column("state")]


@db.command("status")
@reads
def status(desk: Desk) -> None:
    """Show how far the tables of the core and of each plugin are."""
    from talenthub.workspace.upkeep import table_states

    workspace = desk.unchecked()
    desk.emit([each.row() for each in table_states(workspace)], _STATUS)


@db.command("upgrade")
@writes
def upgrade(desk: Desk) -> None:
    """Bring all tables to what this version and its plugins expect."""
    from talenthub.storage import migrate
    from talenthub.storage.transaction import SYSTEM
    from talenthub.workspace.upkeep import table_states

    workspace = desk.unchecked()
    if desk.dry_run:
        desk.say("Dry run: nothing was written.")
    else:
        migrate.upgrade(workspace.database, workspace.owners)
        workspace.run(SYSTEM, workspace.engine.store_versions)
        workspace.run(SYSTEM, lambda tx: workspace.engine.write_down(tx, only=True))
    desk.emit([each.row() for each in table_states(workspace)], _STATUS)


@db.command("check")
@click.argument("copy", required=False, type=click.Path(path_type=Path))
@reads
def check(desk: Desk, copy: Path | None) -> None:
    """Check tables, foreign keys, chains and sums; say what is wrong.

    With a COPY that `talent db backup` made it reads that one back instead.
    """
    from talenthub.workspace.upkeep import check_copy, check_database

    for line in check_database(desk.workspace) if copy is None else check_copy(desk.unchecked(), copy):
        desk.say(line)


@db.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@writes
def backup(desk: Desk, target: Path) -> None:
    """Copy the database into the file TARGET while others work.

    For PostgreSQL it says which command to use: its own tools do it better.
    """
    from talenthub.workspace.upkeep import backup as copy

    if desk.dry_run:
        desk.say("Dry run: nothing was written.")
        return
    copy(desk.unchecked(), target)
    click.echo(target)
