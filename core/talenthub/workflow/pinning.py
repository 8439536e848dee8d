"""What a case pins when it opens: its workflow version and its settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from talenthub.errors import PluginError, Problem
from talenthub.storage.transaction import Transaction
from talenthub.storage.types import canonical, digest
from talenthub.workflow.catalogue import Catalogue, Loaded
from talenthub.workflow.context import CaseView
from talenthub.workflow.declaration import read_declaration
from talenthub.workflow.forms import form_faults
from talenthub.workflow.tables import pinned_settings, workflow_version
from talenthub.workflow.versions.declared_changes import only_adds_optional_fields

_version = select(workflow_version.c.id, workflow_version.c.hash, workflow_version.c.declaration).where(
    workflow_version.c.name == bindparam("name"), workflow_version.c.version == bindparam("number")
)
_all_versions = select(
    workflow_version.c.name,
    workflow_version.c.version,
    workflow_version.c.hash,
    workflow_version.c.declaration,
).order_by(workflow_version.c.name, workflow_version.c.version)
_renew = (
    update(workflow_version)
    .where(workflow_version.c.id == bindparam("which"))
    .values(hash=bindparam("new_hash"), declaration=bindparam("new_text"), stored_at=bindparam("moment"))
)
# Two may be the first to need a row: the second one waits and reads it.
_insert_version = (
    sqlite.insert(workflow_version).on_conflict_do_nothing(),
    postgresql.insert(workflow_version).on_conflict_do_nothing(),
)
_pinned = select(pinned_settings.c.id).where(
    pinned_settings.c.plugin == bindparam("owner"), pinned_settings.c.hash == bindparam("digest")
)
_insert_pinned = (
    sqlite.insert(pinned_settings).on_conflict_do_nothing(),
    postgresql.insert(pinned_settings).on_conflict_do_nothing(),
)
_settings = select(pinned_settings.c.settings).where(pinned_settings.c.id == bindparam("number"))


def store_versions(tx: Transaction, catalogue: Catalogue) -> None:
    """Store the declaration of every loaded workflow version, once.

    PluginError if a version was stored with another declaration: cases run
    on it, so a change needs a new version. Only optional fields may be added.
    """
    for loaded in catalogue.versions():
        version_id(tx, loaded)


def version_id(tx: Transaction, loaded: Loaded) -> int:
    """Return the id of a stored workflow version; store it the first time.

    As the plugin declares it: what an organisation adjusts is stored apart.
    """
    loaded = loaded.declared
    return tx.remember(("workflow version", loaded.hash), lambda: _version_id(tx, loaded))


def _version_id(tx: Transaction, loaded: Loaded) -> int:
    workflow = loaded.workflow
    which = {"name": workflow.name, "number": workflow.version}
    row = tx.row(_version, which)
    if row is None:
        _store_version(tx, loaded)
        row = tx.row(_version, which)
    assert row is not None
    if row.hash != loaded.hash:
        _renew_version(tx, loaded, row)
    stored: int = row.id
    return stored


def _renew_version(tx: Transaction, loaded: Loaded, row: Row[Any]) -> None:
    """Store a declaration anew that only asks for more where nobody must answer."""
    if (problem := changed(loaded, row.declaration)) is not None:
        raise PluginError(problem)
    values = {"new_hash": loaded.hash, "new_text": loaded.declaration, "moment": tx.now}
    tx.write(_renew, {"which": row.id, **values})


def changed(loaded: Loaded, stored: str) -> Problem | None:
    """Return what is wrong with a version stored otherwise, if anything.

    Optional fields may be added: cases that run on it carry on with them.
    """
    if only_adds_optional_fields(read_declaration(stored), read_declaration(loaded.declaration)):
        return None
    workflow = loaded.workflow
    return Problem(
        text=f"{workflow.name} version {workflow.version} is not declared as it was stored",
        place=workflow.declared_at,
        mend="give the changed declaration a new version number",
        code="plugin.changed-version",
    )


def changed_versions(tx: Transaction, catalogue: Catalogue) -> list[Problem]:
    """Return the versions that are declared otherwise than they were stored."""
    declared = {(each.workflow.name, each.workflow.version): each for each in catalogue.versions()}
    return [
        problem
        for row in tx.rows(_all_versions)
        if (loaded := declared.get((row.name, row.version))) is not None and loaded.hash != row.hash
        if (problem := changed(loaded, row.declaration)) is not None
    ]


def _store_version(tx: Transaction, loaded: Loaded) -> None:
    workflow = loaded.workflow
    values = {
        "name": workflow.name,
        "version": workflow.version,
        "plugin": loaded.plugin,
        "declaration": loaded.declaration,
        "hash": loaded.hash,
        "stored_at": tx.now,
    }
    tx.write(_insert_version[not tx.is_sqlite], values)


def pin_settings(tx: Transaction, loaded: Loaded) -> int:
    """Return the id of the plugin's settings of today, stored once."""
    text = canonical(loaded.settings.model_dump(mode="json"))
    return tx.remember(("settings", loaded.plugin, text), lambda: _pin(tx, loaded, text))


def _pin(tx: Transaction, loaded: Loaded, text: str) -> int:
    which = {"owner": loaded.plugin, "digest": digest(text)}
    found: int | None = tx.value(_pinned, which)
    if found is None:
        values = {"plugin": loaded.plugin, "hash": digest(text), "settings": text}
        tx.write(_insert_pinned[not tx.is_sqlite], values)
        found = tx.value(_pinned, which)
    assert found is not None
    return found


def settings_of(tx: Transaction, loaded: Loaded, case: CaseView) -> Any:
    """Return the plugin's settings as the case pinned them.

    PluginError where the plugin no longer knows what was pinned.
    """

    def load() -> Any:
        text: str = tx.value(_settings, {"number": case.settings})
        try:
            return loaded.settings_model.model_validate_json(text)
        except ValidationError as error:
            raise PluginError(_forgotten(loaded, form_faults(loaded.settings_model, error))) from error

    return tx.remember(("pinned settings", loaded.plugin, case.settings), load)


def _forgotten(loaded: Loaded, faults: Sequence[str]) -> Problem:
    name = loaded.workflow.name
    return Problem(
        text=f"the plugin {loaded.plugin} no longer understands the settings that were pinned",
        place=name,
        found="; ".join(faults),
        mend=f"install a {loaded.plugin} that does, or move such cases to a newer version",
        code="plugin.settings",
    )
