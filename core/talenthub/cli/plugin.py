"""`talent plugin`: which plugins are there, on, off or broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from talenthub.cli.base import Desk, reads, writes
from talenthub.cli.lazy import Group
from talenthub.cli.output import Column
from talenthub.cli.plugin_check import check
from talenthub.cli.plugin_new import new

if TYPE_CHECKING:
    from talenthub.host import Host, PluginStatus


@click.group(cls=Group)
def plugin() -> None:
    """Turn plugins on and off, and see what is wrong with one.

    \b
    talent plugin list
    talent plugin enable recruitment
    talent plugin info recruitment
    talent plugin new mentoring
    talent plugin check .
    """


plugin.add_command(new)
plugin.add_command(check)


@plugin.command("list")
@reads
def list_(desk: Desk) -> None:
    """List every installed or enabled plugin and its state."""
    columns = [Column("name"), Column("state"), Column("version"), Column("distribution"), Column("error")]
    desk.emit([_row(each) for each in desk.unchecked().host.statuses], columns)


@plugin.command("info")
@click.argument("name")
@reads
def info(desk: Desk, name: str) -> None:
    """Show what plugin NAME brings, or why it is off."""
    host = desk.unchecked().host
    status = _known(host, name)
    desk.emit_record(_row(status) | _contents(host, name))


@plugin.command("enable")
@click.argument("name")
@writes
def enable(desk: Desk, name: str) -> None:
    """Turn plugin NAME on; its tables are made by `talent db upgrade`."""
    from talenthub.cli.config import change_setting
    from talenthub.cli.table import COMMANDS
    from talenthub.errors import PluginError, Problem
    from talenthub.host import Host, State

    enabled = desk.unchecked().settings.plugins.enabled
    _known(desk.unchecked().host, name)
    trial = Host([*(each for each in enabled if each != name), name], COMMANDS)
    status = _known(trial, name)
    if status.state is not State.LOADED:
        raise PluginError(
            Problem(text=f"plugin {status.owner} stays off: {status.error}", code="plugin.broken")
        )
    if name in enabled:
        desk.say(f"{name} is on already.")
        return
    change_setting(desk, ("plugins", "enabled"), [*enabled, name], f"{name} is on.")
    _renew_manifest(desk)
    if not desk.dry_run:
        _tell_what_hears(desk, name, on=True)
    if any(each.name == name for each in trial.tables()):
        desk.say("Next: talent db upgrade")


@plugin.command("disable")
@click.argument("name")
@writes
def disable(desk: Desk, name: str) -> None:
    """Turn plugin NAME off; its data stays, its open cases are parked."""
    from talenthub.cli.config import change_setting

    enabled = desk.unchecked().settings.plugins.enabled
    _known(desk.unchecked().host, name)
    if name not in enabled:
        desk.say(f"{name} is off already.")
        return
    change_setting(
        desk, ("plugins", "enabled"), [each for each in enabled if each != name], f"{name} is off."
    )
    _renew_manifest(desk)
    if not desk.dry_run:
        _tell_what_hears(desk, name, on=False)


def _renew_manifest(desk: Desk) -> None:
    from talenthub.cli.manifest import refresh
    from talenthub.cli.table import COMMANDS
    from talenthub.workspace.opening import configure

    if not desk.dry_run:
        refresh(desk.folder, configure(desk.folder, reserved=COMMANDS).host)


def _tell_what_hears(desk: Desk, name: str, *, on: bool) -> None:
    """Write down what the plugin has called after events, or strike it out.

    Where tables wait for `talent db upgrade`, that does it.
    """
    from contextlib import closing, suppress

    from talenthub.errors import StorageError
    from talenthub.storage.transaction import SYSTEM
    from talenthub.workflow.hearing import strike_out
    from talenthub.workspace import Workspace

    with suppress(StorageError), closing(Workspace.open(desk.folder)) as opened:
        opened.run(SYSTEM, opened.engine.write_down if on else lambda tx: strike_out(tx, name))


def _known(host: Host, name: str) -> PluginStatus:
    from talenthub.errors import NotFound, unknown

    status = host.status(name)
    if status is None:
        names = [each.name for each in host.statuses]
        mend = "a new one comes with the distribution that brings it: pip install DISTRIBUTION"
        raise NotFound(unknown("plugin", name, names, mend=mend))
    return status


def _row(status: PluginStatus) -> dict[str, object]:
    return {
        "name": status.name,
        "state": str(status.state),
        "version": status.version,
        "distribution": status.distribution,
        "error": status.error,
    }


def _contents(host: Host, name: str) -> dict[str, object]:
    if name not in host.loaded:
        return {}
    own = {
        "workflows": [each.value.name for each in host.workflows() if each.plugin == name],
        "guards": [each for each in host.guards() if each.partition(".")[0] == name],
        "commands": [each.value.name for each in host.commands() if each.plugin == name],
        "reports": [each.value.name for each in host.reports() if each.plugin == name],
        "formats": [each.value.name for each in host.framework_formats() if each.plugin == name],
        "evidence_sources": [each.value.name for each in host.evidence_sources() if each.plugin == name],
        "event_handlers": [each.value.name for each in host.event_handlers() if each.plugin == name],
        "campaigns": [each.value.name for each in host.campaigns() if each.plugin == name],
        "tables": [each.prefix for each in host.tables() if each.name == name],
    }
    return own | ({"hooks": host.hooks_of(name)} if name in host.loaded else {})
