"""A signature holds for exactly the content, wherever it was exported to."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from talenthub.access.rules import Decision
from talenthub.errors import FileError, IntegrityError, NotPermitted, Refused
from talenthub.framework.content import Document
from talenthub.framework.formats.reading import read_framework, write_framework
from talenthub.framework.library import content, version
from talenthub.framework.model import CheckProfile
from talenthub.framework.publishing import import_framework, publish
from talenthub.framework.signing import (
    NAMESPACE,
    keep_signature,
    signature_by,
    signatures,
    signer,
    statement,
)

MAY = Decision(True, "you hold framework_owner")
needs_openssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not here")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two keys, and a list that knows the first only."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("noor", "stranger"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)], check=True
        )
    line = f'noor@example.org namespaces="{NAMESPACE}" {(folder / "noor.pub").read_text()}'
    (folder / "signers").write_text(line)
    return folder


@needs_openssh
def test_a_file_in_any_format_is_what_was_signed(small: Document, keys: Path, tmp_path: Path) -> None:
    signed = signature_by(keys / "noor", small.content)
    for form in ("yaml", "xlsx", "case"):
        for name, data in write_framework(small, form).items():
            (tmp_path / name).write_bytes(data)
            again = read_framework([tmp_path / name], lambda: [])
            assert signer(again.content, signed, keys / "signers") == "noor@example.org"
    [(name, data)] = write_framework(small, "yaml").items()
    (tmp_path / name).write_bytes(data.replace(b"Opens with the outcome", b"Opens with no outcome"))
    changed = read_framework([tmp_path / name], lambda: [])
    with pytest.raises(IntegrityError, match=r"not what noor@example\.org signed as tiny 0\.1\.0"):
        signer(changed.content, signed, keys / "signers")


@needs_openssh
def test_openssh_alone_verifies_it(small: Document, keys: Path, tmp_path: Path) -> None:
    (tmp_path / "s").write_text(signature_by(keys / "noor", small.content).text)
    given = [
        "-f",
        str(keys / "signers"),
        "-I",
        "noor@example.org",
        "-n",
        NAMESPACE,
        "-s",
        str(tmp_path / "s"),
    ]
    said = statement(small.content)
    assert said.startswith(b"talenthub framework tiny 0.1.0 sha256 ")
    assert subprocess.run(["ssh-keygen", "-Y", "verify", *given], input=said, check=True).returncode == 0


@needs_openssh
def test_a_stranger_a_lost_key_and_a_lost_list_are_told_apart(small: Document, keys: Path) -> None:
    with pytest.raises(IntegrityError, match="nobody on the list"):
        signer(small.content, signature_by(keys / "stranger", small.content), keys / "signers")
    with pytest.raises(FileError, match="signs nothing"):
        signature_by(keys / "nobody", small.content)
    with pytest.raises(FileError, match="list of signers is not there"):
        signer(small.content, signature_by(keys / "noor", small.content), keys / "nowhere")


def test_without_openssh_it_says_what_is_missing(small: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FileError, match="ssh-keygen signs and verifies, and is not here"):
        signature_by(Path("key"), small.content)


@needs_openssh
def test_signatures_are_kept_with_what_was_published(begin: Any, small: Document, keys: Path) -> None:
    lenient = replace(small.content.framework, checks=CheckProfile.LENIENT)
    small = replace(small, content=replace(small.content, framework=lenient))
    signed = signature_by(keys / "noor", small.content)
    with begin() as tx:
        draft = import_framework(tx, small, right=MAY).version
        with pytest.raises(Refused, match="only what was published is signed"):
            keep_signature(tx, draft, signed, right=MAY)
    with begin(2) as tx:
        done = publish(tx, draft.id, right=MAY)
        with pytest.raises(NotPermitted):
            keep_signature(tx, done, signed)
        keep_signature(tx, done, signed, right=MAY)
        [kept] = signatures(tx, done.id)
        assert kept.signed_at == tx.now
        assert signer(content(tx, version(tx, done.id).id), kept, keys / "signers") == "noor@example.org"
