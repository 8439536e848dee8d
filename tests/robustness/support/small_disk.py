"""A small disk under a database, that can be filled and emptied again.

SQLite has its own limit on the pages of a file. PostgreSQL's database lies in
a tablespace on a file system of a few megabytes, which only root may mount.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, make_url, text

PAGE = 8192
MEGABYTES = 64


class FullFile:
    """The limit of SQLite: it answers as on a full disk, SQLITE_FULL."""

    def leave(self, ground, spare: int | None) -> None:
        """Let the file grow by so many pages only; None: as it likes."""
        engine = ground.database.engine
        with engine.connect() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar()
        engine.dispose()
        most = 1_000_000_000 if spare is None else pages + spare

        def tell(connection, _record) -> None:
            connection.execute(f"PRAGMA max_page_count = {most}").close()

        event.listen(engine, "connect", tell)


class FullDisk:
    """A file system under a database of PostgreSQL, with ballast on it."""

    def __init__(self, place: Path) -> None:
        self.ballast = place / "ballast"

    def leave(self, _ground, spare: int | None) -> None:
        """Leave room for so many pages only; None: all there is."""
        self.ballast.unlink(missing_ok=True)
        if spare is not None:
            free = shutil.disk_usage(self.ballast.parent).free - spare * PAGE
            with self.ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, free)


@contextmanager
def small_disk(servers, kind: str) -> Iterator[tuple[str, FullFile | FullDisk]]:
    """Yield the URL of a fresh database, and what fills its disk."""
    url = servers.fresh(kind)
    if kind == "sqlite":
        yield url, FullFile()
        return
    place = Path(tempfile.mkdtemp(prefix="talenthub-small-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode != 0:
        place.rmdir()
        pytest.skip("only root may mount a small disk here")
    name = make_url(url).database
    try:
        folder = place / "tablespace"
        folder.mkdir()
        owner = servers._postgres_folder.joinpath("data").stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        servers._administer(
            f"CREATE TABLESPACE small LOCATION '{folder}'", f"ALTER DATABASE {name} SET TABLESPACE small"
        )
        yield url, FullDisk(place)
        servers._administer(f"DROP DATABASE {name} WITH (FORCE)", "DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()
