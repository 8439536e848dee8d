"""Mutated files of every format: read, or refused with a place; nothing else."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from talenthub.errors import FileError
from talenthub.framework.checks import check
from talenthub.framework.content import Document
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.formats.sources import SourceFile

FORMS = ("yaml", "csv", "xlsx", "uk-gdad", "unidays", "uk-civil-service")
FOREIGN = ("case", "nist-nice", "osmt", "esco", "onet", "ft-progression", "direct")
"""Formats that are read into the tree of our YAML."""
TOKENS = (
    b"", b"\0", b'"', b"'", b",", b";", b"\n", b"\r\n", b"[", b"]", b"{", b"}", b": ", b"- ", b"&a ", b"*a",
    b"\xff", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"null", b"true", b"-1", b"99999999999999999999", b"1e999",
    b"=1+1", b"\\ud800", b"NOT IN USE", "é👩‍🎓".encode(), b"x" * 300, b"\t", b"<!--", b"]]>", b"A1048576",
)  # fmt: skip


def mutant(files: dict[str, bytes], seed: str) -> dict[str, bytes]:
    """Return the files with one to three changes that the seed decides."""
    chance = random.Random(seed)
    changed = dict(files)
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(sorted(changed))
        if name.endswith(".xlsx") and chance.random() < 0.7:
            changed[name] = repacked(changed[name], chance)
        else:
            changed[name] = bent(changed[name], chance)
    return changed


def repacked(data: bytes, chance: random.Random) -> bytes:
    """Return a workbook one of whose parts is bent, and packed again."""
    try:
        source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
        parts = {each: source.read(each) for each in source.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, RuntimeError):
        return bent(data, chance)
    chosen = chance.choice([each for each in sorted(parts) if each.startswith("xl/")] or sorted(parts))
    parts[chosen] = bent(parts[chosen], chance)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return target.getvalue()


def bent(before: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one change."""
    data = bytearray(before)
    at, to = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    kind = chance.randrange(7)
    if kind == 0 and data:
        data[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
    elif kind == 1:
        data[at:at] = chance.choice(TOKENS)
    elif kind == 2:
        del data[at : min(to, at + 40)]
    elif kind == 3:
        del data[at:]
    elif kind == 4:
        data[at:at] = data[at : min(to, at + 200)]
    elif kind == 5:
        data[at : at + 4] = chance.choice(TOKENS)
    else:
        lines = before.split(b"\n")
        chance.shuffle(lines)
        data = bytearray(b"\n".join(lines))
    return bytes(data)


def judge(form: str, files: dict[str, bytes]) -> Document | None:
    """Return what was read, or None where it was refused as it should be."""
    given = tuple(SourceFile(name, Path(name), data) for name, data in files.items())
    try:
        document = read_given(form, given)
        report = check(document.content)
    except FileError as error:
        nameless = [str(each) for each in error.problems if not (each.place and each.code)]
        assert nameless == []
        return None
    assert all(each.place and each.mend for each in document.deviations)
    return None if report.errors else document


def read_given(form: str, given: tuple[SourceFile, ...]) -> Document:
    from talenthub.framework.formats import reading

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "collect", lambda _paths: given)
        return read_framework([each.path for each in given], named=form)


def storm(form: str, samples: Any, count: int, every: int = 5) -> None:
    survivors = 0
    for number in range(count):
        document = judge(form, mutant(samples[form], f"{form} {number}"))
        if document is None:
            continue
        survivors += 1
        if number % every == 0:
            # What got in also gets out, and is the same again.
            for ours in ("yaml", "csv", "xlsx", "case"):
                again = judge(ours, dict(write_framework(document, ours)))
                assert again is not None
                assert again.content == document.content, (form, number, ours)
    assert survivors < count


@pytest.mark.parametrize("form", FORMS)
def test_two_hundred_mutants(form: str, samples: Any) -> None:
    storm(form, samples, 200)


@pytest.mark.parametrize("form", FOREIGN)
def test_two_hundred_mutants_of_the_formats_of_others(form: str, samples: Any) -> None:
    storm(form, samples, 200, every=40)


@pytest.mark.storm
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("form", FORMS + FOREIGN)
def test_ten_thousand_mutants(form: str, samples: Any) -> None:
    storm(form, samples, 10_000)
