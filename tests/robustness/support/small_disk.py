"""A small disk under a database, that can be filled and emptied again.

It is a file system of a few megabytes, which only root may mount: a SQLite
file lies on it, or the tablespace of a database of PostgreSQL. For exact
amounts of room SQLite has a limit of its own on the pages of a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import event, make_url, text

PAGE = 8192
MEGABYTES = 96


class FullFile:
    """The limit of SQLite: it answers as on a full disk, SQLITE_FULL."""

    def leave(self, spare: int | None, ground) -> None:
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
    """A file system with a database and ballast on it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.ballast = place / "ballast"

    def leave(self, spare: int | None, _ground=None) -> None:
        """Leave room for so many pages only; None: all there is."""
        self.ballast.unlink(missing_ok=True)
        if spare is not None:
            # To the end, whatever others write meanwhile.
            with self.ballast.open("wb", buffering=0) as file:
                with suppress(OSError):
                    while file.write(bytes(PAGE * 8)):
                        pass
                file.truncate(max(file.tell() - spare * PAGE, 0))

    @contextmanager
    def bearing(self, servers, url: str) -> Iterator[str]:
        """Yield the URL of a fresh database once it lies on this disk."""
        if url.startswith("sqlite"):
            moved = shutil.move(make_url(url).database, self.place / "talenthub.db")
            yield f"sqlite:///{moved}"
            return
        name, folder = make_url(url).database, self.place / "tablespace"
        folder.mkdir()
        owner = servers.postgres.data.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        servers.postgres.administer(
            f"CREATE TABLESPACE small LOCATION '{folder}'", f"ALTER DATABASE {name} SET TABLESPACE small"
        )
        yield url
        servers.postgres.administer(f"DROP DATABASE {name} WITH (FORCE)", "DROP TABLESPACE small")


@contextmanager
def mounted() -> Iterator[FullDisk | None]:
    """Yield a small disk; None to those who may not mount one."""
    place = Path(tempfile.mkdtemp(prefix="talenthub-small-disk-"))
    words = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)]
    with_mount = shutil.which("mount") is not None
    if not with_mount or subprocess.run(words, capture_output=True).returncode != 0:
        place.rmdir()
        yield None
        return
    try:
        yield FullDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()


@contextmanager
def small_disk(servers, kind: str) -> Iterator[tuple[str, FullFile | FullDisk]]:
    """Yield the URL of a fresh database, and what fills its disk."""
    if kind == "sqlite":
        yield servers.fresh(kind), FullFile()
        return
    with mounted() as disk:
        if disk is None:
            pytest.skip("only root may mount a small disk here")
        with disk.bearing(servers, servers.fresh(kind)) as url, _left_alone(servers.postgres):
            yield url, disk


@contextmanager
def _left_alone(server) -> Iterator[None]:
    """Keep the server from making room by itself: what is full stays full."""
    server.administer("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
    yield
    server.administer("ALTER SYSTEM RESET autovacuum", "SELECT pg_reload_conf()")
