"""Making: a new workspace, wholly or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from talenthub.config.place import FILE
from talenthub.config.private import for_its_owner
from talenthub.config.secrets import has_password
from talenthub.config.shipped import shipped
from talenthub.config.writing import changed, replace_file
from talenthub.errors import ConfigurationError, FileError, Problem, Refused, UsageError
from talenthub.people.grants import give
from talenthub.people.persons import add_person, handle_for
from talenthub.storage import migrate
from talenthub.storage.transaction import SYSTEM, Transaction
from talenthub.workspace.demo import CALENDAR, fill_demo
from talenthub.workspace.identity import login_name
from talenthub.workspace.workspace import Workspace

DEMO = "harbourline"
FIRST_GRANTS = ("admin", "hr_head")
"""What the first person holds, to bring the others in."""

Keys = tuple[str, ...]


def make(folder: Path, settings: Mapping[Keys, Any], *, demo: bool = False) -> Path:
    """Make a workspace in `folder` and return it.

    `settings` are written over the shipped configuration. Refused where a
    workspace is, or where its database holds something; then, and after any
    failure, nothing of it is left behind.
    """
    _refuse_password(settings)
    _refuse_taken(folder)
    with _staged(folder) as stage:
        _write_configuration(stage, settings, demo=demo)
        workspace = Workspace.bare(stage)
        try:
            _refuse_used(workspace, stage)
            with for_its_owner():
                _fill_database(workspace, stage, demo=demo)
        finally:
            workspace.close()
    return folder


def _fill_database(workspace: Workspace, stage: Path, *, demo: bool) -> None:
    try:
        migrate.upgrade(workspace.database, workspace.owners)
        workspace.run(SYSTEM, lambda tx: _fill(workspace, tx, demo=demo))
    except BaseException:
        _empty(workspace, stage)
        raise


def _empty(workspace: Workspace, stage: Path) -> None:
    file = workspace.database.file
    if file is None:
        for owner in reversed(workspace.owners):
            migrate.downgrade(workspace.database, owner)
    elif not file.is_relative_to(stage):
        workspace.close()
        file.unlink(missing_ok=True)


def _fill(workspace: Workspace, tx: Transaction, *, demo: bool) -> None:
    if demo:
        fill_demo(tx, shipped() / DEMO, workspace.settings.demo.seed)
    else:
        _add_first_person(tx, login_name())
    workspace.engine.store_versions(tx)
    workspace.engine.write_down(tx)


def _add_first_person(tx: Transaction, login: str) -> None:
    first = add_person(tx, login, kind="employee", handle=handle_for(login, ()), login=login)
    for name in FIRST_GRANTS:
        give(tx, first.id, name)


def _write_configuration(stage: Path, settings: Mapping[Keys, Any], *, demo: bool) -> None:
    source = shipped() / DEMO if demo else shipped()
    text = (source / FILE).read_text(encoding="utf-8")
    for keys, value in settings.items():
        text = changed(text, keys, value)
    if demo:
        shutil.copyfile(source / CALENDAR, stage / CALENDAR)
    replace_file(stage / FILE, text)


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    existed = folder.exists()
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".talenthub-new-", dir=folder))
    except OSError as error:
        _remove_empty(made)
        raise _unusable(folder, error) from None
    done = False
    try:
        yield stage
        _move_out(stage, folder)
        done = True
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if not done and not existed:
            _remove_empty(made)


def _move_out(stage: Path, folder: Path) -> None:
    # talenthub.toml goes last: with it the folder becomes a workspace.
    files = sorted(stage.iterdir(), key=lambda each: each.name == FILE)
    _refuse_taken(folder, [each.name for each in files])
    for each in files:
        each.rename(folder / each.name)


def _remove_empty(folders: list[Path]) -> None:
    for each in folders:
        with suppress(OSError):
            each.rmdir()


def _refuse_taken(folder: Path, names: list[str] | None = None) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileError(
            Problem(text="this is a file, not a folder", place=str(folder), code="file.no-folder")
        )
    for name in names or [FILE, "talenthub.db", CALENDAR]:
        if (folder / name).exists():
            raise Refused(
                Problem(
                    text="something is there already, and nothing is overwritten",
                    place=str(folder / name),
                    mend="choose another folder: talent init DIR",
                    code="workspace.taken",
                )
            )


def _refuse_used(workspace: Workspace, stage: Path) -> None:
    file = workspace.database.file
    if file is not None:
        used = not file.is_relative_to(stage) and file.exists()
    else:
        found = migrate.status(workspace.database, workspace.owners)
        used = any(each.current is not None for each in found)
    if used:
        raise Refused(
            Problem(
                text="this database holds something already, and nothing is overwritten",
                place="database.url",
                mend="create an empty database for the new workspace",
                code="workspace.used",
            )
        )


def _refuse_password(settings: Mapping[Keys, Any]) -> None:
    url = settings.get(("database", "url"))
    if isinstance(url, str) and has_password(url):
        raise UsageError(
            Problem(
                text="a password would be written into talenthub.toml",
                place="--database",
                allowed="env:NAME or file:PATH, which say where the URL is kept",
                code="config.secret",
            )
        )


def _unusable(folder: Path, error: OSError) -> ConfigurationError | FileError:
    return FileError(
        Problem(
            text=(error.strerror or "the folder cannot be made").lower(),
            place=str(error.filename or folder),
            code="file.no-folder",
        )
    )
