"""Where a CV is kept: an address, or a file that is looked at, never opened."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from talenthub.sdk import Problem, UsageError

MOST_BYTES = 20 * 1024 * 1024
_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_ZIP_END = b"PK\x05\x06"
_DOCX_PARTS = {"[Content_Types].xml", "word/document.xml"}


def cv_reference(word: str, folder: Path | None) -> str:
    """Return what is kept of a CV: its address, or path, SHA-256 and size.

    Nothing is fetched. A path lies inside `folder`, that of the file of
    candidates; it is read once, as bytes. UsageError for anything else.
    """
    if not word:
        return ""
    if "://" in word:
        return _address(word)
    if folder is None:
        raise _fault("a CV typed by hand is an https address", word, "https://…, or a file of candidates")
    return _file(word, folder)


def _address(word: str) -> str:
    try:
        parts = urlsplit(word)
        named = bool(parts.hostname) and parts.port is not False
    except ValueError:
        raise _fault("this is no address", word, "https://host/…") from None
    plain = "https://host/…"
    if parts.scheme.lower() != "https" or not named or any(each.isspace() for each in word):
        raise _fault("a CV has an https address", word, "https://host/…")
    if parts.username is not None or parts.password is not None:
        raise _fault("an address with a login in it is not kept", f"https://…@{parts.hostname}", plain)
    return word


def _file(word: str, folder: Path) -> str:
    place = folder.resolve()
    path = (place / word).resolve()
    if not path.is_relative_to(place) or not path.is_file():
        raise _fault("there is no such CV in the folder of the file", word, "a path inside that folder")
    size = path.stat().st_size
    if not 1 <= size <= MOST_BYTES:
        raise _fault("a CV has 1 byte to 20 MB", f"{word}: {size} bytes", f"1 to {MOST_BYTES} bytes")
    content = path.read_bytes()
    if (wrong := _wrong_kind(path, content)) is not None:
        raise _fault(wrong, word, "PDF or DOCX, without macros")
    kept = path.relative_to(place).as_posix()
    return f"{kept} sha256:{hashlib.sha256(content).hexdigest()} {len(content)} bytes"


def _wrong_kind(path: Path, content: bytes) -> str | None:
    """Return why these bytes are no CV; the ending of the name proves nothing."""
    if content.startswith(_PDF):
        return "a PDF that is a ZIP as well is not taken" if _ZIP_END in content else None
    if not content.startswith(_ZIP):
        return "this is neither PDF nor DOCX"
    try:
        with zipfile.ZipFile(path) as parts:
            # The list of names only: no part is unpacked.
            names = set(parts.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "this is neither PDF nor DOCX"
    if any("vbaproject" in each.lower() for each in names):
        return "a document with macros is not taken"
    return None if names >= _DOCX_PARTS else "this is neither PDF nor DOCX"


def _fault(text: str, found: str, allowed: str) -> UsageError:
    return UsageError(Problem(text=text, found=found, allowed=allowed, path="cv", code="recruitment.cv"))
