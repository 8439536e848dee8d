"""Private: what is written about people is for its owner alone to read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OTHERS = 0o077
"""What the group and everybody else may do with a file that is made."""

OWN = 0o600
"""What its owner may do with it."""


@contextmanager
def for_its_owner() -> Iterator[None]:
    """Have new files made for nobody but their owner, copies and parts too."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def write_whole(file: Path, data: bytes, mode: int = OWN) -> None:
    """Write a file wholly or not at all; OSError says why not.

    A file that is there keeps what its owner allowed. What is no file, such
    as /dev/stdout, and what a link leads to are written as they are.
    """
    if file.is_symlink() or (file.exists() and not file.is_file()):
        file.write_bytes(data)
        return
    # A name that nobody can know before: a link laid in its way would be followed.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name[:100]}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        written.chmod(file.stat().st_mode & 0o777 if file.exists() else mode)
        written.replace(file)
    except BaseException:
        written.unlink()
        raise
