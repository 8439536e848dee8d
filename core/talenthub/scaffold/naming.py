"""Naming: all the names a new plugin needs, made of one word."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from talenthub.errors import Problem, UsageError

_WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
LONGEST = 30


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of a plugin, from `peer_review` on."""

    name: str
    """`peer_review`: the plugin, its command and its setting."""

    @property
    def package(self) -> str:
        """Return `talenthub_peer_review`."""
        return f"talenthub_{self.name}"

    @property
    def distribution(self) -> str:
        """Return `talenthub-peer-review`."""
        return self.package.replace("_", "-")

    @property
    def command(self) -> str:
        """Return `peer-review`."""
        return self.name.replace("_", "-")

    @property
    def title(self) -> str:
        """Return `Peer review`."""
        return self.name.replace("_", " ").capitalize()

    @property
    def class_name(self) -> str:
        """Return `PeerReview`."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def ref(self) -> str:
        """Return `PEE`: what references to its cases begin with."""
        letters = [each for each in self.name.upper() if each.isalpha()]
        return "".join(letters[:3]).ljust(3, "X")

    @property
    def words(self) -> Mapping[str, str]:
        """Return all names by the placeholder that stands for each."""
        return {
            "name": self.name,
            "package": self.package,
            "distribution": self.distribution,
            "command": self.command,
            "title": self.title,
            "class_name": self.class_name,
            "ref": self.ref,
        }


def named(word: str, taken: Collection[str] = ()) -> Naming:
    """Return the names made of `word`; UsageError says what a name may be."""
    name = word.strip().lower().replace("-", "_")
    if _WORD.fullmatch(name) is None or len(name) > LONGEST or keyword.iskeyword(name):
        raise UsageError(
            Problem(
                text="this cannot be the name of a plugin",
                found=word[:80],
                allowed=f"small letters, digits and hyphens, a letter first, at most {LONGEST}",
                nearest=_mended(name),
                code="plugin.name",
            )
        )
    if name in taken or name.replace("_", "-") in taken:
        raise UsageError(
            Problem(
                text="talenthub or a plugin that is installed has this name already",
                found=word,
                mend="choose another: talent plugin list shows those that are taken",
                code="plugin.name-taken",
            )
        )
    return Naming(name)


def _mended(name: str) -> str | None:
    mended = re.sub(r"[^a-z0-9]+", "_", name).strip("_").lstrip("0123456789_")[:LONGEST].rstrip("_")
    return mended if _WORD.fullmatch(mended) and not keyword.iskeyword(mended) else None
