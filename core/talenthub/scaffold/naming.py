"""Naming: all the names a new plugin needs, made of one word."""

from __future__ import annotations

import itertools
import keyword
import re
import unicodedata
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
    ref: str
    """`PEE`: what references to its cases begin with."""

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


def named(word: str, taken: Collection[str] = (), refs: Collection[str] = ()) -> Naming:
    """Return the names made of `word`; UsageError says what a name may be.

    `taken` are names of plugins and commands, `refs` what the references of
    their cases begin with: none of them is used again.
    """
    name = word.strip().lower().replace("-", "_")
    if not _may_be(name):
        raise UsageError(
            Problem(
                text="this cannot be the name of a plugin",
                found=word[:80],
                allowed=f"small letters, digits and hyphens, a letter first, at most {LONGEST}; "
                "no word of Python's, and without talenthub- before it",
                nearest=_mended(word),
                code="plugin.name",
            )
        )
    if name in taken or name.replace("_", "-") in taken:
        raise UsageError(
            Problem(
                text="talenthub or a plugin that is installed has this name already",
                found=word,
                mend="choose another: talent plugin list and talent -h show those that are taken",
                code="plugin.name-taken",
            )
        )
    return Naming(name, _free_ref(name, refs))


def _may_be(name: str) -> bool:
    fits = _WORD.fullmatch(name) is not None and len(name) <= LONGEST
    return fits and not keyword.iskeyword(name) and name.partition("_")[0] != "talenthub"


def _mended(word: str) -> str | None:
    plain = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode()
    mended = re.sub(r"[^a-z0-9]+", "_", plain).strip("_").removeprefix("talenthub").lstrip("0123456789_")
    mended = mended[:LONGEST].rstrip("_")
    return mended.replace("_", "-") if _may_be(mended) else None


def _free_ref(name: str, taken: Collection[str]) -> str:
    """Return three letters of the name in their order, the first free ones."""
    letters = "".join(each for each in name.upper() if each.isalpha()).ljust(3, "X")
    found = ("".join(each) for each in itertools.combinations(letters, 3))
    return next((each for each in found if each not in taken), letters[:5])
