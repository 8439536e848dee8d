"""What a row of the table says: what is given, and what must be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

CONFIGURATION = """\
[database]
url = "{url}"
[plugins]
enabled = {plugins}
[demo]
enabled = true
"""
"""Six lines stand before what a row adds: the first added one is line 7."""


@dataclass(frozen=True, kw_only=True)
class Bad:
    """One bad input, given to a real command, and the answer to it."""

    kind: str
    """The class of the catalogue: B1 to B25."""
    about: str
    words: str
    """The command; `{here}` is the folder of the workspace."""
    exit: int
    code: str | None = None
    """Of the problem; None: the words themselves are off, which click tells."""
    place: str | None = None
    """File and line, cell, option or reference, without the folder."""
    path: str | None = None
    """The field, where the place names only the file."""
    found: str | None = None
    near: str | None = None
    says: str = ""
    """Part of the line that is printed."""
    files: Mapping[str, str | bytes | Callable[[], bytes]] = field(default_factory=dict)
    """Files beside talenthub.toml; one of that name stands in its place. What
    takes long to make is made when it is asked for."""
    settings: str = ""
    """Lines added to talenthub.toml."""
    plugins: tuple[str, ...] = ("recruitment",)
    who: str | None = "maria"
    given: str | bytes | None = None
    """What comes on standard input."""
    both: bool = False
    """Also on PostgreSQL."""
